import { US_PER_DAY } from '../normalise/time.ts'
import { toIso } from '../store/time.ts'
import type { WriteStore } from '../store/store.ts'

/** A record may be younger than its import by this much: a zone that was assumed wrong, a clock that runs ahead. */
const AHEAD_US = US_PER_DAY
/** No log of ours is older than Windows 95: such times are a clock that was reset, or the zero of a DOS date. */
const OLDEST_US = Date.UTC(1995, 0, 1) * 1000

const ahead =
  'SELECT count(*) AS count, min(record) AS record, max(at) AS at FROM event WHERE evidence_id = ? AND at > ?'
const behind =
  'SELECT count(*) AS count, min(record) AS record, min(at) AS at FROM event WHERE evidence_id = ? AND at < ?'

/** Earliest and latest time stored so far; `NaN` never compares. */
export class TimeSpan {
  #earliest = Infinity
  #latest = -Infinity
  add(us: number): void {
    if (us < this.#earliest) this.#earliest = us
    if (us > this.#latest) this.#latest = us
  }
  /** Whether a time in it cannot be right for something imported then. */
  isOdd(importedAt: number): boolean {
    return this.#latest > importedAt + AHEAD_US || this.#earliest < OLDEST_US
  }
}

/** An issue about times that cannot be right; the records are kept with the time they state. */
export interface OddTimes {
  readonly code: 'evidence.time_ahead' | 'evidence.time_ancient'
  /** How many, the first record, and the time furthest off. */
  readonly excerpt: string
}

/** Times of an evidence item that lie behind its import, or before there were such logs. Reads all its events. */
export function findOddTimes(db: WriteStore, evidenceId: number, importedAt: number): OddTimes[] {
  const found: OddTimes[] = []
  for (const [code, sql, bound] of [
    ['evidence.time_ahead', ahead, importedAt + AHEAD_US],
    ['evidence.time_ancient', behind, OLDEST_US],
  ] as const) {
    const { count, record, at } = db.prepare(sql).get(evidenceId, bound) as {
      count: number
      record: number | null
      at: number | null
    }
    if (count > 0 && at !== null)
      found.push({ code, excerpt: `${count} x, record ${record} .. ${toIso(at)}` })
  }
  return found
}

import { type ClockChange, unclearTimeAt } from '../normalise/wall-clock.ts'
import { type FoundBlocks, RawReader } from '../store/raw.ts'
import type { WriteStore } from '../store/store.ts'
import type { PackedIssue } from './packed-batch.ts'

/** In a busy log every record of the hour that came twice is unclear: so many are named, those behind them are alike. */
export const MOST_NAMED = 1000

const CODE: Readonly<Record<ClockChange, string>> = {
  skipped: 'evidence.time_skipped',
  repeated: 'evidence.time_repeated',
}
const countNamed = `SELECT count(*) FROM issue WHERE evidence_id = ? AND code IN ('evidence.time_skipped', 'evidence.time_repeated')`

/** An event of the batch at hand whose time may be one that its zone does not have, or has twice. */
interface Candidate {
  readonly record: number
  readonly wallMs: number
  readonly change: ClockChange
}

/**
 * Finds times without a zone that the zone of the import does not have, or has twice (`wall-clock.ts` says how they are read).
 * Importers hand on an instant, of which it can no longer be told whether 02:30 or 03:30 was written: the few records in question are
 * looked at again, for the time itself.
 */
export class ClockChanges {
  readonly #db: WriteStore
  readonly #evidenceId: number
  readonly #zone: string
  #candidates: Candidate[] = []
  #raw: RawReader | undefined
  #named: number | undefined

  constructor(db: WriteStore, evidenceId: number) {
    this.#db = db
    this.#evidenceId = evidenceId
    const zone = db.prepare('SELECT zone FROM evidence WHERE id = ?').pluck().get(evidenceId)
    this.#zone = typeof zone === 'string' ? zone : 'UTC'
  }

  /** Takes the time of an event whose zone was assumed. */
  look(record: number, us: number): void {
    if (Number.isNaN(us)) return
    const unclear = unclearTimeAt(Math.floor(us / 1000), this.#zone)
    if (unclear !== undefined) this.#candidates.push({ record, ...unclear })
  }

  /**
   * Issues of the batch whose raw records are stored by now.
   * @param said records about whose time their importer has said it itself
   */
  takeIssues(said: ReadonlySet<number>): PackedIssue[] {
    if (this.#candidates.length === 0) return []
    const issues: PackedIssue[] = []
    const found: FoundBlocks = new Map()
    this.#raw ??= new RawReader(this.#db)
    this.#named ??= this.#db.prepare(countNamed).pluck().get(this.#evidenceId) as number
    let last = -1
    for (const { record, wallMs, change } of this.#candidates) {
      if (this.#named >= MOST_NAMED) break
      if (record === last || said.has(record)) continue
      const stored = this.#raw.find(this.#evidenceId, record, found)
      const written = stored && findWritten(stored.raw, wallMs)
      if (written === undefined) continue
      last = record
      this.#named += 1
      issues.push({
        record,
        locator: stored?.locator ?? '',
        code: CODE[change],
        excerpt: written,
        records: 0,
      })
    }
    this.#candidates = []
    return issues
  }
}

/** What belongs to the time around its hours and minutes: the day, decimals, AM or PM. */
const DAY_BEFORE = /[\w ./:-]{0,12}$/
const REST_BEHIND = /^(?:\.\d{1,9})?(?: ?[ap]\.?m\b)?/i

/** The time of a wall clock as it stands in a record, with its day; undefined when it does not stand there. */
function findWritten(raw: string, wallMs: number): string | undefined {
  const wall = new Date(wallMs)
  const hour = wall.getUTCHours()
  const [minute, second] = [wall.getUTCMinutes(), wall.getUTCSeconds()].map((n) => String(n).padStart(2, '0'))
  // Half a day is written as 12-hour clocks do, seconds are left out where there are none.
  const seconds = second === '00' ? '(?::00)?(?![:\\d])' : `:${second}`
  const spaced = `(?<!\\d)0?(?:${hour}|${((hour + 11) % 12) + 1}):${minute}${seconds}`
  const compact = `(?<!\\d)\\d{8}[T ]?${String(hour).padStart(2, '0')}${minute}${second}`
  const match = new RegExp(`${spaced}|${compact}`).exec(raw)
  if (match === null) return undefined
  const before = DAY_BEFORE.exec(raw.slice(Math.max(0, match.index - 12), match.index))?.[0] ?? ''
  const behind = REST_BEHIND.exec(raw.slice(match.index + match[0].length))?.[0] ?? ''
  return (before + match[0] + behind).trim()
}

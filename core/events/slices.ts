import type { ReadStore } from '../store/store.ts'

/** Rows of the first slice; what is found quickly is looked for in larger ones. */
const FIRST_ROWS = 2_000
const GROWTH = 4
/** A slice that took less is followed by a larger one, one that took more by a smaller one. */
const QUICK_MS = 6
const SLOW_MS = 20

const later = 'SELECT at FROM event WHERE at > ? ORDER BY at LIMIT 1 OFFSET ?'
const earlier = 'SELECT at FROM event WHERE at < ? ORDER BY at DESC LIMIT 1 OFFSET ?'
const laterId = 'SELECT id FROM event WHERE at IS NULL AND id > ? ORDER BY id LIMIT 1 OFFSET ?'

/** Microseconds no event of evidence reaches (1601 lies beyond what a JavaScript integer holds exactly). */
export const BEGINNING = -(2 ** 60)
export const END = 2 ** 60
/** Beyond every id. */
export const LAST_ID = 2 ** 53 - 1

/**
 * Cuts the events into pieces by their time, so that a long search can answer with what it has and go on later. The pieces follow
 * how long the last one took: rows behind an index go by in one, a search through everything in many.
 */
export class Slices {
  readonly #next
  readonly #nextId
  #rows = FIRST_ROWS
  #startedAt = 0
  constructor(db: ReadStore, isDescending = false) {
    this.#next = db.prepare(isDescending ? earlier : later).pluck()
    this.#nextId = db.prepare(laterId).pluck()
  }
  /** Time of the last event of the piece that begins behind `at`; undefined: the rest is one piece. */
  endAfter(at: number): number | undefined {
    this.#startedAt = performance.now()
    return this.#next.get(at, this.#rows) as number | undefined
  }
  /** The same among undated events, by their ids. */
  endAfterId(id: number): number | undefined {
    this.#startedAt = performance.now()
    return this.#nextId.get(id, this.#rows) as number | undefined
  }
  /** Says that the piece has been looked at. */
  end(): void {
    const took = performance.now() - this.#startedAt
    if (took < QUICK_MS) this.#rows *= GROWTH
    else if (took > SLOW_MS) this.#rows = Math.max(FIRST_ROWS / 4, Math.round(this.#rows / 2))
  }
}

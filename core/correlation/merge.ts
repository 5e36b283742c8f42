import { Column, partition } from './columns.ts'
import { MARKS_BELOW } from './marks.ts'
import type { WriteStore } from '../store/store.ts'
import { type PartKind, readEntries, readMarks } from './unit-store.ts'

/** Entries of one key from all units that speak of it, in the order of units. */
interface Pending<T> {
  said: T[]
  missing: number
}

const allMarks = 'SELECT id, marks FROM correlation_part WHERE kind = ?'
const markBytes = 'SELECT coalesce(sum(length(marks)), 0) FROM correlation_part WHERE kind = ?'
const data = 'SELECT marks, data FROM correlation_part WHERE id = ?'
/** Marks that are sorted at once when all are compared, four megabytes. */
const MOST_SORTED = 524_288

/**
 * Brings together what units say of the same thing and writes it, for the keys with these marks (all when undefined).
 * Most is said by one unit and written at once; what more say waits until the last of them has been read, so that memory
 * holds what is shared, not what is found. Two keys with one mark only wait a little longer.
 * @param units ids of units in the order of precedence
 * @param fold puts two into one while they wait for more; left out where that would lose something
 */
export function mergeParts<T>(
  db: WriteStore,
  kind: PartKind,
  touched: readonly number[] | undefined,
  units: ReadonlyMap<number, number>,
  keyOf: (entry: T) => string,
  write: (entries: readonly T[]) => void,
  fold?: (entries: readonly T[]) => T | undefined,
): void {
  const parts = db
    .prepare('SELECT id, unit_id AS unit FROM correlation_part WHERE kind = ? ORDER BY id')
    .all(kind) as { id: number; unit: number }[]
  const wanted = touched === undefined ? new SharedMarks(db, kind) : new TouchedMarks(db, kind, touched)
  const pending = new Map<string, Pending<T>>()
  const part = db.prepare(data)
  for (const { id } of parts.sort(
    (a, b) => (units.get(a.unit) ?? 0) - (units.get(b.unit) ?? 0) || a.id - b.id,
  )) {
    if (!wanted.isIn(id)) continue
    const row = part.get(id) as { marks: Buffer; data: Buffer }
    const { keys } = readMarks(row.marks)
    for (const [index, entry] of (readEntries(row.data) as T[]).entries()) {
      const count = wanted.countOf(keys[index] ?? -1)
      if (count === 0) continue
      if (count === 1) {
        write([entry])
        continue
      }
      const key = keyOf(entry)
      const waiting = pending.get(key) ?? { said: [], missing: count }
      pending.set(key, waiting)
      waiting.said.push(entry)
      const folded = fold?.(waiting.said)
      if (folded !== undefined) waiting.said = [folded]
      waiting.missing -= 1
      if (waiting.missing > 0) continue
      pending.delete(key)
      write(waiting.said)
    }
  }
  for (const { said } of pending.values()) write(said)
}

/** What is to be written: how many entries have a mark (0 when it is of no interest), and which parts hold some. */
interface WantedMarks {
  countOf(mark: number): number
  isIn(partId: number): boolean
}

const partsOf = (db: WriteStore, kind: PartKind) =>
  db.prepare(allMarks).iterate(kind) as IterableIterator<{ id: number; marks: Buffer }>

/** All marks: those that several entries have are held. They are looked for in one range of values after the other. */
class SharedMarks implements WantedMarks {
  readonly #marks = new Column('number')
  readonly #counts = new Column('id')

  constructor(db: WriteStore, kind: PartKind) {
    const count = (db.prepare(markBytes).pluck().get(kind) as number) / 16
    const ranges = Math.max(1, Math.ceil(count / MOST_SORTED))
    for (let range = 0; range < ranges; range += 1) {
      const [from, to] = [(range / ranges) * MARKS_BELOW, ((range + 1) / ranges) * MARKS_BELOW]
      const inside = new Column('number')
      for (const row of partsOf(db, kind))
        for (const mark of readMarks(row.marks).keys) if (mark >= from && mark < to) inside.push(mark)
      this.#note(inside.sorted())
    }
  }

  #note(marks: Float64Array): void {
    for (let start = 0; start < marks.length;) {
      let end = start + 1
      while (marks[end] === marks[start]) end += 1
      if (end - start > 1) {
        this.#marks.push(marks[start] ?? 0)
        this.#counts.push(end - start)
      }
      start = end
    }
  }

  countOf(mark: number): number {
    const place = partition(this.#marks.length, (one) => this.#marks.at(one) < mark)
    return place < this.#marks.length && this.#marks.at(place) === mark ? this.#counts.at(place) : 1
  }
  isIn(): boolean {
    return true
  }
}

/** Some marks, each of which any number of entries may have. */
class TouchedMarks implements WantedMarks {
  readonly #marks: Float64Array
  readonly #counts: Uint32Array
  readonly #parts = new Set<number>()

  constructor(db: WriteStore, kind: PartKind, touched: readonly number[]) {
    this.#marks = Float64Array.from(new Set(touched)).sort()
    this.#counts = new Uint32Array(this.#marks.length)
    for (const row of partsOf(db, kind))
      for (const mark of readMarks(row.marks).keys) {
        const place = this.#placeOf(mark)
        if (place < 0) continue
        this.#counts[place] = (this.#counts[place] ?? 0) + 1
        this.#parts.add(row.id)
      }
  }

  countOf(mark: number): number {
    return this.#counts[this.#placeOf(mark)] ?? 0
  }
  isIn(partId: number): boolean {
    return this.#parts.has(partId)
  }

  #placeOf(mark: number): number {
    const place = partition(this.#marks.length, (one) => (this.#marks[one] ?? 0) < mark)
    return this.#marks[place] === mark ? place : -1
  }
}

import type { WriteStore } from '../store/store.ts'
import { type PartKind, readEntries, readMarks } from './unit-store.ts'

/** Entries of one key from all units that speak of it, in the order of units. */
interface Pending<T> {
  said: T[]
  missing: number
}

const allMarks = 'SELECT id, marks FROM correlation_part WHERE kind = ?'
const data = 'SELECT marks, data FROM correlation_part WHERE id = ?'

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
  const wanted = touched === undefined ? everyMark(db, kind) : sorted(Float64Array.from(touched))
  const counts = new Uint32Array(wanted.length)
  const hit = new Set<number>()
  for (const row of db.prepare(allMarks).iterate(kind) as IterableIterator<{ id: number; marks: Buffer }>)
    for (const mark of readMarks(row.marks).keys) {
      const place = placeOf(wanted, mark)
      if (place < 0) continue
      counts[place] = (counts[place] ?? 0) + 1
      hit.add(row.id)
    }
  const pending = new Map<string, Pending<T>>()
  const part = db.prepare(data)
  for (const { id } of parts.sort(
    (a, b) => (units.get(a.unit) ?? 0) - (units.get(b.unit) ?? 0) || a.id - b.id,
  )) {
    if (!hit.has(id)) continue
    const row = part.get(id) as { marks: Buffer; data: Buffer }
    const { keys } = readMarks(row.marks)
    for (const [index, entry] of (readEntries(row.data) as T[]).entries()) {
      const place = placeOf(wanted, keys[index] ?? -1)
      if (place < 0) continue
      const count = counts[place] ?? 1
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

function everyMark(db: WriteStore, kind: PartKind): Float64Array {
  const size = db
    .prepare('SELECT coalesce(sum(length(marks)), 0) FROM correlation_part WHERE kind = ?')
    .pluck()
    .get(kind) as number
  const all = new Float64Array(size / 16)
  let at = 0
  for (const row of db.prepare(allMarks).iterate(kind) as IterableIterator<{ marks: Buffer }>) {
    const { keys } = readMarks(row.marks)
    all.set(keys, at)
    at += keys.length
  }
  return sorted(all)
}

/** Ascending, each once. */
function sorted(marks: Float64Array): Float64Array {
  marks.sort()
  let kept = 0
  for (let index = 0; index < marks.length; index += 1) {
    const mark = marks[index] ?? 0
    if (index > 0 && mark === marks[kept - 1]) continue
    marks[kept] = mark
    kept += 1
  }
  return marks.subarray(0, kept)
}

function placeOf(marks: Float64Array, mark: number): number {
  let low = 0
  let high = marks.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const value = marks[middle] ?? 0
    if (value === mark) return middle
    if (value < mark) low = middle + 1
    else high = middle - 1
  }
  return -1
}

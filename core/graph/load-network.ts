import type { RelationKind } from '../model/relation.ts'
import { readTimedUses } from '../store/clocks.ts'
import type { ReadStore } from '../store/store.ts'
import { KIND_INDEX, packNetwork, type PackedNetwork } from './packed-network.ts'

const size = `SELECT count(*) AS relations,
  coalesce(sum(CASE WHEN first_at IS last_at THEN first_at IS NOT NULL ELSE length(uses) / 8 END), 0) AS uses FROM relation`
const entities = 'SELECT id FROM entity ORDER BY id'
// Most relations were used once: their time stands in the row, and no blob has to be made of it.
const all = `SELECT id, kind, from_id, to_id, confidence, first_at, CASE WHEN first_at IS last_at THEN NULL ELSE uses END
  FROM relation ORDER BY id`

const corrected = 'SELECT relation_id, uses FROM relation_clock ORDER BY relation_id'

/** Right times of relations that a clock which is off recorded, asked for in the order of ids. */
function rightTimes(db: ReadStore): (id: number) => Float64Array | undefined {
  const rows = db.prepare(corrected).raw().iterate() as IterableIterator<[number, Buffer]>
  let head = rows.next()
  return (id) => {
    while (head.done !== true && head.value[0] < id) head = rows.next()
    if (head.done === true || head.value[0] !== id) return undefined
    return Float64Array.from(readTimedUses(head.value[1]), ({ at }) => at)
  }
}

/**
 * All relations of the case, observed and possible, packed (see {@link PackedNetwork}). What a clock that is off recorded stands at the
 * time that the right clocks would have shown (ADR 0032).
 */
export function loadPackedNetwork(db: ReadStore): PackedNetwork {
  const total = db.prepare(size).get() as { relations: number; uses: number }
  const ids = new Float64Array(total.relations)
  const kinds = new Uint8Array(total.relations)
  const from = new Float64Array(total.relations)
  const to = new Float64Array(total.relations)
  const confidence = new Float64Array(total.relations)
  const useStart = new Int32Array(total.relations + 1)
  const uses = new Float64Array(total.uses)
  let count = 0
  let used = 0
  const rightOf = rightTimes(db)
  type Row = readonly [number, RelationKind, number, number, number, number | null, Buffer | null]
  for (const row of db.prepare(all).raw().iterate() as IterableIterator<Row>) {
    const [id, kind, start, end, sure, only, times] = row
    const index = KIND_INDEX.get(kind)
    if (index === undefined) continue
    ids[count] = id
    kinds[count] = index
    from[count] = start
    to[count] = end
    confidence[count] = sure
    const right = rightOf(id)
    if (right) {
      uses.set(right, used)
      used += right.length
    } else if (times === null) {
      if (only !== null) {
        uses[used] = only
        used += 1
      }
    } else {
      for (let at = 0; at + 8 <= times.length; at += 8) {
        uses[used] = times.readDoubleLE(at)
        used += 1
      }
    }
    count += 1
    useStart[count] = used
  }
  const known = Float64Array.from(db.prepare(entities).pluck().all() as number[])
  return packNetwork(known, { count, ids, kinds, from, to, confidence, useStart, uses })
}

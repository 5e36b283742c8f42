import type { RelationKind } from '../model/relation.ts'
import type { ReadStore } from '../store/store.ts'
import { KIND_INDEX, packNetwork, type PackedNetwork } from './packed-network.ts'

const size = `SELECT count(*) AS relations,
  coalesce(sum(CASE WHEN first_at IS last_at THEN first_at IS NOT NULL ELSE length(uses) / 8 END), 0) AS uses FROM relation`
const entities = 'SELECT id FROM entity ORDER BY id'
// Most relations were used once: their time stands in the row, and no blob has to be made of it.
const all = `SELECT id, kind, from_id, to_id, confidence, first_at, CASE WHEN first_at IS last_at THEN NULL ELSE uses END
  FROM relation ORDER BY id`

/** All relations of the case, observed and possible, packed (see {@link PackedNetwork}). */
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
    if (times === null) {
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

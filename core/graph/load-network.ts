import { atOnce, type Steps } from '../jobs/turn.ts'
import type { RelationKind } from '../model/relation.ts'
import { readTimedUses } from '../store/clocks.ts'
import type { ReadStore } from '../store/store.ts'
import { KIND_INDEX, packing, type PackedNetwork } from './packed-network.ts'

const size = `SELECT count(*) AS relations,
  coalesce(sum(CASE WHEN first_at IS last_at THEN first_at IS NOT NULL ELSE length(uses) / 8 END), 0) AS uses FROM relation`
const entities = 'SELECT id FROM entity ORDER BY id'
/** Rows between two steps. */
const CHUNK = 4_000
// Most relations were used once: their time stands in the row, and no blob has to be made of it.
const chunk = `SELECT id, kind, from_id, to_id, confidence, first_at, CASE WHEN first_at IS last_at THEN NULL ELSE uses END
  FROM relation WHERE id > ? ORDER BY id LIMIT ${CHUNK}`
const corrected = 'SELECT relation_id, uses FROM relation_clock WHERE relation_id > ? AND relation_id <= ?'

/**
 * All relations of the case, observed and possible, packed (see {@link PackedNetwork}). What a clock that is off recorded stands at the
 * time that the right clocks would have shown (ADR 0032).
 */
export const loadPackedNetwork = (db: ReadStore): PackedNetwork => atOnce(loading(db))

/** The same, step by step; when the relations change meanwhile, what comes out is of no use. */
export function* loading(db: ReadStore): Steps<PackedNetwork> {
  const total = db.prepare(size).get() as { relations: number; uses: number }
  yield
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
  const read = db.prepare(chunk).raw()
  const right = db.prepare(corrected).raw()
  for (let last = 0; ;) {
    const rows = read.all(last) as Row[]
    const end = rows.at(-1)?.[0]
    if (end === undefined) break
    // Right times of relations that a clock which is off recorded.
    const rightTimes = new Map(right.all(last, end) as [number, Buffer][])
    last = end
    for (const [id, kind, start, target, sure, only, times] of rows) {
      const index = KIND_INDEX.get(kind)
      if (index === undefined) continue
      ids[count] = id
      kinds[count] = index
      from[count] = start
      to[count] = target
      confidence[count] = sure
      const corrected = rightTimes.get(id)
      if (corrected)
        for (const { at } of readTimedUses(corrected)) {
          uses[used] = at
          used += 1
        }
      else if (times === null) {
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
    yield
  }
  const known = Float64Array.from(db.prepare(entities).pluck().all() as number[])
  yield
  return yield* packing(known, { count, ids, kinds, from, to, confidence, useStart, uses })
}

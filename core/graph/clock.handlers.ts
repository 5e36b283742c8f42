import { defineHandlers } from '../jobs/handlers.ts'
import { readInfo } from '../store/case-info.ts'
import { CLOCKS_COMPARED, listOffsets } from '../store/clocks.ts'
import { loadEntities, toRef } from './entity-rows.ts'

const evidenceName = 'SELECT name FROM evidence WHERE id = ?'
const knownEvents = 'SELECT id FROM event WHERE id IN (SELECT value FROM json_each(?))'

export default defineHandlers({
  'clock.list': ({ db }) => {
    const found = listOffsets(db)
    const endpoints = loadEntities(
      db,
      found.map(({ clock }) => clock),
    )
    const nameOf = db.prepare(evidenceName).pluck()
    const known = db.prepare(knownEvents).pluck()
    return {
      compared: Number(readInfo(db, CLOCKS_COMPARED) ?? 0),
      offsets: found
        .toSorted((a, b) => Math.abs(b.ahead) - Math.abs(a.ahead) || a.clock - b.clock)
        .map((one) => {
          const endpoint = endpoints.get(one.clock)
          const name = nameOf.get(-one.clock) as string | undefined
          const proof = JSON.parse(one.proof) as (readonly [number, number])[]
          // Evidence may have been removed since.
          const there = new Set(known.all(JSON.stringify(proof.flat())) as number[])
          return {
            endpoint: endpoint ? toRef(endpoint) : null,
            evidence: one.clock < 0 && name !== undefined ? { id: String(-one.clock), name } : null,
            aheadSeconds: Math.round(one.ahead / 1000) / 1000,
            confidence: one.confidence,
            support: one.support,
            against: one.against,
            compared: one.compared,
            proof: proof
              .filter(([own, other]) => there.has(own) && there.has(other))
              .map(([own, other]) => ({ own: String(own), other: String(other) })),
          }
        }),
    }
  },
})

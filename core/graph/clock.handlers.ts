import { defineHandlers } from '../jobs/handlers.ts'
import { Turn } from '../jobs/turn.ts'
import { readInfo } from '../store/case-info.ts'
import { CLOCKS_COMPARED, listOffsets } from '../store/clocks.ts'
import type { ReadStore } from '../store/store.ts'
import { loadEntities, toRef } from './entity-rows.ts'

const evidenceName = 'SELECT name FROM evidence WHERE id = ?'
/** Records that are looked at for an endpoint: a mailbox has none however far one looks. */
const NEAR = 500
/** The endpoint at the beginning, in the middle and at the end of each item: the same in all three is the one that recorded it. */
const evidenceIds =
  'SELECT id, (SELECT max(record) FROM event WHERE evidence_id = evidence.id) AS last FROM evidence ORDER BY id'
const endpointFrom = `SELECT endpoint_id FROM event WHERE evidence_id = @id AND record >= @record AND record < @record + ${NEAR}
  AND endpoint_id IS NOT NULL ORDER BY record LIMIT 1`
const endpointBefore = `SELECT endpoint_id FROM event WHERE evidence_id = @id AND record <= @record AND record > @record - ${NEAR}
  AND endpoint_id IS NOT NULL ORDER BY record DESC LIMIT 1`

/** Evidence of one endpoint alone, by that endpoint. */
async function evidenceByEndpoint(
  db: ReadStore,
  wanted: ReadonlySet<number>,
): Promise<Map<number, string[]>> {
  const found = new Map<number, string[]>()
  if (wanted.size === 0) return found
  const turn = new Turn()
  const [from, before] = [db.prepare(endpointFrom).pluck(), db.prepare(endpointBefore).pluck()]
  for (const { id, last } of db.prepare(evidenceIds).all() as { id: number; last: number | null }[]) {
    await turn.end()
    const endpoint = from.get({ id, record: 1 }) as number | undefined
    if (endpoint === undefined || !wanted.has(endpoint)) continue
    const middle = Math.floor((last ?? 0) / 2) + 1
    if (before.get({ id, record: last }) !== endpoint || from.get({ id, record: middle }) !== endpoint)
      continue
    found.set(endpoint, [...(found.get(endpoint) ?? []), String(id)])
  }
  return found
}

const knownEvents = 'SELECT id FROM event WHERE id IN (SELECT value FROM json_each(?))'

export default defineHandlers({
  'clock.list': async ({ db }) => {
    const found = listOffsets(db)
    const recorded = await evidenceByEndpoint(db, new Set(found.map(({ clock }) => clock)))
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
            recorded: one.clock < 0 ? [String(-one.clock)] : (recorded.get(one.clock) ?? []),
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

import type { EventRow } from '../contract/nouns/event.ts'
import { defineHandlers } from '../jobs/handlers.ts'
import { WorkbenchError } from '../model/errors.ts'
import { countDetections, detectionSources, findDetection, listDetections } from './detection-rows.ts'
import { attackOfRules } from './attack-of.ts'
import { resolveEntity } from './entity-rows.ts'
import { rawOf } from './raw-of.ts'

export default defineHandlers({
  'detection.list': async ({ db, ask }, input) =>
    listDetections(
      db,
      {
        entity: input.entityId == null ? null : resolveEntity(db, input.entityId).id,
        rule: input.rule ?? null,
        levels: input.levels ?? null,
        order: input.order,
        limit: input.limit,
        cursor: input.cursor,
      },
      await attackOfRules(ask),
    ),
  'detection.counts': ({ db }, { entityId }) =>
    countDetections(db, entityId == null ? null : resolveEntity(db, entityId).id),
  'detection.get': async ({ db, ask }, { id }) => {
    const row = findDetection(db, Number(id), await attackOfRules(ask))
    if (!row) throw new WorkbenchError('request.not_found', { what: `detection ${id}` })
    const proof: EventRow[] = []
    for (const event of row.events) {
      const { source: _source, zoneAssumed: _zone, ...shown } = await ask('event.get', { id: event })
      proof.push(shown)
    }
    const ruleInfo = (await ask('rule.list', {})).find((rule) => rule.id === row.rule) ?? null
    return { ...row, ruleInfo, proof, sources: detectionSources(db, rawOf(db), Number(id)) }
  },
})

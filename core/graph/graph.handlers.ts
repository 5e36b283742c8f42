import type { EventRow } from '../contract/nouns/event.ts'
import type { AliasRow, EntityRow } from '../contract/nouns/graph.ts'
import type { ThenNow } from '../contract/nouns/mail.ts'
import { type Ask, defineHandlers } from '../jobs/handlers.ts'
import { Turn } from '../jobs/turn.ts'
import { WorkbenchError } from '../model/errors.ts'
import { aliasesOf, resolveEntity, searchEntities, toEntityRow } from './entity-rows.ts'
import { relationsById } from './path-rows.ts'
import { rawOf } from './raw-of.ts'
import { listRelations, sourcesOf, toRelationRows } from './relation-rows.ts'

/** Puts the risk known now on rows of urls, messages and attachments. */
async function withRisk<T extends EntityRow>(ask: Ask, rows: readonly T[]): Promise<T[]> {
  const entityIds = rows
    .filter((row) => row.kind === 'url' || row.kind === 'message' || row.kind === 'attachment')
    .map((row) => row.id)
  if (entityIds.length === 0) return [...rows]
  const risks = new Map(
    (await ask('risk.of', { entityIds })).map((row): [string, (typeof ThenNow)['_output']] => [
      row.entityId,
      row.risk,
    ]),
  )
  return rows.map((row) => ({ ...row, risk: risks.get(row.id)?.now ?? null }))
}

export default defineHandlers({
  'entity.search': async ({ db, ask }, input) => {
    const page = searchEntities(db, input)
    const rows: (EntityRow & { aliases: AliasRow[] })[] = []
    const turn = new Turn()
    for (const row of page.rows) {
      // The record behind each name is looked up: a hundred entities of many names take a while, and others wait.
      await turn.end()
      rows.push({ ...toEntityRow(db, row), aliases: aliasesOf(db, rawOf(db), row.id) })
    }
    return { ...page, rows: await withRisk(ask, rows) }
  },
  'entity.get': async ({ db, ask }, { id }) => {
    const row = resolveEntity(db, id)
    const [shown] = await withRisk(ask, [
      { ...toEntityRow(db, row), aliases: aliasesOf(db, rawOf(db), row.id) },
    ])
    if (!shown) throw new WorkbenchError('request.not_found', { what: id })
    return shown
  },
  'relation.list': ({ db }, input) =>
    listRelations(db, {
      entity: input.entityId == null ? null : resolveEntity(db, input.entityId).id,
      kind: input.kind ?? null,
      observedOnly: input.observedOnly,
      limit: input.limit,
      cursor: input.cursor,
    }),
  'relation.get': async ({ db, ask }, { id }) => {
    const [row] = toRelationRows(db, relationsById(db, [Number(id)]))
    if (!row) throw new WorkbenchError('request.not_found', { what: `relation ${id}` })
    const proof: EventRow[] = []
    for (const event of row.events) {
      const { source: _source, zoneAssumed: _zone, ...shown } = await ask('event.get', { id: event })
      proof.push(shown)
    }
    const ruleInfo = (await ask('rule.list', {})).find((rule) => rule.id === row.rule) ?? null
    return { ...row, ruleInfo, proof, sources: sourcesOf(db, rawOf(db), Number(id)) }
  },
})

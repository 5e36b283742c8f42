import { defineHandlers } from '../jobs/handlers.ts'
import { WorkbenchError } from '../model/errors.ts'
import { appendAudit } from '../store/audit.ts'
import { readIndicatorFile } from './indicator-files.ts'
import { indicatorReaders } from './indicators/registry.ts'
import { matchedEntities } from './matched.ts'
import { type IndicatorText, readCriteria } from './read-criteria.ts'
import { runSweep } from './run-sweep.ts'
import { forgetCriteria, listSaved, loadSaved, saveCriteria } from './saved.ts'
import { getSweep, listSightings, listSweeps } from './stored.ts'

/** Name of criteria that were typed, until the analyst gives them another. */
const TYPED = 'typed'
const removeRun = 'DELETE FROM sweep_run WHERE id = ? RETURNING name'

export default defineHandlers({
  'sweep.formats': () =>
    indicatorReaders.map(({ id }) => ({
      id,
      title: { key: `indicators.${id}.title`, params: {} },
      description: { key: `indicators.${id}.description`, params: {} },
    })),
  'sweep.read': async ({ resolveGrant }, input) => {
    const isTyped = input.grants == null || input.grants.length === 0
    const files: IndicatorText[] = isTyped ? [{ text: input.text ?? '', name: input.name ?? TYPED }] : []
    for (const grant of input.grants ?? [])
      files.push(...(await readIndicatorFile(resolveGrant(grant, 'read'))))
    const criteria = readCriteria(files, {
      name: input.name ?? null,
      format: input.format ?? null,
      operator: input.operator,
    })
    return {
      ...criteria,
      counts: {
        indicators: criteria.indicators.length,
        supported: criteria.indicators.filter((one) => one.supported).length,
      },
    }
  },
  'sweep.run': (context, input) => {
    const run = runSweep(context, input)
    context.changed('sweep', 'audit')
    return run
  },
  'sweep.runs': ({ db }) => listSweeps(db),
  'sweep.get': ({ db }, { id }) => getSweep(db, Number(id)),
  'sweep.sightings': ({ db }, input) =>
    listSightings(db, {
      run: Number(input.id),
      indicator: input.indicator ?? null,
      entity: input.entityId == null ? null : Number(input.entityId),
      limit: input.limit,
      cursor: input.cursor,
    }),
  'sweep.matched': ({ db }, { id }) => matchedEntities(db, id == null ? null : Number(id)),
  'sweep.remove': (context, { id }) => {
    const { db } = context
    db.transaction(() => {
      const name = db.prepare(removeRun).pluck().get(Number(id)) as string | undefined
      if (name === undefined) throw new WorkbenchError('request.not_found', { what: `sweep ${id}` })
      appendAudit(db, { at: context.now(), action: 'sweep.remove', details: { run: id, name } })
    })()
    context.changed('sweep', 'audit')
    return {}
  },
  'sweep.saved': ({ db }) => listSaved(db),
  'sweep.load': ({ db }, { id }) => loadSaved(db, Number(id)),
  'sweep.save': (context, { criteria }) => {
    const { db } = context
    const at = context.now()
    const id = db.transaction(() => {
      const saved = saveCriteria(db, at, criteria)
      appendAudit(db, {
        at,
        action: 'sweep.save',
        details: { name: criteria.name, indicators: criteria.indicators.length },
      })
      return saved
    })()
    context.changed('sweep', 'audit')
    return { id: String(id) }
  },
  'sweep.forget': (context, { id }) => {
    const { db } = context
    db.transaction(() => {
      const name = forgetCriteria(db, Number(id))
      appendAudit(db, { at: context.now(), action: 'sweep.forget', details: { name } })
    })()
    context.changed('sweep', 'audit')
    return {}
  },
})

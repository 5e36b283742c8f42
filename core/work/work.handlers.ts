import { type CommandContext, defineHandlers } from '../jobs/handlers.ts'
import { WorkbenchError } from '../model/errors.ts'
import { readIdCursor } from '../store/cursor.ts'
import { addEntity, listAdded, relate, removeAdded } from './added.ts'
import { change, MAX_NAMED } from './change.ts'
import { addToCriteria, indicatorLines, liveValue } from './indicators.ts'
import { addMarks, editMark, listMarks, listTags, marksOf, removeMarks } from './marks.ts'
import { redoStep, type Step, undoStep } from './steps.ts'

/** What a step that was taken back, or again, touched. */
const stepDetails = (step: Step | undefined): Readonly<Record<string, unknown>> | null => {
  if (step === undefined) return null
  const rows = [...step.before, ...step.after]
  const ids = rows.filter(({ table }) => table === 'mark').map(({ row }) => row.id)
  const others = rows.filter(({ table }) => table !== 'mark').map(({ table, row }) => `${table} ${row.id}`)
  return {
    ids: [...new Set(ids)].slice(0, MAX_NAMED),
    ...(others.length === 0 ? {} : { others: [...new Set(others)].slice(0, MAX_NAMED) }),
  }
}

const decided = 'SELECT 1 FROM plan_decision WHERE item = ?'

/** A step of the plan, or one of an earlier run that was decided about. @throws WorkbenchError `request.not_found` */
async function expectStep({ db, ask }: CommandContext, id: string): Promise<void> {
  if (db.prepare(decided).get(id) !== undefined) return
  const { items } = await ask('plan.list', {})
  if (!items.some((item) => item.id === id))
    throw new WorkbenchError('request.not_found', { what: `plan-item ${id}` })
}

export default defineHandlers({
  'work.mark': async (context, input) => {
    // A story is told anew each time: only who tells it knows whether it is there.
    for (const { kind, id } of input.targets)
      if (kind === 'story') await context.ask('story.evidence', { id })
      else if (kind === 'plan-item') await expectStep(context, id)
    return change(context, 'work.mark', () => {
      const ids = addMarks(context.db, context.now(), input)
      const { type, value, targets } = input
      return {
        result: { ids },
        details: { type, value, targets: targets.length, ids: ids.slice(0, MAX_NAMED) },
      }
    })
  },
  'work.edit': (context, input) =>
    change(context, 'work.edit', () => {
      editMark(context.db, context.now(), input)
      return { result: {}, details: { id: input.id } }
    }),
  'work.unmark': (context, { ids }) =>
    change(context, 'work.unmark', () => {
      const removed = removeMarks(context.db, context.now(), ids)
      return { result: { removed }, details: { ids: ids.slice(0, MAX_NAMED), removed } }
    }),
  'work.undo': (context) =>
    change(context, 'work.undo', () => {
      const step = undoStep(context.db)
      return { result: { done: step !== undefined }, details: stepDetails(step) }
    }),
  'work.redo': (context) =>
    change(context, 'work.redo', () => {
      const step = redoStep(context.db)
      return { result: { done: step !== undefined }, details: stepDetails(step) }
    }),
  'work.relate': async (context, input) => {
    const from = await context.ask('entity.get', { id: input.from })
    const to = await context.ask('entity.get', { id: input.to })
    return change(context, 'work.relate', () => {
      const { label, reason, confidence } = input
      const happenedAt = input.happenedAt ?? null
      const id = relate(context.db, context.now(), {
        from: Number(from.id),
        to: Number(to.id),
        label,
        reason,
        confidence,
        happenedAt,
      })
      return {
        result: { id: String(id) },
        details: { id: String(id), from: from.name, to: to.name, label, confidence, happenedAt },
      }
    })
  },
  'work.addEntity': (context, input) =>
    change(context, 'work.addEntity', () => {
      const id = String(addEntity(context.db, context.now(), input))
      const entityId = listAdded(context.db).entities.find((one) => one.id === id)?.entityId ?? ''
      return { result: { id, entityId }, details: { id, kind: input.kind, name: input.name } }
    }),
  'work.removeAdded': (context, { entities, relations }) =>
    change(context, 'work.removeAdded', () => {
      const removed = removeAdded(context.db, context.now(), { entities, relations })
      return {
        result: { removed },
        details: {
          entities: entities.slice(0, MAX_NAMED),
          relations: relations.slice(0, MAX_NAMED),
          removed,
        },
      }
    }),
  'work.addIndicators': async (context, { targets, name }) => {
    const lines = indicatorLines(context.db, targets)
    if (lines.length === 0) return { added: 0, lines }
    const { counts: _counts, ...found } = await context.ask('sweep.read', { text: lines.join('\n'), name })
    return change(context, 'work.addIndicators', () => {
      const added = addToCriteria(context.db, context.now(), name, found)
      return {
        result: { added, lines },
        details: added === 0 ? null : { name, added, targets: targets.length },
      }
    })
  },
  'work.liveValue': (context, { target }) =>
    change(context, 'work.liveValue', () => {
      const value = liveValue(context.db, target)
      return { result: { value }, details: { kind: target.kind, id: target.id, value } }
    }),
  'work.added': ({ db }) => listAdded(db),
  'work.of': ({ db }, { targets }) => marksOf(db, targets),
  'work.list': ({ db }, input) =>
    listMarks(db, {
      type: input.type ?? null,
      value: input.value ?? null,
      kind: input.kind ?? null,
      limit: input.limit,
      after: readIdCursor(input.cursor),
    }),
  'work.tags': ({ db }) => listTags(db),
})

import { type CommandContext, defineHandlers } from '../jobs/handlers.ts'
import { appendAudit } from '../store/audit.ts'
import { readIdCursor } from '../store/cursor.ts'
import { addMarks, editMark, listMarks, listTags, marksOf, removeMarks } from './marks.ts'
import { redoStep, undoStep } from './steps.ts'

/** A change of the analyst's work with its audit entry, in one transaction. */
function change<T>(
  context: CommandContext,
  action: string,
  work: () => { result: T; details: Readonly<Record<string, unknown>> | null },
): T {
  const result = context.db.transaction(() => {
    const done = work()
    if (done.details !== null) appendAudit(context.db, { at: context.now(), action, details: done.details })
    return done.result
  })()
  context.changed('work', 'audit')
  return result
}

export default defineHandlers({
  'work.mark': (context, input) =>
    change(context, 'work.mark', () => {
      const ids = addMarks(context.db, context.now(), input)
      const { type, value, targets } = input
      return { result: { ids }, details: { type, value, targets: targets.length, ids: ids.slice(0, 100) } }
    }),
  'work.edit': (context, input) =>
    change(context, 'work.edit', () => {
      editMark(context.db, context.now(), input)
      return { result: {}, details: { id: input.id } }
    }),
  'work.unmark': (context, { ids }) =>
    change(context, 'work.unmark', () => {
      const removed = removeMarks(context.db, context.now(), ids)
      return { result: { removed }, details: { ids: ids.slice(0, 100), removed } }
    }),
  'work.undo': (context) =>
    change(context, 'work.undo', () => {
      const step = undoStep(context.db)
      const marks = step && [...step.before, ...step.after].map((mark) => mark.id)
      return {
        result: { done: step !== undefined },
        details: marks === undefined ? null : { ids: [...new Set(marks)].slice(0, 100) },
      }
    }),
  'work.redo': (context) =>
    change(context, 'work.redo', () => {
      const step = redoStep(context.db)
      const marks = step && [...step.before, ...step.after].map((mark) => mark.id)
      return {
        result: { done: step !== undefined },
        details: marks === undefined ? null : { ids: [...new Set(marks)].slice(0, 100) },
      }
    }),
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

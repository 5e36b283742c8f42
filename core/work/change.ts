import type { CommandContext } from '../jobs/handlers.ts'
import { appendAudit } from '../store/audit.ts'

/** Whoever works at this machine; the audit log calls them so too. */
export const ACTOR = 'analyst'

/** Keeps an entry of the audit log short: it names this many ids, and counts the rest. */
export const MAX_NAMED = 100

/** Acts that can change the graph; taking a step back is one of them whatever the step was. */
const GRAPH: ReadonlySet<string> = new Set([
  'work.relate',
  'work.addEntity',
  'work.removeAdded',
  'work.undo',
  'work.redo',
])

const SWEEP: ReadonlySet<string> = new Set(['work.addIndicators', 'work.undo', 'work.redo'])

/** A change of the analyst's work with its audit entry, in one transaction. */
export function change<T>(
  context: CommandContext,
  action: string,
  work: () => { result: T; details: Readonly<Record<string, unknown>> | null },
): T {
  const result = context.db.transaction(() => {
    const done = work()
    if (done.details !== null) appendAudit(context.db, { at: context.now(), action, details: done.details })
    return done.result
  })()
  context.changed(
    'work',
    'audit',
    ...(SWEEP.has(action) ? (['sweep'] as const) : []),
    ...(GRAPH.has(action) ? (['entity', 'relation'] as const) : []),
  )
  return result
}

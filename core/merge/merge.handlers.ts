import type { MergeDifference } from '../contract/nouns/merge.ts'
import { defineHandlers, type QueryContext } from '../jobs/handlers.ts'
import { WorkbenchError } from '../model/errors.ts'
import { readIdCursor } from '../store/cursor.ts'
import { compareCases, compareEvidence } from './compare-cases.ts'
import { importOriginals } from './import-originals.ts'
import { openOther } from './open-other.ts'
import { parts } from './registry.ts'
import { runMerge } from './run-merge.ts'
import { listItems, listMerges, undoMerge } from './stored-merges.ts'

/** Differences that one document holds; a screen shows them in pages, a script reads counts. */
const MAX_SHOWN = 10_000

/** Steps of the plan are named by what they do and to whom; only the plan itself knows that. */
async function nameSteps(context: QueryContext, differences: MergeDifference[]): Promise<MergeDifference[]> {
  if (!differences.some(({ subject }) => subject.kind === 'plan-step')) return differences
  const { items } = await context.ask('plan.list', {})
  const known = new Map(items.map((item) => [item.id, item]))
  return differences.map((difference) => {
    const step = known.get(difference.subject.id ?? '')
    if (difference.subject.kind !== 'plan-step') return difference
    if (step === undefined) return { ...difference, subject: { ...difference.subject, id: null } }
    const { mailbox, account, endpoint, subject, url } = step.target
    const about = [mailbox ?? account, endpoint, subject, url].filter((part) => part !== null)
    return { ...difference, sort: step.action, subject: { ...difference.subject, name: about.join(' · ') } }
  })
}

/** Work of two analysts on the same evidence, brought together (ADR 0030). */
export default defineHandlers({
  async 'merge.plan'(context, { grant, by: name }) {
    const { db, casePath } = context
    context.progress({ done: 0, step: { key: 'merge.step.reading', params: {} } })
    const other = openOther(context.resolveGrant(grant, 'read'), { db, path: casePath })
    try {
      const by = name ?? other.label
      const { differences, ...compared } = compareCases(db, other, by)
      context.signal.throwIfAborted()
      return {
        other: other.info,
        by,
        evidence: compareEvidence(db, other.db),
        ...compared,
        unreadable: compared.unreadable.slice(0, MAX_SHOWN),
        differences: await nameSteps(
          context,
          differences.slice(0, MAX_SHOWN).map((one) => one.describe()),
        ),
        total: differences.length,
      }
    } finally {
      other.close()
    }
  },

  async 'merge.run'(context, input) {
    const { db, casePath, now } = context
    // A slip of the pen would bring what was to stay out.
    const allowed = parts.map(({ id }) => id)
    const unknown = input.without.find((part) => !allowed.includes(part))
    if (unknown !== undefined)
      throw new WorkbenchError('request.invalid', { field: 'without', problem: unknown, allowed })
    context.progress({ done: 0, step: { key: 'merge.step.reading', params: {} } })
    const other = openOther(context.resolveGrant(input.grant, 'read'), { db, path: casePath })
    try {
      const by = input.by ?? other.label
      const wishes = {
        by,
        choices: new Map(Object.entries(input.choices)),
        prefer: input.prefer ?? null,
        without: input.without,
        at: now(),
      }
      const { theirsOnly } = compareEvidence(db, other.db)
      const { imported, missing } = await importOriginals(context, other.db, theirsOnly, input.evidence)
      if (imported.length > 0 && input.correlate) await context.ask('correlation.run', {})
      context.signal.throwIfAborted()
      context.progress({ done: null, step: { key: 'merge.step.writing', params: {} } })
      // New evidence lets more of the work find its place: what was shown before no longer holds, and is compared anew.
      const fingerprint = imported.length > 0 ? null : (input.fingerprint ?? null)
      const merged = runMerge(db, other, { ...wishes, fingerprint })
      if (merged.merge !== null)
        context.changed('work', 'entity', 'case', 'plan', 'policy', 'pack', 'sweep', 'audit')
      const isIdentity = merged.parts.some(({ part, add, change, remove, conflict }) => {
        return part === 'identity' && add + change + remove + conflict > 0
      })
      if (merged.merge !== null && isIdentity && input.correlate) await context.ask('correlation.run', {})
      const shown = imported.map(({ name, sha256 }) => ({ name, sha256 }))
      return { ...merged, by, imported: shown, missing }
    } finally {
      other.close()
    }
  },

  'merge.list': ({ db }) => listMerges(db),
  'merge.items': ({ db }, { id, cursor, limit }) => listItems(db, Number(id), readIdCursor(cursor), limit),
  'merge.undo'(context, { id }) {
    const result = undoMerge(context.db, context.now(), Number(id))
    context.changed('work', 'entity', 'case', 'plan', 'policy', 'pack', 'sweep', 'audit')
    return result
  },
})

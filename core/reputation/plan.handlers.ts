import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import type { PlanFormat, PlanItem } from '../contract/nouns/plan.ts'
import { defineHandlers, type QueryContext } from '../jobs/handlers.ts'
import { WorkbenchError } from '../model/errors.ts'
import { writeWhole } from '../jobs/write-file.ts'
import { appendAudit } from '../store/audit.ts'
import { toIso } from '../store/time.ts'
import type { Exported } from './plan/exporter.ts'
import { planExporters } from './plan/registry.ts'
import { planFindings } from './plan-findings.ts'
import { decidePlan, listPlan } from './plan-stored.ts'
import planWords from './plan.words.ts'

const english = new Map<string, string>(Object.entries(planWords.texts.en))

/** `{url}` and the like filled in: plain texts without plurals or choices, in English. */
const words = (item: PlanItem): string =>
  item.reasons
    .map(({ rule, text }) => {
      const pattern = english.get(text.key.replace(/^plan\./, '')) ?? text.key
      return `${pattern.replace(/\{(\w+)\}/g, (_, name: string) => String(text.params[name] ?? ''))} (${rule})`
    })
    .join(' ')

interface Wanted {
  readonly format: PlanFormat
  readonly run?: string | null | undefined
  readonly all: boolean
}

/** Steps in another system's words: approved ones unless all are asked for; a declined step is in none of them. */
async function render(
  context: QueryContext,
  { format, run, all }: Wanted,
): Promise<Exported & { extension: string }> {
  const exporter = planExporters.find((one) => one.id === format)
  if (exporter === undefined) throw new WorkbenchError('request.invalid', { field: 'format' })
  const now = context.now()
  const findings = await planFindings(context.ask)
  const plan = listPlan(context.db, now, run == null ? null : Number(run), findings)
  const items = plan.items.filter((item) =>
    all ? item.state !== 'declined' || format === 'csv' : item.state === 'approved',
  )
  const facts = { at: toIso(now), caseName: basename(context.casePath), words }
  return { ...exporter.write(items, facts), extension: exporter.extension }
}

/** The remediation plan: derived, decided about, written out; never carried out. */
export default defineHandlers({
  'plan.list': async ({ db, now, ask }, { run }) =>
    listPlan(db, now(), run == null ? null : Number(run), await planFindings(ask)),
  async 'plan.decide'(context, { ids, state, note }) {
    const result = decidePlan(context, ids, state, note, await planFindings(context.ask))
    context.changed('plan', 'audit')
    return result
  },
  'plan.preview': async (context, input) => {
    const { leftIds, ...rest } = await render(context, input)
    return { ...rest, leftIds: [...leftIds] }
  },
  'plan.formats': () =>
    planExporters.map(({ id, extension }) => ({
      id,
      extension,
      title: { key: `plan.format.${id}.title`, params: {} },
      description: { key: `plan.format.${id}.description`, params: {} },
    })),
  async 'plan.export'(context, { grant, ...wanted }) {
    const path = context.resolveGrant(grant, 'write')
    const { text, items, left } = await render(context, wanted)
    context.signal.throwIfAborted()
    const bytes = Buffer.from(text, 'utf8')
    await writeWhole(path, bytes)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const { db } = context
    if (!context.isReadOnly) {
      const details = {
        file: basename(path),
        format: wanted.format,
        items,
        left,
        bytes: bytes.byteLength,
        sha256,
      }
      db.transaction(() => appendAudit(db, { at: context.now(), action: 'plan.exported', details }))()
      context.changed('audit')
    }
    return { path, bytes: bytes.byteLength, sha256, items, left }
  },
})

import { basename } from 'node:path'
import type { ExportTarget } from '../contract/nouns/export.ts'
import { defineHandlers, type CommandContext, type QueryContext } from '../jobs/handlers.ts'
import { createTranslator } from '../locale/format.ts'
import { WorkbenchError } from '../model/errors.ts'
import { appendAudit } from '../store/audit.ts'
import { readInfo } from '../store/case-info.ts'
import { parseIso } from '../store/time.ts'
import type { Exporter, ExportSource, Part } from './exporter.ts'
import { exporters } from './registry.ts'
import { countAudit } from './rows/audit.ts'
import { countEvents } from './rows/events.ts'
import { countDetections, countEntities, countRelations } from './rows/graph.ts'
import { countRatedUrls } from './rows/indicators.ts'
import { countMessages } from './rows/messages.ts'
import { countWork } from './rows/work.ts'
import { writeStream } from '../jobs/write-file.ts'

type Span = Pick<ExportSource, 'from' | 'to'>

/** What the formats of the remediation plan are to a browser; they are written by `plan.export`. */
const PLAN_MEDIA = new Map([
  ['json', 'application/json'],
  ['csv', 'text/csv'],
  ['ps1', 'text/plain'],
])

const toTarget = ({ id, texts, ...exporter }: Exporter): ExportTarget => ({
  id,
  title: { key: `export.${id}.title`, params: {} },
  description: { key: `export.${id}.description`, params: {} },
  left: texts.en.left === '' ? null : { key: `export.${id}.left`, params: {} },
  mediaType: exporter.mediaType,
  extension: exporter.extension,
  reads: [...exporter.reads],
  addresses: exporter.addresses,
  takesSpan: exporter.takesSpan,
  method: 'export.run',
})

async function listTargets(context: QueryContext): Promise<ExportTarget[]> {
  const plans = await context.ask('plan.formats', {})
  return [
    ...exporters.map(toTarget),
    ...plans.map(({ id, extension, title, description }) => ({
      id: `plan-${id}`,
      title,
      description,
      left: null,
      mediaType: PLAN_MEDIA.get(extension) ?? 'text/plain',
      extension,
      reads: ['plan'],
      addresses: 'live' as const,
      takesSpan: false,
      method: 'plan.export' as const,
    })),
  ]
}

/** @throws WorkbenchError `request.invalid` naming the field */
function readSpan(from: string | null | undefined, to: string | null | undefined): Span {
  const read = (field: 'from' | 'to', text: string | null | undefined): number | null => {
    if (text == null) return null
    const at = parseIso(text)
    if (at === undefined) throw new WorkbenchError('request.invalid', { field, problem: text })
    return at
  }
  const span = { from: read('from', from), to: read('to', to) }
  if (span.from !== null && span.to !== null && span.from >= span.to)
    throw new WorkbenchError('request.invalid', { field: 'to', problem: to ?? '' })
  return span
}

async function countOf(part: Part, { db, ask }: QueryContext, span: Span): Promise<number> {
  switch (part) {
    case 'events':
      return countEvents(db, span)
    case 'messages':
      return countMessages(db, span)
    case 'entities':
      return countEntities(db, span)
    case 'relations':
      return countRelations(db, span)
    case 'detections':
      return countDetections(db, span)
    case 'indicators':
      return countRatedUrls(ask)
    case 'techniques':
      // A handful, read at once: no progress to tell.
      return 0
    case 'audit':
      return countAudit(db)
    case 'work':
      return countWork(db)
  }
}

/** The source of one run: rows counted by part, progress by all of them. */
async function openSource(
  context: CommandContext,
  exporter: Exporter,
  span: Span,
  isLive: boolean,
): Promise<{ source: ExportSource; counts: Map<Part, number> }> {
  const { db, ask, signal } = context
  let expected = 0
  for (const part of exporter.reads) expected += await countOf(part, context, span)
  const counts = new Map<Part, number>(exporter.reads.map((part) => [part, 0]))
  let done = 0
  const english = await ask('locale.messages', { lang: 'en' })
  const source: ExportSource = {
    db,
    ask,
    signal,
    ...span,
    isLive,
    caseId: readInfo(db, 'case_id') ?? '',
    caseName: basename(context.casePath),
    toolVersion: readInfo(db, 'tool_version') ?? '',
    createdAt: Number(readInfo(db, 'created_at') ?? 0),
    now: context.now(),
    zone: readInfo(db, 'zone') ?? 'UTC',
    t: createTranslator('en', english, english),
    count(part, rows) {
      counts.set(part, (counts.get(part) ?? 0) + rows)
      done += rows
      context.progress({
        done: expected === 0 ? null : Math.min(done / expected, 1),
        counters: { rows: done },
      })
    },
  }
  return { source, counts }
}

/** Targets to hand a case over to, and the job that writes one. */
export default defineHandlers({
  'export.targets': (context) => listTargets(context),

  async 'export.run'(context, { grant, target, live, from, to }) {
    const exporter = exporters.find(({ id }) => id === target)
    if (exporter === undefined)
      throw new WorkbenchError('request.invalid', { field: 'target', problem: target })
    const span = readSpan(from, to)
    if (!exporter.takesSpan && (span.from !== null || span.to !== null))
      throw new WorkbenchError('request.invalid', {
        field: span.from === null ? 'to' : 'from',
        problem: target,
      })
    const path = context.resolveGrant(grant, 'write')
    const isLive = exporter.addresses === 'live' || live
    context.progress({ step: { key: 'export.step.writing', params: {} } })
    const { source, counts } = await openSource(context, exporter, span, isLive)
    const { bytes, sha256 } = await writeStream(path, exporter.write(source), context.signal)
    const rows = [...counts.values()].reduce((sum, count) => sum + count, 0)
    const { db } = context
    if (!context.isReadOnly) {
      const details = {
        target,
        file: basename(path),
        bytes,
        sha256,
        rows,
        counts: Object.fromEntries(counts),
        addresses: isLive ? 'live' : 'defanged',
        ...(from == null ? {} : { from }),
        ...(to == null ? {} : { to }),
      }
      db.transaction(() => appendAudit(db, { at: context.now(), action: 'export.written', details }))()
      context.changed('audit')
    }
    return { target, path, bytes, sha256, rows, counts: Object.fromEntries(counts), isLive }
  },
})

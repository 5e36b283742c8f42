import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import type { ReportSettings } from '../contract/nouns/report.ts'
import { defineHandlers, type QueryContext } from '../jobs/handlers.ts'
import { appendAudit } from '../store/audit.ts'
import { toIso } from '../store/time.ts'
import { buildReport } from './build.ts'
import { sections } from './registry.ts'
import { writeWhole } from '../jobs/write-file.ts'

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

async function renderHtml(context: QueryContext, settings: ReportSettings): Promise<Uint8Array> {
  const { html } = await buildReport(context.ask, settings, settings.generatedAt ?? toIso(context.now()))
  return Buffer.from(html, 'utf8')
}

export default defineHandlers({
  'report.sections': () =>
    sections.map(({ id, order }) => ({
      id,
      order,
      title: { key: `report.${id}.title`, params: {} },
      description: { key: `report.${id}.description`, params: {} },
    })),

  'report.preview': async (context, settings) => {
    const bytes = await renderHtml(context, settings)
    return { html: Buffer.from(bytes).toString('utf8'), sha256: sha256(bytes) }
  },

  'report.write': async (context, { grant, format, ...settings }) => {
    const path = context.resolveGrant(grant, 'write')
    context.progress({ done: 0, step: { key: 'report.step.building', params: {} } })
    const html = await renderHtml(context, settings)
    context.signal.throwIfAborted()
    let bytes = html
    let printedBy: string | null = null
    if (format === 'pdf') {
      context.progress({ done: 0.5, step: { key: 'report.step.printing', params: {} } })
      const printed = await context.print(Buffer.from(html).toString('utf8'), settings.paper)
      bytes = printed.pdf
      printedBy = printed.by
      context.signal.throwIfAborted()
    }
    await writeWhole(path, bytes)
    const digest = sha256(bytes)
    const details = {
      file: basename(path),
      format,
      bytes: bytes.byteLength,
      sha256: digest,
      html: sha256(html),
    }
    const { db } = context
    if (!context.isReadOnly) {
      db.transaction(() => appendAudit(db, { at: context.now(), action: 'report.written', details }))()
      context.changed('audit')
    }
    return { path, bytes: bytes.byteLength, sha256: digest, format, printedBy }
  },
})

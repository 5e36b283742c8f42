import { createHash } from 'node:crypto'
import { basename, dirname } from 'node:path'
import type { ReportSettings } from '../contract/nouns/report.ts'
import type { ParsedInputOf } from '../contract/types.ts'
import { WorkbenchError } from '../model/errors.ts'
import { defineHandlers, type CommandContext, type QueryContext } from '../jobs/handlers.ts'
import { toFileError } from '../jobs/file-error.ts'
import { appendAudit } from '../store/audit.ts'
import { parseIso, toIso } from '../store/time.ts'
import { buildReport, inMemory, makeReport, PRINTED_AT_ONCE, type MadeReport } from './build.ts'
import { listPins } from './facts/pins.ts'
import { printedParts } from './print/printed-parts.ts'
import { optionRows } from './options.ts'
import { sections } from './registry.ts'
import { readSettings, redactionSecret, saveSettings } from './saved-settings.ts'
import { templates } from './templates/registry.ts'
import { writeStream } from '../jobs/write-file.ts'

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Rows of a long table that a preview shows: the frame holds the page in memory. */
const PREVIEW_ROWS = 300
/** Rows of the list of replacements. */
const MAX_COUNTS = 500

/** Previews being made, by the case they are of. */
const underWay = new WeakMap<QueryContext['db'], Map<string, AbortController>>()

/**
 * Other questions are answered while a preview is made; a newer one of the same kind ends it. One of a case that was closed meanwhile is
 * not handed out: its later sections would be of another case.
 * @throws WorkbenchError `job.cancelled`
 */
async function latestOf<T>(
  kind: string,
  { db, ask }: QueryContext,
  make: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const cancelled = (): WorkbenchError => new WorkbenchError('job.cancelled')
  const ofCase = underWay.get(db) ?? new Map<string, AbortController>()
  underWay.set(db, ofCase)
  ofCase.get(kind)?.abort(cancelled())
  const own = new AbortController()
  ofCase.set(kind, own)
  try {
    const before = await ask('case.info', {})
    const made = await make(own.signal)
    if ((await ask('case.info', {}))?.caseId !== before?.caseId) throw cancelled()
    return made
  } finally {
    if (ofCase.get(kind) === own) ofCase.delete(kind)
  }
}

/** The time that is printed. @throws WorkbenchError `request.invalid` for a text that is none: it would stand in the report as it is */
function timeOf(context: QueryContext, { generatedAt }: ReportSettings): string {
  if (generatedAt == null) return toIso(context.now())
  if (parseIso(generatedAt) === undefined)
    throw new WorkbenchError('request.invalid', { field: 'generatedAt', problem: generatedAt })
  return generatedAt
}

export default defineHandlers({
  'report.sections': () =>
    sections.map((section) => ({
      id: section.id,
      order: section.order,
      title: { key: `report.${section.id}.title`, params: {} },
      description: { key: `report.${section.id}.description`, params: {} },
      within: section.within ?? null,
      options: optionRows(section),
    })),

  'report.templates': () =>
    templates.map(({ id, sections: chosen, options }) => ({
      id,
      title: { key: `report.template.${id}.title`, params: {} },
      description: { key: `report.template.${id}.description`, params: {} },
      sections: [...(chosen ?? sections.map((section) => section.id))],
      options,
    })),

  'report.settings': ({ db }) => ({ settings: readSettings(db) }),

  'report.save': (context, settings) => {
    const changed = saveSettings(context.db, settings, context.now())
    if (changed) context.changed('case', 'audit')
    return { changed }
  },

  'report.figures': async (context) =>
    (await listPins(context)).map(({ id, section, kind, name, text }) => ({ id, section, kind, name, text })),

  'report.redaction': async (context, settings) => {
    const made = await latestOf('redaction', context, (signal) => {
      const making = { ...inMemory(), secret: redactionSecret(context.db), rowLimit: PREVIEW_ROWS, signal }
      return makeReport(context.ask, settings, timeOf(context, settings), making)
    })
    const counts = made.redactor?.counts() ?? { rules: [], rows: [] }
    return { rules: counts.rules, rows: counts.rows.slice(0, MAX_COUNTS) }
  },

  'report.preview': async (context, settings) => {
    const { html, made } = await latestOf('preview', context, (signal) => {
      const making = { secret: redactionSecret(context.db), rowLimit: PREVIEW_ROWS, signal }
      return buildReport(context.ask, settings, timeOf(context, settings), making)
    })
    return { html, sha256: sha256(Buffer.from(html, 'utf8')), cut: made.isCut }
  },

  'report.write': async (context, input) => {
    const path = context.resolveGrant(input.grant, 'write')
    context.progress({ done: 0, step: { key: 'report.step.building', params: {} } })
    const made = await makeReport(context.ask, input, timeOf(context, input), {
      // Beside the case, where there is room for it; a case that cannot be written lies where nothing else can be either.
      folder: dirname(context.isReadOnly ? path : context.casePath),
      rowLimit: null,
      limits: PRINTED_AT_ONCE,
      secret: redactionSecret(context.db),
      signal: context.signal,
      onProgress: (done, rows) =>
        context.progress({ done: done * (input.format === 'pdf' ? 0.5 : 0.9), counters: { rows } }),
    }).catch((thrown: unknown) => {
      throw toFileError(thrown, path)
    })
    try {
      return await writeReport(context, input, path, made)
    } finally {
      await made.remove()
    }
  },
})

async function writeReport(
  context: CommandContext,
  { format, paper, redaction }: ParsedInputOf<'report.write'>,
  path: string,
  made: MadeReport,
) {
  let written: { bytes: number; sha256: string }
  let html: string
  let printedBy: string | null = null
  let pages: number | null = null
  if (format === 'html') {
    written = await writeStream(path, made.html(), context.signal)
    html = written.sha256
  } else {
    html = await hashOf(made.html())
    // Nothing more is asked of the case: the pages of it kept in memory make room for the browser.
    if (made.parts > 1) context.db.pragma('shrink_memory')
    const printing = printedParts(context, made, paper)
    written = await writeStream(path, printing.pdf(), context.signal)
    printedBy = printing.by()
    pages = printing.pages()
  }
  const details = {
    file: basename(path),
    format,
    ...written,
    html,
    fingerprint: made.fingerprint,
    redacted: made.redactor !== null,
    ...(redaction.terms.length > 0 ? { terms: redaction.terms.length } : {}),
    ...(made.parts > 1 ? { parts: made.parts } : {}),
    figures: made.figures,
  }
  const { db } = context
  if (!context.isReadOnly) {
    db.transaction(() => appendAudit(db, { at: context.now(), action: 'report.written', details }))()
    context.changed('audit')
  }
  return { path, ...written, format, printedBy, pages }
}

async function hashOf(texts: AsyncIterable<string>): Promise<string> {
  const hash = createHash('sha256')
  for await (const text of texts) hash.update(text, 'utf8')
  return hash.digest('hex')
}

import { createHash } from 'node:crypto'
import { ReportSettings } from '../contract/nouns/report.ts'
import { appendAudit } from '../store/audit.ts'
import { readInfo, writeInfo } from '../store/case-info.ts'
import type { ReadStore, WriteStore } from '../store/store.ts'

/** Where they stand in a case. */
export const SETTINGS_KEY = 'report_settings'
const SECRET = 'redaction_secret'

/** What was saved with the case; null when nothing was, or when it is not ours (a case from somebody else). */
export function readSettings(db: ReadStore): ReportSettings | null {
  const text = readInfo(db, SETTINGS_KEY)
  if (text === undefined) return null
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    if (cause instanceof SyntaxError) return null
    throw cause
  }
  const parsed = ReportSettings.safeParse(value)
  return parsed.success ? parsed.data : null
}

/** Keeps the settings in the case, within a change that logs itself. */
export const writeSettings = (db: WriteStore, settings: ReportSettings): void =>
  writeInfo(db, SETTINGS_KEY, JSON.stringify(settings))

/**
 * Keeps the settings in the case, with an entry in the audit log. The same settings again change nothing.
 * The log names what was set, never the analyst's words or the names to hide.
 */
export function saveSettings(db: WriteStore, settings: ReportSettings, at: number): boolean {
  const text = JSON.stringify(settings)
  if (readInfo(db, SETTINGS_KEY) === text) return false
  const { redaction, blocks, sections, lang, paper } = settings
  const details = {
    lang,
    paper,
    sections: sections ?? 'all',
    blocks: blocks.length,
    redaction: { ...redaction, terms: redaction.terms.length },
    sha256: createHash('sha256').update(text, 'utf8').digest('hex'),
  }
  db.transaction(() => {
    writeSettings(db, settings)
    appendAudit(db, { at, action: 'report.settings', details })
  })()
  return true
}

const firstEntry = 'SELECT hash FROM audit WHERE seq = 1'

/**
 * What pseudonyms are made with: it stays with the case and stands in no report. Cases made before there was one take it from what
 * only the case holds.
 */
export function redactionSecret(db: ReadStore): string {
  const own = readInfo(db, SECRET)
  if (own !== undefined) return own
  const first = db.prepare(firstEntry).pluck().get() as string | undefined
  return createHash('sha256')
    .update(
      JSON.stringify([SECRET, readInfo(db, 'case_id') ?? '', readInfo(db, 'created_at') ?? '', first ?? '']),
    )
    .digest('hex')
}

import { basename } from 'node:path'
import type { CaseDigest, Manifest } from '../../contract/nouns/verify.ts'
import { readInfo } from '../../store/case-info.ts'
import type { ReadStore } from '../../store/store.ts'
import { type CaseBytes, hashFile } from './case-bytes.ts'
import type { Findings } from './findings.ts'
import { readManifest } from './manifest.ts'
import { listOriginals } from './originals.ts'

const entryAt = 'SELECT hash FROM audit WHERE seq = ?'
const actionsAfter = 'SELECT DISTINCT action FROM audit WHERE seq > ?'

/** Tables of what was read from evidence: nothing but an import, a resumed one or a removal changes them. */
const RECORDS: ReadonlySet<string> = new Set([
  'raw_block',
  'raw_heading',
  'record_key',
  'duplicate_record',
  'event',
  'str',
  'message',
  'message_recipient',
  'message_url',
  'url',
  'attachment',
  'directory_object',
  'directory_edge',
  'issue',
])
/** Entries that change nothing of the case: they say what was written out of it. */
const HARMLESS: ReadonlySet<string> = new Set([
  'export.written',
  'manifest.written',
  'report.written',
  'plan.exported',
  'archive.written',
])

export interface CheckedCase {
  readonly db: ReadStore
  readonly digest: CaseDigest
  readonly auditEntries: number
  /** Null while the case is open: its bytes move. */
  readonly bytes: CaseBytes | null
}

/** Holds a case against what it was when the manifest was made. */
export async function checkManifest(
  path: string,
  checked: CheckedCase,
  findings: Findings,
): Promise<Manifest | undefined> {
  const name = basename(path)
  const { manifest, isWhole } = await readManifest(path)
  if (manifest === undefined) {
    findings.problem('manifest.unreadable', name)
    return undefined
  }
  // What a changed manifest says of the case is nobody's word: a difference from it would accuse the case.
  if (!isWhole) {
    findings.problem('manifest.changed', name)
    return undefined
  }
  findings.holds('holds.manifest', name, { at: manifest.createdAt })
  const { db } = checked
  if (manifest.case.id !== (readInfo(db, 'case_id') ?? '')) {
    findings.problem('manifest.other_case', name, { name: manifest.case.name })
    return manifest
  }
  const anchor = db.prepare(entryAt).pluck().get(manifest.case.auditEntries) as string | undefined
  if (anchor !== manifest.case.auditHead)
    findings.problem('audit.cut', `entry ${manifest.case.auditEntries}`, {
      entry: manifest.case.auditEntries,
    })
  else
    findings.holds('holds.anchor', `entry ${manifest.case.auditEntries}`, {
      entry: manifest.case.auditEntries,
    })
  checkContent(manifest, checked, findings)
  checkBytes(manifest, checked, findings)
  return manifest
}

/** The actions in the log since the manifest that may have changed the case. */
const changingActions = (db: ReadStore, entries: number): readonly string[] =>
  (db.prepare(actionsAfter).pluck().all(entries) as string[]).filter((action) => !HARMLESS.has(action))

function checkContent({ case: then }: Manifest, { db, digest }: CheckedCase, findings: Findings): void {
  if (digest.sha256 === then.digest.sha256) {
    findings.holds('holds.digest', 'case', { digest: digest.sha256 })
    return
  }
  if (digest.schemaVersion !== then.digest.schemaVersion) {
    findings.note('case.migrated', 'case', { from: then.digest.schemaVersion, to: digest.schemaVersion })
    return
  }
  const names = [...new Set([...Object.keys(digest.tables), ...Object.keys(then.digest.tables)])].sort()
  const differing = names.filter((name) => digest.tables[name]?.sha256 !== then.digest.tables[name]?.sha256)
  const actions = changingActions(db, then.auditEntries)
  if (actions.length === 0) {
    findings.problem('case.changed', 'case', { tables: differing.join(', ') })
    return
  }
  const touchesEvidence = actions.some((action) => action.startsWith('evidence.'))
  const unexplained = touchesEvidence
    ? []
    : differing.filter((name) => {
        const [now, before] = [digest.tables[name], then.digest.tables[name]]
        // Who a record belongs to is worked out anew by every correlation; the record itself is not.
        return RECORDS.has(name) && (now?.records ?? now?.sha256) !== (before?.records ?? before?.sha256)
      })
  if (unexplained.length > 0) findings.problem('case.changed', 'case', { tables: unexplained.join(', ') })
  findings.note('case.continued', 'case', { actions: actions.join(', '), tables: differing.join(', ') })
}

function checkBytes(
  { case: then }: Manifest,
  { db, bytes, auditEntries }: CheckedCase,
  findings: Findings,
): void {
  if (then.file === null || bytes === null) return
  if (bytes.sha256 === then.file.sha256) findings.holds('holds.bytes', 'case', { sha256: bytes.sha256 })
  else if (bytes.calm === then.file.calm && bytes.isHeaderSound) findings.note('case.opened', 'case')
  else if (auditEntries === then.auditEntries && changingActions(db, then.auditEntries).length === 0)
    findings.problem('case.bytes_changed', 'case')
  // What a migration says covers its bytes.
  else if (!findings.has('case.migrated')) findings.note('case.bytes_moved', 'case')
}

/** Does the manifest list the evidence that the case has? Told only where the log does not say why it differs. */
export function checkEvidenceList(manifest: Manifest, db: ReadStore, findings: Findings): void {
  const now = new Set(listOriginals(db).map(({ sha256 }) => sha256))
  const changed = changingActions(db, manifest.case.auditEntries).some((action) =>
    action.startsWith('evidence.'),
  )
  if (changed) return
  for (const { name, sha256 } of manifest.evidence)
    if (!now.has(sha256)) findings.problem('evidence.unlisted', name, { name, sha256 })
}

const writtenReports = `SELECT 1 FROM audit WHERE action = 'report.written' AND json_extract(details, '$.sha256') = ?`

/** Is the report the one that the manifest lists, or that the log of the case says was written? */
export async function checkReport(
  path: string,
  manifest: Manifest | undefined,
  db: ReadStore | undefined,
  findings: Findings,
  signal?: AbortSignal,
): Promise<void> {
  const name = basename(path)
  const { sha256 } = await hashFile(path, signal)
  const listed = manifest?.files.filter(({ role }) => role === 'report') ?? []
  if (listed.some((file) => file.sha256 === sha256)) findings.holds('holds.report', name, { sha256 })
  else if (listed.length > 0) findings.problem('report.changed', name, { sha256 })
  else if (db !== undefined && db.prepare(writtenReports).get(sha256) !== undefined)
    findings.holds('holds.report_logged', name, { sha256 })
  else findings.problem('report.unknown', name, { sha256 })
}

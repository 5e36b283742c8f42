import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import type { CaseDigest, Manifest, Verification } from '../../contract/nouns/verify.ts'
import { WorkbenchError } from '../../model/errors.ts'
import type { Attended } from '../../jobs/caseless-work.ts'
import { openForReading, type ReadableCase } from '../../store/case-file.ts'
import { readInfo } from '../../store/case-info.ts'
import { toStoreError } from '../../store/errors.ts'
import type { ReadStore } from '../../store/store.ts'
import { toIso } from '../../store/time.ts'
import { toFileError } from '../../jobs/file-error.ts'
import { expectOutput, keptOf } from '../../jobs/output-place.ts'
import { writeStream } from '../../jobs/write-file.ts'
import { type CaseBytes, hashCaseFile, isInUse } from './case-bytes.ts'
import { digestCase } from './case-digest.ts'
import { checkAudit, checkMerged, checkConservation, checkIntegrity, checkRecords } from './check-case.ts'
import { checkFilesBeside, checkSigner } from './check-files.ts'
import { checkEvidenceList, checkManifest, checkReport } from './check-manifest.ts'
import { Findings } from './findings.ts'
import { readManifest, writeManifest } from './manifest.ts'
import { checkOriginals, listOriginals } from './originals.ts'
import { readPublicKey } from './signing.ts'

/** Absolute paths of what a case is held against. */
export interface Against {
  readonly evidence: readonly string[]
  readonly report: string | null
  readonly manifest: string | null
  readonly key: string | null
}

interface Checked {
  readonly digest: CaseDigest | null
  readonly audit: { readonly head: string; readonly entries: number } | null
}

/** Runs one check; a page that cannot be read there is a finding, and the other checks go on. */
async function guarded<T>(findings: Findings, where: string, check: () => T | Promise<T>): Promise<T | null> {
  try {
    return await check()
  } catch (thrown) {
    const mapped = toStoreError(thrown, where)
    const code =
      mapped instanceof WorkbenchError
        ? mapped.code
        : thrown instanceof Error && 'code' in thrown && String(thrown.code).startsWith('SQLITE')
          ? String(thrown.code)
          : undefined
    if (code === undefined || code === 'job.cancelled') throw thrown
    findings.problem('case.unreadable', where, { reason: code })
    return null
  }
}

/** A file that was named and is not there is a mistake of the caller, not a finding. */
function expectFile(path: string | null): void {
  if (path !== null && !existsSync(path)) throw new WorkbenchError('file.missing', { file: basename(path) })
}

/** What the case is held against is there, and the key is one. @throws WorkbenchError `file.missing`, `key.not_public`, `key.private` */
async function expectAgainst({ evidence, report, manifest, key }: Against): Promise<void> {
  for (const path of [...evidence, report, manifest, key]) expectFile(path)
  if (key !== null) await readPublicKey(key)
}

/** Everything that can be said of a case by reading it. */
export async function checkCase(
  db: ReadStore,
  bytes: CaseBytes | null,
  against: Against,
  findings: Findings,
  signal?: AbortSignal,
  onProgress: (done: number, step: string) => void = () => undefined,
): Promise<Checked> {
  await expectAgainst(against)
  findings.holds('holds.schema', 'case')
  onProgress(0, 'structure')
  await guarded(findings, 'structure', () => checkIntegrity(db, findings))
  const audit = await guarded(findings, 'audit', () => checkAudit(db, findings))
  await guarded(findings, 'merge', () => checkMerged(db, findings))
  await guarded(findings, 'evidence', () => checkConservation(db, findings))
  onProgress(0.2, 'records')
  await guarded(findings, 'records', () => checkRecords(db, findings, signal))
  onProgress(0.4, 'content')
  const digest = await guarded(findings, 'content', () =>
    digestCase(db, signal, (done) => onProgress(0.4 + done * 0.3, 'content')),
  )
  onProgress(0.7, 'evidence')
  await guarded(findings, 'evidence', () => checkOriginals(db, against.evidence, findings, signal))
  let manifest: Manifest | undefined
  const { manifest: listed, report } = against
  if (listed !== null && digest !== null)
    manifest =
      (await guarded(findings, 'manifest', async () => {
        const found = await checkManifest(
          listed,
          { db, digest, auditEntries: audit?.entries ?? 0, bytes },
          findings,
        )
        await checkSigner(listed, against.key, findings)
        if (found !== undefined && !findings.has('manifest.other_case')) {
          checkEvidenceList(found, db, findings)
          await checkFilesBeside(listed, found, report, findings, signal)
        }
        return found
      })) ?? undefined
  if (report !== null)
    await guarded(findings, 'report', () => checkReport(report, manifest, db, findings, signal))
  onProgress(1, 'evidence')
  return { digest, audit }
}

export const toVerification = (findings: Findings, { digest, audit }: Checked): Verification => ({
  ok: !findings.hasProblem,
  findings: findings.list(),
  holds: findings.listHolds(),
  digest: digest?.sha256 ?? null,
  auditHead: audit?.head ?? null,
})

/** What a case is now, for a manifest. */
export function describeCase(
  db: ReadStore,
  name: string,
  digest: CaseDigest,
  audit: { readonly head: string; readonly entries: number },
  bytes: CaseBytes | null,
  files: Manifest['files'],
  now: number,
): Omit<Manifest, 'self'> {
  return {
    schema: 1,
    kind: 'redthread-manifest',
    createdAt: toIso(now),
    tool: { name: 'redthread', version: readInfo(db, 'tool_version') ?? '' },
    case: {
      id: readInfo(db, 'case_id') ?? '',
      name,
      digest,
      auditHead: audit.head,
      auditEntries: audit.entries,
      file: bytes === null ? null : { bytes: bytes.bytes, sha256: bytes.sha256, calm: bytes.calm },
    },
    evidence: listOriginals(db).map(({ id, name: original, sha256, bytes: size }) => ({
      id: String(id),
      name: original,
      sha256,
      bytes: size,
    })),
    files,
  }
}

/**
 * Verifies a case that is not open here: read-only from the first byte to the last. What keeps it from being opened is a finding.
 * @param save where to write a manifest of what was found; only when nothing is wrong
 */
export async function verifyFile(
  path: string,
  against: Against,
  save: string | null,
  now: number,
  { signal, progress }: Partial<Attended> = {},
): Promise<Verification & { saved: { path: string; sha256: string } | null }> {
  expectFile(path)
  const inputs = [against.report, against.manifest, against.key].filter((one) => one !== null)
  if (save !== null) expectOutput(save, { inputs })
  await expectAgainst(against)
  const findings = new Findings()
  let bytes: CaseBytes | null = null
  progress?.(0, 'verify.step.bytes')
  try {
    const isBusy = await isInUse(path)
    if (isBusy) findings.note('case.in_use', basename(path))
    bytes = isBusy ? null : await hashCaseFile(path, signal)
  } catch (cause) {
    throw toFileError(cause, path)
  }
  if (bytes !== null && !bytes.isHeaderSound) findings.problem('case.header', basename(path))
  const opened = await guarded<ReadableCase>(findings, basename(path), () => openForReading(path))
  if (opened === null) {
    const { manifest } = against
    if (manifest !== null && bytes !== null) await compareBytesOnly(manifest, bytes, findings)
    return { ...toVerification(findings, { digest: null, audit: null }), saved: null }
  }
  try {
    if (save !== null) expectOutput(save, keptOf(opened.db))
    const checked = await checkCase(opened.db, bytes, against, findings, signal, (done, step) =>
      progress?.(done, `verify.step.${step}`),
    )
    const verification = toVerification(findings, checked)
    if (save === null || !verification.ok || checked.digest === null || checked.audit === null)
      return { ...verification, saved: null }
    const files: Manifest['files'] = []
    const manifest = describeCase(opened.db, basename(path), checked.digest, checked.audit, bytes, files, now)
    const text = writeManifest(manifest)
    const { sha256 } = await writeStream(save, once(text), signal ?? new AbortController().signal)
    return { ...verification, saved: { path: save, sha256 } }
  } finally {
    opened.close()
  }
}

async function* once(text: string): AsyncGenerator<string> {
  yield await Promise.resolve(text)
}

async function compareBytesOnly(path: string, bytes: CaseBytes, findings: Findings): Promise<void> {
  const { manifest, isWhole } = await readManifest(path)
  if (!isWhole) findings.problem('manifest.changed', basename(path))
  else if (manifest?.case.file && manifest.case.file.sha256 !== bytes.sha256)
    findings.problem('case.bytes_changed', 'case')
}

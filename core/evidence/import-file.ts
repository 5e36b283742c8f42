import { WorkbenchError } from '../model/errors.ts'
import { detectFormat, findImporter } from '../importers/registry.ts'
import type { Importer } from '../importers/importer.ts'
import { appendAudit } from '../store/audit.ts'
import {
  findEvidence,
  findEvidenceByHash,
  insertEvidence,
  type EvidenceRecord,
  type ImportCursor,
} from '../store/evidence.ts'
import { buildEventIndexes, dropEventIndexes } from '../store/indexes.ts'
import { indexStrings, StringWriter } from '../store/strings.ts'
import type { WriteStore } from '../store/store.ts'
import { assertUnchanged, inspectEvidence, type EvidenceFile } from './evidence-file.ts'
import { detectInput, openParts, type EvidencePart } from './parts.ts'
import { RecordSink } from './record-sink.ts'

/** Records per transaction: large enough for speed (performance.md section 3), small enough to lose little on a kill. */
const BATCH_RECORDS = 5000
/** Below this the analyst is asked which format it is. */
const MIN_CONFIDENCE = 0.15
/** Two formats closer than this are a tie. */
const TIE = 0.02
/** A first import larger than this builds the event indexes afterwards. */
const BULK_BYTES = 20 * 1024 * 1024

export interface ImportOptions {
  readonly format: string | null
  readonly zone: string
  readonly now: () => number
  readonly signal: AbortSignal
  /** Called after every batch with bytes and records so far. */
  readonly onProgress: (state: { bytes: number; totalBytes: number; records: number }) => void
}

/** Update of one evidence row at the end of a batch. */
const saveCursor = `UPDATE evidence SET cursor = @cursor, read = @read, stored = @stored, duplicate = @duplicate,
  rejected = @rejected, bytes_read = @bytesRead, zone_assumed = @zoneAssumed, format = @format, confidence = @confidence WHERE id = @id`
const finish = `UPDATE evidence SET status = @status, error = @error, seconds = seconds + @seconds WHERE id = @id`

/**
 * Imports one file: hash, duplicate check, detection, parse, batches with cursor. Resumable: a record is identified by
 * its number within its part, so a cut-off import reads again from the start of that part and skips what is stored.
 * @returns the evidence id
 * @throws WorkbenchError for a file that is not taken at all (`evidence.*`), or when the case cannot be written (`store.*`)
 */
export async function importFile(db: WriteStore, path: string, options: ImportOptions): Promise<number> {
  const file = await inspectEvidence(path, options.signal)
  const known = findEvidenceByHash(db, file.sha256)
  if (known && known.status !== 'importing' && known.status !== 'cancelled') {
    throw new WorkbenchError('evidence.duplicate', { name: file.name, as: known.name, id: String(known.id) })
  }
  if (known) return continueImport(db, known.id, file, options)
  await assertRecognised(file, options.format)
  const id = db.transaction(() => {
    const cursor: ImportCursor = { part: 0, records: 0, importer: null }
    const at = options.now()
    const created = insertEvidence(db, {
      ...file,
      zone: options.zone,
      importedAt: at,
      formatOverride: options.format,
      cursor,
    })
    appendAudit(db, {
      at,
      action: 'evidence.add',
      evidenceId: created,
      details: { name: file.name, sha256: file.sha256, bytes: file.bytes, zone: options.zone },
    })
    return created
  })()
  return continueImport(db, id, file, options)
}

/**
 * Goes on with an import that was cut off. The path is the case's own word, and a case may come from somebody else: only
 * the very bytes that were registered are read, never another file that happens to lie there.
 * @throws WorkbenchError `evidence.changed` when the file is another one by now
 */
export async function resumeFile(
  db: WriteStore,
  row: EvidenceRecord,
  options: ImportOptions,
): Promise<number> {
  const file = await inspectEvidence(row.path, options.signal)
  if (file.sha256 !== row.sha256) {
    throw new WorkbenchError('evidence.changed', {
      name: row.name,
      expected: row.sha256.slice(0, 12),
      actual: file.sha256.slice(0, 12),
    })
  }
  return continueImport(db, row.id, file, options)
}

/** Goes on with evidence whose row exists: the whole import of a new one, the rest of a cut-off one. */
export async function continueImport(
  db: WriteStore,
  id: number,
  file: EvidenceFile,
  options: ImportOptions,
): Promise<number> {
  const started = performance.now()
  const seconds = () => (performance.now() - started) / 1000
  try {
    await parseParts(db, id, file, options)
    assertUnchanged(file)
  } catch (thrown) {
    const isCancel = options.signal.aborted
    const error = isCancel ? 'job.cancelled' : thrown instanceof WorkbenchError ? thrown.code : null
    // A bug or a full disk leaves the row as it is: `importing`, to be resumed.
    if (error === null || error.startsWith('store.')) throw thrown
    db.transaction(() => {
      db.prepare(finish).run({ id, status: isCancel ? 'cancelled' : 'failed', error, seconds: seconds() })
      appendAudit(db, {
        at: options.now(),
        action: isCancel ? 'evidence.cancel' : 'evidence.fail',
        evidenceId: id,
        details: { error },
      })
    })()
    buildEventIndexes(db)
    throw thrown
  }
  db.transaction(() => {
    const row = findEvidence(db, id)
    const rejected = db.prepare('SELECT rejected FROM evidence WHERE id = ?').pluck().get(id) as number
    const status = rejected > 0 ? 'done-with-rejects' : 'done'
    indexStrings(db)
    db.prepare(finish).run({ id, status, error: null, seconds: seconds() })
    appendAudit(db, {
      at: options.now(),
      action: 'evidence.imported',
      evidenceId: id,
      details: conservation(db, id, row?.format ?? ''),
    })
  })()
  buildEventIndexes(db)
  return id
}

const figures = 'SELECT read, stored, duplicate, rejected, bytes, bytes_read FROM evidence WHERE id = ?'
const conservation = (db: WriteStore, id: number, format: string) => ({
  format,
  ...(db.prepare(figures).get(id) as object),
})

/** A file no importer knows is refused before anything is written. */
async function assertRecognised(file: EvidenceFile, format: string | null): Promise<void> {
  if (format !== null) {
    if (!findImporter(format)) throw new WorkbenchError('request.not_found', { what: format })
    return
  }
  const { parts, problems } = await openParts(file, () => undefined)
  for (const part of parts) if ((await choose(part)) !== undefined) return
  if (parts.length === 0 && problems.some((problem) => problem.code === 'archive.encrypted_member')) {
    throw new WorkbenchError('evidence.encrypted', { name: file.name })
  }
  throw new WorkbenchError('evidence.unrecognised', { name: file.name })
}

/** The importer for a part; undefined when none is sure enough. A tie goes to the lead and is `evidence.ambiguous`. */
async function choose(part: EvidencePart): Promise<{ importer: Importer; confidence: number } | undefined> {
  const [best, second] = detectFormat(await detectInput(part))
  if (!best || best.confidence < MIN_CONFIDENCE) return undefined
  if (second && best.confidence - second.confidence < TIE) {
    throw new WorkbenchError('evidence.ambiguous', {
      name: part.name,
      formats: [best.importer.id, second.importer.id],
    })
  }
  return best
}

async function parseParts(
  db: WriteStore,
  id: number,
  file: EvidenceFile,
  options: ImportOptions,
): Promise<void> {
  let bytesRead = 0
  const { parts, problems, isArchive } = await openParts(file, (count) => (bytesRead += count))
  const row = findEvidence(db, id)
  if (!row) throw new WorkbenchError('request.not_found', { what: String(id) })
  const start = JSON.parse(row.cursor) as ImportCursor
  const before = db
    .prepare(
      'SELECT read, stored, duplicate, rejected, zone_assumed, format, confidence FROM evidence WHERE id = ?',
    )
    .get(id) as {
    read: number
    stored: number
    duplicate: number
    rejected: number
    zone_assumed: number
    format: string
    confidence: number
  }
  const lastRecord = db
    .prepare('SELECT coalesce(max(first_record + records - 1), 0) FROM raw_block WHERE evidence_id = ?')
    .pluck()
    .get(id) as number
  const isFresh = start.part === 0 && start.records === 0
  if (row.status !== 'importing')
    db.prepare(`UPDATE evidence SET status = 'importing', error = NULL WHERE id = ?`).run(id)
  const isBulk =
    file.bytes > BULK_BYTES && isFresh && db.prepare('SELECT 1 FROM event LIMIT 1').get() === undefined
  if (isBulk) dropEventIndexes(db)
  const sink = new RecordSink(db, new StringWriter(db), id, { ...before, record: lastRecord })
  const save = db.prepare(saveCursor)
  const formats = new Set(before.format === '' ? [] : before.format.split('+'))
  let confidence = before.confidence || 1
  let assumed = before.zone_assumed === 1

  const commit = (cursor: ImportCursor, work: () => void) => {
    db.transaction(() => {
      work()
      sink.flush()
      assumed ||= sink.zoneAssumed
      save.run({
        id,
        ...sink.counts,
        bytesRead: Math.min(bytesRead, file.bytes),
        zoneAssumed: assumed ? 1 : 0,
        format: [...formats].join('+'),
        confidence,
        cursor: JSON.stringify(cursor),
      })
    })()
    options.onProgress({
      bytes: Math.min(bytesRead, file.bytes),
      totalBytes: file.bytes,
      records: sink.counts.read,
    })
  }

  if (isFresh && problems.length > 0) {
    commit({ part: 0, records: 0, importer: null }, () => {
      for (const problem of problems) sink.addIssue('', { kind: 'issue', ...problem, records: 0 })
    })
  }
  for (const [index, part] of parts.entries()) {
    if (index < start.part) continue
    const resumed = index === start.part ? start : undefined
    const forced = options.format ?? row.format_override ?? resumed?.importer ?? null
    const importer =
      forced === null
        ? await choosePart(part, isArchive)
        : { importer: findImporter(forced), confidence: resumed?.importer ? confidence : 1 }
    if (!importer?.importer) {
      commit({ part: index + 1, records: 0, importer: null }, () =>
        sink.addIssue(part.prefix, {
          kind: 'issue',
          locator: part.name,
          code: 'archive.unrecognised_member',
          excerpt: '',
          records: 0,
        }),
      )
      continue
    }
    formats.add(importer.importer.id)
    confidence = Math.min(confidence, importer.confidence)
    await parsePart(part, importer.importer, index, resumed?.records ?? 0, sink, commit, options)
    commit({ part: index + 1, records: 0, importer: null }, () => undefined)
  }
}

/** In an archive an unknown or ambiguous member is an issue; a lone file with a tie asks. */
async function choosePart(
  part: EvidencePart,
  isArchive: boolean,
): Promise<{ importer: Importer; confidence: number } | undefined> {
  try {
    return await choose(part)
  } catch (thrown) {
    if (isArchive && thrown instanceof WorkbenchError && thrown.code === 'evidence.ambiguous')
      return undefined
    throw thrown
  }
}

async function parsePart(
  part: EvidencePart,
  importer: Importer,
  index: number,
  skip: number,
  sink: RecordSink,
  commit: (cursor: ImportCursor, work: () => void) => void,
  options: ImportOptions,
): Promise<void> {
  let seen = 0
  let pending: (() => void)[] = []
  const write = () => {
    const work = pending
    pending = []
    commit({ part: index, records: seen, importer: importer.id }, () => {
      for (const step of work) step()
    })
  }
  try {
    for await (const batch of importer.parse(part, { zone: options.zone })) {
      options.signal.throwIfAborted()
      for (const unit of batch) {
        seen += 1
        if (seen <= skip) continue
        pending.push(
          unit.kind === 'record'
            ? () => sink.addRecord(part.prefix, unit)
            : () => sink.addIssue(part.prefix, unit),
        )
        if (pending.length >= BATCH_RECORDS) write()
      }
    }
  } catch (thrown) {
    write()
    if (
      !(thrown instanceof Error) ||
      options.signal.aborted ||
      (thrown instanceof WorkbenchError && thrown.code.startsWith('store.'))
    )
      throw thrown
    const isArchiveMember = part.prefix !== ''
    if (!isArchiveMember) throw thrown
    // One broken member must not cost the others: what was read is kept, the rest is an issue.
    const code = thrown instanceof WorkbenchError ? thrown.code : 'archive.broken_member'
    commit({ part: index, records: seen, importer: importer.id }, () =>
      sink.addIssue(part.prefix, {
        kind: 'issue',
        locator: part.name,
        code,
        excerpt: thrown.message,
        records: 0,
      }),
    )
    return
  }
  write()
}

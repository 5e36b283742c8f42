import { clearHeap } from '../jobs/clear-heap.ts'
import { WorkbenchError } from '../model/errors.ts'
import { appendAudit } from '../store/audit.ts'
import {
  findEvidence,
  findEvidenceByHash,
  insertEvidence,
  type EvidenceRecord,
  type ImportChoices,
  type ImportCursor,
} from '../store/evidence.ts'
import { indexStrings } from '../store/strings.ts'
import type { WriteStore } from '../store/store.ts'
import { assertRecognised } from './choose-importer.ts'
import { assertUnchanged, findFile, inspectEvidence, type EvidenceFile } from './evidence-file.ts'
import { parseParts, type ImportOptions } from './parse-parts.ts'
import { settleAnswers } from './settle.ts'
import { dropThreads, prepareThreads } from './thread-batches.ts'
import './raw-forms.ts'

/** Imports that the same file goes on with; in every other state it is a duplicate. */
const UNFINISHED: ReadonlySet<string> = new Set(['importing', 'cancelled', 'failed'])

/** What an import of so much leaves behind is given back: the indexes are sorted next. */
const LARGE_BYTES = 100_000_000

const finish = `UPDATE evidence SET status = @status, error = @error, seconds = seconds + @seconds WHERE id = @id`

/**
 * Imports one file: hash, duplicate check, detection, parse, batches with cursor. Resumable: a record is identified by
 * its number within its part, so a cut-off import reads again from the start of that part and skips what is stored.
 * @returns the evidence id
 * @throws WorkbenchError for a file that is not taken at all (`evidence.*`), or when the case cannot be written (`store.*`)
 */
export async function importFile(db: WriteStore, path: string, asked: ImportOptions): Promise<number> {
  return withThreads(path, () => importNew(db, path, asked))
}

/** Loads the parse threads of a large file while it is being hashed. */
async function withThreads(path: string, work: () => Promise<number>): Promise<number> {
  const { bytes } = findFile(path)
  prepareThreads(bytes)
  try {
    return await work()
  } finally {
    await dropThreads()
    if (bytes >= LARGE_BYTES) clearHeap()
  }
}

async function importNew(db: WriteStore, path: string, asked: ImportOptions): Promise<number> {
  const file = await inspectEvidence(path, asked.signal)
  const known = findEvidenceByHash(db, file.sha256)
  if (known && !UNFINISHED.has(known.status)) {
    throw new WorkbenchError('evidence.duplicate', { name: file.name, as: known.name, id: String(known.id) })
  }
  if (known) return continueImport(db, known.id, file, withAnswersOf(known, asked))
  await assertRecognised(file, asked.format, asked)
  const options = await settleAnswers(file, asked)
  const id = db.transaction(() => {
    const cursor: ImportCursor = { part: 0, records: 0, importer: null }
    const at = options.now()
    const created = insertEvidence(db, {
      ...file,
      zone: options.zone,
      importedAt: at,
      formatOverride: options.format,
      choices: {
        dateOrder: options.dateOrder,
        mapping: options.mapping,
        encoding: options.encoding ?? null,
        hadPasswords: options.passwords.length > 0,
      },
      cursor,
    })
    appendAudit(db, {
      at,
      action: 'evidence.add',
      evidenceId: created,
      details: {
        name: file.name,
        sha256: file.sha256,
        bytes: file.bytes,
        zone: options.zone,
        ...(options.format === null ? {} : { format: options.format }),
        ...(options.dateOrder === null ? {} : { dateOrder: options.dateOrder }),
        ...(options.mapping === null ? {} : { mapping: options.mapping }),
        ...(options.encoding == null ? {} : { encoding: options.encoding }),
      },
    })
    return created
  })()
  return continueImport(db, id, file, options)
}

/** One file is read with one set of answers from beginning to end, whatever is asked when it is imported once more. */
function withAnswersOf(known: EvidenceRecord, asked: ImportOptions): ImportOptions {
  const { dateOrder, mapping, encoding } = JSON.parse(known.choices) as ImportChoices
  return {
    ...asked,
    zone: known.zone,
    dateOrder: dateOrder ?? asked.dateOrder,
    mapping: mapping ?? asked.mapping,
    encoding: encoding ?? null,
  }
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
  return withThreads(row.path, () => resumeKnown(db, row, options))
}

async function resumeKnown(db: WriteStore, row: EvidenceRecord, options: ImportOptions): Promise<number> {
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
    // A bug, a full disk or a password that is not at hand leaves the row as it is: `importing`, to be resumed.
    if (error === null || error.startsWith('store.') || error === 'evidence.encrypted') throw thrown
    db.transaction(() => {
      db.prepare(finish).run({ id, status: isCancel ? 'cancelled' : 'failed', error, seconds: seconds() })
      appendAudit(db, {
        at: options.now(),
        action: isCancel ? 'evidence.cancel' : 'evidence.fail',
        evidenceId: id,
        details: { error },
      })
    })()
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
  return id
}

const figures = 'SELECT read, stored, duplicate, rejected, bytes, bytes_read FROM evidence WHERE id = ?'
const conservation = (db: WriteStore, id: number, format: string) => ({
  format,
  ...(db.prepare(figures).get(id) as object),
})

import { clearHeap } from '../jobs/clear-heap.ts'
import { findImporter } from '../importers/registry.ts'
import { WorkbenchError } from '../model/errors.ts'
import { appendAudit } from '../store/audit.ts'
import {
  findEvidence,
  findEvidenceByHash,
  findUnfinishedAt,
  insertEvidence,
  isUnfinished,
  type EvidenceRecord,
  type ImportChoices,
  type ImportCursor,
} from '../store/evidence.ts'
import { indexStrings } from '../store/strings.ts'
import type { WriteStore } from '../store/store.ts'
import { assertRecognised } from './choose-importer.ts'
import type { Key } from './containers/keyring.ts'
import { type EvidenceFile, findFile, inspectEvidence, isStillThere } from './evidence-file.ts'
import type { ImportOptions } from './import-options.ts'
import { parseParts } from './parse-parts.ts'
import { removeEvidence } from './remove.ts'
import { detectInput, openParts } from './parts.ts'
import { settleAnswers } from './settle.ts'
import { dropThreads, prepareThreads } from './thread-batches.ts'
import './raw-forms.ts'

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
  if (known && !isUnfinished(known)) {
    const params = { name: file.name, as: known.name, id: String(known.id) }
    const machine = await otherMachine(file, known, asked)
    if (machine !== undefined) throw new WorkbenchError('evidence.duplicate_machine', { ...params, machine })
    throw new WorkbenchError('evidence.duplicate', params)
  }
  if (known) return continueImport(db, known.id, file, withAnswersOf(known, asked))
  // Beside what was read of the bytes it had before, records without an identity of their own would stand twice.
  const begun = findUnfinishedAt(db, path)
  if (begun) throw replaced(begun)
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
        ...(options.collectedFrom === undefined ? {} : { collectedFrom: options.collectedFrom }),
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
        ...(options.collectedFrom === undefined ? {} : { collectedFrom: options.collectedFrom }),
      },
    })
    return created
  })()
  return continueImport(db, id, file, options)
}

/** The machine of whose collection the file is, where the same bytes are in the case as those of another one. */
async function otherMachine(
  file: EvidenceFile,
  known: EvidenceRecord,
  asked: ImportOptions,
): Promise<string | undefined> {
  const before = (JSON.parse(known.choices) as ImportChoices).collectedFrom
  if (before === undefined || asked.beside === undefined) return undefined
  const { collectedFrom } = await settleAnswers(file, {
    ...withAnswersOf(known, asked),
    collectedFrom: asked.collectedFrom,
  })
  return collectedFrom === before ? undefined : collectedFrom
}

/** One file is read with one set of answers from beginning to end, whatever is asked when it is imported once more. */
function withAnswersOf(known: EvidenceRecord, asked: ImportOptions): ImportOptions {
  const { dateOrder, mapping, encoding, collectedFrom } = JSON.parse(known.choices) as ImportChoices
  return {
    ...asked,
    zone: known.zone,
    dateOrder: dateOrder ?? asked.dateOrder,
    mapping: mapping ?? asked.mapping,
    encoding: encoding ?? null,
    collectedFrom,
  }
}

/**
 * Goes on with an import that was cut off, cancelled or failed. The path is the case's own word, and a case may come from somebody else: only
 * the very bytes that were registered are read, never another file that happens to lie there nor what was added to it since.
 * @throws WorkbenchError `evidence.replaced` when the file is another one by now, `evidence.gone` when it cannot be read
 */
export async function resumeFile(
  db: WriteStore,
  row: EvidenceRecord,
  options: ImportOptions,
): Promise<number> {
  try {
    return await withThreads(row.path, () => resumeKnown(db, row, options))
  } catch (thrown) {
    if (!(thrown instanceof WorkbenchError) || !UNREADABLE.has(thrown.code)) throw thrown
    const reason = String(thrown.params['reason'] ?? thrown.code)
    const params = { name: row.name, id: String(row.id), reason }
    throw new WorkbenchError('evidence.gone', params, { cause: thrown })
  }
}
const UNREADABLE: ReadonlySet<string> = new Set([
  'evidence.unreadable',
  'evidence.file_name',
  'evidence.not_a_file',
  'evidence.empty',
])

async function resumeKnown(db: WriteStore, row: EvidenceRecord, options: ImportOptions): Promise<number> {
  // Another file of this job may have held the same bytes.
  const known = findEvidence(db, row.id)
  if (known === undefined || !isUnfinished(known)) return row.id
  const file = await inspectEvidence(row.path, options.signal, row.bytes)
  if (file.sha256 !== row.sha256) throw replaced(row)
  return continueImport(db, row.id, file, options)
}

const replaced = ({ name, id }: EvidenceRecord) =>
  new WorkbenchError('evidence.replaced', { name, id: String(id) })

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
    const { isArchive, key, close, closed } = await parseParts(db, id, file, options)
    if (!(await isWhole(file, isArchive, options.signal))) throw await changedError(file, options.signal)
    const format = isArchive ? null : await foreignFormat(file, options)
    db.transaction(() => {
      close()
      if (format !== null && readOf(db, id) === 0)
        throw new WorkbenchError('evidence.nothing_read', { name: file.name, format })
      end(db, id, seconds(), options.now(), key)
    })()
    closed()
  } catch (thrown) {
    if (thrown instanceof WorkbenchError && TAKEN_BACK.has(thrown.code)) {
      takeBack(db, id, thrown.code, options.now())
      throw thrown
    }
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
  return id
}

const TAKEN_BACK: ReadonlySet<string> = new Set(['evidence.changed', 'evidence.nothing_read'])

/** Notes that a file was imported. */
function end(db: WriteStore, id: number, seconds: number, at: number, key: Key | null): void {
  const row = findEvidence(db, id)
  const rejected = db.prepare('SELECT rejected FROM evidence WHERE id = ?').pluck().get(id) as number
  const status = rejected > 0 ? 'done-with-rejects' : 'done'
  indexStrings(db)
  db.prepare(finish).run({ id, status, error: null, seconds })
  const details = {
    ...conservation(db, id, row?.format ?? ''),
    ...(key === null ? {} : { password: key }),
  }
  appendAudit(db, { at, action: 'evidence.imported', evidenceId: id, details })
}

/** An archive is read from its end: what was written behind it makes it another one. */
async function isWhole(file: EvidenceFile, isArchive: boolean, signal: AbortSignal): Promise<boolean> {
  if (isArchive && findFile(file.path).bytes !== file.bytes) return false
  return isStillThere(file, signal)
}

/**
 * Leaves nothing of the item in the case but what the log says of it. Of changed bytes nobody can tell which records were read before they
 * changed; an item of which nothing was read would say "done" of a file that nobody has looked into, and keep it out as a duplicate.
 */
function takeBack(db: WriteStore, id: number, error: string, at: number): void {
  db.transaction(() => appendAudit(db, { at, action: 'evidence.fail', evidenceId: id, details: { error } }))()
  removeEvidence(db, id, at)
}

const changedError = async (file: EvidenceFile, signal: AbortSignal): Promise<WorkbenchError> =>
  new WorkbenchError('evidence.changed', {
    name: file.name,
    expected: file.sha256,
    // It may be gone by now, or the import cancelled: that it changed is what counts.
    actual: await inspectEvidence(file.path, signal).then(
      ({ sha256 }) => sha256,
      () => '',
    ),
  })

/**
 * The format that the analyst named for a lone file whose beginning does not look like it; null when none was, or when it does. An empty
 * log of a format still begins as that format does; a mapping says itself what the rows are.
 */
async function foreignFormat(
  file: EvidenceFile,
  { format, mapping, passwords, encoding }: ImportOptions,
): Promise<string | null> {
  const importer = format === null || mapping !== null ? undefined : findImporter(format)
  if (importer === undefined) return null
  const { items } = await openParts(file, { passwords, encoding: encoding ?? null })
  for await (const item of items)
    if (item.kind === 'part') return importer.detect(await detectInput(item)) > 0 ? null : importer.id
  return null
}

const readOf = (db: WriteStore, id: number): number =>
  db.prepare('SELECT read FROM evidence WHERE id = ?').pluck().get(id) as number

const figures = 'SELECT read, stored, duplicate, rejected, bytes, bytes_read FROM evidence WHERE id = ?'
const conservation = (db: WriteStore, id: number, format: string) => ({
  format,
  ...(db.prepare(figures).get(id) as object),
})

import type { Mapping } from '../model/mapping.ts'
import type { ImportContext, Importer } from '../importers/importer.ts'
import { findImporter } from '../importers/registry.ts'
import type { DateOrder } from '../model/date-order.ts'
import { WorkbenchError } from '../model/errors.ts'
import { findEvidence, type ImportChoices, type ImportCursor } from '../store/evidence.ts'
import { storePendingKeys } from '../store/key-writer.ts'
import { StringWriter } from '../store/strings.ts'
import type { WriteStore } from '../store/store.ts'
import { batchesOf } from './batches.ts'
import { choosePart, type Unread } from './choose-importer.ts'
import { problemCode } from './containers/walk.ts'
import type { EvidenceFile } from './evidence-file.ts'
import type { Beside } from './folder-files.ts'
import { findOddTimes } from './odd-times.ts'
import { openParts, type EvidencePart } from './parts.ts'
import type { PackedBatch } from './packed-batch.ts'
import { RecordSink } from './record-sink.ts'
import { RepeatedParts } from './repeated-parts.ts'
import { dropThreads } from './thread-batches.ts'
import { UnreadTally } from './unread-tally.ts'

export interface ImportOptions {
  readonly format: string | null
  readonly zone: string
  readonly dateOrder: DateOrder | null
  /** How to read a table no importer knows; it takes the place of detection. */
  readonly mapping: Mapping | null
  /** What text is written in that is neither UTF-8 nor UTF-16; null: found out. */
  readonly encoding?: string | null
  /** What lies beside the file, where a folder is imported; what it says is settled before anything is written, and kept. */
  readonly beside?: Beside | undefined
  /** Machine of the collection the file is of, as settled. */
  readonly collectedFrom?: string | undefined
  /** Tried on locked archives beside the usual `infected`; never stored. */
  readonly passwords: readonly string[]
  readonly now: () => number
  readonly signal: AbortSignal
  /** Called after every batch with bytes and records so far. */
  readonly onProgress: (state: { bytes: number; totalBytes: number; records: number }) => void
}

/** Update of one evidence row at the end of a batch. */
const saveCursor = `UPDATE evidence SET cursor = @cursor, read = @read, stored = @stored, duplicate = @duplicate,
  rejected = @rejected, bytes_read = @bytesRead, zone_assumed = @zoneAssumed, format = @format, confidence = @confidence WHERE id = @id`

/** A file that was read to its end. */
interface ReadFile {
  readonly isArchive: boolean
  /** Stores what waited for the end: to be called in the transaction that ends the import, and `closed` behind it. */
  readonly close: () => void
  readonly closed: () => void
}

/** Parses every part of a file from its cursor on, in batches that each write records, figures and cursor together. */
export async function parseParts(
  db: WriteStore,
  id: number,
  file: EvidenceFile,
  options: ImportOptions,
): Promise<ReadFile> {
  let bytesRead = 0
  const reached = (position: number) => void (bytesRead = Math.max(bytesRead, position))
  const { items, isArchive } = await openParts(file, {
    passwords: options.passwords,
    encoding: options.encoding ?? null,
    reached,
  })
  const row = findEvidence(db, id)
  if (!row) throw new WorkbenchError('request.not_found', { what: String(id) })
  const start = JSON.parse(row.cursor) as ImportCursor & { readonly unread?: unknown }
  const tally = UnreadTally.from(start.unread)
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
  if (row.status !== 'importing')
    db.prepare(`UPDATE evidence SET status = 'importing', error = NULL WHERE id = ?`).run(id)
  db.transaction(() => storePendingKeys(db))()
  const sink = new RecordSink(db, new StringWriter(db), id, {
    ...before,
    record: lastRecord,
    bytes: file.bytes,
  })
  const repeated = new RepeatedParts(db, id, file, sink, options.zone)
  const save = db.prepare(saveCursor)
  const formats = new Set(before.format === '' ? [] : before.format.split('+'))
  let confidence = before.confidence || 1
  let assumed = before.zone_assumed === 1

  // What is to be said between parts is written with the next batch: ten thousand issues are not ten thousand transactions.
  let waiting: (() => void)[] = []
  /** To be called in a transaction. */
  const write = (cursor: ImportCursor, work: () => void) => {
    for (const step of waiting) step()
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
      cursor: JSON.stringify({ ...cursor, unread: tally }),
    })
  }
  const told = () => {
    waiting = []
    const bytes = Math.min(bytesRead, file.bytes)
    options.onProgress({ bytes, totalBytes: file.bytes, records: sink.counts.read })
  }
  const commit = (cursor: ImportCursor, work: () => void) => {
    db.transaction(() => write(cursor, work))()
    told()
  }
  const later = (step: () => void) => void waiting.push(step)
  const note = (locator: string, code: string, excerpt: string) =>
    later(() => sink.addIssue('', { kind: 'issue', locator, code, excerpt, records: LOST.has(code) ? 1 : 0 }))
  const nextPart = (part: number): ImportCursor => ({ part, records: 0, importer: null })

  const { hadPasswords } = JSON.parse(row.choices) as ImportChoices
  /** The import was cut off behind this lock, or goes on without any of the passwords it began with. */
  const isLockedAgain = (part: number) =>
    (part === start.part && start.importer !== null) ||
    (hadPasswords === true && options.passwords.length === 0)

  let index = -1
  for await (const item of items) {
    index += 1
    options.signal.throwIfAborted()
    if (index < start.part) continue
    if (item.kind === 'problem') {
      if (item.code === 'archive.encrypted_member' && isLockedAgain(index))
        throw new WorkbenchError('evidence.encrypted', { name: file.name })
      note(item.locator === '' ? file.name : item.locator, item.code, item.excerpt)
      continue
    }
    const resumed = index === start.part ? start : undefined
    const kept = resumed?.importer == null ? undefined : findImporter(resumed.importer)
    const choice = kept
      ? { importer: kept, confidence }
      : await choosePart(item, isArchive, options.format ?? row.format_override)
    if (!('importer' in choice)) {
      noteUnread(item, choice, tally, note)
      continue
    }
    formats.add(choice.importer.id)
    confidence = Math.min(confidence, choice.confidence)
    await parsePart(
      item,
      choice.importer,
      index,
      resumed?.records ?? 0,
      sink,
      repeated,
      later,
      commit,
      options,
      file,
      reached,
    )
  }
  // What they hold is given back before the keys are sorted.
  await dropThreads()
  const finish = () => {
    sink.finish()
    // One part more than there are: what was left out is summed up, once.
    if (index + 1 < start.part) return
    const say = (code: string, excerpt: string) =>
      sink.addIssue('', { kind: 'issue', locator: file.name, code, excerpt, records: 0 })
    repeated.close()
    for (const { excerpt } of tally.lines()) say('archive.unread_kind', excerpt)
    // An import that went on does not know the times it stored before.
    if (start.records + start.part > 0 || sink.times.isOdd(row.imported_at))
      for (const { code, excerpt } of findOddTimes(db, id, row.imported_at)) say(code, excerpt)
  }
  options.signal.throwIfAborted()
  return { isArchive, close: () => write(nextPart(Math.max(index + 2, start.part)), finish), closed: told }
}

/** Members of which something was to be read and is lost; nobody can say how many records, so each counts as one. */
const LOST: ReadonlySet<string> = new Set([
  'archive.broken_member',
  'archive.broken_archive',
  'archive.expansion',
  'archive.too_large',
])

/** A member nobody reads: listed on its own, or counted among its kind. */
function noteUnread(
  part: EvidencePart,
  unread: Unread,
  tally: UnreadTally,
  note: (locator: string, code: string, excerpt: string) => void,
): void {
  const size = part.size === null ? '' : `${part.size} bytes`
  if (unread.why === 'known-kind') tally.add(unread.kind, part.name, part.size)
  else if (tally.list(unread.why, part.name, part.size))
    note(part.name, UNREAD_CODES[unread.why], unread.why === 'ambiguous' ? unread.formats.join(', ') : size)
}
const UNREAD_CODES = {
  ambiguous: 'archive.ambiguous_member',
  'needs-mapping': 'archive.needs_mapping',
  unrecognised: 'archive.unrecognised_member',
} as const

/** Up to this size the records of a file wait for its end. */
const SMALL_BYTES = 1024 * 1024

async function parsePart(
  part: EvidencePart,
  importer: Importer,
  index: number,
  skip: number,
  sink: RecordSink,
  repeated: RepeatedParts,
  later: (step: () => void) => void,
  commit: (cursor: ImportCursor, work: () => void) => void,
  options: ImportOptions,
  file: EvidenceFile,
  reached: (position: number) => void,
): Promise<void> {
  const store = (batch: PackedBatch) => {
    if (isFirst && skip === 0) sink.setHeading(null)
    isFirst = false
    sink.write(batch)
  }
  const write = (batch: PackedBatch) =>
    commit({ part: index, records: batch.units, importer: importer.id }, () => store(batch))
  let isFirst = true
  // The last batch of a small file is stored with the end of its import: a folder of mail is thousands of them.
  const isSmall = part.prefix === '' && file.bytes < SMALL_BYTES
  let last: PackedBatch | undefined
  try {
    const context: ImportContext = {
      zone: options.zone,
      dateOrder: options.dateOrder,
      mapping: options.mapping,
      encoding: options.encoding,
      collectedFrom: options.collectedFrom,
    }
    const settled = (await importer.settle?.(part, context)) ?? context
    const names = importer.readsName ? [part.name.split(/[\\/]/).at(-1) ?? ''] : []
    const begun = { index, importer: importer.id, origin: [settled.collectedFrom ?? '', ...names].join('|') }
    const { repeats, note } = await repeated.look(part, begun, skip)
    later(note)
    for await (const batch of batchesOf({ part, importer, context: settled, skip, repeats }, file, reached)) {
      options.signal.throwIfAborted()
      if (last) write(last)
      last = isSmall ? batch : undefined
      if (!isSmall) write(batch)
    }
    if (part.failure) throw part.failure
    if (last) later(() => store(last!))
    later(repeated.end(part, begun))
  } catch (thrown) {
    if (
      !(thrown instanceof Error) ||
      options.signal.aborted ||
      (thrown instanceof WorkbenchError && thrown.code.startsWith('store.'))
    )
      throw thrown
    if (last) write(last)
    const isArchiveMember = part.prefix !== ''
    if (!isArchiveMember) throw thrown
    // One broken member must not cost the others: what was read is kept, the rest is an issue.
    commit({ part: index + 1, records: 0, importer: null }, () =>
      sink.addIssue('', {
        kind: 'issue',
        locator: part.name,
        code: problemCode(thrown),
        excerpt: thrown.message,
        records: LOST.has(problemCode(thrown)) ? 1 : 0,
      }),
    )
  }
}

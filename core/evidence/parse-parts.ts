import type { Mapping } from '../model/mapping.ts'
import type { ImportContext, Importer } from '../importers/importer.ts'
import { findImporter } from '../importers/registry.ts'
import type { DateOrder } from '../model/date-order.ts'
import { WorkbenchError } from '../model/errors.ts'
import { findEvidence, type ImportCursor } from '../store/evidence.ts'
import { dropEventIndexes } from '../store/indexes.ts'
import { StringWriter } from '../store/strings.ts'
import type { WriteStore } from '../store/store.ts'
import { choosePart } from './choose-importer.ts'
import type { EvidenceFile } from './evidence-file.ts'
import { openParts, type EvidencePart } from './parts.ts'
import { RecordSink } from './record-sink.ts'

/** Records per transaction: large enough for speed (performance.md section 3), small enough to lose little on a kill. */
const BATCH_RECORDS = 5000
/** A first import larger than this builds the event indexes afterwards. */
const BULK_BYTES = 20 * 1024 * 1024

export interface ImportOptions {
  readonly format: string | null
  readonly zone: string
  readonly dateOrder: DateOrder | null
  /** How to read a table no importer knows; it takes the place of detection. */
  readonly mapping: Mapping | null
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

/** Parses every part of a file from its cursor on, in batches that each write records, figures and cursor together. */
export async function parseParts(
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
  let pending: (() => void)[] = skip === 0 ? [() => sink.setHeading(null)] : []
  const write = () => {
    const work = pending
    pending = []
    commit({ part: index, records: seen, importer: importer.id }, () => {
      for (const step of work) step()
    })
  }
  try {
    const context: ImportContext = {
      zone: options.zone,
      dateOrder: options.dateOrder,
      mapping: options.mapping,
    }
    const settled = (await importer.settle?.(part, context)) ?? context
    for await (const batch of importer.parse(part, settled)) {
      options.signal.throwIfAborted()
      for (const unit of batch) {
        seen += 1
        if (seen <= skip) continue
        pending.push(
          unit.kind === 'record'
            ? () => sink.addRecord(part.prefix, unit)
            : unit.kind === 'heading'
              ? () => sink.setHeading(unit.text)
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

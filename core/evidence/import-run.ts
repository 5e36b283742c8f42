import { WorkbenchError } from '../model/errors.ts'
import { findEvidence, type EvidenceRecord, type ImportCursor } from '../store/evidence.ts'
import { storePendingKeys } from '../store/key-writer.ts'
import { StringWriter } from '../store/strings.ts'
import type { WriteStore } from '../store/store.ts'
import type { EvidenceFile } from './evidence-file.ts'
import type { ImportOptions } from './import-options.ts'
import { RecordSink, type SinkCounts } from './record-sink.ts'
import { RepeatedParts } from './repeated-parts.ts'
import { UnreadTally } from './unread-tally.ts'

/** Figures and cursor of one evidence row, at the end of a batch. */
const saveCursor = `UPDATE evidence SET cursor = @cursor, read = @read, stored = @stored, duplicate = @duplicate,
  rejected = @rejected, bytes_read = @bytesRead, zone_assumed = @zoneAssumed, format = @format, confidence = @confidence WHERE id = @id`
const findFigures =
  'SELECT read, stored, duplicate, rejected, zone_assumed, format, confidence FROM evidence WHERE id = ?'
const findLastRecord =
  'SELECT coalesce(max(first_record + records - 1), 0) FROM raw_block WHERE evidence_id = ?'

interface Figures extends SinkCounts {
  readonly zone_assumed: number
  readonly format: string
  readonly confidence: number
}

/** Members of which something was to be read and is lost; nobody can say how many records, so each counts as one. */
const LOST: ReadonlySet<string> = new Set([
  'archive.broken_member',
  'archive.broken_archive',
  'archive.expansion',
  'archive.too_large',
])

/** How far into its file an import has read. */
export class Reach {
  position = 0
  /** Notes the furthest byte that was read. */
  readonly to = (position: number): void => {
    this.position = Math.max(this.position, position)
  }
}

/** One run of the import of one file, from the cursor on: every batch is written with figures and cursor in one transaction. */
export class ImportRun {
  readonly #db: WriteStore
  readonly file: EvidenceFile
  readonly options: ImportOptions
  /** The evidence as this run found it. */
  readonly row: EvidenceRecord
  /** Where it goes on. */
  readonly start: ImportCursor
  readonly reach: Reach
  readonly sink: RecordSink
  readonly repeated: RepeatedParts
  /** Members that nobody reads. */
  readonly unread: UnreadTally
  readonly #save
  readonly #formats: Set<string>
  #confidence: number
  #isZoneAssumed: boolean
  /** What is to be said between parts is written with the next batch: ten thousand issues are not ten thousand transactions. */
  #waiting: (() => void)[] = []

  constructor(db: WriteStore, id: number, file: EvidenceFile, options: ImportOptions, reach: Reach) {
    const row = findEvidence(db, id)
    if (!row) throw new WorkbenchError('request.not_found', { what: String(id) })
    this.#db = db
    this.file = file
    this.options = options
    this.row = row
    this.reach = reach
    const cursor = JSON.parse(row.cursor) as ImportCursor & { readonly unread?: unknown }
    this.start = cursor
    this.unread = UnreadTally.from(cursor.unread)
    const before = db.prepare(findFigures).get(id) as Figures
    const record = db.prepare(findLastRecord).pluck().get(id) as number
    if (row.status !== 'importing')
      db.prepare(`UPDATE evidence SET status = 'importing', error = NULL WHERE id = ?`).run(id)
    db.transaction(() => storePendingKeys(db))()
    this.sink = new RecordSink(db, new StringWriter(db), id, { ...before, record, bytes: file.bytes })
    this.repeated = new RepeatedParts(db, id, file, this.sink, options.zone)
    this.#save = db.prepare(saveCursor)
    this.#formats = new Set(before.format === '' ? [] : before.format.split('+'))
    this.#confidence = before.confidence || 1
    this.#isZoneAssumed = before.zone_assumed === 1
  }

  /** Of the formats found so far, the least certain. */
  get confidence(): number {
    return this.#confidence
  }

  /** Notes that a part is read as this format. */
  reads(format: string, confidence: number): void {
    this.#formats.add(format)
    this.#confidence = Math.min(this.#confidence, confidence)
  }

  /** Does something in the transaction of the next batch. */
  later(step: () => void): void {
    this.#waiting.push(step)
  }

  /** An issue of the file itself, or of a member that is not parsed. */
  note(locator: string, code: string, excerpt: string): void {
    this.later(() => this.sink.addIssue('', issueOf(locator, code, excerpt)))
  }

  /** Does the work, and what waited for it, in one transaction with the cursor behind it. */
  commit(cursor: ImportCursor, work: () => void): void {
    this.#db.transaction(() => this.write(cursor, work))()
    this.told()
  }

  /** The same in a transaction of who calls, who calls `told` behind it. */
  write(cursor: ImportCursor, work: () => void): void {
    for (const step of this.#waiting) step()
    work()
    this.sink.flush()
    this.#isZoneAssumed ||= this.sink.zoneAssumed
    this.#save.run({
      id: this.row.id,
      ...this.sink.counts,
      bytesRead: this.#bytes,
      zoneAssumed: this.#isZoneAssumed ? 1 : 0,
      format: [...this.#formats].join('+'),
      confidence: this.#confidence,
      cursor: JSON.stringify({ ...cursor, unread: this.unread }),
    })
  }

  told(): void {
    this.#waiting = []
    this.options.onProgress({
      bytes: this.#bytes,
      totalBytes: this.file.bytes,
      records: this.sink.counts.read,
    })
  }

  get #bytes(): number {
    return Math.min(this.reach.position, this.file.bytes)
  }
}

/** An issue of the file itself, or of a member of it. */
export const issueOf = (locator: string, code: string, excerpt: string) =>
  ({ kind: 'issue', locator, code, excerpt, records: LOST.has(code) ? 1 : 0 }) as const

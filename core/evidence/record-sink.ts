import { createHash } from 'node:crypto'
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { ParsedIssue, ParsedRecord, RecordItem } from '../importers/importer.ts'
import { DirectoryWriter } from '../store/directory-writer.ts'
import { EventWriter } from '../store/event-writer.ts'
import { MessageWriter } from '../store/message-writer.ts'
import { findHeading, RawWriter } from '../store/raw.ts'
import type { StringWriter } from '../store/strings.ts'
import type { WriteStore } from '../store/store.ts'
import { mailEvent } from './mail-event.ts'

/** An issue keeps this much of what could not be read. */
const EXCERPT_LIMIT = 400
/** Column names above raw rows; a hostile header can be megabytes. */
const HEADING_LIMIT = 65_536
/** A duplicate's items can be as large as a record; more is not inflated back. */
const MAX_ITEMS_BYTES = 64 * 1024 * 1024

export interface SinkCounts {
  read: number
  stored: number
  duplicate: number
  rejected: number
}

const insertIssue =
  'INSERT INTO issue (evidence_id, locator, code, excerpt, records, record) VALUES (?, ?, ?, ?, ?, ?)'
const insertHeading = `INSERT INTO raw_heading (evidence_id, first_record, heading) VALUES (?, ?, ?)
  ON CONFLICT DO UPDATE SET heading = excluded.heading`
const insertKey = 'INSERT INTO record_key (key, evidence_id, record) VALUES (?, ?, ?) ON CONFLICT DO NOTHING'
const insertDuplicate = 'INSERT INTO duplicate_record (evidence_id, record, key, items) VALUES (?, ?, ?, ?)'

/** 16 bytes of SHA-256 over the importer's record key. */
const hashKey = (key: string) => createHash('sha256').update(key).digest().subarray(0, 16)

/**
 * Writes what an importer yields for one evidence item: raw record, items, issues, duplicate bookkeeping. It keeps the
 * conservation figures; the caller owns the transaction and calls `flush` before it ends.
 */
export class RecordSink {
  readonly #evidenceId: number
  readonly #events
  readonly #messages
  readonly #directory
  readonly #raw
  readonly #issue
  readonly #key
  readonly #duplicate
  /** Number of the last record with a raw text; numbers are per evidence, from 1. */
  #record: number
  readonly counts: SinkCounts
  zoneAssumed = false
  #heading: string | null
  readonly #insertHeading

  constructor(
    db: WriteStore,
    strings: StringWriter,
    evidenceId: number,
    start: SinkCounts & { record: number },
  ) {
    this.#evidenceId = evidenceId
    this.#events = new EventWriter(db, strings)
    this.#messages = new MessageWriter(db)
    this.#directory = new DirectoryWriter(db)
    this.#raw = new RawWriter(db, evidenceId)
    this.#issue = db.prepare(insertIssue)
    this.#insertHeading = db.prepare(insertHeading)
    this.#heading = findHeading(db, evidenceId, start.record + 1)
    this.#key = db.prepare(insertKey)
    this.#duplicate = db.prepare(insertDuplicate)
    this.#record = start.record
    this.counts = {
      read: start.read,
      stored: start.stored,
      duplicate: start.duplicate,
      rejected: start.rejected,
    }
  }

  get lastRecord(): number {
    return this.#record
  }

  /** Stores a record, or notes it as duplicate of one with the same key. */
  addRecord(prefix: string, record: ParsedRecord): void {
    this.#record += 1
    this.counts.read += 1
    const number = this.#record
    const locator = prefix + record.locator
    this.#raw.add(number, locator, record.raw)
    for (const issue of record.issues ?? []) {
      this.#issue.run(this.#evidenceId, locator, issue.code, issue.excerpt.slice(0, EXCERPT_LIMIT), 0, number)
    }
    if (record.key !== undefined) {
      const key = hashKey(record.key)
      if (this.#key.run(key, this.#evidenceId, number).changes === 0) {
        this.counts.duplicate += 1
        this.#duplicate.run(
          this.#evidenceId,
          number,
          key,
          zstdCompressSync(Buffer.from(JSON.stringify(record.items))),
        )
        return
      }
    }
    this.counts.stored += 1
    for (const item of record.items) this.addItem(number, item)
  }

  /** Keeps column names for the records behind them; null at the start of a part takes the last ones away. */
  setHeading(heading: string | null): void {
    if (heading === this.#heading) return
    this.#heading = heading
    this.#insertHeading.run(this.#evidenceId, this.#record + 1, heading?.slice(0, HEADING_LIMIT) ?? null)
  }

  /** Counts what could not be read and keeps it as an issue. */
  addIssue(prefix: string, issue: ParsedIssue): void {
    this.counts.read += issue.records
    this.counts.rejected += issue.records
    this.#issue.run(
      this.#evidenceId,
      prefix + issue.locator,
      issue.code,
      issue.excerpt.slice(0, EXCERPT_LIMIT),
      issue.records,
      null,
    )
  }

  addItem(record: number, item: RecordItem): void {
    if (item.type === 'event') {
      if (item.zoneAssumed === true) this.zoneAssumed = true
      this.#events.add(this.#evidenceId, record, item)
    } else if (item.type === 'message') {
      const eventId = this.#events.add(this.#evidenceId, record, mailEvent(item))
      this.#messages.add(this.#evidenceId, record, eventId, item)
    } else {
      this.#directory.add(this.#evidenceId, record, item)
    }
  }

  flush(): void {
    this.#raw.flush()
    this.#events.flush()
  }
}

/** Items of a duplicate, to store them when the record they repeat is removed. */
export function unpackItems(packed: Uint8Array): RecordItem[] {
  return JSON.parse(
    zstdDecompressSync(packed, { maxOutputLength: MAX_ITEMS_BYTES }).toString('utf8'),
  ) as RecordItem[]
}

import type { ParsedIssue, ParsedRecord, RecordItem } from '../importers/importer.ts'
import type { EventItem } from '../model/event.ts'
import { DirectoryWriter } from '../store/directory-writer.ts'
import { EVENT_COLUMNS, kindOfNumber } from '../store/event-columns.ts'
import { EventWriter } from '../store/event-writer.ts'
import { KEY_BYTES, KeyWriter } from '../store/key-writer.ts'
import { MessageWriter } from '../store/message-writer.ts'
import { findHeading } from '../store/raw.ts'
import { RawWriter } from '../store/raw-writer.ts'
import { indexStrings, type StringWriter } from '../store/strings.ts'
import type { WriteStore } from '../store/store.ts'
import { BatchPacker } from './batch-packer.ts'
import { ClockChanges } from './clock-changes.ts'
import { type NewStrings, textsOf } from './dictionary.ts'
import { packItems } from './duplicate-items.ts'
import { mailEvent } from './mail-event.ts'
import { TimeSpan } from './odd-times.ts'
import { EVENT_HEAD, type PackedBatch } from './packed-batch.ts'

const IS_TEXT: readonly boolean[] = EVENT_COLUMNS.map(({ isText }) => isText)

/** Issues of importers that say themselves what {@link ClockChanges} finds. */
const SAYS_CLOCK_CHANGE = /\.time_(?:skipped|repeated)$/

/** Column names above raw rows; a hostile header can be megabytes. */
const HEADING_LIMIT = 65_536

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
const insertDuplicate = 'INSERT INTO duplicate_record (evidence_id, record, key, items) VALUES (?, ?, ?, ?)'
const textOfString = 'SELECT v FROM str WHERE id = ?'

/**
 * Writes what an importer yields for one evidence item: raw record, items, issues, duplicate bookkeeping. It keeps the
 * conservation figures; the caller owns the transaction and calls `flush` before it ends.
 */
export class RecordSink {
  readonly #db: WriteStore
  readonly #evidenceId: number
  readonly #strings: StringWriter
  readonly #events
  readonly #messages
  readonly #directory
  readonly #raw
  readonly #keys
  readonly #issue
  readonly #duplicate
  readonly #text
  readonly #clockChanges
  /** For what is stored within the call instead of coming packed. */
  #packer: BatchPacker | undefined
  /** Number of the last record with a raw text; numbers are per evidence, from 1. */
  #record: number
  /** For each reader: number of a text in its dictionary -> its id in the case. */
  readonly #idsOf: Uint32Array<ArrayBuffer>[] = []
  /** Those of the reader whose batch is written. */
  #ids = new Uint32Array(0)
  readonly counts: SinkCounts
  zoneAssumed = false
  /** Of the events written. */
  readonly times = new TimeSpan()
  #heading: string | null
  readonly #insertHeading

  /** @param start figures so far, the last record, and the size of the file where one is read */
  constructor(
    db: WriteStore,
    strings: StringWriter,
    evidenceId: number,
    start: SinkCounts & { record: number; bytes?: number },
  ) {
    this.#db = db
    this.#evidenceId = evidenceId
    this.#strings = strings
    this.#events = new EventWriter(db, strings)
    this.#messages = new MessageWriter(db)
    this.#directory = new DirectoryWriter(db)
    this.#raw = new RawWriter(db, evidenceId)
    this.#keys = new KeyWriter(db, evidenceId, start.bytes)
    this.#issue = db.prepare(insertIssue)
    this.#insertHeading = db.prepare(insertHeading)
    this.#heading = findHeading(db, evidenceId, start.record + 1)
    this.#duplicate = db.prepare(insertDuplicate)
    this.#text = db.prepare(textOfString).pluck()
    this.#clockChanges = new ClockChanges(db, evidenceId)
    this.#record = start.record
    this.counts = {
      read: start.read,
      stored: start.stored,
      duplicate: start.duplicate,
      rejected: start.rejected,
    }
  }

  /** Stores a record, or notes it as duplicate of one with the same key. */
  addRecord(prefix: string, record: ParsedRecord): void {
    this.#packer ??= new BatchPacker('', false)
    if (this.#packer.add({ ...record, locator: prefix + record.locator })) this.flush()
  }

  /** Counts what could not be read and keeps it as an issue. */
  addIssue(prefix: string, issue: ParsedIssue): void {
    this.#packer ??= new BatchPacker('', false)
    if (this.#packer.add({ ...issue, locator: prefix + issue.locator })) this.flush()
  }

  flush(): void {
    if (this.#packer?.isEmpty === false) this.write(this.#packer.takeSync())
    this.#events.flush()
  }

  /** Number of the last record so far. */
  get lastRecord(): number {
    return this.#record
  }

  /** From here on records are known that others than this sink have given a key. */
  expectKnown(): void {
    this.#keys.storeAsTheyCome()
  }

  /** Stores what waited for the end of the file. The caller owns the transaction. */
  finish(): void {
    this.flush()
    this.#keys.finish()
    this.#strings.finish()
  }

  /** Keeps column names for the records behind them; null at the start of a part takes the last ones away. */
  setHeading(heading: string | null): void {
    this.#setHeading(heading, this.#record)
  }

  /** Stores a batch. */
  write(batch: PackedBatch): void {
    const before = this.#record
    this.#addStrings(batch.reader, batch.strings)
    for (const block of batch.raw) this.#raw.write(before + 1, block, batch.keys)
    const duplicates = this.#keys.add(batch.keys, batch.keyed, before + 1)
    this.#writeItems(batch, duplicates)
    const saidTime = new Set<number>()
    for (const { record, locator, code, excerpt, records } of batch.issues) {
      this.counts.read += records
      this.counts.rejected += records
      const number = record < 0 ? null : before + 1 + record
      if (number !== null && SAYS_CLOCK_CHANGE.test(code)) saidTime.add(number)
      this.#issue.run(this.#evidenceId, locator, code, excerpt, records, number)
    }
    for (const { record, locator, code, excerpt } of this.#clockChanges.takeIssues(saidTime))
      this.#issue.run(this.#evidenceId, locator, code, excerpt, 0, record)
    for (const { record, text } of batch.headings) this.#setHeading(text, before + record)
    this.#record = before + batch.records
    this.counts.read += batch.records
    this.counts.duplicate += duplicates.length
    this.counts.stored += batch.records - duplicates.length
    this.#events.flush()
    if (batch.strings.ends.length > 0) indexStrings(this.#db)
  }

  addItem(record: number, item: RecordItem): void {
    if (item.type === 'event') {
      if (item.zoneAssumed === true) this.zoneAssumed = true
      if (item.at !== null) this.times.add(item.at)
      this.#events.add(this.#evidenceId, record, item)
    } else if (item.type === 'message') {
      const event = mailEvent(item)
      if (event.at !== null) this.times.add(event.at)
      const eventId = this.#events.add(this.#evidenceId, record, event)
      this.#messages.add(this.#evidenceId, record, eventId, item)
    } else {
      this.#directory.add(this.#evidenceId, record, item)
    }
  }

  #setHeading(heading: string | null, lastRecord: number): void {
    if (heading === this.#heading) return
    this.#heading = heading
    this.#insertHeading.run(this.#evidenceId, lastRecord + 1, heading?.slice(0, HEADING_LIMIT) ?? null)
  }

  #addStrings(reader: number, strings: NewStrings): void {
    const { first, ends, hashes } = strings
    this.#ids = this.#idsOf[reader] ?? new Uint32Array(4096)
    if (first + ends.length > this.#ids.length) {
      const larger = new Uint32Array((first + ends.length) * 2)
      larger.set(this.#ids)
      this.#ids = larger
    }
    this.#idsOf[reader] = this.#ids
    this.#strings.addAll(textsOf(strings), hashes, this.#ids, first)
  }

  /** Events and what is none in the order of their records; those of known records go to the duplicates instead. */
  #writeItems(batch: PackedBatch, duplicates: readonly number[]): void {
    const { events, items } = batch
    const known = new Map<number, RecordItem[]>(duplicates.map((record) => [record, []]))
    for (const [kind, columns] of batch.columns) this.#events.use(kind, [...columns])
    let next = 0
    const writeUpTo = (record: number) => {
      for (; next < items.length && items[next]!.record <= record; next++) {
        const { record: own, item } = items[next]!
        const duplicate = known.get(own)
        if (duplicate) duplicate.push(item)
        else this.addItem(this.#record + 1 + own, item)
      }
    }
    for (let at = 0; at < events.length;) {
      const record = events[at]!
      const end = at + EVENT_HEAD + events[at + 3]! * 2
      if (items.length > 0) writeUpTo(record - 1)
      const duplicate = known.size === 0 ? undefined : known.get(record)
      if (duplicate) duplicate.push(this.#unpackEvent(events, at, end))
      else this.#writeEvent(record, events, at, end)
      at = end
    }
    writeUpTo(batch.records)
    for (const [record, duplicateItems] of known) {
      const key = batch.keys.subarray(record * KEY_BYTES, (record + 1) * KEY_BYTES)
      this.#duplicate.run(this.#evidenceId, this.#record + 1 + record, key, packItems(duplicateItems))
    }
  }

  #writeEvent(record: number, cells: Float64Array, at: number, end: number): void {
    const time = cells[at + 1]!
    const kind = cells[at + 2]!
    const isAssumed = kind % 2 === 1
    if (isAssumed) {
      this.zoneAssumed = true
      this.#clockChanges.look(this.#record + 1 + record, time)
    }
    this.times.add(time)
    const events = this.#events
    events.begin(
      this.#evidenceId,
      this.#record + 1 + record,
      Number.isNaN(time) ? null : time,
      kind >> 1,
      isAssumed,
    )
    for (let cell = at + EVENT_HEAD; cell < end; cell += 2) {
      const column = cells[cell]!
      const value = cells[cell + 1]!
      events.set(column, IS_TEXT[column] ? this.#ids[value]! : value)
    }
  }

  /** The event as it was before it was packed. */
  #unpackEvent(cells: Float64Array, at: number, end: number): EventItem {
    const fields: Record<string, string | number> = {}
    for (let cell = at + EVENT_HEAD; cell < end; cell += 2) {
      const { name, isText } = EVENT_COLUMNS[cells[cell]!]!
      const value = cells[cell + 1]!
      fields[name] = isText ? (this.#text.get(this.#ids[value]) as string) : value
    }
    const time = cells[at + 1]!
    const kind = cells[at + 2]!
    return {
      type: 'event',
      kind: kindOfNumber(kind >> 1),
      at: Number.isNaN(time) ? null : time,
      ...(kind % 2 === 1 ? { zoneAssumed: true } : {}),
      fields,
    }
  }
}

import type { RecordIssue, RecordItem } from '../importers/importer.ts'
import type { PackedBlock } from '../store/raw-writer.ts'
import type { NewStrings } from './dictionary.ts'

/**
 * What was parsed, as it goes to the writer: numbers in typed arrays, texts once, raw records compressed. Parsing runs
 * on a thread of its own where that pays, and objects cost more to hand over than to make (performance.md section 1).
 * Records are counted from 0 within the batch.
 */
export interface PackedBatch {
  /** Units (records, issues) of the part up to the end of this batch: the cursor. */
  readonly units: number
  readonly records: number
  /** Which of several readers its strings are numbered by. */
  readonly reader: number
  /** The last batch of a segment (`share.ts`). */
  readonly endsSegment: boolean
  readonly strings: NewStrings
  /** Per kind that occurs in `events`: the positions in EVENT_COLUMNS its events fill. */
  readonly columns: ReadonlyMap<number, ReadonlySet<number>>
  /** Row after row: record, time (NaN: none), kind * 2 + zone assumed, n, then n pairs of column and value. */
  readonly events: Float64Array
  /** What is no event, by ascending record. */
  readonly items: readonly {
    readonly record: number
    readonly item: Exclude<RecordItem, { type: 'event' }>
  }[]
  /** KEY_BYTES bytes per record, all zero when it has no identity; empty when none has. */
  readonly keys: Uint8Array
  readonly keyed: number
  readonly raw: readonly PackedBlock[]
  readonly issues: readonly PackedIssue[]
  /** Column names that hold from a record on. */
  readonly headings: readonly { readonly record: number; readonly text: string }[]
  /** Furthest byte of the evidence file read so far; 0 where the reader of the file says so itself. */
  readonly reached: number
}

/** An issue of a record, or (record -1) of something that became none and of the records lost with it. */
export interface PackedIssue extends RecordIssue {
  readonly record: number
  readonly locator: string
  readonly records: number
}

/** Numbers before the pairs of an event row. */
export const EVENT_HEAD = 4

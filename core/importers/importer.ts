import type { DateOrder } from '../model/date-order.ts'
import type { DirectoryItem } from '../model/directory.ts'
import type { EventItem } from '../model/event.ts'
import type { Mapping } from '../model/mapping.ts'
import type { MessageItem } from '../model/message.ts'
import type { Texts } from '../model/text.ts'
import type { Share } from './share.ts'

/** What one record means, normalised. A record may mean several things, or nothing beyond its raw text. */
export type RecordItem = EventItem | MessageItem | DirectoryItem

/** Bytes of the evidence that several records stand in, kept as they are; valid as long as somebody holds them. */
export interface RawSource {
  /** Where in its part the source is; the locators of its records begin with it. */
  readonly locator: string
  readonly bytes: Uint8Array
}
/** A record whose raw text is made out of its source when somebody looks at it. `at` is its place there. */
export interface RawInPlace {
  readonly source: RawSource
  readonly at: number
}
/**
 * Raw text made out of a source.
 * @property locator what follows the source's own
 * @property isWhole false when the end of it could not be rendered
 */
export interface RenderedRaw {
  readonly locator: string
  readonly raw: string
  readonly isWhole: boolean
}

/**
 * One raw unit as parsed.
 * @property locator where it is inside its part, human readable and stable (`record 17`, `line 3`, `bytes 10-99`);
 *   intake prefixes the path inside an archive
 * @property raw text shown beside the parsed record; intake cuts it at RAW_RECORD_LIMIT with a visible mark
 * @property key identity of the record across files: two records with the same key are the same record and the second
 *   counts as duplicate; absent when the format has no such identity
 * @property issues things that were odd but did not stop the record
 * @property inPlace set when the case shall keep the source instead of `raw`, which is then made on demand by the importer's
 *   `renderInPlace`, here as in the case
 */
export interface ParsedRecord {
  readonly kind: 'record'
  readonly locator: string
  readonly raw: string
  readonly key?: string | undefined
  readonly items: readonly RecordItem[]
  readonly issues?: readonly RecordIssue[] | undefined
  readonly inPlace?: RawInPlace | undefined
}

/**
 * Something that could not be read. `records` is how many records of the file are lost by it (0 for a remark such as a
 * truncated tail with no countable record); conservation counts them as read and rejected.
 */
export interface ParsedIssue {
  readonly kind: 'issue'
  readonly locator: string
  /** `<importer id>.<what>`, e.g. `json-lines.syntax`; its words come from the importer's texts as `issue.<what>`. */
  readonly code: string
  readonly excerpt: string
  readonly records: number
}

export interface RecordIssue {
  readonly code: string
  readonly excerpt: string
}

/**
 * Column names that stand above the records behind it (a CSV header, a `#Fields:` line). It is no record and counts
 * nothing; it is kept once and shown with the raw text of every record that follows, up to the next heading.
 */
export interface ParsedHeading {
  readonly kind: 'heading'
  readonly text: string
}

export type ParsedUnit = ParsedRecord | ParsedIssue | ParsedHeading

/** What detection may look at: never the whole file. */
export interface DetectInput {
  /** File name or path inside the archive, with `/` separators. */
  readonly name: string
  /** First bytes, at most 64 KiB. */
  readonly head: Uint8Array
  /** Whole size in bytes, null when unknown. */
  readonly size: number | null
  /** `head` decoded (BOM, UTF-16 sniffing, UTF-8, else windows-1252), computed once. */
  readonly text: string
}

/** Read-only, streamed access to one part of an evidence file (the file itself, or a member of an archive). */
export interface PartSource {
  readonly name: string
  readonly size: number | null
  /** Streams the bytes from the start; may be called again. Chunk sizes are arbitrary. */
  open(): AsyncIterable<Uint8Array>
  /**
   * Path of these bytes when they are a plain file, for formats that must be read in place (PST: trees of blocks across tens
   * of gigabytes). To be opened read-only.
   */
  readonly file?: string | undefined
  /**
   * A small file of that name beside the part in its collection, or in a folder above it: inside an archive, and while `settle` answers
   * for a file of a folder that is imported (what it says is kept with the evidence, so that an import goes on as it began).
   */
  readonly beside?: ((name: string) => Promise<Uint8Array | undefined>) | undefined
  /** Told by who reads `file` how many of its bytes are done with, all of them in the end: what `open` counts by itself. */
  readonly progress?: ((bytes: number) => void) | undefined
}

export interface ImportContext {
  /** IANA zone the analyst chose for times without a zone; such items carry `zoneAssumed`. */
  readonly zone: string
  /** How `3/4/2025` is to be read: proven from the file by `settle`, or said by the analyst; null when nobody knows. */
  readonly dateOrder: DateOrder | null
  /** What the columns of an unknown table mean; only the importer `mapping` reads it. */
  readonly mapping: Mapping | null
  /** What the analyst says text is written in that is neither UTF-8 nor UTF-16; absent: found out (`recode.ts`). */
  readonly encoding?: string | null | undefined
  /** Endpoint the part was collected from, where its collector or the analyst says so; only for importers with `isOfOneEndpoint`. */
  readonly collectedFrom?: string | undefined
}

/** What an importer says of a part that several readers have parsed. */
export interface Sharing {
  /** What only the number of all records tells; `parse` says it itself when nothing is shared. */
  ofCount?(records: number): readonly ParsedIssue[]
}

/**
 * One importer = one format = one file `<id>.importer.ts` with this as default export, found by registry.ts.
 * `parse` yields batches (arrays) so that fast formats are not slowed by one await per record. It never writes, logs or
 * throws for bad data, and is deterministic: the same bytes give the same units in the same order (resume depends on it).
 */
export interface Importer {
  /** Lower-case words with dashes; equals the file name. */
  readonly id: string
  /**
   * Keys: `title`, `description` (what is read, of which products), `limits` (what is known not to be read) and
   * `issue.<what>` for every issue code it yields. Prefix: `importer.<id>.`. `docs/formats.md` is made of them.
   */
  readonly texts: Texts
  /** The format says itself how its text is written (binary formats, mail): an encoding the analyst chose is not for it. */
  readonly hasOwnEncoding?: true
  /**
   * A file of it was made on one endpoint and may leave out which: its events that name none get `ImportContext.collectedFrom`
   * (`core/evidence/on-endpoint.ts`).
   */
  readonly isOfOneEndpoint?: true
  /** What the file is called says when it was made or what it holds: the same bytes under two names are two things. */
  readonly readsName?: true
  /** Confidence 0..1 from content; the name may only add a little. Random bytes score 0. */
  detect(input: DetectInput): number
  /**
   * Optional look through the whole part before it is read, for what only the whole can settle: a date order that one
   * date with a day above 12 proves (`date-order.ts`).
   * @returns the context to parse with
   * @throws WorkbenchError `evidence.date_order` when the analyst has to say it
   */
  settle?(part: PartSource, context: ImportContext): Promise<ImportContext>
  /**
   * @param share only given to importers with `sharing`: units of a segment come in arrays of their own, those of other readers
   *   not at all
   */
  parse(part: PartSource, context: ImportContext, share?: Share): AsyncIterable<readonly ParsedUnit[]>
  /** Set when several readers may parse one large part (`share.ts`): together their units are those of one. */
  readonly sharing?: Sharing
  /**
   * The raw text of a record with `inPlace`. The source comes out of a case file, which may be hostile: whatever the bytes,
   * it returns something.
   */
  renderInPlace?(source: Uint8Array, at: number): RenderedRaw
}

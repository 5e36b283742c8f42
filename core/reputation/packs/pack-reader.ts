import type { RiskLevel } from '../../model/verdict.ts'
import type { Texts } from '../../model/text.ts'
import type { Pattern } from '../pattern.ts'

/** One pattern as read from a pack file. */
export interface PackEntryUnit {
  readonly kind: 'entry'
  readonly pattern: Pattern
  /** As written, defanging undone. */
  readonly text: string
  readonly level: RiskLevel
  readonly category?: string | undefined
  /** Microseconds UTC. */
  readonly firstSeenAt?: number | undefined
  readonly expiresAt?: number | undefined
  readonly note?: string | undefined
}

/** A line that is no pattern: counted, never an error. */
export interface PackRejectedUnit {
  readonly kind: 'rejected'
  /** Line of the file, or number of the entry. */
  readonly line: number
  /** As it stands there, its beginning. */
  readonly text: string
  /** It goes on beyond what a line may hold; else no URL, host or address could be read in it. */
  readonly isCut: boolean
}

/** An indicator that could be read, but that the feed does not mark for detection: left out, and told when nothing else is there. */
export interface PackUnmarkedUnit {
  readonly kind: 'unmarked'
}

/** What the file says of itself; later values win. */
export interface PackHeaderUnit {
  readonly kind: 'header'
  readonly name?: string | undefined
  readonly version?: string | undefined
  readonly source?: string | undefined
  readonly createdAt?: number | undefined
}

export type PackUnit = PackEntryUnit | PackRejectedUnit | PackUnmarkedUnit | PackHeaderUnit

export interface PackReadOptions {
  /** The analyst's one level for all entries; null: by the table of the format. */
  readonly level: RiskLevel | null
  /** Words of the feed (threat, type, tag) -> level, where the analyst wants another than the format's own table says. */
  readonly levels: Readonly<Record<string, RiskLevel>>
  /** Take also what the feed does not mark for detection. */
  readonly all?: boolean
}

/** Level of an entry: the analyst's one level, his word for this kind of entry, else the format's table (W7-W11). */
export function levelOf(
  options: PackReadOptions,
  table: Readonly<Record<string, RiskLevel>>,
  word: string,
): RiskLevel {
  const own = (levels: Readonly<Record<string, RiskLevel>>): RiskLevel | undefined =>
    Object.hasOwn(levels, word) ? levels[word] : undefined
  return (
    options.level ?? own(options.levels) ?? own(table) ?? options.levels['*'] ?? table['*'] ?? 'dangerous'
  )
}

/**
 * One pack format = one file `<id>.pack.ts` with this as default export, found by registry.ts. Reading is synchronous and
 * streamed: a pack is stored in one transaction, whole or not at all.
 */
export interface PackReader {
  /** Lower-case words with dashes; equals the file name. */
  readonly id: string
  /** Keys `title` and `description`. Prefix: `pack.<id>.`. */
  readonly texts: Texts<'title' | 'description'>
  /**
   * What the words of the feed mean as levels, `*` for any other word; shown to the analyst, who may change it for a pack.
   * Absent for formats that state levels themselves.
   */
  readonly levels?: Readonly<Record<string, RiskLevel>>
  /** Confidence 0..1 from the first 64 KiB, decoded. */
  detect(head: string): number
  read(chunks: Iterable<Uint8Array>, options: PackReadOptions): Iterable<PackUnit>
}

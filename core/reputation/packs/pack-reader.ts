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
  readonly line: number
}

/** What the file says of itself; later values win. */
export interface PackHeaderUnit {
  readonly kind: 'header'
  readonly name?: string | undefined
  readonly version?: string | undefined
  readonly source?: string | undefined
  readonly createdAt?: number | undefined
}

export type PackUnit = PackEntryUnit | PackRejectedUnit | PackHeaderUnit

export interface PackReadOptions {
  /** The analyst's level for a format that states none. */
  readonly level: RiskLevel | null
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
  /** Confidence 0..1 from the first 64 KiB, decoded. */
  detect(head: string): number
  read(chunks: Iterable<Uint8Array>, options: PackReadOptions): Iterable<PackUnit>
}

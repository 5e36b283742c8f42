import type { Ask } from '../jobs/handlers.ts'
import type { Translator } from '../locale/format.ts'
import type { Texts } from '../model/text.ts'
import type { ReadStore } from '../store/store.ts'

/** Parts of a case that exporters read; each row passed on counts towards the progress. */
export const PARTS = [
  'events',
  'messages',
  'entities',
  'relations',
  'detections',
  'indicators',
  'techniques',
  'audit',
  'work',
] as const
export type Part = (typeof PARTS)[number]

/** What an exporter works with. Everything it reads comes in pages through `rows/`, which count, yield to cancels and obey the span. */
export interface ExportSource {
  readonly db: ReadStore
  readonly ask: Ask
  readonly caseId: string
  readonly caseName: string
  readonly toolVersion: string
  /** When the case was made, and now: microseconds UTC. */
  readonly createdAt: number
  readonly now: number
  readonly zone: string
  /** Addresses may be followed (the analyst asked for it, or the target is a program). */
  readonly isLive: boolean
  /** Half-open span in microseconds; null: open. */
  readonly from: number | null
  readonly to: number | null
  readonly signal: AbortSignal
  /** English: the files are for other systems. */
  readonly t: Translator
  /** Rows that were handed on. Moves the progress. */
  readonly count: (part: Part, rows: number) => void
}

/**
 * One target = one file `<id>.exporter.ts` with this as default export, found by registry.ts. An exporter yields text or
 * bytes; it never opens files, never holds more than a page of rows, and never throws for odd values in evidence.
 */
export interface Exporter {
  readonly id: string
  /** Ending of the file, without the dot. */
  readonly extension: string
  readonly mediaType: string
  /** Parts that are read, for the progress and for the list of targets. */
  readonly reads: readonly Part[]
  /** `choice`: defanged unless asked otherwise (for people); `live`: for programs, which need the value itself. */
  readonly addresses: 'choice' | 'live'
  readonly takesSpan: boolean
  /** `title`, `description`, `left` (what is left out; empty: nothing); prefix `export.<id>`. */
  readonly texts: Texts<'title' | 'description' | 'left'>
  write(source: ExportSource): AsyncIterable<string | Uint8Array>
}

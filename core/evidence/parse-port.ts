import type { ImportContext } from '../importers/importer.ts'
import type { AloneFrom } from '../importers/share.ts'
import type { PlainError } from '../model/errors.ts'
import type { PackedBatch } from './packed-batch.ts'

/** What a parse thread is to read. */
export interface ParseThreadStart {
  readonly type: 'start'
  /** The evidence file itself; null: a member of an archive, whose bytes the thread asks for ({@link BytesRequest}). */
  readonly path: string | null
  readonly name: string
  readonly bytes: number | null
  /** Goes before every locator. */
  readonly prefix: string
  readonly importer: string
  readonly context: ImportContext
  readonly skip: number
  /** Hash of the bytes where the case has them: see repeated-parts.ts. */
  readonly repeats: string | undefined
  /** Of several threads that read the file; null: this one reads it all. */
  readonly share: { readonly index: number; readonly count: number; readonly from: number } | null
}

/**
 * From the thread: batches in order, then the end; `error` for what the importer threw, `bug` when it was no WorkbenchError,
 * `alone` when one thread has to read on by itself.
 */
export type FromParseThread =
  | { readonly type: 'batch'; readonly batch: PackedBatch }
  | { readonly type: 'end'; readonly error?: PlainError; readonly bug?: string; readonly alone?: AloneFrom }

/**
 * From the thread, about the bytes of a member: one piece more of a pass over them, or that a pass is over. Each pass has a
 * number of its own; its first `read` begins it.
 */
export interface BytesRequest {
  readonly type: 'read' | 'close'
  readonly pass: number
}

/** The answer to a `read`: a piece, or null behind the last one. */
export interface BytesAnswer {
  readonly type: 'bytes'
  readonly pass: number
  readonly bytes: Uint8Array<ArrayBuffer> | null
}

/** To the thread: what to read; then, as often as a batch was taken, that another may come. After a member another may follow. */
export type ToParseThread = ParseThreadStart | { readonly type: 'next' } | BytesAnswer

/** Batches handed over and not yet written; the next one is packed meanwhile. More would only fill the memory. */
export const BATCHES_AHEAD = 1

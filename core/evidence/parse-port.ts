import type { ImportContext } from '../importers/importer.ts'
import type { AloneFrom } from '../importers/share.ts'
import type { PlainError } from '../model/errors.ts'
import type { PackedBatch } from './packed-batch.ts'

/** The file a parse thread is to read. */
export interface ParseThreadStart {
  readonly type: 'start'
  readonly path: string
  readonly name: string
  readonly bytes: number
  readonly importer: string
  readonly context: ImportContext
  readonly skip: number
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

/** To the thread: the file, once; then, as often as one was taken, that another batch may come. */
export type ToParseThread = ParseThreadStart | { readonly type: 'next' }

/** Batches handed over and not yet written; the next one is packed meanwhile. More would only fill the memory. */
export const BATCHES_AHEAD = 1

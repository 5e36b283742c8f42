import type { ImportContext } from '../importers/importer.ts'
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
}

/** From the thread: batches in order, then the end; `error` for what the importer threw, `bug` when it was no WorkbenchError. */
export type FromParseThread =
  | { readonly type: 'batch'; readonly batch: PackedBatch }
  | { readonly type: 'end'; readonly error?: PlainError; readonly bug?: string }

/** To the thread: the file, once; then, as often as one was taken, that another batch may come. */
export type ToParseThread = ParseThreadStart | { readonly type: 'next' }

/** Batches handed over and not yet written; the next one is packed meanwhile. More would only fill the memory. */
export const BATCHES_AHEAD = 1

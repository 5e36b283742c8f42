import type { EngineEvent, Reply } from '../../contract/types.ts'
import type { PlainError } from '../../model/errors.ts'

export type GrantAccess = 'read' | 'write'
export type Paper = 'A4' | 'Letter'

/** What the engine thread is started with (`workerData`). */
export interface ThreadStart {
  readonly files: 'native' | 'browse' | 'paths'
  readonly host: 'desktop' | 'browser'
  /** The host prints itself (Electron): the engine sends `print` and waits for `printed`. */
  readonly printsItself: boolean
}

/** From the host to the engine thread; `id` pairs a request with its answer. */
export type ToThread =
  | { readonly type: 'call'; readonly id: number; readonly method: string; readonly input: unknown }
  | { readonly type: 'grant'; readonly id: number; readonly path: string; readonly access: GrantAccess }
  | { readonly type: 'close'; readonly id: number }
  | { readonly type: 'printed'; readonly id: number; readonly pdf: Uint8Array | null }

/** From the engine thread to the host. */
export type FromThread =
  | { readonly type: 'replied'; readonly id: number; readonly reply: Reply }
  | {
      readonly type: 'granted'
      readonly id: number
      readonly grant: string | null
      readonly error: PlainError | null
    }
  | { readonly type: 'closed'; readonly id: number }
  | { readonly type: 'event'; readonly event: EngineEvent }
  | { readonly type: 'print'; readonly id: number; readonly html: string; readonly paper: Paper }

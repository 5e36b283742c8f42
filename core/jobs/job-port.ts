import type { MethodName } from '../contract/methods.ts'
import type { EngineEvent } from '../contract/types.ts'
import type { PlainError } from '../model/errors.ts'
import type { Grant } from './grants.ts'

/** What the engine needs of the writing side, wherever it runs. */
export interface JobPort {
  open(path: string): Promise<void>
  close(): Promise<void>
  command(method: MethodName, input: unknown): Promise<unknown>
  job(jobId: string, method: MethodName, input: unknown): void
  cancel(jobId: string): void
  audit(action: string, details: Record<string, unknown>): Promise<void>
  /** Ends the thread. */
  stop(): Promise<void>
  /** The thread is gone (a crash, no memory): whoever needs the writing side makes a new one. */
  hasEnded(): boolean
}

type GrantEntries = readonly (readonly [string, Grant])[]

/** Messages to the job thread. Requests carry an id and are answered once. */
export type ToJobThread =
  | { type: 'open'; id: number; path: string }
  | { type: 'close'; id: number }
  | { type: 'command'; id: number; method: MethodName; input: unknown; grants: GrantEntries }
  | { type: 'job'; jobId: string; method: MethodName; input: unknown; grants: GrantEntries }
  | { type: 'cancel'; jobId: string }
  | { type: 'audit'; id: number; action: string; details: Record<string, unknown> }
  | { type: 'printed'; id: number; pdf?: Uint8Array; by?: string; error?: PlainError }

/** Messages from the job thread. */
export type FromJobThread =
  | { type: 'reply'; id: number; value?: unknown; error?: PlainError }
  | { type: 'event'; event: EngineEvent }
  | { type: 'print'; id: number; html: string; paper: 'A4' | 'Letter' }

/** Start data of the job thread. */
export interface JobThreadStart {
  readonly trustedPaths: boolean
  /** The host prints (desktop); else the thread uses the machine's browser itself. */
  readonly hostPrints: boolean
}

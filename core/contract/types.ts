import type { z } from 'zod'
import type { PlainError } from '../model/errors.ts'
import type { MethodName, Methods } from './methods.ts'

/** What a caller passes (defaults may be left out). */
export type InputOf<M extends MethodName> = z.input<Methods[M]['input']>
/** What a handler receives (defaults filled in). */
export type ParsedInputOf<M extends MethodName> = z.output<Methods[M]['input']>
/** What a finished method yields; for a job, the result of the job. */
export type ResultOf<M extends MethodName> = z.output<Methods[M]['output']>
/** What the call itself answers. */
export type ReplyOf<M extends MethodName> = Methods[M]['kind'] extends 'job' ? { jobId: string } : ResultOf<M>

export type MethodsOfKind<K extends string> = {
  [M in MethodName]: Methods[M]['kind'] extends K ? M : never
}[MethodName]

export type Reply<T = unknown> = { ok: true; value: T } | { ok: false; error: PlainError }

/** Nouns of the store; `store.changed` names those whose rows changed, and stores re-query. */
export const NOUNS = [
  'case',
  'evidence',
  'event',
  'entity',
  'relation',
  'detection',
  'message',
  'pack',
  'policy',
  'retro',
  'plan',
  'sweep',
  'work',
  'job',
  'audit',
] as const
export type Noun = (typeof NOUNS)[number]

export type EngineEvent =
  | { type: 'store.changed'; nouns: readonly Noun[] }
  | {
      type: 'job.progress'
      jobId: string
      method: string
      progress: number | null
      eta: number | null
      step: { key: string; params: Record<string, string | number> } | null
      counters: Record<string, number>
    }
  | {
      type: 'job.ended'
      jobId: string
      method: string
      status: 'done' | 'failed' | 'cancelled'
      error: PlainError | null
    }
  | { type: 'case.closed' }
/** Everything a transport has. All three hosts and the tests speak through it. */
export interface Transport {
  call(method: string, input: unknown): Promise<Reply>
  /** Returns the function that stops listening. */
  listen(onEvent: (event: EngineEvent) => void): () => void
}

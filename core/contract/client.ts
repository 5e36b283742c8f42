import { WorkbenchError } from '../model/errors.ts'
import type { MethodName } from './methods.ts'
import type { EngineEvent, InputOf, MethodsOfKind, ReplyOf, ResultOf, Transport } from './types.ts'

export interface Client {
  /** Calls a method; throws the {@link WorkbenchError} of a failed reply. */
  call<M extends MethodName>(method: M, input: InputOf<M>): Promise<ReplyOf<M>>
  /** Starts a job and waits for its end; throws its error (`job.cancelled` when cancelled). */
  run<M extends MethodsOfKind<'job'>>(method: M, input: InputOf<M>): Promise<ResultOf<M>>
  onEvent(listener: (event: EngineEvent) => void): () => void
}

/** The typed client over any transport. */
export function createClient(transport: Transport): Client {
  async function call<M extends MethodName>(method: M, input: InputOf<M>): Promise<ReplyOf<M>> {
    const reply = await transport.call(method, input)
    if (!reply.ok) throw new WorkbenchError(reply.error.code, reply.error.params)
    return reply.value as ReplyOf<M>
  }
  async function run<M extends MethodsOfKind<'job'>>(method: M, input: InputOf<M>): Promise<ResultOf<M>> {
    const ended = new Map<string, EngineEvent & { type: 'job.ended' }>()
    let wake: (() => void) | undefined
    const stop = transport.listen((event) => {
      if (event.type !== 'job.ended') return
      ended.set(event.jobId, event)
      wake?.()
    })
    try {
      const { jobId } = (await call(method, input)) as { jobId: string }
      while (!ended.has(jobId)) await new Promise<void>((resolve) => (wake = resolve))
      const end = ended.get(jobId)
      if (end?.error) throw new WorkbenchError(end.error.code, end.error.params)
      if (end?.status === 'cancelled') throw new WorkbenchError('job.cancelled')
      return (await call('job.get', { id: jobId })).result as ResultOf<M>
    } finally {
      stop()
    }
  }
  return { call, run, onEvent: (listener) => transport.listen(listener) }
}

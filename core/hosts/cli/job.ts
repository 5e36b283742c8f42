import type { MethodsOfKind, InputOf, ResultOf, EngineEvent } from '../../contract/types.ts'
import type { Client } from '../../contract/client.ts'
import type { Invocation } from './command.ts'
import { onInterrupt } from './interrupt.ts'

function describe(event: EngineEvent & { type: 'job.progress' }, invocation: Invocation): string {
  const parts = [event.progress === null ? '...' : `${Math.round(event.progress * 100)} %`]
  if (event.step) parts.push(invocation.t(event.step.key, event.step.params))
  for (const [name, count] of Object.entries(event.counters)) parts.push(`${name} ${count}`)
  if (event.eta !== null) parts.push(invocation.t('cli.progress.eta', { seconds: Math.round(event.eta) }))
  return parts.join('  ')
}

/**
 * Runs a job with its progress on stderr. Ctrl+C cancels the job, which leaves the case whole; a second Ctrl+C ends the
 * process at once.
 */
export async function runJob<M extends MethodsOfKind<'job'>>(
  invocation: Invocation,
  client: Client,
  method: M,
  input: InputOf<M>,
): Promise<ResultOf<M>> {
  const { output } = invocation
  let running: string | undefined
  let isUnwanted = false
  // A job that has ended meanwhile cannot be cancelled any more; its own end is what counts.
  const cancel = (id: string): void => void client.call('job.cancel', { id }).catch(() => undefined)
  const stop = client.onEvent((event) => {
    if (event.type !== 'job.progress') return
    if (running === undefined && isUnwanted) cancel(event.jobId)
    running = event.jobId
    output.progress(describe(event, invocation))
  })
  const release = onInterrupt(['SIGINT'], () => {
    output.note(invocation.t('cli.progress.cancelling'))
    isUnwanted = true
    if (running !== undefined) cancel(running)
  })
  try {
    return await client.run(method, input)
  } finally {
    release()
    stop()
    output.endProgress()
  }
}

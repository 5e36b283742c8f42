import type { MethodsOfKind, InputOf, ResultOf, EngineEvent } from '../../contract/types.ts'
import type { Client } from '../../contract/client.ts'
import type { Invocation } from './command.ts'
import { onInterrupt } from './interrupt.ts'

type Progress = EngineEvent & { type: 'job.progress' }

/** One line: how far and how long still come first, since a narrow terminal cuts the end. */
export function describeProgress(event: Progress, { t, lang }: Pick<Invocation, 't' | 'lang'>): string {
  const { files, filesTotal, bytes, totalBytes, ...others } = event.counters
  const number = (value: number): string => new Intl.NumberFormat(lang).format(value)
  const parts = [event.progress === null ? '...' : `${Math.round(event.progress * 100)} %`]
  if (event.eta !== null) parts.push(t('cli.progress.eta', { time: duration(event.eta) }))
  if (event.step) parts.push(t(event.step.key, event.step.params))
  if (files !== undefined && filesTotal !== undefined)
    parts.push(t('cli.progress.files', { done: number(files), total: number(filesTotal) }))
  if (bytes !== undefined && totalBytes !== undefined)
    parts.push(`${megabytes(bytes, lang)} / ${megabytes(totalBytes, lang)} MB`)
  for (const [name, count] of Object.entries(others)) {
    const words = t(`job.counter.${name}`, { count })
    parts.push(words.includes('job.counter') ? `${name} ${number(count)}` : words)
  }
  return parts.join('  ')
}

const megabytes = (bytes: number, lang: string): string =>
  new Intl.NumberFormat(lang, { maximumFractionDigits: 1 }).format(bytes / 1e6)

/** `45 s`, `12 min`, `1 h 05 min`: symbols that every language reads. */
function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 60
    ? `${minutes} min`
    : `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`
}

/** Runs a job with its progress on stderr. */
export const runJob = <M extends MethodsOfKind<'job'>>(
  invocation: Invocation,
  client: Client,
  method: M,
  input: InputOf<M>,
): Promise<ResultOf<M>> => attended(invocation, client, () => client.run(method, input))

/**
 * Does long work with its progress on stderr. Ctrl+C cancels it, and so do the end of the terminal and of the session: the case stays whole
 * and no temporary file is left. A second Ctrl+C ends the process at once.
 */
export async function attended<T>(
  invocation: Invocation,
  client: Client,
  work: () => Promise<T>,
): Promise<T> {
  const { output } = invocation
  // Steps are words of the engine.
  await invocation.loadTexts()
  let running: string | undefined
  let isUnwanted = false
  // A job that has ended meanwhile cannot be cancelled any more; its own end is what counts.
  const cancel = (id: string): void => void client.call('job.cancel', { id }).catch(() => undefined)
  const stop = client.onEvent((event) => {
    if (event.type !== 'job.progress') return
    if (running === undefined && isUnwanted) cancel(event.jobId)
    running = event.jobId
    output.progress(describeProgress(event, invocation))
  })
  const release = onInterrupt(['SIGINT', 'SIGTERM', 'SIGHUP'], () => {
    output.note(invocation.t('cli.progress.cancelling'))
    isUnwanted = true
    if (running !== undefined) cancel(running)
  })
  try {
    return await work()
  } finally {
    release()
    stop()
    output.endProgress()
  }
}

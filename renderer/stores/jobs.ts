import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import type { TextRef } from '../../core/contract/shapes.ts'
import type { MethodName } from '../../core/contract/methods.ts'
import type { InputOf, MethodsOfKind, ResultOf } from '../../core/contract/types.ts'
import { toPlainError, type PlainError } from '../../core/model/errors.ts'
import { getClient } from '../client/client.ts'
import { useCaseStore } from './case.ts'
import { useNoticeStore } from './notices.ts'

/** Jobs that hand something out and note its SHA-256 in the audit log, which a case that is open read-only cannot take. */
export const HANDED_OUT: ReadonlySet<MethodName> = new Set<MethodName>([
  'report.write',
  'export.run',
  'plan.export',
  'manifest.write',
  'archive.write',
])

export interface RunningJob {
  readonly id: string
  readonly method: string
  readonly progress: number | null
  readonly eta: number | null
  readonly step: TextRef | null
  readonly counters: Readonly<Record<string, number>>
}

/** Long work: what runs now, as the status bar shows it, and how to start more. */
export const useJobStore = defineStore('jobs', () => {
  const running = ref<readonly RunningJob[]>([])
  const current = computed(() => running.value[0])

  function start(): void {
    getClient().onEvent((event) => {
      if (event.type === 'job.progress') put({ ...event, id: event.jobId })
      if (event.type === 'job.ended') running.value = running.value.filter((job) => job.id !== event.jobId)
    })
    void refresh()
  }
  function put(job: RunningJob): void {
    const others = running.value.filter((one) => one.id !== job.id)
    running.value = [...others, job].sort((a, b) => Number(a.id) - Number(b.id))
  }
  /** Jobs that were running before this window listened (a reload, a second window). */
  async function refresh(): Promise<void> {
    const jobs = await getClient().call('job.list', {})
    for (const job of jobs) {
      const isKnown = running.value.some((one) => one.id === job.id)
      if (!isKnown && (job.status === 'running' || job.status === 'queued')) put(job)
    }
  }
  const cancel = async (id: string): Promise<void> => void (await getClient().call('job.cancel', { id }))

  /**
   * Runs a job to its end. Failures become a notice and `undefined`; a cancelled job only says so. What was handed out of a case that
   * is open read-only stands in no log: that is said too, and stays on screen.
   * @param cancelled key of what to say instead when this job is cancelled
   */
  async function run<M extends MethodName & MethodsOfKind<'job'>>(
    method: M,
    input: InputOf<M>,
    cancelled?: string,
  ): Promise<ResultOf<M> | undefined> {
    const { info, isReadOnly } = useCaseStore()
    try {
      const result = await getClient().run(method, input)
      if (isReadOnly && HANDED_OUT.has(method))
        useNoticeStore().warn('frame.unlogged', { case: info?.name ?? '' })
      return result
    } catch (thrown) {
      const error: PlainError = toPlainError(thrown)
      if (error.code === 'job.cancelled' && cancelled !== undefined)
        useNoticeStore().say(cancelled, {}, 'plain')
      else useNoticeStore().error(error)
      return undefined
    }
  }
  return { running, current, start, refresh, cancel, run }
})

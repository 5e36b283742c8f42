import { defineStore } from 'pinia'
import { ref } from 'vue'
import { toPlainError, type PlainError } from '../../core/model/errors.ts'
import { isLinkProblem } from '../client/link.ts'

export interface Notice {
  readonly id: number
  readonly tone: 'good' | 'problem' | 'plain'
  /** Message key and parameters, or an error of the engine. */
  readonly text:
    { readonly key: string; readonly params: Readonly<Record<string, string | number>> } | PlainError
  /** How often the same was said while it stood there. */
  readonly times: number
}

const GONE_AFTER_MS = 8000

/** Short messages at the foot of the window. Problems stay until dismissed. */
export const useNoticeStore = defineStore('notices', () => {
  const notices = ref<readonly Notice[]>([])
  let next = 1

  function add(tone: Notice['tone'], text: Notice['text']): void {
    const id = next++
    const isSame = (one: Notice): boolean =>
      one.tone === tone && JSON.stringify(one.text) === JSON.stringify(text)
    const times = (notices.value.find(isSame)?.times ?? 0) + 1
    notices.value = [...notices.value.filter((one) => !isSame(one)).slice(-3), { id, tone, text, times }]
    if (tone !== 'problem') setTimeout(() => dismiss(id), GONE_AFTER_MS)
  }
  const dismiss = (id: number): void =>
    void (notices.value = notices.value.filter((notice) => notice.id !== id))
  const say = (
    key: string,
    params: Readonly<Record<string, string | number>> = {},
    tone: 'good' | 'plain' = 'good',
  ): void => add(tone, { key, params })
  /** What somebody has to know and act on, though nothing failed: it stays until dismissed. */
  const warn = (key: string, params: Readonly<Record<string, string | number>> = {}): void =>
    add('problem', { key, params })
  /** That the engine is gone says the frame, once and for all that fails by it. */
  const error = (problem: PlainError): void => {
    if (!isLinkProblem(problem.code)) add(problem.code === 'job.cancelled' ? 'plain' : 'problem', problem)
  }

  /** Runs what may fail; a failure becomes a notice and the answer is `undefined`. */
  async function guard<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work()
    } catch (thrown) {
      error(toPlainError(thrown))
      return undefined
    }
  }
  return { notices, say, warn, error, dismiss, guard }
})

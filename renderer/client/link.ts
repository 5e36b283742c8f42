import { readonly, shallowRef } from 'vue'
import type { ErrorCode } from '../../core/model/errors.ts'

/** Why nothing can be asked at all: the engine does not run any more, or another start of it answers. */
export type LinkProblem = Extract<ErrorCode, 'host.gone' | 'host.token'>

const current = shallowRef<LinkProblem | null>(null)

/** What stands between this page and its engine; null: nothing. The transports set it, the frame says it once. */
export const linkProblem = readonly(current)
export const setLink = (problem: LinkProblem | null): void => void (current.value = problem)

export const isLinkProblem = (code: ErrorCode): code is LinkProblem =>
  code === 'host.gone' || code === 'host.token'

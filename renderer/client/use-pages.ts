import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import type { Page } from '../../core/contract/shapes.ts'
import type { MethodName } from '../../core/contract/methods.ts'
import type { InputOf, MethodsOfKind, Noun, ReplyOf } from '../../core/contract/types.ts'
import { toPlainError, type PlainError } from '../../core/model/errors.ts'
import { getClient, onChanged } from './client.ts'

type PagedMethod = {
  [M in MethodName & MethodsOfKind<'query'>]: ReplyOf<M> extends Page<unknown> ? M : never
}[MethodName & MethodsOfKind<'query'>]
type RowOf<M extends PagedMethod> = ReplyOf<M> extends Page<infer Row> ? Row : never

export interface Pages<M extends PagedMethod> {
  readonly rows: ShallowRef<readonly RowOf<M>[]>
  readonly total: Ref<number | null>
  /** The newest whole answer, for what stands beside the rows (search chips). */
  readonly last: ShallowRef<ReplyOf<M> | undefined>
  readonly error: ShallowRef<PlainError | undefined>
  readonly isLoading: Ref<boolean>
  readonly hasMore: Ref<boolean>
  more(): Promise<void>
  refresh(): Promise<void>
}

/** A list read page by page with the engine's cursor; starts over when the question or the stored rows change. */
export function usePages<M extends PagedMethod>(
  method: M,
  input: () => Omit<InputOf<M>, 'cursor'> | null,
  nouns: readonly Noun[] = [],
): Pages<M> {
  const rows = shallowRef<readonly RowOf<M>[]>([])
  const total = ref<number | null>(null)
  const last = shallowRef<ReplyOf<M>>()
  const error = shallowRef<PlainError>()
  const isLoading = ref(false)
  const hasMore = ref(false)
  let cursor: string | null = null
  let asked = 0

  async function ask(isFirst: boolean): Promise<void> {
    const question = input()
    const mine = ++asked
    if (question === null) {
      rows.value = []
      total.value = null
      hasMore.value = false
      isLoading.value = false
      return
    }
    isLoading.value = true
    try {
      const answer = await getClient().call(method, {
        ...question,
        cursor: isFirst ? null : cursor,
      } as InputOf<M>)
      if (mine !== asked) return
      const page = answer as Page<RowOf<M>>
      rows.value = isFirst ? page.rows : [...rows.value, ...page.rows]
      if (isFirst || page.total !== null) total.value = page.total
      cursor = page.next
      hasMore.value = page.next !== null
      last.value = answer
      error.value = undefined
    } catch (thrown) {
      if (mine !== asked) return
      error.value = toPlainError(thrown)
      if (isFirst) rows.value = []
      hasMore.value = false
    } finally {
      if (mine === asked) isLoading.value = false
    }
  }
  const refresh = (): Promise<void> => ask(true)
  const more = async (): Promise<void> => {
    if (hasMore.value && !isLoading.value) await ask(false)
  }
  watch(
    () => JSON.stringify(input()),
    () => void refresh(),
    { immediate: true },
  )
  if (nouns.length > 0) onScopeDispose(onChanged(nouns, () => void refresh()))
  return { rows, total, last, error, isLoading, hasMore, more, refresh }
}

import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import type { MethodName } from '../../core/contract/methods.ts'
import type { InputOf, MethodsOfKind, Noun, ReplyOf } from '../../core/contract/types.ts'
import { toPlainError, type PlainError } from '../../core/model/errors.ts'
import { getClient, onChanged } from './client.ts'

export interface Query<T> {
  readonly value: ShallowRef<T | undefined>
  readonly error: ShallowRef<PlainError | undefined>
  readonly isLoading: Ref<boolean>
  refresh(): Promise<void>
}

/**
 * One question to the engine that stays answered: asked again when its input changes and when rows of `nouns` change.
 * A late answer to an older question is dropped. An input of `null` asks nothing and empties the value.
 */
export function useQuery<M extends MethodName & MethodsOfKind<'query' | 'host'>>(
  method: M,
  input: () => InputOf<M> | null,
  nouns: readonly Noun[] = [],
): Query<ReplyOf<M>> {
  const value = shallowRef<ReplyOf<M>>()
  const error = shallowRef<PlainError>()
  const isLoading = ref(false)
  let asked = 0

  async function refresh(): Promise<void> {
    const question = input()
    const mine = ++asked
    if (question === null) {
      value.value = undefined
      error.value = undefined
      isLoading.value = false
      return
    }
    isLoading.value = true
    try {
      const answer = await getClient().call(method, question)
      if (mine !== asked) return
      value.value = answer
      error.value = undefined
    } catch (thrown) {
      if (mine !== asked) return
      error.value = toPlainError(thrown)
      value.value = undefined
    } finally {
      if (mine === asked) isLoading.value = false
    }
  }

  watch(
    () => JSON.stringify(input()),
    () => void refresh(),
    { immediate: true },
  )
  if (nouns.length > 0) onScopeDispose(onChanged(nouns, () => void refresh()))
  return { value, error, isLoading, refresh }
}

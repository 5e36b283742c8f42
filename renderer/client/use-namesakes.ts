import { computed, shallowRef, watch, type ComputedRef } from 'vue'
import type { EntityRef } from '../../core/contract/shapes.ts'
import type { ReplyOf } from '../../core/contract/types.ts'
import { useWords } from '../i18n/use-words.ts'
import { namesakes, tellApart } from '../text/tell-apart.ts'
import { getClient } from './client.ts'

type Thing = ReplyOf<'entity.get'>
/** Things asked for at most; a list that is longer shows the others by their names alone. */
const MOST = 120

/**
 * What tells the things of a list apart that have one name, by their ids. Asked for only where a name stands twice; until the answer is there, and
 * for all others, nothing.
 */
export function useNamesakes(rows: () => readonly EntityRef[]): ComputedRef<ReadonlyMap<string, string>> {
  const { t, time } = useWords()
  const things = shallowRef<readonly Thing[]>([])
  const wanted = computed(() =>
    namesakes(rows())
      .slice(0, MOST)
      .map(({ id }) => id),
  )
  let asked = 0
  watch(
    () => wanted.value.join(' '),
    async () => {
      const mine = ++asked
      // What correlation took away meanwhile has nothing to be told apart by.
      const answers = await Promise.allSettled(
        wanted.value.map((id) => getClient().call('entity.get', { id })),
      )
      if (mine !== asked) return
      things.value = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))
    },
    { immediate: true },
  )
  return computed(() => tellApart(things.value, (at) => t('entity.since', { time: time(at, 'minute') })))
}

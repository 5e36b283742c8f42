import { computed, type ComputedRef } from 'vue'
import type { Mark, MarkTarget } from '../../core/contract/nouns/work.ts'
import { useQuery } from './use-query.ts'

// What one question may name (`work.of`); a grid asks for the rows it holds, which are fewer.
const MAX_TARGETS = 10_000

/**
 * The analyst's marks on the rows a grid holds, kept up to date: `marks.value.get(id)` for each row, undefined without any.
 * `MarkCell` draws them.
 * @param ids rows on the screen, or all that were fetched; the last 10,000 are asked for
 */
export function useMarksOf(
  kind: MarkTarget['kind'],
  ids: () => readonly string[],
): ComputedRef<ReadonlyMap<string, readonly Mark[]>> {
  const found = useQuery(
    'work.of',
    () => {
      const targets = ids()
        .slice(-MAX_TARGETS)
        .map((id) => ({ kind, id }))
      return targets.length === 0 ? null : { targets }
    },
    ['work'],
  )
  return computed(() => new Map((found.value.value ?? []).map(({ target, marks }) => [target.id, marks])))
}

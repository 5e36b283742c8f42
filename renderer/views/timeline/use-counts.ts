import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import type { InputOf, ReplyOf } from '../../../core/contract/types.ts'
import { getClient, onChanged } from '../../client/client.ts'
import { useTimelineMemory } from '../../stores/timeline-memory.ts'
import { CountSum, type EventCounts } from './counts.ts'

type Question = Omit<InputOf<'event.count'>, 'cursor'>

/** How often what has been counted so far is drawn. */
const DRAW_MS = 120
/** Counts that were finished, the newest first: going back shows them at once. */
const KEPT = 12

/**
 * Counts in short pieces; what is counted so far is shown while it grows. The counts before stay until the first piece of the new ones.
 * @param isReady false: wait (the rows of the same question come first)
 */
export function useCounts(
  question: () => Question | null,
  isReady: () => boolean,
): { readonly counts: ShallowRef<EventCounts | undefined>; readonly isCounting: Ref<boolean> } {
  const memory = useTimelineMemory()
  const kept = memory.counts
  const counts = shallowRef<EventCounts>()
  const isCounting = ref(false)
  let asked = 0

  async function count(input: Question, key: string, mine: number): Promise<void> {
    const sum = new CountSum()
    isCounting.value = true
    let drawn = 0
    let cursor: string | null = null
    try {
      do {
        const piece: ReplyOf<'event.count'> = await getClient().call('event.count', { ...input, cursor })
        if (mine !== asked) return
        sum.add(piece)
        cursor = piece.next
        if (cursor !== null && performance.now() - drawn < DRAW_MS) continue
        drawn = performance.now()
        counts.value = sum.sum()
      } while (cursor !== null)
      if (counts.value) kept.splice(0, kept.length, { key, counts: counts.value }, ...kept.slice(0, KEPT - 1))
    } catch {
      // The rows of the same question say what is wrong.
      if (mine === asked) counts.value = undefined
    } finally {
      if (mine === asked) isCounting.value = false
    }
  }
  function ask(): void {
    const input = question()
    const mine = ++asked
    isCounting.value = false
    if (input === null) {
      counts.value = undefined
      return
    }
    const key = JSON.stringify(input)
    const known = kept.find((one) => one.key === key)
    if (known) counts.value = known.counts
    else if (isReady()) void count(input, key, mine)
  }
  watch([() => JSON.stringify(question()), isReady], ask, { immediate: true })
  onScopeDispose(
    onChanged(['event', 'entity'], () => {
      memory.forgetEvents()
      ask()
    }),
  )
  onScopeDispose(() => void (asked += 1))
  return { counts, isCounting }
}

import { computed, ref } from 'vue'

/** Rows drawn at first. */
const FEW = 30
/** So many times as many with every "Show more". */
const GROWTH = 4

/**
 * The first rows of a list that is known whole, more on demand: thousands of rows drawn at once would hold the window up.
 * @param first rows at the beginning
 */
export function useFirst<Row>(all: () => readonly Row[], first = FEW) {
  const limit = ref(first)
  const rows = computed(() => all().slice(0, limit.value))
  const total = computed(() => all().length)
  const hasMore = computed(() => total.value > rows.value.length)
  return { rows, total, hasMore, more: () => void (limit.value *= GROWTH) }
}

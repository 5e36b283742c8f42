import { onScopeDispose, ref, shallowRef, triggerRef, watch, type Ref, type ShallowRef } from 'vue'
import type { EventRow } from '../../../core/contract/nouns/event.ts'
import type { InputOf, ReplyOf } from '../../../core/contract/types.ts'
import { toPlainError, type PlainError } from '../../../core/model/errors.ts'
import { getClient, onChanged } from '../../client/client.ts'
import { useTimelineMemory } from '../../stores/timeline-memory.ts'

type Question = Omit<InputOf<'event.search'>, 'cursor' | 'brief' | 'limit'>
type Chip = ReplyOf<'event.search'>['chips'][number]

/** Rows of one page; the first comes sooner. */
const FIRST_ROWS = 100
const PAGE_ROWS = 200
/** Pages kept in memory; those far from what is looked at are asked for again when they come into sight. */
const KEPT_PAGES = 40
/** Lists kept for going back to, the newest first. */
const KEPT_LISTS = 6

interface LoadedPage {
  readonly cursor: string | null
  readonly first: number
  count: number
  rows: readonly EventRow[] | null
}
/** What was read of one question: going back shows it again as it stood. */
export interface EventList {
  readonly key: string
  readonly pages: LoadedPage[]
  length: number
  next: string | null
  isEnded: boolean
  searched: number | null
  chips: readonly Chip[]
  /** Where rows of another value begin, when they are grouped. */
  readonly starts: GroupStart[]
}
export interface GroupStart {
  readonly value: string
  readonly name: string
  readonly first: number
}
export interface EventPages {
  /** Changes whenever rows come or go; `at` and `length` follow it. */
  readonly list: ShallowRef<EventList>
  readonly error: ShallowRef<PlainError | undefined>
  readonly isLoading: Ref<boolean>
  at(index: number): EventRow | undefined
  /** Every row that is in memory, for marks. */
  loaded(): readonly EventRow[]
  /** Tells which rows are looked at: what is missing of them is read, and more near the end. */
  look(from: number, to: number): void
  refresh(): Promise<void>
}

/** How many rows before the end the next page is asked for. */
const AHEAD = 80

const empty = (key: string): EventList => ({
  key,
  pages: [],
  length: 0,
  next: null,
  isEnded: false,
  searched: null,
  chips: [],
  starts: [],
})

/** The events of a question, read in short pieces while they are looked at. `null` asks nothing. */
export function useEventPages(
  question: () => Question | null,
  groupOf: (row: EventRow) => { readonly value: string; readonly name: string } | null,
): EventPages {
  const memory = useTimelineMemory()
  const kept = memory.lists
  const list = shallowRef(empty(''))
  const error = shallowRef<PlainError>()
  const isLoading = ref(false)
  let asked = 0
  let sight = { from: 0, to: 0 }

  const inputOf = (): Question | null => question()
  async function fetchPage(
    input: Question,
    cursor: string | null,
    limit: number,
  ): Promise<ReplyOf<'event.search'>> {
    return getClient().call('event.search', { ...input, cursor, limit, brief: true })
  }

  /** Reads on from the end until enough rows are there; pieces without rows only say how far the search is. */
  async function extend(mine: number, input: Question, target: EventList): Promise<void> {
    isLoading.value = true
    try {
      let wanted = true
      while (wanted) {
        const isFirst = target.pages.length === 0
        const cursor = isFirst ? null : target.next
        const answer = await fetchPage(input, cursor, isFirst ? FIRST_ROWS : PAGE_ROWS)
        if (mine !== asked) return
        if (isFirst || answer.rows.length > 0)
          target.pages.push({ cursor, first: target.length, count: answer.rows.length, rows: answer.rows })
        for (const [index, row] of answer.rows.entries()) {
          const group = groupOf(row)
          if (group && target.starts.at(-1)?.value !== group.value)
            target.starts.push({ ...group, first: target.length + index })
        }
        target.length += answer.rows.length
        target.next = answer.next
        target.isEnded = answer.next === null
        target.searched = answer.searched
        if (isFirst) target.chips = answer.chips
        error.value = undefined
        if (list.value === target) triggerRef(list)
        else list.value = target
        wanted = !target.isEnded && target.length < sight.to + AHEAD
      }
      thin(target)
    } catch (thrown) {
      if (mine !== asked) return
      error.value = toPlainError(thrown)
      target.isEnded = true
      if (list.value === target) triggerRef(list)
      else list.value = target
    } finally {
      if (mine === asked) isLoading.value = false
    }
  }
  /** Lets go of pages far from what is looked at. */
  function thin(target: EventList): void {
    const held = target.pages.filter((page) => page.rows !== null)
    if (held.length <= KEPT_PAGES) return
    const middle = (sight.from + sight.to) / 2
    const far = held.sort(
      (a, b) => Math.abs(b.first + b.count / 2 - middle) - Math.abs(a.first + a.count / 2 - middle),
    )
    for (const page of far.slice(0, held.length - KEPT_PAGES)) page.rows = null
  }
  async function refill(mine: number, input: Question, target: EventList, page: LoadedPage): Promise<void> {
    const answer = await fetchPage(input, page.cursor, Math.max(1, page.count)).catch(() => null)
    if (mine !== asked || answer === null) return
    page.rows = answer.rows.slice(0, page.count)
    thin(target)
    triggerRef(list)
  }

  async function ask(isAnew: boolean): Promise<void> {
    const input = inputOf()
    const mine = ++asked
    error.value = undefined
    if (input === null) {
      list.value = empty('')
      isLoading.value = false
      return
    }
    const key = JSON.stringify(input)
    const known = isAnew ? undefined : kept.find((one) => one.key === key)
    const target = known ?? empty(key)
    const others = kept.filter((one) => one.key !== key).slice(0, KEPT_LISTS - 1)
    kept.splice(0, kept.length, target, ...others)
    if (!known) sight = { from: 0, to: 0 }
    if (known) list.value = known
    isLoading.value = false
    // The rows before stay until the first new ones are there: nothing flickers.
    if (target.pages.length === 0) await extend(mine, input, target)
  }
  function pageOf(index: number): LoadedPage | undefined {
    const { pages } = list.value
    let [low, high] = [0, pages.length - 1]
    while (low <= high) {
      const middle = (low + high) >> 1
      const page = pages[middle]
      if (page === undefined) return undefined
      if (index < page.first) high = middle - 1
      else if (index >= page.first + page.count) low = middle + 1
      else return page
    }
    return undefined
  }
  const at = (index: number): EventRow | undefined => {
    const page = pageOf(index)
    return page?.rows?.[index - page.first]
  }
  function look(from: number, to: number): void {
    sight = { from, to }
    const input = inputOf()
    const target = list.value
    if (input === null || target.key !== JSON.stringify(input)) return
    for (const index of [from, to]) {
      const page = pageOf(index)
      if (page?.rows === null) {
        page.rows = []
        void refill(asked, input, target, page)
      }
    }
    if (!isLoading.value && !target.isEnded && target.length < to + AHEAD) void extend(asked, input, target)
  }
  const loaded = (): readonly EventRow[] => list.value.pages.flatMap((page) => page.rows ?? [])
  const refresh = (): Promise<void> => ask(true)

  watch(
    () => JSON.stringify(inputOf()),
    () => void ask(false),
    { immediate: true },
  )
  onScopeDispose(
    onChanged(['event', 'entity'], () => {
      memory.forgetEvents()
      void refresh()
    }),
  )
  onScopeDispose(() => void (asked += 1))
  return { list, error, isLoading, at, loaded, look, refresh }
}

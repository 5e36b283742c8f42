import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import type { EventGroup, EventSort } from '../../core/contract/nouns/event.ts'
import type { EventKind } from '../../core/model/event.ts'
import { useTimeWindowStore } from './time-window.ts'

/** Something chosen in a facet: its id for the engine, its name for people. */
export interface Chosen {
  readonly id: string
  readonly name: string
}
export type FacetGroup = Exclude<EventGroup, 'process'>
/** What events can be grouped by. */
export const GROUPINGS = ['kind', 'source', 'endpoint', 'user'] as const
export type Grouping = (typeof GROUPINGS)[number]

/** Everything that says which events are shown and how: what a saved filter keeps and what going back brings back. */
export interface TimelineState {
  readonly text: string
  readonly kinds: readonly EventKind[]
  readonly endpoint: readonly Chosen[]
  readonly user: readonly Chosen[]
  readonly source: readonly Chosen[]
  readonly entity: { readonly id: string; readonly name: string; readonly kind: string } | null
  readonly sort: readonly EventSort[]
  readonly grouping: Grouping | null
  readonly lanes: EventGroup | null
  readonly from: string | null
  readonly to: string | null
}

const BY_TIME: readonly EventSort[] = [{ by: 'time', descending: false }]

/** What the Timeline is asked for; kept while other screens are open. */
export const useTimelineStore = defineStore('timeline', () => {
  const span = useTimeWindowStore()
  const text = ref('')
  const kinds = ref<readonly EventKind[]>([])
  const endpoint = ref<readonly Chosen[]>([])
  const user = ref<readonly Chosen[]>([])
  const source = ref<readonly Chosen[]>([])
  const entity = ref<{ id: string; name: string; kind: string } | null>(null)
  const evidence = ref<Chosen | null>(null)
  const sort = ref<readonly EventSort[]>(BY_TIME)
  const grouping = ref<Grouping | null>(null)
  const lanes = ref<EventGroup | null>(null)
  const chosen = { endpoint, user, source }

  /** Without what was chosen in facets: they count what else there is. */
  const base = computed(() => ({
    text: text.value,
    from: span.from,
    to: span.to,
    entityId: entity.value?.id ?? null,
    evidenceId: evidence.value?.id ?? null,
  }))
  const filter = computed(() => ({
    ...base.value,
    kinds: kinds.value.length > 0 ? [...kinds.value] : null,
    endpointIds: idsOf(endpoint.value),
    userIds: idsOf(user.value),
    evidenceIds: idsOf(source.value),
  }))
  const isNarrowed = computed(
    () =>
      text.value !== '' ||
      kinds.value.length > 0 ||
      endpoint.value.length > 0 ||
      user.value.length > 0 ||
      source.value.length > 0 ||
      entity.value !== null ||
      evidence.value !== null ||
      span.isSet,
  )
  const isSortedByTime = computed(() => sort.value[0]?.by === 'time')

  function toggleKind(kind: EventKind): void {
    kinds.value = kinds.value.includes(kind)
      ? kinds.value.filter((one) => one !== kind)
      : [...kinds.value, kind]
  }
  function toggle(group: FacetGroup, one: Chosen): void {
    const list = chosen[group]
    list.value = list.value.some(({ id }) => id === one.id)
      ? list.value.filter(({ id }) => id !== one.id)
      : [...list.value, one]
  }
  /** Adds `field:"value"` to the query, or `-field:"value"` to leave such events out. */
  function narrow(field: string, value: string, isOut: boolean): void {
    const isPlain = /^[\w.\\:@/-]+$/u.test(value)
    const quoted = isPlain ? value : `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
    const term = `${isOut ? '-' : ''}${field}:${quoted}`
    if (!text.value.includes(term)) text.value = `${text.value} ${term}`.trim()
  }
  function removeChip(chip: string): void {
    const at = text.value.indexOf(chip)
    if (at >= 0)
      text.value = `${text.value.slice(0, at)} ${text.value.slice(at + chip.length)}`
        .replaceAll(/\s+/gu, ' ')
        .trim()
  }
  function clear(): void {
    text.value = ''
    kinds.value = []
    for (const list of Object.values(chosen)) list.value = []
    entity.value = null
    evidence.value = null
  }
  /** Sorts by a column: ascending, descending, no more. `isMore` keeps the keys before it. */
  function sortBy(by: string, isMore: boolean, descending?: boolean): void {
    const present = sort.value.find((one) => one.by === by)
    const next =
      descending !== undefined
        ? [{ by, descending }]
        : present === undefined
          ? [{ by, descending: false }]
          : present.descending
            ? []
            : [{ by, descending: true }]
    const rest = isMore ? sort.value.filter((one) => one.by !== by) : []
    const place = isMore && present ? sort.value.indexOf(present) : rest.length
    const keys = [...rest.slice(0, place), ...next, ...rest.slice(place)].slice(0, MOST_KEYS)
    sort.value = keys.length > 0 ? keys : BY_TIME
  }

  const state = (): TimelineState => ({
    text: text.value,
    kinds: kinds.value,
    endpoint: endpoint.value,
    user: user.value,
    source: source.value,
    entity: entity.value,
    sort: sort.value,
    grouping: grouping.value,
    lanes: lanes.value,
    from: span.from,
    to: span.to,
  })
  function restore(saved: Partial<TimelineState>): void {
    text.value = saved.text ?? ''
    kinds.value = saved.kinds ?? []
    endpoint.value = saved.endpoint ?? []
    user.value = saved.user ?? []
    source.value = saved.source ?? []
    entity.value = saved.entity ?? null
    evidence.value = null
    sort.value = saved.sort && saved.sort.length > 0 ? saved.sort : BY_TIME
    grouping.value = saved.grouping ?? null
    lanes.value = saved.lanes ?? null
    span.set(saved.from ?? null, saved.to ?? null)
  }
  return {
    text,
    kinds,
    endpoint,
    user,
    source,
    entity,
    evidence,
    sort,
    grouping,
    lanes,
    base,
    filter,
    isNarrowed,
    isSortedByTime,
    toggleKind,
    toggle,
    narrow,
    removeChip,
    clear,
    sortBy,
    state,
    restore,
  }
})

/** Keys of one sort (`event.search` takes no more). */
const MOST_KEYS = 4
const idsOf = (chosen: readonly Chosen[]): string[] | null =>
  chosen.length > 0 ? chosen.map(({ id }) => id) : null

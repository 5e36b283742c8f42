import { EVENT_GROUPS, type EventSort } from '../../../core/contract/nouns/event.ts'
import { EVENT_KINDS } from '../../../core/model/event.ts'
import { GROUPINGS, type Chosen, type TimelineState } from '../../stores/timeline.ts'

const isText = (value: unknown): value is string => typeof value === 'string'
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const chosen = (value: unknown): Chosen[] =>
  list(value).flatMap((one) => {
    const { id, name } = (one ?? {}) as Partial<Record<'id' | 'name', unknown>>
    return isText(id) && isText(name) && /^\d{1,19}$/.test(id) ? [{ id, name }] : []
  })
const sorts = (value: unknown): EventSort[] =>
  list(value).flatMap((one) => {
    const { by, descending } = (one ?? {}) as Partial<Record<'by' | 'descending', unknown>>
    return isText(by) ? [{ by, descending: descending === true }] : []
  })

/** A saved filter as the Timeline takes it: whatever does not fit (another version, a changed file) is left out. */
export function readState(state: unknown): Partial<TimelineState> {
  if (typeof state !== 'object' || state === null) return {}
  const kept = state as Partial<Record<keyof TimelineState, unknown>>
  const entity = (kept.entity ?? null) as Partial<Record<'id' | 'name' | 'kind', unknown>> | null
  const { id, name, kind } = entity ?? {}
  return {
    text: isText(kept.text) ? kept.text : '',
    kinds: EVENT_KINDS.filter((one) => list(kept.kinds).includes(one)),
    endpoint: chosen(kept.endpoint),
    user: chosen(kept.user),
    source: chosen(kept.source),
    entity: isText(id) && isText(name) && isText(kind) ? { id, name, kind } : null,
    sort: sorts(kept.sort),
    grouping: GROUPINGS.find((one) => one === kept.grouping) ?? null,
    lanes: EVENT_GROUPS.find((one) => one === kept.lanes) ?? null,
    from: isText(kept.from) ? kept.from : null,
    to: isText(kept.to) ? kept.to : null,
  }
}

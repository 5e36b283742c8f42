import { computed, ref } from 'vue'
import type { PlanItem } from '../../../core/contract/nouns/plan.ts'
import { useFirst } from '../../components/use-first.ts'
import { remembered } from '../../stores/remembered.ts'
import { groupPlan, PLAN_ORDERS, type PlanGroup, type PlanOrder } from './plan-groups.ts'

/** Rows drawn of a group at first: of one group alone, and of one among others. */
const FEW = { alone: 30, among: 10 } as const
/** So many times as many with every "Show more". */
const GROWTH = 4

/** A group as it is drawn: its heading, and the steps in sight. */
export interface PlanPart {
  readonly group: PlanGroup
  readonly isClosed: boolean
  readonly rows: readonly PlanItem[]
  /** Steps of an open group that are further down. */
  readonly left: number
}

/** The plan in groups, each open or closed; a plan for a mail to all staff has thousands of steps. */
export function usePlanView(items: () => readonly PlanItem[]) {
  const order = remembered<PlanOrder>(
    'plan.order',
    (kept) => PLAN_ORDERS.find((one) => one === kept) ?? 'action',
  )
  const closed = ref<ReadonlySet<string>>(new Set())
  const limits = ref<ReadonlyMap<string, number>>(new Map())
  const groups = computed(() => groupPlan(items(), order.value))
  const pages = useFirst(() => groups.value)
  const few = computed(() => (groups.value.length > 1 ? FEW.among : FEW.alone))
  const parts = computed(() =>
    pages.rows.value.map((group): PlanPart => {
      const isClosed = closed.value.has(group.key)
      const rows = isClosed ? [] : group.items.slice(0, limits.value.get(group.key) ?? few.value)
      return { group, isClosed, rows, left: isClosed ? 0 : group.items.length - rows.length }
    }),
  )
  function fold(key: string): void {
    const next = new Set(closed.value)
    if (!next.delete(key)) next.add(key)
    closed.value = next
  }
  const moreOf = (key: string): void => {
    limits.value = new Map(limits.value).set(key, (limits.value.get(key) ?? few.value) * GROWTH)
  }
  return { order, parts, fold, moreOf, pages }
}

import type { PlanItem } from '../../../core/contract/nouns/plan.ts'

/** How a plan is read: by what is done, as one tool does it to many; or by what it is done to, as one person is helped. */
export const PLAN_ORDERS = ['action', 'target'] as const
export type PlanOrder = (typeof PLAN_ORDERS)[number]

/** Steps that are carried out together. */
export interface PlanGroup {
  readonly key: string
  /** The first of them names what they have in common. */
  readonly first: PlanItem
  readonly items: readonly PlanItem[]
}

/** A step concerns one thing: the entity, or what stands in its place where no entity does. */
const targetOf = ({ subject, target }: PlanItem): string =>
  subject === null
    ? `text ${target.account ?? target.endpoint ?? target.url ?? target.mailbox ?? ''}`
    : `entity ${subject.id}`

/** Groups in the order of their most urgent step, which is the order the steps come in. */
export function groupPlan(items: readonly PlanItem[], order: PlanOrder): PlanGroup[] {
  const groups = Map.groupBy(items, (item) => (order === 'action' ? item.action : targetOf(item)))
  return [...groups].flatMap(([key, members]) => {
    const [first] = members
    return first === undefined ? [] : [{ key, first, items: members }]
  })
}

/** A part of what a step is about, in words. */
export interface PlanDetail {
  readonly text: string
  readonly as?: 'address'
}

/** What a step is about when no entity stands for it, and what it needs besides. */
export const detailsOf = ({ target, subject }: PlanItem): PlanDetail[] =>
  [
    { text: target.mailbox ?? (target.account === subject?.name ? null : target.account) },
    { text: subject === null ? target.endpoint : null },
    { text: target.inboxRule },
    { text: target.text },
    { text: subject === null ? target.url : null, as: 'address' as const },
  ].filter((part): part is PlanDetail => part.text !== null && part.text !== '')

import type { FilterAction } from './notification.ts'
import type { Policy } from './policy-document.ts'

/** The actions of one mail, and when it goes out, microseconds UTC. */
export interface Consolidated {
  readonly at: number
  readonly actions: readonly FilterAction[]
}

const HOUR = 3_600_000_000

/** A mode of telling administrators: one mail per action, per so many actions, or per so many hours. */
export type Threshold =
  { readonly mode: 'individual' } | { readonly mode: 'count' | 'period'; readonly every: number }

/** What a policy says; without a word of it each action has its mail (W70). */
function thresholdOf({ notifications }: Policy): Threshold {
  const stated = notifications.administrators.threshold
  switch (stated?.mode) {
    case 'period':
      return { mode: 'period', every: stated.hours ?? (stated.days ?? 1) * 24 }
    case 'count':
      return { mode: 'count', every: Math.max(1, stated.count ?? 1) }
    case 'individual':
    case undefined:
      return { mode: 'individual' }
  }
}

/**
 * Which filter actions share a mail to the administrators.
 * `period` (W68): a period begins with the first action that is in no mail yet and its mail goes out at its end · `count` (W69): one
 * mail per full number · `individual` (W70): one mail per action.
 * @param actions of one policy, in order of time
 * @param now microseconds UTC; a period that ends later has no mail yet
 * @param threshold stands in for that of the policy
 * @returns the mails, and how many actions wait for one
 */
export function consolidate(
  policy: Policy,
  actions: readonly FilterAction[],
  now: number,
  threshold: Threshold = thresholdOf(policy),
): { mails: Consolidated[]; pending: number } {
  switch (threshold.mode) {
    case 'period':
      return byPeriod(actions, threshold.every * HOUR, now)
    case 'count':
      return byCount(actions, threshold.every)
    case 'individual':
      return { mails: actions.map((action) => ({ at: action.at, actions: [action] })), pending: 0 }
  }
}

function byPeriod(actions: readonly FilterAction[], length: number, now: number) {
  const periods: { at: number; actions: FilterAction[] }[] = []
  for (const action of actions) {
    const open = periods.at(-1)
    if (open === undefined || action.at >= open.at)
      periods.push({ at: action.at + length, actions: [action] })
    else open.actions.push(action)
  }
  const mails = periods.filter((period) => period.at <= now)
  return { mails, pending: actions.length - mails.reduce((sum, mail) => sum + mail.actions.length, 0) }
}

function byCount(actions: readonly FilterAction[], count: number) {
  const mails: Consolidated[] = []
  for (let end = count; end <= actions.length; end += count) {
    const some = actions.slice(end - count, end)
    mails.push({ at: some.at(-1)?.at ?? 0, actions: some })
  }
  return { mails, pending: actions.length % count }
}

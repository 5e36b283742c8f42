import type { Network } from './path-search.ts'

/** The hop before, as the guard needs to see it. */
export interface Steps {
  readonly kind: string
  readonly from: number
  readonly before: Steps | null
}

/** A recipient the directory does not know: the click or download may have come out of this message, but nobody can say. */
const UNKNOWN_RECIPIENTS = 0.7

/** Nobody who got the message is known on the endpoint: it may have come by a shared mailbox, or out of another message. */
const NO_RECIPIENT_THERE = 0.5

/**
 * One link stands in many messages, so a click on it belongs only to messages that were delivered to the clicker: without
 * this a path would lead from a message to people who never had it. A file is doubted where no recipient is known.
 * @param part the network of the search; who had the message is looked up in the whole of it
 * @param cameBy the hops before, newest first; only asked where it matters
 * @returns factor for following `kind` to `to` after those hops: 1, a doubt, or 0 when it is excluded
 */
export function mailPassage(part: Network, cameBy: () => Steps | null, kind: string, to: number): number {
  const isFile = kind === 'downloaded-to' || kind === 'saved-as'
  if (kind !== 'clicked-by' && kind !== 'opened-on' && !isFile) return 1
  const network = part.whole ?? part
  const steps = cameBy()
  if (steps?.kind !== 'links-to' && !(isFile && steps?.kind === 'carries')) return 1
  const message = steps.before?.kind === 'carries' ? steps.before.from : steps.from
  const users = recipientsOf(network, message)
  if (users === undefined) return 1
  // An attachment is the same bytes; what a link brought may have come out of another message with that link.
  if (users.size === 0) return steps.kind === 'carries' ? 1 : UNKNOWN_RECIPIENTS
  if (kind === 'clicked-by') return users.has(to) ? 1 : 0
  if (isFile) {
    const places = (network.out.get(to) ?? []).filter((link) => link.kind === 'located-on')
    return places.length === 0 || places.some((place) => isKnownOn(network, users, place.to))
      ? 1
      : NO_RECIPIENT_THERE
  }
  return isKnownOn(network, users, to) ? 1 : 0
}

/** Whether one of the users logged on to the endpoint, or ran something there. */
function isKnownOn(network: Network, users: ReadonlySet<number>, endpoint: number): boolean {
  for (const user of users)
    if ((network.out.get(user) ?? []).some((link) => link.to === endpoint && link.kind === 'logged-on-to'))
      return true
  for (const user of users)
    if (
      (network.into.get(user) ?? []).some(
        (link) =>
          link.kind === 'ran-as' &&
          (network.out.get(link.from) ?? []).some((on) => on.kind === 'ran-on' && on.to === endpoint),
      )
    )
      return true
  return false
}

const cache = new WeakMap<Network, Map<number, ReadonlySet<number> | undefined>>()

/** Users a message was delivered to; undefined when the entity is no message with deliveries. */
function recipientsOf(network: Network, message: number): ReadonlySet<number> | undefined {
  const known = cache.get(network) ?? new Map<number, ReadonlySet<number> | undefined>()
  cache.set(network, known)
  if (known.has(message)) return known.get(message)
  const deliveries = (network.out.get(message) ?? []).filter((link) => link.kind === 'delivered-to')
  const users = new Set(
    deliveries.flatMap((delivery) =>
      (network.out.get(delivery.to) ?? []).filter((link) => link.kind === 'owned-by').map((link) => link.to),
    ),
  )
  const result = deliveries.length === 0 ? undefined : users
  known.set(message, result)
  return result
}

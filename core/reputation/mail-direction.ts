import { toAsciiDomain, type DomainList } from './url-list.ts'

export const DIRECTIONS = ['incoming', 'outgoing', 'internal'] as const
export type Direction = (typeof DIRECTIONS)[number]

const domainOf = (address: string): string => toAsciiDomain(address.slice(address.lastIndexOf('@') + 1))

/** Does the address belong to an internal domain (W14)? */
export const isInternal = (address: string, internal: DomainList): boolean =>
  internal.covers(domainOf(address))

/**
 * Where a message went, when its source does not say (JUDGE.md, "Words"): external sender = incoming; internal sender and no
 * internal recipient = outgoing, also when no recipient is named at all; all internal = internal. An internal sender with
 * recipients on both sides is outgoing: it left.
 */
export function toDirection(from: string | null, to: readonly string[], internal: DomainList): Direction {
  if (from === null || !isInternal(from, internal)) return 'incoming'
  return to.length > 0 && to.every((address) => isInternal(address, internal)) ? 'internal' : 'outgoing'
}

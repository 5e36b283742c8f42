import { parseIso } from '../store/time.ts'
import type { Policy, Service } from './policy-document.ts'

/** Services whose policies are about mail. */
export const MAIL_SERVICES: ReadonlySet<string> = new Set<Service>([
  'exchange-online',
  'exchange-inline-inbound',
  'exchange-inline-outbound',
  'gmail',
])

const timeOf = (text: string | null, otherwise: number): number =>
  (text === null ? undefined : parseIso(text)) ?? otherwise

/** Is the policy effective at that time: from `effectiveFrom` on, until just before `effectiveTo`? @param at microseconds UTC */
export const coversTime = (policy: Policy, at: number): boolean =>
  at >= timeOf(policy.effectiveFrom, -Infinity) && at < timeOf(policy.effectiveTo, Infinity)

/**
 * The versions that speak at a time, one per name: a later version takes the place of an earlier one for the times it covers, and
 * for no others. So `Mail` from January and `Mail` from April are two chapters of one policy.
 * @param versions in the order in which they were set
 */
export function versionsAt<T extends { readonly policy: Policy }>(versions: readonly T[], at: number): T[] {
  const last = new Map<string, T>()
  for (const version of versions) {
    if (!coversTime(version.policy, at)) continue
    last.delete(version.policy.name)
    last.set(version.policy.name, version)
  }
  return [...last.values()]
}

/**
 * The one policy that applies at a time: of those enabled and effective the one with the smallest `priority` (1 goes first), the
 * one set later when two have the same. When none is, the last one set: what it says then is "disabled" (W12).
 * @param versions in the order in which they were set
 * @param service only policies of this service; absent: policies about mail when there are any, else all
 */
export function choosePolicy<T extends { readonly policy: Policy }>(
  versions: readonly T[],
  at: number,
  service?: string,
): T | undefined {
  const asked = versions.filter(({ policy }) =>
    service === undefined ? MAIL_SERVICES.has(policy.service) : policy.service === service,
  )
  const pool = asked.length > 0 || service !== undefined ? asked : versions
  const [first, ...rest] = versionsAt(pool, at).filter(({ policy }) => policy.enabled)
  if (first === undefined) return pool.at(-1)
  return rest.reduce((best, next) => (next.policy.priority <= best.policy.priority ? next : best), first)
}

/**
 * The policy with the header fields that apply to all enabled policies of Exchange Online (W57), whichever of them states the list.
 * Only for judging: what is shown and exported is the policy as it was set.
 */
export function withGlobalHeaders(
  policy: Policy,
  versions: readonly { readonly policy: Policy }[],
  at: number,
): Policy {
  if (policy.service !== 'exchange-online') return policy
  const others = versionsAt(versions, at).filter(
    (version) =>
      version.policy.enabled &&
      version.policy.service === 'exchange-online' &&
      version.policy.name !== policy.name,
  )
  const fields = others.flatMap((version) => version.policy.globalApprovedHeaders.fields)
  if (fields.length === 0) return policy
  return { ...policy, globalApprovedHeaders: { fields: [...policy.globalApprovedHeaders.fields, ...fields] } }
}

import { findAccount } from './accounts.ts'
import { listOddSignIns, type OddSignIn } from './odd-sign-ins.ts'
import type { EntityHandle } from './rule.ts'
import { TimeIndex } from './time-index.ts'
import type { CorrelationView, ViewEvent } from './view.ts'

/** What somebody does with a stolen sign-in follows within a day. */
const AFTER_US = 86_400_000_000
/** The sign-in is written down a little after what it allowed. */
const BEFORE_US = 300_000_000

/** A mailbox by address or, in records of Exchange itself, by the name of its owner: the one identity made, or a new one. */
export function mailboxAt(view: CorrelationView, written: string): EntityHandle {
  const address = written.replace(/^smtp:/i, '').trim()
  const known = view.book.find('mailbox', 'smtp', address)
  if (known) return known.id
  const owner = findAccount(view, address)
  const mail = owner?.attributes['mail']
  const primary = typeof mail === 'string' ? mail : address.toLowerCase()
  const own = view.book.find('mailbox', 'smtp', primary)
  if (own) return own.id
  return {
    kind: 'mailbox',
    key: `mailbox:${owner?.firstMail ?? primary}`,
    name: primary,
    aliases: primary.includes('@') ? [{ kind: 'smtp', value: primary }] : [{ kind: 'name', value: primary }],
  }
}

/** An odd sign-in that something else followed. */
export interface OddSignInBefore extends OddSignIn {
  /** New is the country alone, or the device code: people travel, providers of addresses move them, developers use codes. */
  readonly isWeak: boolean
}

/** A sign-in of the account's own device is a journey or a VPN, unless the provider or the refusals before it say otherwise. */
export const isHarmless = (odd: OddSignIn): boolean =>
  odd.why === 'denials' || (odd.isOwnDevice && isOfPlace(odd))
const isOfPlace = ({ why }: OddSignIn): boolean => why === 'travel' || why === 'country'
export const isWeak = (odd: OddSignIn): boolean =>
  (odd.why === 'country' && !odd.isBacked && !odd.isOtherDevice) ||
  (odd.why === 'device-code' && !odd.isBacked)

/** Whole minutes from one time to a later one; what was written down a little before counts as none. */
export const minutesAfter = (at: number | null, since: number | undefined): number =>
  at === null || since === undefined ? 0 : Math.max(0, Math.round((at - since) / 60e6))

/** Odd sign-ins by account and by address: what was done after one is judged by it. */
export class OddSignIns {
  readonly #strong = new TimeIndex<{ readonly at: number; readonly odd: OddSignIn }>()
  readonly #weak = new TimeIndex<{ readonly at: number; readonly odd: OddSignIn }>()

  constructor(view: CorrelationView) {
    for (const odd of listOddSignIns(view)) {
      if (isHarmless(odd)) continue
      const index = isWeak(odd) ? this.#weak : this.#strong
      index.add(`u${odd.userId}`, { at: odd.until, odd })
      if (odd.ip !== undefined) index.add(`i${odd.ip}`, { at: odd.until, odd })
    }
  }

  /** Whether no account has one that is more than weak. */
  get isCalm(): boolean {
    return this.#strong.size === 0
  }

  /** The last one of the account, or from the address, within the day before; a weak one only where no other was. */
  before(event: {
    readonly at: number | null
    readonly userId: number | null
    readonly fields: Pick<ViewEvent['fields'], 'sourceIp'>
  }): OddSignInBefore | undefined {
    if (event.at === null) return undefined
    const { sourceIp } = event.fields
    const from = event.at - AFTER_US
    const to = event.at + BEFORE_US
    for (const index of [this.#strong, this.#weak]) {
      const byIp = sourceIp === undefined ? undefined : index.last(`i${sourceIp}`, from, to)
      const found = byIp ?? (event.userId === null ? undefined : index.last(`u${event.userId}`, from, to))
      if (found) return { ...found.odd, isWeak: index === this.#weak }
    }
    return undefined
  }

  /** Whether the account signed in oddly at this very time. */
  isOddAt(userId: number, at: number): boolean {
    return [this.#strong, this.#weak].some((index) => index.first(`u${userId}`, at, at) !== undefined)
  }

  /** The first one of the account within a day from a time on, weak ones left out. */
  after(userId: number, at: number): OddSignIn | undefined {
    return this.#strong.first(`u${userId}`, at, at + AFTER_US)?.odd
  }
}

/** Domains of the organisation's own accounts. */
export function ownDomains(view: CorrelationView): ReadonlySet<string> {
  const found = new Set<string>()
  for (const entity of view.entities('user')) {
    for (const { kind, value } of entity.aliases.values())
      if (kind === 'smtp' || kind === 'upn') found.add(domainOf(value))
  }
  return found
}

/** What stands behind the at sign, in lower case. */
export const domainOf = (address: string): string => address.toLowerCase().split('@').at(-1) ?? ''

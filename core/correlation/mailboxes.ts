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

/** Odd sign-ins by account and by address: what was done after one is judged by it. */
export class OddSignIns {
  readonly #byKey = new TimeIndex<{ readonly at: number; readonly odd: OddSignIn }>()

  constructor(view: CorrelationView) {
    for (const odd of listOddSignIns(view)) {
      if (odd.why === 'denials') continue
      this.#byKey.add(`u${odd.userId}`, { at: odd.until, odd })
      if (odd.ip !== undefined) this.#byKey.add(`i${odd.ip}`, { at: odd.until, odd })
    }
  }

  /** The last one of the account, or from the address, within the day before. */
  before(event: ViewEvent): OddSignIn | undefined {
    if (event.at === null) return undefined
    const { sourceIp } = event.fields
    const from = event.at - AFTER_US
    const to = event.at + BEFORE_US
    const byIp = sourceIp === undefined ? undefined : this.#byKey.last(`i${sourceIp}`, from, to)
    return (byIp ?? (event.userId === null ? undefined : this.#byKey.last(`u${event.userId}`, from, to)))?.odd
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

import { hides, looksOfFraud } from './hiding-rules.ts'
import { type OddSignInBefore, type OddSignIns } from './mailboxes.ts'
import { sumOf, SumValues } from './text-sums.ts'
import { TimeIndex } from './time-index.ts'
import type { CorrelationView, ViewEvent } from './view.ts'

/** Who made a rule that hides the answers sends within a day. */
const AFTER_RULE_US = 86_400_000_000
/** An odd sign-in came from this very address, and the account has not used it for longer than this: it is no usual one. */
const NEW_US = 86_400_000_000
/** Records that mailboxes write of what they send; copies of messages are events of this kind as well. */
const SENDS = /^(?:Send|SendAs|SendOnBehalf)$/i

/**
 * How an address stands out from which a mailbox sent: an odd sign-in came from it; the account had not used it before an odd sign-in
 * of its own; or a rule that hides mail, of the kind fraud makes, was made from it.
 */
export type Strangeness = 'odd' | 'new' | 'rule'

/** A message that somebody else may have sent out of a mailbox. */
export interface StrangerSend {
  readonly how: Strangeness
  readonly at: number
  readonly event: ViewEvent
  readonly sign: OddSignInBefore | undefined
  /** A rule that hides mail was made from there, too. */
  readonly hasRule: boolean
}

/** Mail that mailboxes sent, by the address it was sent from: from the usual places of the account, or from a strange one. */
export class StrangerSends {
  readonly list: readonly StrangerSend[]
  /** Message-ID -> 1 for a usual address, 2 for a strange one. */
  readonly #byMessage = new SumValues()

  constructor(view: CorrelationView, odd: OddSignIns) {
    const usual = usualPlaces(view, odd)
    const rules = hidingRules(view)
    this.list = [...this.#judge(view, odd, usual, rules)]
  }

  /** Whether a message was sent from a usual address of the account or a strange one, where a record tells. */
  of(messageId: string | null): 'usual' | 'strange' | undefined {
    const known = messageId === null ? undefined : this.#byMessage.get(sumOf(messageId))
    return known === undefined ? undefined : known === 1 ? 'usual' : 'strange'
  }

  *#judge(
    view: CorrelationView,
    odd: OddSignIns,
    usual: ReadonlyMap<string, number>,
    rules: TimeIndex<{ readonly at: number }>,
  ): Generator<StrangerSend> {
    for (const event of view.events(
      ['mail-sent'],
      [
        'account',
        'accountMail',
        'action',
        'targetAccount',
        'sender',
        'sourceIp',
        'messageId',
        'subject',
        'outcome',
      ],
    )) {
      const { at, userId, fields } = event
      const { action, sourceIp, messageId, outcome } = fields
      if (at === null || userId === null || sourceIp === undefined || outcome === 'failure') continue
      if (!SENDS.test(action ?? '')) continue
      const sign = odd.before(event)
      const made = rules.last(`${userId}|${sourceIp}`, at - AFTER_RULE_US, at)
      const isUsual =
        sign?.ip === sourceIp
          ? (usual.get(`${userId}|${sourceIp}`) ?? Infinity) < at - NEW_US
          : (usual.get(placeOf(userId, sourceIp)) ?? Infinity) < Math.min(sign?.at ?? at, made?.at ?? at)
      const how = isUsual
        ? undefined
        : strangeness(sign, sourceIp, made !== undefined, usual.has(`${userId}`))
      if (messageId !== undefined && (isUsual || how !== undefined))
        this.#byMessage.set(sumOf(messageId), how === undefined ? 1 : 2)
      if (how !== undefined) yield { how, at, event, sign, hasRule: made !== undefined }
    }
  }
}

function strangeness(
  sign: OddSignInBefore | undefined,
  ip: string,
  hasRule: boolean,
  isKnown: boolean,
): Strangeness | undefined {
  if (sign?.ip === ip) return 'odd'
  if (sign && isKnown) return 'new'
  return hasRule ? 'rule' : undefined
}

/** Addresses near each other are one place: providers give a telephone or a house another one every day. */
function placeOf(userId: number, ip: string): string {
  const net = ip.includes(':') ? ip.split(':').slice(0, 4).join(':') : ip.split('.').slice(0, 3).join('.')
  return `${userId}|net ${net}`
}

/** Account and address or place -> when the account first signed in from there, if that was not odd; the account alone where any sign-in is known. */
function usualPlaces(view: CorrelationView, odd: OddSignIns): ReadonlyMap<string, number> {
  const first = new Map<string, number>()
  for (const { at, userId, fields } of view.events(['cloud-sign-in'], ['sourceIp', 'outcome'])) {
    if (at === null || userId === null || fields.sourceIp === undefined || fields.outcome !== 'success')
      continue
    first.set(`${userId}`, at)
    for (const key of [`${userId}|${fields.sourceIp}`, placeOf(userId, fields.sourceIp)])
      if (!first.has(key)) first.set(key, odd.isOddAt(userId, at) ? Infinity : at)
  }
  return first
}

/** Rules that hide mail as those of fraud do, by account and address. */
function hidingRules(view: CorrelationView): TimeIndex<{ readonly at: number }> {
  const found = new TimeIndex<{ readonly at: number }>()
  for (const { at, userId, fields } of view.events(
    ['mailbox-rule'],
    ['sourceIp', 'target', 'detail', 'outcome', 'action'],
  )) {
    const { sourceIp, target = '', detail = '', outcome } = fields
    if (at === null || userId === null || sourceIp === undefined || outcome === 'failure') continue
    if (hides(detail) !== undefined && looksOfFraud(target, detail))
      found.add(`${userId}|${sourceIp}`, { at })
  }
  return found
}

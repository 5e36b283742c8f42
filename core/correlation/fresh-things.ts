import { type OddSignInBefore, OddSignIns } from './mailboxes.ts'
import type { MessageCopy } from './message-copy.ts'
import { type Household, thingsOf } from './sent-things.ts'
import { StrangerSends } from './stranger-sends.ts'
import { sumOf, SumValues } from './text-sums.ts'
import type { CorrelationView } from './view.ts'

/** A link to one or two colleagues is everyday. */
const SOME = 3

/** A message to colleagues with a link or file that no mail had before, after an odd sign-in of its sender. */
export interface Fresh {
  readonly copy: MessageCopy
  readonly at: number
  readonly userId: number
  readonly messageKey: string
  readonly what: string
  /** Colleagues it went to. */
  readonly others: number
  readonly sign: OddSignInBefore
  /** Sent from an address that is strange to the account; undefined where no record tells. */
  readonly send: 'strange' | undefined
}

/** Messages that may spread a phish of one who has a mailbox of the organisation: the link is new, so nothing else joins them to it. */
export function* freshThings(view: CorrelationView, { owners, own, popular }: Household): Generator<Fresh> {
  const odd = new OddSignIns(view)
  if (odd.isCalm) return
  const { copies } = view.mail
  const first = new SumValues()
  const keysOf = (copy: MessageCopy): { sum: number; what: string }[] => [
    ...new Map(
      thingsOf(copy, popular, own).map(({ key, what, host }) => {
        const sum = sumOf(host === undefined ? key : `h ${host}`)
        return [sum, { sum, what }]
      }),
    ).values(),
  ]
  for (const copy of copies)
    for (const { sum } of keysOf(copy)) {
      const known = copies[first.get(sum) ?? -1]
      if (!known || timeOf(copy) < timeOf(known)) first.set(sum, copy.place)
    }
  const sends = new StrangerSends(view, odd)
  const told = new Set<number>()
  for (const copy of copies) {
    const at = copy.sentAt ?? copy.deliveredAt
    const userId = copy.from ? (owners.get(copy.from.id) ?? 0) : 0
    if (at === null || userId === 0 || told.has(copy.message.id)) continue
    const fresh = keysOf(copy).find(({ sum }) => copies[first.get(sum) ?? -1]?.message.id === copy.message.id)
    if (!fresh) continue
    const sign = odd.before({ at, userId, fields: {} })
    if (!sign || sign.isWeak) continue
    const send = sends.of(copy.messageId)
    if (send === 'usual') continue
    const others = new Set<number>()
    for (const { mailboxes } of view.mail.copiesOf(copy.message.id))
      for (const mailbox of mailboxes) {
        const owner = owners.get(mailbox.id) ?? 0
        if (owner !== 0 && owner !== userId) others.add(owner)
      }
    if (others.size < SOME) continue
    told.add(copy.message.id)
    yield {
      copy,
      at,
      userId,
      messageKey: view.entity(copy.message.id).key,
      what: fresh.what,
      others: others.size,
      sign,
      send,
    }
  }
}

const timeOf = (copy: MessageCopy): number => copy.sentAt ?? copy.deliveredAt ?? Infinity

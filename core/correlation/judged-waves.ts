import { type Traced, traitsOf } from './campaign-traits.ts'
import { type CopyFate, copyFates } from './copy-fates.ts'
import { type JudgedClick, judgedClicks } from './judged-clicks.ts'
import { type MailVerdict, readVerdicts, type Verdicts } from './mail-verdicts.ts'
import type { OddSignIn } from './odd-sign-ins.ts'
import { OddSignIns } from './mailboxes.ts'
import { MessageGroups } from './message-groups.ts'
import type { MessageCopy } from './message-copy.ts'
import { PopularHosts, senderDomain } from './rare-hosts.ts'
import { dayOf } from './accounts.ts'
import type { CorrelationView } from './view.ts'

/** Waves of one campaign follow each other within days. */
const WINDOW_US = 14 * 86_400_000_000

/** A message that a mail product holds something against, and what became of it. */
export interface JudgedMessage {
  /** The copy that stands for it: one that names the sender. */
  readonly copy: MessageCopy
  /** When its first copy came, or was sent; null when nobody says. */
  readonly at: number | null
  readonly verdicts: readonly MailVerdict[]
  readonly fates: readonly CopyFate[]
  readonly clicks: readonly JudgedClick[]
  readonly followed: readonly FollowedSignIn[]
}

/** An odd sign-in of somebody who had the message in the mailbox. */
export interface FollowedSignIn {
  readonly userId: number
  readonly deliveredAt: number
  readonly odd: OddSignIn
}

/** Judged messages that belong together, the first to come first; and verdicts on clicks of which no message is known. */
export interface JudgedMail {
  readonly waves: readonly (readonly JudgedMessage[])[]
  readonly strays: Verdicts['clicks']
}

/**
 * All messages that mail products judged, by wave: as `mail.campaign` tells which messages belong together (same attachment, same rare
 * page, a rare host or source with nearly the same subject). What was stopped on its way from one sender domain on one day is one wave too.
 */
export function judgedMail(view: CorrelationView): JudgedMail {
  const { messages: verdicts, clicks: strays } = readVerdicts(view)
  if (verdicts.length === 0) return { waves: [], strays }
  const judged = messagesOf(view, verdicts)
  return { waves: wavesOf(judged, new PopularHosts(view.mail.copies)), strays }
}

function messagesOf(view: CorrelationView, verdicts: readonly MailVerdict[]): JudgedMessage[] {
  const byMessage = Map.groupBy(verdicts, ({ message }) => message)
  const copies = new Map<number, MessageCopy>()
  const firsts = new Map<number, number | null>()
  for (const message of byMessage.keys()) {
    let first: number | null = null
    for (const copy of view.mail.copiesOf(message)) {
      const known = copies.get(message)
      if (!known || (!known.own.from && copy.own.from)) copies.set(message, copy)
      const at = copy.deliveredAt ?? copy.sentAt
      if (at !== null && (first === null || at < first)) first = at
    }
    firsts.set(message, first)
  }
  const fates = copyFates(view, byMessage.keys())
  const clicks = Map.groupBy(judgedClicks(view, firsts), ({ message }) => message)
  const hasReached = [...fates.values()].some((list) => list.some(({ fate }) => fate !== 'stopped'))
  const oddSignIns = hasReached ? new OddSignIns(view) : undefined
  return [...byMessage]
    .flatMap(([message, said]): JudgedMessage[] => {
      const copy = copies.get(message)
      const own = fates.get(message) ?? []
      const followed = oddSignIns ? own.flatMap((one) => followedBy(view, oddSignIns, one)) : []
      const at = firsts.get(message) ?? null
      return copy
        ? [{ copy, at, verdicts: said, fates: own, clicks: clicks.get(message) ?? [], followed }]
        : []
    })
    .sort((a, b) => (a.at ?? Infinity) - (b.at ?? Infinity) || compareNames(a, b))
}

/** Of two that came at once, which one is first must not go by the order of import. */
function compareNames(a: JudgedMessage, b: JudgedMessage): number {
  const [left, right] = [a.copy.messageId ?? '', b.copy.messageId ?? '']
  return left < right ? -1 : left > right ? 1 : 0
}

function followedBy(view: CorrelationView, oddSignIns: OddSignIns, copy: CopyFate): FollowedSignIn[] {
  if (copy.at === null || copy.fate === 'stopped') return []
  const mailbox = view.mail.mailbox(copy.address)
  const userId = mailbox && view.mail.ownerOf(mailbox)?.user.id
  const odd = userId === undefined ? undefined : oddSignIns.after(userId, copy.at)
  return userId === undefined || !odd ? [] : [{ userId, deliveredAt: copy.at, odd }]
}

/** Whether all copies were kept from the mailboxes and nobody opened anything of it. */
export const wasStopped = ({ fates, clicks }: JudgedMessage): boolean =>
  clicks.every((click) => click.wasStopped) && fates.every(({ fate }) => fate === 'stopped')

function wavesOf(judged: readonly JudgedMessage[], popular: PopularHosts): JudgedMessage[][] {
  const groups = new MessageGroups()
  const latest = new Map<string, { place: number; at: number }>()
  for (const [place, message] of judged.entries()) {
    groups.join(place, place)
    const { copy, at } = message
    if (at === null) continue
    const traced: Traced = { copy, at, source: undefined }
    const keys = traitsOf(traced, popular).map(({ key }) => key)
    if (wasStopped(message)) keys.push(`d ${senderDomain(copy)}|${dayOf(at)}`)
    for (const key of keys) {
      const before = latest.get(key)
      if (before && at - before.at <= WINDOW_US) groups.join(before.place, place)
      latest.set(key, { place, at })
    }
  }
  return groups.all().map((group) => group.flatMap((place) => judged[place] ?? []))
}

import { findAccount } from './accounts.ts'
import { proofOf } from './drafts.ts'
import { openedLinks } from './link-evidence.ts'
import { CLOCK_US } from './links.ts'
import { MessageNames } from './message-names.ts'
import { PopularHosts, registeredDomain } from './rare-hosts.ts'
import type { RelationDraft } from './rule.ts'
import type { CorrelationView } from './view.ts'

/** Below this it is not known whether the page was opened out of the message. */
const LIKELY = 0.7
/** A link opened later than this was found again for other reasons. */
const WINDOW_US = 30 * 86_400_000_000
/** Links of a message that are looked at. Attack: a message with a hundred thousand links. */
const MAX_LINKS = 256

/** Somebody opened a link of a judged message, or was kept from it by the product. */
export interface JudgedClick {
  readonly message: number
  /** Entity id of who opened it; undefined when the record names nobody known. */
  readonly userId: number | undefined
  /** The name to show. */
  readonly who: string
  /** Entity id of the link, where it is one that hardly anybody else sends. */
  readonly url: number | undefined
  readonly at: number
  readonly wasStopped: boolean
  readonly proof: RelationDraft['proof']
}

/**
 * Clicks on links of judged messages: those that a click log files under the message, or under one of its links that hardly anybody else
 * sends; and what else shows such a link opened (command lines, proxies). Somebody it was forwarded to counts too.
 * @param firsts judged messages with the time of their first copy
 */
export function judgedClicks(
  view: CorrelationView,
  firsts: ReadonlyMap<number, number | null>,
): readonly JudgedClick[] {
  const links = linksOf(view, firsts)
  const found: JudgedClick[] = []
  const isInTime = (message: number, at: number): boolean => {
    const first = firsts.get(message) ?? null
    return first === null || (at >= first - CLOCK_US && at <= first + WINDOW_US)
  }
  const add = (click: JudgedClick): void => {
    if (isInTime(click.message, click.at)) found.push(click)
  }
  const logged = [...loggedClicks(view)]
  const names = new MessageNames(
    view,
    logged.map(({ fields }) => fields),
  )
  for (const event of logged) {
    const { at, userId, fields } = event
    const user = userId ?? findAccount(view, fields.account)?.id
    const who = user === undefined ? fields.account : view.entity(user).name
    for (const message of names.of(fields))
      if (firsts.has(message) && at !== null && who !== undefined)
        add({
          message,
          userId: user,
          who,
          url: undefined,
          at,
          wasStopped: fields.outcome === 'failure',
          proof: proofOf(event),
        })
  }
  if (links.size > 0)
    for (const { kind, from, to, at, confidence, proof } of openedLinks(view)) {
      if (kind !== 'clicked-by' || typeof from !== 'number' || typeof to !== 'number') continue
      if (at === null || confidence < LIKELY) continue
      for (const message of links.get(from) ?? [])
        add({ message, userId: to, who: view.entity(to).name, url: from, at, wasStopped: false, proof })
    }
  return found.sort((a, b) => a.at - b.at || (a.who < b.who ? -1 : a.who > b.who ? 1 : 0))
}

function* loggedClicks(view: CorrelationView) {
  for (const event of view.events(['url-click'], ['networkMessageId', 'messageId', 'outcome', 'account']))
    if (event.fields.networkMessageId !== undefined || event.fields.messageId !== undefined) yield event
}

/** Links that only such messages have: url entity -> judged messages. */
function linksOf(
  view: CorrelationView,
  firsts: ReadonlyMap<number, number | null>,
): ReadonlyMap<number, readonly number[]> {
  const popular = new PopularHosts(view.mail.copies)
  const own = new Set<string>()
  for (const mailbox of view.entities('mailbox'))
    if (view.mail.ownerOf(mailbox))
      own.add(registeredDomain(mailbox.name.split('@').at(-1)?.toLowerCase() ?? ''))
  const found = new Map<number, number[]>()
  for (const message of firsts.keys()) {
    const [copy] = view.mail.copiesOf(message)
    for (const { entity, host } of copy?.urls.slice(0, MAX_LINKS) ?? []) {
      if (popular.has(host) || own.has(registeredDomain(host))) continue
      const known = found.get(entity.id)
      if (!known) found.set(entity.id, [message])
      else if (!known.includes(message)) known.push(message)
    }
  }
  return found
}

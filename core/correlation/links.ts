import { parseUrl } from '../normalise/url.ts'
import { unwrapUrl } from '../normalise/url-unwrap.ts'
import { proofOf } from './drafts.ts'
import type { MailEntity } from './mail-index.ts'
import type { Recipients } from './recipients.ts'
import type { RelationDraft } from './rule.ts'
import type { CorrelationView, ViewEvent } from './view.ts'

/** Somebody else opened it than those it was sent to: forwarded by word, or a link everybody knows. */
export const BY_STRANGER = 0.5
/** A downloaded file names the address as its origin or referrer. */
export const BY_MARK = 0.85
/** Mail and endpoint clocks differ; machines outside the domain go wrong by minutes. */
export const CLOCK_US = 600_000_000

/** A link of messages: who got it, and when the first did. */
export interface Link {
  readonly entity: MailEntity
  readonly host: string
  /** Microseconds UTC of the first delivery; null when no copy carries a time. */
  first: number | null
  readonly users: Set<number>
}

/** Links of all messages by normal form. */
export function linksByUrl(view: CorrelationView, recipients: Recipients): Map<string, Link> {
  const links = new Map<string, Link>()
  for (const copy of view.mail.copies)
    for (const { url, host, entity } of copy.urls) {
      let link = links.get(url)
      if (!link) {
        link = { entity, host, first: null, users: new Set() }
        links.set(url, link)
      }
      const at = copy.deliveredAt ?? copy.sentAt
      if (at !== null && (link.first === null || at < link.first)) link.first = at
      for (const user of recipients.usersOf(copy)) link.users.add(user)
    }
  return links
}

export function findLink(links: ReadonlyMap<string, Link>, text: string): Link | undefined {
  const normal = parseUrl(text)?.text
  if (normal === undefined) return undefined
  const direct = links.get(normal)
  if (direct) return direct
  const inner = unwrapUrl(text)
  return inner === undefined ? undefined : links.get(parseUrl(inner)?.text ?? '')
}

/** A link cannot be opened out of a message that has not come yet. */
export const cameBefore = (link: Link, at: number | null): boolean =>
  link.first === null || at === null || link.first <= at + CLOCK_US

/** Whether somebody who got the link may be the one who acts here. */
export const isForRecipient = (link: Link, event: ViewEvent, recipients: Recipients): boolean =>
  event.userId !== null
    ? link.users.has(event.userId)
    : event.endpointId !== null && recipients.usersOn(event.endpointId).some((user) => link.users.has(user))

export function* opened(
  link: Link,
  event: ViewEvent,
  confidence: number,
  reason: string,
  params: Record<string, string | number>,
): Generator<RelationDraft> {
  const base = { from: link.entity.id, at: event.at, confidence, reason, params, proof: proofOf(event) }
  if (event.userId !== null) yield { kind: 'clicked-by', to: event.userId, ...base }
  if (event.endpointId !== null) yield { kind: 'opened-on', to: event.endpointId, ...base }
}

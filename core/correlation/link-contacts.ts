import { baseName } from '../normalise/path.ts'
import { parseUrl } from '../normalise/url.ts'
import { HostContacts } from './host-contacts.ts'
import {
  BY_MARK,
  BY_STRANGER,
  cameBefore,
  CLOCK_US,
  isForRecipient,
  isParticular,
  type Link,
  type MailLinks,
  opened,
} from './links.ts'
import { isBrowser, isMailClient } from './mail-programs.ts'
import type { Recipients } from './recipients.ts'
import type { RelationDraft } from './rule.ts'
import type { CorrelationView, ViewEvent } from './view.ts'
import { isMachineVisit, visitorOf, wasStopped, WEB_FIELDS, WEB_KINDS } from './web-contacts.ts'

/** A proxy or a sensor recorded the request for exactly this address. */
const BY_REQUEST = 0.9
/** A browser of a recipient looked up or reached the host soon after delivery. */
const BY_HOST = 0.55
/** How long after delivery the first contact with the host still speaks for the link. */
const WINDOW_US = 3 * 86_400_000_000

/** What proxies and sensors saw: requests for exactly a link, and the first contact with its host after delivery. */
export function* byWeb(view: CorrelationView, links: MailLinks): Generator<RelationDraft> {
  const contacts = new HostContacts(view, links)
  for (const event of view.events(WEB_KINDS, WEB_FIELDS)) {
    const { url, referrer } = event.fields
    if (isMachineVisit(event) || wasStopped(event)) continue
    const host = hostOf(event)
    const isKnown = host !== undefined && links.hasHost(host)
    const link = url === undefined ? undefined : links.find(url)
    const origin = link || referrer === undefined ? undefined : links.find(referrer)
    if (!isKnown && !link && !origin) continue
    const endpoint = visitorOf(view, event)
    const placed = { ...event, endpointId: endpoint?.id ?? null }
    yield* requested(link ?? origin, placed, link !== undefined, links.recipients)
    if (isKnown && endpoint && event.at !== null) contacts.note(host, endpoint.id, placed, event.at)
  }
  yield* byContact(view, contacts, links)
}

/** The name asked for, or the server's name: in the DNS query, the TLS handshake, the request or the connection. */
function hostOf(event: ViewEvent): string | undefined {
  const { target, destinationHost, url } = event.fields
  if (event.kind === 'dns-query') return target?.toLowerCase().replace(/\.$/, '')
  return destinationHost?.toLowerCase() ?? (url === undefined ? undefined : parseUrl(url)?.host)
}

/** A request for exactly this link. Who it was is said by the record, else it is the one recipient who works there. */
function* requested(
  link: Link | undefined,
  event: ViewEvent,
  isLink: boolean,
  recipients: Recipients,
): Generator<RelationDraft> {
  if (!link || event.kind === 'dns-query' || !cameBefore(link, event.at)) return
  const here = event.endpointId === null ? [] : recipients.usersOn(event.endpointId)
  const likely = here.filter((user) => link.users.has(user))
  const userId = event.userId ?? (here.length === 1 && likely.length === 1 ? (likely[0] ?? null) : null)
  const who = userId === null ? event : { ...event, userId }
  // A proxy's client that is no endpoint of the case and names nobody leaves nothing to relate.
  if (who.userId === null && who.endpointId === null) return
  // That it was opened is recorded; what is not known is whether because of this mail.
  if (!isForRecipient(link, who, recipients))
    yield* opened(link, who, isLink && isParticular(link) ? BY_REQUEST : BY_STRANGER, 'stranger', {})
  else if (isLink) yield* opened(link, who, BY_REQUEST, 'request', {})
  else yield* opened(link, who, BY_MARK, 'request_referrer', {})
}

/** First contact of a recipient's endpoint with the host of a link, after delivery. */
function* byContact(
  view: CorrelationView,
  contacts: HostContacts,
  { recipients }: MailLinks,
): Generator<RelationDraft> {
  const isLooked = contacts.copies()
  for (const userId of recipients.users()) {
    const places = view.sessions.endpointsOf(userId).filter((place) => place.interactive)
    if (places.length === 0) continue
    for (const { copy, deliveredAt } of recipients.receivedBy(userId, (place) => isLooked[place] === 1)) {
      if (deliveredAt === null) continue
      for (const { host, entity, url } of copy.urls)
        for (const { endpointId } of places) {
          const first = contacts.first(host, endpointId, userId)
          if (!first || first.at < deliveredAt - CLOCK_US || first.at - deliveredAt > WINDOW_US) continue
          const { processPath } = first.event.fields
          const browser = baseName(processPath ?? '')
          const minutes = Math.max(0, Math.round((first.at - deliveredAt) / 60e6))
          const known = isBrowser(processPath) || isMailClient(processPath)
          if (browser !== '' && !known) continue
          yield* opened(
            { entity, url, host, first: null, users: new Set() },
            { ...first.event, userId },
            known ? BY_HOST : BY_HOST - 0.15,
            known ? 'host' : 'host_only',
            { browser, host, minutes },
          )
        }
    }
  }
}

import { baseName } from '../normalise/path.ts'
import { parseUrl } from '../normalise/url.ts'
import {
  BY_MARK,
  BY_STRANGER,
  cameBefore,
  CLOCK_US,
  findLink,
  isForRecipient,
  type Link,
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
/** A host that this many endpoints of people who did not get the link contact is popular: contact says nothing. */
const POPULAR_ENDPOINTS = 12

/** First contact of an endpoint with a host that links lead to; another for each user its records name. */
interface Contact {
  readonly event: ViewEvent
  readonly at: number
}

/** What proxies and sensors saw: requests for exactly a link, and the first contact with its host after delivery. */
export function* byWeb(
  view: CorrelationView,
  links: ReadonlyMap<string, Link>,
  recipients: Recipients,
): Generator<RelationDraft> {
  const hosts = new Set([...links.values()].map((link) => link.host))
  const contacts = new Map<string, Map<number, Contact[]>>()
  for (const event of view.events(WEB_KINDS, WEB_FIELDS)) {
    const { url, referrer } = event.fields
    if (isMachineVisit(event) || wasStopped(event)) continue
    const host = hostOf(event)
    const isKnown = host !== undefined && hosts.has(host)
    const link = url === undefined ? undefined : findLink(links, url)
    const origin = link || referrer === undefined ? undefined : findLink(links, referrer)
    if (!isKnown && !link && !origin) continue
    const endpoint = visitorOf(view, event)
    const placed = { ...event, endpointId: endpoint?.id ?? null }
    yield* requested(view, link ?? origin, placed, link !== undefined, recipients)
    if (isKnown && endpoint && event.at !== null) note(contacts, host, endpoint.id, placed, event.at)
  }
  yield* byContact(view, contacts, recipients)
}

/** The name asked for, or the server's name: in the DNS query, the TLS handshake, the request or the connection. */
function hostOf(event: ViewEvent): string | undefined {
  const { target, destinationHost, url } = event.fields
  if (event.kind === 'dns-query') return target?.toLowerCase().replace(/\.$/, '')
  return destinationHost?.toLowerCase() ?? (url === undefined ? undefined : parseUrl(url)?.host)
}

function note(
  contacts: Map<string, Map<number, Contact[]>>,
  host: string,
  endpointId: number,
  event: ViewEvent,
  at: number,
): void {
  let endpoints = contacts.get(host)
  if (!endpoints) contacts.set(host, (endpoints = new Map<number, Contact[]>()))
  const list = endpoints.get(endpointId)
  if (!list) endpoints.set(endpointId, [{ event, at }])
  else if (list.every((one) => one.event.userId !== event.userId)) list.push({ event, at })
}

/** A request for exactly this link. Who it was is said by the record, else it is the one recipient who works there. */
function* requested(
  view: CorrelationView,
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
  if (!isForRecipient(link, who, recipients)) yield* opened(link, who, BY_STRANGER, 'stranger', {})
  else if (isLink) yield* opened(link, who, BY_REQUEST, 'request', {})
  else yield* opened(link, who, BY_MARK, 'request_referrer', {})
}

/** First contact of a recipient's endpoint with the host of a link, after delivery. */
function* byContact(
  view: CorrelationView,
  contacts: ReadonlyMap<string, ReadonlyMap<number, readonly Contact[]>>,
  recipients: Recipients,
): Generator<RelationDraft> {
  const popular = popularHosts(view, contacts, recipients)
  for (const [userId, received] of recipients.byUser) {
    const places = view.sessions.endpointsOf(userId).filter((place) => place.interactive)
    if (places.length === 0) continue
    for (const { copy, deliveredAt } of received) {
      if (deliveredAt === null) continue
      for (const { host, entity } of copy.urls) {
        const endpoints = popular.has(host) ? undefined : contacts.get(host)
        if (!endpoints) continue
        for (const place of places) {
          // On a machine of many, only what ran as this user speaks for this user.
          const first = endpoints
            .get(place.endpointId)
            ?.find(({ event }) => event.userId === null || event.userId === userId)
          if (!first || first.at < deliveredAt - CLOCK_US || first.at - deliveredAt > WINDOW_US) continue
          const browser = baseName(first.event.fields.processPath ?? '')
          const minutes = Math.max(0, Math.round((first.at - deliveredAt) / 60e6))
          const { processPath } = first.event.fields
          const known = isBrowser(processPath) || isMailClient(processPath)
          if (browser !== '' && !known) continue
          yield* opened(
            { entity, host, first: null, users: new Set() },
            { ...first.event, userId },
            known ? BY_HOST : BY_HOST - 0.15,
            known ? 'host' : 'host_only',
            { browser, host, minutes },
          )
        }
      }
    }
  }
}

/** Hosts that many endpoints contact on which nobody works who got a link to them. */
function popularHosts(
  view: CorrelationView,
  contacts: ReadonlyMap<string, ReadonlyMap<number, readonly Contact[]>>,
  recipients: Recipients,
): Set<string> {
  const invited = new Map<string, Set<number>>()
  for (const [user, received] of recipients.byUser) {
    const places = view.sessions.endpointsOf(user).filter((place) => place.interactive)
    for (const { copy } of received)
      for (const { host } of copy.urls) {
        if (!contacts.has(host)) continue
        let endpoints = invited.get(host)
        if (!endpoints) invited.set(host, (endpoints = new Set<number>()))
        for (const place of places) endpoints.add(place.endpointId)
      }
  }
  const popular = new Set<string>()
  for (const [host, endpoints] of contacts) {
    const own = invited.get(host)
    let others = 0
    for (const endpointId of endpoints.keys()) if (own?.has(endpointId) !== true) others += 1
    if (others > POPULAR_ENDPOINTS) popular.add(host)
  }
  return popular
}

import type { BookEntity } from '../identity/entity-book.ts'
import type { EventFieldName, EventKind } from '../model/event.ts'
import { isLinkScanner } from '../normalise/link-scanner.ts'
import type { CorrelationView, ViewEvent } from './view.ts'

/** Kinds of records that show a visit to a page or host: of the endpoint, of a proxy, of a sensor on the wire. */
export const WEB_KINDS: readonly EventKind[] = [
  'http-request',
  'tls-connection',
  'network-connection',
  'dns-query',
]
export const WEB_FIELDS: readonly EventFieldName[] = [
  'processPath',
  'target',
  'destinationHost',
  'url',
  'referrer',
  'userAgent',
  'sourceIp',
  'sourceHost',
  'outcome',
  'action',
]

/** Whether a visit was made by software that looks links up, not by a person. */
export const isMachineVisit = (event: ViewEvent): boolean => isLinkScanner(event.fields.userAgent)

/** Whether a proxy or firewall stopped it. */
export const wasStopped = (event: ViewEvent): boolean =>
  event.fields.outcome === 'failure' || /block|den(?:y|ied)|drop|reset/i.test(event.fields.action ?? '')

/** The endpoint a visit came from: its own log, else the one that had the client's address or name at the time. */
export function visitorOf(view: CorrelationView, event: ViewEvent): BookEntity | undefined {
  if (event.endpointId !== null) return view.entity(event.endpointId)
  const { sourceHost, sourceIp } = event.fields
  return (
    (sourceHost === undefined ? undefined : view.findEndpoint(sourceHost, event.at)) ??
    view.addresses.find(sourceIp, event.at)
  )
}

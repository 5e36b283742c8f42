import type { EventKind } from './event.ts'

/**
 * Who wrote a record. Two records are independent when whoever wrote one could not have made the other: an endpoint of itself (all its
 * logs and sensors are one), the mail system, the click log of the mail protection, the cloud's audit, the network between (proxies,
 * DNS servers, taps), the identity sensor of domain controllers, the directory, and products that tell of no endpoint.
 */
export const RECORDERS = [
  'endpoint',
  'mail',
  'clicks',
  'cloud',
  'network',
  'identity',
  'directory',
  'product',
] as const
export type Recorder = (typeof RECORDERS)[number]

/** Kinds of events that somebody other than the endpoint they name writes, also when they name one (S14). */
const BY_KIND = {
  'mail-delivered': 'mail',
  'mail-sent': 'mail',
  'mail-removed': 'mail',
  'mail-released': 'mail',
  'url-click': 'clicks',
  'cloud-sign-in': 'cloud',
  'cloud-activity': 'cloud',
  'mailbox-access': 'cloud',
  'mailbox-change': 'cloud',
  'mailbox-rule': 'cloud',
  'http-request': 'network',
  'tls-connection': 'network',
  'address-lease': 'network',
  'directory-query': 'identity',
} as const satisfies Partial<Record<EventKind, Recorder>>

/** Tables in which a domain controller's sensor tells of other machines. */
export const TOLD_BY_DIRECTORY: readonly string[] = [
  'IdentityLogonEvents',
  'IdentityQueryEvents',
  'IdentityDirectoryEvents',
]

/** Kinds of events by who writes them, whatever endpoint they name. */
export const KINDS_FROM_OUTSIDE: ReadonlyMap<EventKind, Recorder> = new Map<EventKind, Recorder>(
  Object.entries(BY_KIND) as [keyof typeof BY_KIND, Recorder][],
)

/** Services a policy can belong to, in the order of the product's list (docs/policy.md). */
export const SERVICES = [
  'exchange-online',
  'exchange-inline-inbound',
  'exchange-inline-outbound',
  'gmail',
  'sharepoint',
  'onedrive',
  'teams',
  'teams-chat',
  'box',
  'dropbox',
  'google-drive',
  'salesforce',
] as const
export type Service = (typeof SERVICES)[number]

/** What only some services have: exactly that is offered (docs/policy.md, "What belongs to which service"). */
export type Option =
  | 'scope'
  | 'internalDomains'
  | 'scanAttachments'
  | 'retroScan'
  | 'timeOfClick'
  | 'approvedSenders'
  | 'internalUrls'
  | 'headers'
  | 'fileAction'
  | 'tag'
  | 'replacementText'
  | 'users'

const MAIL: readonly Service[] = ['exchange-online', 'gmail']
const EXCHANGE: readonly Service[] = ['exchange-online']
const STORES: readonly Service[] = ['sharepoint', 'onedrive', 'teams', 'box', 'dropbox', 'google-drive']
const INLINE: readonly Service[] = ['exchange-inline-inbound', 'exchange-inline-outbound']
const SERVICES_OF: Readonly<Record<Option, readonly Service[]>> = {
  scope: MAIL,
  internalDomains: [...MAIL, ...INLINE],
  scanAttachments: MAIL,
  retroScan: MAIL,
  timeOfClick: EXCHANGE,
  approvedSenders: MAIL,
  internalUrls: EXCHANGE,
  headers: EXCHANGE,
  fileAction: ['salesforce'],
  tag: STORES,
  replacementText: SERVICES.filter((service) => service !== 'teams-chat'),
  users: [...MAIL, ...STORES, 'salesforce'],
}
export const hasOption = (service: Service, option: Option): boolean => SERVICES_OF[option].includes(service)

const OUTBOUND = ['tag-subject', 'delete', 'quarantine', 'pass', 'pass-silently']

/** Actions on a match that a service knows (W58). */
export function actionsOf(service: Service): readonly string[] {
  switch (service) {
    case 'exchange-online':
    case 'exchange-inline-inbound':
      return [...OUTBOUND, 'move-to-junk']
    case 'exchange-inline-outbound':
      return OUTBOUND
    case 'gmail':
      return ['label', 'move-to-spam', 'delete', 'quarantine', 'pass']
    case 'salesforce':
      return ['pass', 'quarantine', 'delete']
    case 'teams-chat':
      return ['block', 'pass']
    default:
      return ['quarantine', 'delete', 'pass', 'tag-file-name']
  }
}

/** Actions for URLs of the blocked list (W49). */
export function blockedActionsOf(service: Service): readonly string[] {
  switch (service) {
    case 'gmail':
      return ['label', 'delete', 'quarantine']
    case 'salesforce':
      return ['pass', 'quarantine', 'delete']
    case 'teams-chat':
      return ['block']
    default:
      return ['quarantine', 'delete']
  }
}

import type { EventKind } from '../../model/event.ts'
import type { EcsDocument } from './document.ts'

/** Datasets whose sign-ins happen at a cloud service, not on an endpoint. */
const CLOUD =
  /^(?:azure|o365|okta|google_workspace|gcp|aws|auth0|entityanalytics|github|salesforce|slack|zoom)\b/

/** Action texts that say more than the type (Elastic Endpoint, Auditbeat, integrations). */
const ACTIONS: readonly (readonly [RegExp, string, EventKind])[] = [
  [/^(?:fork|exec|start|process_started|executed|process-start)$/, 'process', 'process-start'],
  [/^(?:end|process_stopped|process-end|terminated?)$/, 'process', 'process-end'],
  [/^(?:rename|moved|file-rename)$/, 'file', 'file-rename'],
  [/^(?:deletion|deleted|unlink|file-delete)$/, 'file', 'file-delete'],
  [/^(?:creation|created|file-create)$/, 'file', 'file-create'],
  [/^(?:attributes_modified|config_change|overwrite|modification|updated)$/, 'file', 'file-modify'],
  [/^(?:open|read|opened-file)$/, 'file', 'file-read'],
  [/rename/, 'registry', 'registry-rename'],
  [/delet|remov/, 'registry', 'registry-delete'],
  [/query|enum/, 'registry', 'object-access'],
]

/** What a connection or a request has, whichever way its names are cut. */
const NETWORK_FIELDS = [
  'source.ip',
  'source.address',
  'destination.ip',
  'destination.address',
  'url.full',
  'url.original',
  'http.request.method',
  'tls.version',
]

/**
 * What happened, from `event.kind`, `event.category`, `event.type` and `event.action`; `generic` when they do not say.
 * Several categories stand for one event: the most telling decides.
 */
export function kindOf(document: EcsDocument): EventKind {
  const words = (name: string): ReadonlySet<string> => new Set(document.words(name))
  const kinds = words('event.kind')
  const categories = words('event.category')
  const types = words('event.type')
  const action = document.text('event.action')?.toLowerCase() ?? ''
  const dataset = document.text('event.dataset', 'data_stream.dataset')?.toLowerCase() ?? ''
  const module = document.text('event.module')?.toLowerCase() ?? ''
  const failed = document.text('event.outcome')?.toLowerCase() === 'failure'

  if (kinds.has('alert') || kinds.has('signal')) return 'alert'
  if (
    kinds.has('asset') ||
    kinds.has('state') ||
    (types.has('info') && categories.has('host') && action.startsWith('existing'))
  )
    return 'inventory'
  for (const [pattern, category, kind] of ACTIONS)
    if (categories.has(category) && pattern.test(action)) return kind
  if (document.has('dns.question.name')) return 'dns-query'
  if (categories.has('malware')) return 'malware-detected'
  if (categories.has('intrusion_detection') || categories.has('threat') || categories.has('vulnerability'))
    return 'alert'
  if (categories.has('email')) return emailKind(document)
  if (categories.has('authentication')) {
    if (types.has('end') || /log(?:ged)?[-_ ]?o(?:ut|ff)|logout|signout/.test(action)) return 'logoff'
    if (CLOUD.test(dataset) || CLOUD.test(module)) return 'cloud-sign-in'
    return failed || types.has('denied') ? 'logon-failure' : 'logon'
  }
  if (categories.has('registry')) {
    if (types.has('deletion')) return 'registry-delete'
    if (types.has('creation')) return 'registry-key'
    return types.has('access') ? 'object-access' : 'registry-set'
  }
  if (categories.has('driver')) return 'driver-load'
  if (categories.has('library')) return 'image-load'
  if (categories.has('file')) {
    if (types.has('deletion')) return 'file-delete'
    if (types.has('creation')) return 'file-create'
    return types.has('access') && !types.has('change') ? 'file-read' : 'file-modify'
  }
  // A process event may carry `network` beside its category; without an end or a request it tells of the process.
  const isOfProcess = categories.has('process') && !NETWORK_FIELDS.some((name) => document.has(name))
  if ((categories.has('network') || categories.has('web')) && !isOfProcess) {
    // The process of a web request has a category of its own in some sources; the request says more.
    if (document.has('http.request.method') || (categories.has('web') && document.has('url.original')))
      return 'http-request'
    if (document.has('url.full') && !document.has('tls.version')) return 'http-request'
    if (document.has('tls.version') || document.has('tls.client.server_name') || dataset === 'tls')
      return 'tls-connection'
    if (/bound[-_]socket|listen/.test(action)) return 'network-bind'
    if (dataset.endsWith('.dhcp')) return 'address-lease'
    return 'network-connection'
  }
  if (categories.has('process')) {
    if (types.has('start')) return 'process-start'
    if (types.has('end')) return 'process-end'
    return types.has('access') ? 'process-access' : kinds.has('metric') ? 'inventory' : 'generic'
  }
  if (categories.has('api') && document.has('Target.process.pid')) return 'process-access'
  if (categories.has('session')) return types.has('end') ? 'session-disconnect' : 'session-connect'
  if (categories.has('iam')) return iamKind(types, action)
  if (categories.has('configuration') && CLOUD.test(dataset)) return 'cloud-activity'
  if (CLOUD.test(dataset) || CLOUD.test(module)) return 'cloud-activity'
  if (module === 'osquery' || dataset.startsWith('osquery')) return 'inventory'
  if (dataset.startsWith('system.') && kinds.has('metric')) return 'inventory'
  return 'generic'
}

function emailKind(document: EcsDocument): EventKind {
  if (document.text('email.direction')?.toLowerCase() === 'outbound') return 'mail-sent'
  const action = document.text('event.action')?.toLowerCase() ?? ''
  return /quarantin|block|reject|delet/.test(action) ? 'mail-removed' : 'mail-delivered'
}

function iamKind(types: ReadonlySet<string>, action: string): EventKind {
  if (types.has('group')) return 'group-change'
  if (/password/.test(action)) return 'password-change'
  if (types.has('creation')) return 'account-create'
  return types.has('deletion') ? 'account-delete' : 'account-change'
}

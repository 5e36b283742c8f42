import type { GraphNode } from '../contract/nouns/graph.ts'
import type { EntityKind } from '../model/relation.ts'

/** Programs the system starts before anybody logs on, and what starts for everybody. */
const BOOT = new Set([
  ...['system', 'smss.exe', 'wininit.exe', 'winlogon.exe', 'services.exe', 'csrss.exe', 'lsass.exe'],
  ...['registry', 'init', 'systemd', 'launchd'],
])
const BROWSERS = new Set([
  ...[
    'chrome.exe',
    'msedge.exe',
    'firefox.exe',
    'iexplore.exe',
    'brave.exe',
    'opera.exe',
    'vivaldi.exe',
    'safari',
  ],
  ...['chrome', 'firefox', 'chromium'],
])
/** Whatever can send and receive mail, client or server. */
const MAIL_CLIENTS = new Set([
  ...[
    'outlook.exe',
    'olk.exe',
    'thunderbird.exe',
    'hxoutlook.exe',
    'hxtsr.exe',
    'em client.exe',
    'mailclient.exe',
  ],
  ...['notes.exe', 'notes2.exe', 'nlnotes.exe', 'edgetransport.exe', 'msexchangedelivery.exe', 'thunderbird'],
])

const CLASSES: Partial<Record<EntityKind, NonNullable<GraphNode['nodeClass']>>> = {
  message: 'email-message',
  attachment: 'file',
  file: 'file',
  url: 'network',
  domain: 'network',
  ip: 'network',
  process: 'process',
  'registry-key': 'registry',
  // What is set to start again lies in the registry or beside it.
  service: 'registry',
  'scheduled-task': 'registry',
  'wmi-subscription': 'registry',
}

/** The kind of node in a root-cause analysis. A service, task or subscription counts as registry: it is set to start again. */
export function classOf(kind: EntityKind, name: string): NonNullable<GraphNode['nodeClass']> {
  if (kind !== 'process') return CLASSES[kind] ?? 'actor'
  const program = name.toLowerCase()
  if (BOOT.has(program)) return 'boot'
  if (BROWSERS.has(program)) return 'browser'
  return MAIL_CLIENTS.has(program) ? 'email-client' : 'process'
}

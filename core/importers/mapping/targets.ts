import { EVENT_FIELDS, type EventFieldName } from '../../model/event.ts'
import type { MappingKind } from '../../model/mapping.ts'
import { toSid } from '../../normalise/account.ts'
import { toGuid } from '../../normalise/guid.ts'
import { toHash } from '../../normalise/hash.ts'
import { toHost, toInteger, toIp, toLogonId, toPort } from '../../normalise/host.ts'
import { toAddressKey } from '../../normalise/mail.ts'
import { toPath } from '../../normalise/path.ts'
import { present } from '../../normalise/placeholder.ts'
import { refang } from '../../normalise/defang.ts'

/** How the text of a column becomes the value of an event field. */
type Reader = (text: string) => string | number | undefined

/** A target of mapping.json that is a field of an event: the field, and how its text is read. */
export interface FieldTarget {
  readonly field: EventFieldName
  readonly read: Reader
}

const hash =
  (kind: 'sha256' | 'sha1' | 'md5'): Reader =>
  (text) => {
    const found = toHash(text)
    return found?.kind === kind ? found.hash : undefined
  }
const url: Reader = (text) => {
  const shown = present(text)
  return shown === undefined ? undefined : refang(shown)
}

/** Targets that are one field of an event, whatever the kind of row (CLI.md, mapping.json). */
const FIELD_TARGETS: Readonly<Record<string, FieldTarget>> = {
  'endpoint.name': { field: 'host', read: toHost },
  'user.email': { field: 'accountMail', read: (text) => toAddressKey(text) ?? present(text) },
  'user.sid': { field: 'accountSid', read: toSid },
  'user.agent': { field: 'userAgent', read: present },
  'source.ip': { field: 'sourceIp', read: toIp },
  'source.port': { field: 'sourcePort', read: toPort },
  'source.host': { field: 'sourceHost', read: toHost },
  'destination.ip': { field: 'destinationIp', read: toIp },
  'destination.port': { field: 'destinationPort', read: toPort },
  'destination.host': { field: 'destinationHost', read: toHost },
  url: { field: 'url', read: url },
  'click.action': { field: 'action', read: present },
  'process.path': { field: 'processPath', read: toPath },
  'process.name': { field: 'processPath', read: toPath },
  'process.commandLine': { field: 'commandLine', read: present },
  'process.pid': { field: 'pid', read: toInteger },
  'process.guid': { field: 'processGuid', read: (text) => toGuid(text) ?? present(text) },
  'process.sha256': { field: 'sha256', read: hash('sha256') },
  'parent.path': { field: 'parentPath', read: toPath },
  'parent.name': { field: 'parentPath', read: toPath },
  'parent.commandLine': { field: 'parentCommandLine', read: present },
  'parent.pid': { field: 'parentPid', read: toInteger },
  'parent.guid': { field: 'parentGuid', read: (text) => toGuid(text) ?? present(text) },
  'file.path': { field: 'target', read: toPath },
  'file.name': { field: 'target', read: toPath },
  'file.sha256': { field: 'sha256', read: hash('sha256') },
  'file.action': { field: 'action', read: present },
  'dns.query': { field: 'target', read: toHost },
  'dns.answers': { field: 'detail', read: present },
  'logon.id': { field: 'logonId', read: toLogonId },
  'logon.result': { field: 'status', read: present },
}

const byPublicName = new Map<string, FieldTarget>(
  (Object.keys(EVENT_FIELDS) as EventFieldName[]).map((field) => [
    EVENT_FIELDS[field].name,
    { field, read: EVENT_FIELDS[field].type === 'int' ? toInteger : present },
  ]),
)

/** Targets that need more than one field, read by the kind that knows them. */
const COMPOSED = new Set(['user.name', 'user.domain', 'logon.type', 'parent.sha256'])

/** Targets offered for a kind of row, in the order an analyst reads them (CLI.md). */
export const TARGETS: Readonly<Record<MappingKind, readonly string[]>> = {
  message: [
    'message.from',
    'message.replyTo',
    'message.to',
    'message.subject',
    'message.id',
    'message.networkId',
    'message.url',
    'message.urls',
    'message.attachmentName',
    'message.attachmentSha256',
    'message.verdict',
    'message.action',
    'message.direction',
  ],
  click: ['user.name', 'user.email', 'source.ip', 'source.host', 'url', 'user.agent', 'click.action'],
  process: [
    'endpoint.name',
    'user.name',
    'process.name',
    'process.path',
    'process.commandLine',
    'process.pid',
    'process.guid',
    'process.sha256',
    'parent.name',
    'parent.path',
    'parent.commandLine',
    'parent.pid',
    'parent.guid',
    'parent.sha256',
  ],
  file: [
    'endpoint.name',
    'user.name',
    'file.path',
    'file.name',
    'file.sha256',
    'file.action',
    'process.name',
    'process.guid',
  ],
  network: [
    'endpoint.name',
    'user.name',
    'process.name',
    'source.ip',
    'source.port',
    'destination.ip',
    'destination.port',
    'destination.host',
    'url',
  ],
  dns: ['endpoint.name', 'source.ip', 'dns.query', 'dns.answers'],
  logon: [
    'endpoint.name',
    'user.name',
    'user.domain',
    'logon.type',
    'logon.id',
    'logon.result',
    'source.ip',
    'source.host',
  ],
  user: [
    'user.name',
    'user.email',
    'user.displayName',
    'user.sid',
    'user.department',
    'user.title',
    'endpoint.name',
    'source.ip',
  ],
  endpoint: ['endpoint.name', 'endpoint.fqdn', 'endpoint.sid', 'endpoint.os', 'source.ip'],
  generic: [],
}

/**
 * How a target is read into an event field. Beside the kind's own targets, every field name of the search works
 * (`event.action`); undefined for targets that the kind composes itself, and for names nobody knows.
 */
export function fieldTarget(target: string): FieldTarget | undefined {
  if (COMPOSED.has(target)) return undefined
  const own = Object.hasOwn(FIELD_TARGETS, target) ? FIELD_TARGETS[target] : undefined
  return own ?? byPublicName.get(target)
}

/** Whether rows of this kind can have the target; `generic` takes any name and keeps it searchable. */
export function isTarget(kind: MappingKind, target: string): boolean {
  return kind === 'generic' || TARGETS[kind].includes(target) || byPublicName.has(target)
}

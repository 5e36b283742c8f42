import { toAccount, toSid } from '../../normalise/account.ts'
import { toHash } from '../../normalise/hash.ts'
import { toHost, toIp, toPort } from '../../normalise/host.ts'
import { toPath } from '../../normalise/path.ts'
import { present } from '../../normalise/placeholder.ts'
import { parseTime } from '../../normalise/time.ts'
import type { EventFieldName, EventItem } from '../../model/event.ts'
import { isObject, type JsonObject, member, scalarText } from './parse-object.ts'

/** Member names (dots descend) under which unknown products write a fact, most telling first. */
const TIMES = [
  '@timestamp',
  'timestamp',
  'Timestamp',
  'TimeGenerated',
  'eventTime',
  'EventTime',
  'event_time',
  'TimeCreated',
  'CreationTime',
  'createdDateTime',
  'activityDateTime',
  'datetime',
  'time',
  'Time',
  '_time',
  'ts',
  'date',
  'created_at',
]
type Reader = (text: string) => string | number | undefined
const FIELDS: readonly (readonly [EventFieldName, Reader, readonly string[]])[] = [
  [
    'host',
    toHost,
    [
      'host.name',
      'host.hostname',
      'hostname',
      'Hostname',
      'DeviceName',
      'ComputerName',
      'Computer',
      'computer',
      'computer_name',
      'endpointHostName',
      'host',
    ],
  ],
  [
    'account',
    present,
    [
      'user.name',
      'UserPrincipalName',
      'userPrincipalName',
      'AccountUpn',
      'UserName',
      'username',
      'user_name',
      'AccountName',
      'account',
      'UserId',
      'userId',
      'user',
      'User',
      'InitiatingProcessAccountName',
      'MailboxOwnerUPN',
    ],
  ],
  ['accountSid', toSid, ['user.id', 'AccountSid', 'UserSid', 'LogonUserSid', 'InitiatingProcessAccountSid']],
  [
    'sourceIp',
    toIp,
    [
      'source.ip',
      'src_ip',
      'srcip',
      'sourceIp',
      'SourceIp',
      'SourceIP',
      'ClientIP',
      'clientIp',
      'Client_IPAddress',
      'ClientIPAddress',
      'IPAddress',
      'ipAddress',
      'IpAddress',
      'client_ip',
      'ip',
      'LocalIP',
    ],
  ],
  ['sourcePort', (text) => toPort(text), ['source.port', 'src_port', 'SourcePort', 'LocalPort']],
  ['destinationIp', toIp, ['destination.ip', 'dst_ip', 'dest_ip', 'dstip', 'DestinationIp', 'RemoteIP']],
  [
    'destinationPort',
    (text) => toPort(text),
    ['destination.port', 'dst_port', 'dest_port', 'DestinationPort', 'RemotePort'],
  ],
  ['url', present, ['url.full', 'url', 'Url', 'URL', 'RemoteUrl', 'request.url']],
  ['processPath', toPath, ['process.executable', 'InitiatingProcessFolderPath', 'Image', 'process_path']],
  [
    'commandLine',
    present,
    ['process.command_line', 'ProcessCommandLine', 'CommandLine', 'InitiatingProcessCommandLine', 'cmdline'],
  ],
  ['target', toPath, ['file.path', 'FolderPath', 'TargetFilename', 'ObjectId']],
  [
    'action',
    present,
    ['event.action', 'ActionType', 'Operation', 'OperationName', 'operationName', 'eventName', 'action'],
  ],
  ['outcome', present, ['event.outcome', 'ResultStatus', 'Result', 'outcome']],
  [
    'provider',
    present,
    ['event.provider', 'SourceSystem', 'OfficeWorkload', 'Workload', 'provider', 'product'],
  ],
  ['sha256', hashOf('sha256'), ['file.hash.sha256', 'SHA256', 'sha256']],
  ['sha1', hashOf('sha1'), ['file.hash.sha1', 'SHA1', 'sha1']],
  ['md5', hashOf('md5'), ['file.hash.md5', 'MD5', 'md5']],
]
const DETAILS = ['message', 'Message', 'msg', 'description', 'Description', 'summary', 'event.original']
/** A detail is for reading; the whole record stays as raw text. */
const DETAIL_LIMIT = 1_000

/**
 * An event of kind `generic` out of an object no importer knows: what stands under well-known names becomes fields, a
 * time under no known name leaves it undated. Nothing is guessed from values.
 */
export function toGenericEvent(object: JsonObject, zone: string): EventItem {
  const fields: Record<string, string | number> = {}
  for (const [field, read, names] of FIELDS) {
    for (const name of names) {
      const text = scalarText(at(object, name))
      const value = text === undefined ? undefined : read(text)
      if (value === undefined || value === '') continue
      fields[field] = value
      break
    }
  }
  const domain = scalarText(at(object, 'AccountDomain')) ?? scalarText(at(object, 'user.domain'))
  const account = toAccount(domain, typeof fields['account'] === 'string' ? fields['account'] : undefined)
  if (account !== undefined) fields['account'] = account
  const detail = DETAILS.map((name) => present(scalarText(at(object, name)))).find(
    (text) => text !== undefined,
  )
  fields['detail'] = (detail ?? JSON.stringify(object)).slice(0, DETAIL_LIMIT)
  const time = TIMES.map((name) => readTime(at(object, name), zone)).find((parsed) => parsed !== undefined)
  return time?.zoneAssumed === true
    ? { type: 'event', kind: 'generic', at: time.us, zoneAssumed: true, fields }
    : { type: 'event', kind: 'generic', at: time?.us ?? null, fields }
}

function readTime(value: unknown, zone: string): ReturnType<typeof parseTime> {
  const text = scalarText(value)
  return text === undefined ? undefined : parseTime(text, zone)
}
function hashOf(kind: 'sha256' | 'sha1' | 'md5'): Reader {
  return (text) => {
    const hash = toHash(text)
    return hash?.kind === kind ? hash.hash : undefined
  }
}
/** The member `a.b`: written flat with a dot, or nested. */
function at(object: JsonObject, name: string): unknown {
  const flat = member(object, name)
  if (flat !== undefined || !name.includes('.')) return flat
  let value: unknown = object
  for (const part of name.split('.')) value = isObject(value) ? member(value, part) : undefined
  return value
}

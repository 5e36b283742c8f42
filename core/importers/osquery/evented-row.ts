import type { EventFields, EventKind } from '../../model/event.ts'
import { toAccount, toSid } from '../../normalise/account.ts'
import { toHost, toInteger, toIp, toLogonId, toPort } from '../../normalise/host.ts'
import { toPath } from '../../normalise/path.ts'
import { logonTypeOf } from '../../normalise/logon-type.ts'
import { detailOf, hashOf, joined, shortText, toPid } from '../endpoint/values.ts'
import { type JsonObject, member, parseObject, scalarText } from '../json/parse-object.ts'
import { toEventToMerge } from '../windows/to-event.ts'
import { addValue, emptyWindowsEvent } from '../windows/windows-event.ts'
import { textOf } from './result.ts'
import type { EventedTable } from './tables.ts'

export interface RowMeaning {
  readonly kind: EventKind
  readonly fields: EventFields
}

/** What a row of an evented table means. */
export function eventedRow(table: EventedTable, row: JsonObject): RowMeaning {
  return ROWS[table](row)
}

/** The process a row names as the one that acted. */
function actor(row: JsonObject): EventFields {
  return {
    account: textOf(row, 'username', 'user'),
    processPath: toPath(textOf(row, 'executable', 'path', 'process_path')),
    commandLine: textOf(row, 'cmdline'),
    pid: toPid(textOf(row, 'pid')),
    parentPid: toPid(textOf(row, 'parent', 'ppid')),
  }
}

function hashes(row: JsonObject): EventFields {
  return {
    sha256: hashOf('sha256', textOf(row, 'sha256')),
    sha1: hashOf('sha1', textOf(row, 'sha1')),
    md5: hashOf('md5', textOf(row, 'md5')),
  }
}

const owners = (row: JsonObject): string | undefined =>
  detailOf([
    ['Uid', textOf(row, 'uid')],
    ['Auid', textOf(row, 'auid')],
    ['Cwd', textOf(row, 'cwd')],
    ['Syscall', textOf(row, 'syscall')],
    ['Signer', textOf(row, 'signing_id')],
  ])

const PROTOCOLS: ReadonlyMap<string, string> = new Map([
  ['1', 'icmp'],
  ['6', 'tcp'],
  ['17', 'udp'],
])

function fileKind(action: string | undefined): EventKind {
  const word = action?.toLowerCase() ?? ''
  if (/moved|renam/.test(word)) return 'file-rename'
  if (/creat/.test(word)) return 'file-create'
  if (/delet|unlink|removed/.test(word)) return 'file-delete'
  return /open|access|read/.test(word) ? 'file-read' : 'file-modify'
}

const ROWS: Record<EventedTable, (row: JsonObject) => RowMeaning> = {
  process: (row) => {
    const what = textOf(row, 'event_type', 'syscall')?.toLowerCase() ?? ''
    return {
      kind: /exit/.test(what) ? 'process-end' : 'process-start',
      fields: {
        ...actor(row),
        ...hashes(row),
        status: textOf(row, 'status', 'exit_code'),
        detail: owners(row),
      },
    }
  },
  'process-etw': (row) => ({
    kind: /stop|end/i.test(textOf(row, 'type') ?? '') ? 'process-end' : 'process-start',
    fields: {
      ...actor(row),
      status: textOf(row, 'exit_code'),
      integrity: textOf(row, 'mandatory_label'),
      sessionId: textOf(row, 'session_id'),
    },
  }),
  socket: (row) => {
    const what = textOf(row, 'action', 'syscall', 'event_type')?.toLowerCase() ?? ''
    const local = { ip: toIp(textOf(row, 'local_address')), port: toPort(textOf(row, 'local_port')) }
    const remote = { ip: toIp(textOf(row, 'remote_address')), port: toPort(textOf(row, 'remote_port')) }
    const isInbound = what.startsWith('accept')
    const [from, to] = isInbound ? [remote, local] : [local, remote]
    const success = textOf(row, 'success', 'status')?.toLowerCase()
    return {
      kind: what === 'bind' || what === 'listen' ? 'network-bind' : 'network-connection',
      fields: {
        ...actor(row),
        sourceIp: from.ip,
        sourcePort: from.port,
        destinationIp: to.ip,
        destinationPort: to.port,
        action: isInbound ? 'inbound' : what.startsWith('connect') ? 'outbound' : undefined,
        outcome:
          success === '1' || success === 'succeeded'
            ? 'success'
            : success === '0' || success === 'failed'
              ? 'failure'
              : undefined,
        protocol: PROTOCOLS.get(textOf(row, 'protocol') ?? ''),
        detail: owners(row),
      },
    }
  },
  file: (row) => {
    const action = textOf(row, 'action')
    return {
      kind: fileKind(action),
      fields: {
        ...hashes(row),
        target: toPath(textOf(row, 'target_path', 'path')),
        action,
        detail: detailOf([
          ['Source', toPath(textOf(row, 'old_path'))],
          ['Size', textOf(row, 'size')],
          ['Uid', textOf(row, 'uid')],
          ['Category', textOf(row, 'category')],
        ]),
      },
    }
  },
  'process-file': (row) => {
    const action = textOf(row, 'operation', 'event_type')
    const isEndpointSecurity = textOf(row, 'filename') !== undefined
    return {
      kind: fileKind(action),
      fields: {
        ...actor(row),
        processPath: toPath(isEndpointSecurity ? textOf(row, 'path') : textOf(row, 'executable')),
        target: toPath(textOf(row, 'dest_path', 'dest_filename', 'filename', 'path')),
        action,
        detail: detailOf([
          [
            'Source',
            textOf(row, 'dest_path', 'dest_filename') === undefined
              ? undefined
              : toPath(textOf(row, 'filename', 'path')),
          ],
          ['Uid', textOf(row, 'uid')],
        ]),
      },
    }
  },
  // utmp: 7 is a user's session, 8 its end (utmp(5)).
  login: (row) => {
    const type = textOf(row, 'type_name', 'type')?.toLowerCase() ?? ''
    const kind = /^7$|user/.test(type) ? 'logon' : /^8$|dead|logout/.test(type) ? 'logoff' : 'generic'
    return { kind, fields: session(row) }
  },
  'login-session': (row) => ({ kind: 'logon', fields: session(row) }),
  user: userEvent,
  powershell: (row) => ({
    kind: 'script-block',
    fields: {
      account: textOf(row, 'username'),
      target: toPath(textOf(row, 'script_path', 'script_name')),
      detail: textOf(row, 'script_text'),
    },
  }),
  windows: windowsEvent,
  dns: (row) => ({
    kind: 'dns-query',
    fields: {
      ...actor(row),
      target: toHost(textOf(row, 'name')),
      status: textOf(row, 'status'),
      detail: shortText(textOf(row, 'response')),
    },
  }),
  yara: (row) => ({
    kind: textOf(row, 'matches') === undefined || textOf(row, 'count') === '0' ? 'generic' : 'alert',
    fields: {
      target: toPath(textOf(row, 'target_path')),
      rule: textOf(row, 'matches'),
      action: textOf(row, 'action'),
      detail: shortText(textOf(row, 'strings')),
    },
  }),
  hardware: (row) => ({
    kind: 'device-connect',
    fields: {
      target: joined([textOf(row, 'vendor'), textOf(row, 'model')], ' ') ?? textOf(row, 'path'),
      action: textOf(row, 'action'),
      detail: detailOf([
        ['Type', textOf(row, 'type')],
        ['Serial', textOf(row, 'serial')],
        ['Path', textOf(row, 'path')],
        ['Driver', textOf(row, 'driver')],
      ]),
    },
  }),
  syslog: (row) => ({
    kind: 'generic',
    fields: {
      application: textOf(row, 'tag'),
      severity: textOf(row, 'severity'),
      detail: shortText(textOf(row, 'message')),
    },
  }),
}

function session(row: JsonObject): EventFields {
  const from = textOf(row, 'host')
  const type = textOf(row, 'logon_type')
  return {
    account: toAccount(textOf(row, 'logon_domain'), textOf(row, 'username', 'user')),
    accountSid: toSid(textOf(row, 'logon_sid', 'sid')),
    logonId: toLogonId(textOf(row, 'logon_id')),
    logonType: logonTypeOf(type ?? ''),
    authentication: textOf(row, 'authentication_package'),
    sourceIp: toIp(from),
    sourceHost: toIp(from) === undefined ? toHost(from) : undefined,
    sessionId: textOf(row, 'session_id'),
    pid: toPid(textOf(row, 'pid')),
    detail: detailOf([
      ['Terminal', textOf(row, 'tty')],
      ['Type', textOf(row, 'type', 'logon_type')],
    ]),
  }
}
/** Record types of the Linux audit: USER_LOGIN, USER_LOGOUT, USER_START, USER_END. */
const AUDIT_TYPES: ReadonlyMap<string, EventKind> = new Map([
  ['1112', 'logon'],
  ['1113', 'logoff'],
  ['1105', 'session-connect'],
  ['1106', 'session-disconnect'],
])

function userEvent(row: JsonObject): RowMeaning {
  const message = textOf(row, 'message') ?? ''
  const said = (name: string): string | undefined =>
    new RegExp(`\\b${name}="?([^"\\s']+)`).exec(message.slice(0, 4_000))?.[1]
  const failed = /^fail/.test(said('res') ?? '')
  const kind = AUDIT_TYPES.get(textOf(row, 'type') ?? '') ?? 'generic'
  return {
    kind: kind === 'logon' && failed ? 'logon-failure' : kind,
    fields: {
      account: said('acct'),
      processPath: toPath(textOf(row, 'path') ?? said('exe')),
      pid: toPid(textOf(row, 'pid')),
      sourceIp: toIp(textOf(row, 'address') ?? said('addr')),
      outcome: said('res') === undefined ? undefined : failed ? 'failure' : 'success',
      detail: shortText(message),
    },
  }
}

/** A row of `windows_events` or `windows_eventlog`: the data are JSON in a column. */
function windowsEvent(row: JsonObject): RowMeaning {
  const event = emptyWindowsEvent()
  event.provider = textOf(row, 'provider_name') ?? ''
  event.channel = textOf(row, 'source', 'channel') ?? ''
  event.eventId = toInteger(textOf(row, 'eventid')) ?? 0
  event.computer = textOf(row, 'computer_name') ?? ''
  const parsed = parseObject(textOf(row, 'data') ?? '{}')
  const data: unknown = parsed.ok
    ? (member(parsed.value, 'EventData') ?? member(parsed.value, 'UserData') ?? parsed.value)
    : undefined
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) {
    for (const [name, value] of Object.entries(data))
      addValue(event.data, name, scalarText(value) ?? JSON.stringify(value))
  }
  const { kind, fields } = toEventToMerge(event)
  return { kind, fields }
}

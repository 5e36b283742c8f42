import type { EventFields, EventKind } from '../../model/event.ts'
import { toAccount, toSid } from '../../normalise/account.ts'
import { toHost, toInteger } from '../../normalise/host.ts'
import { toAddressKey, toMessageId } from '../../normalise/mail.ts'
import { toPath } from '../../normalise/path.ts'
import type { DottedRecord } from '../endpoint/dotted-record.ts'
import { compact, detailOf, joined, shortText, techniquesOf, toCount, toPid } from '../endpoint/values.ts'
import { hashesOf, pathOf, processOf, userOf } from './parties.ts'

/** Who acted: `actor`, with the user of its process where the actor names none. */
export function actorOf(record: DottedRecord): EventFields {
  return {
    ...compact(userOf(record, 'actor.process.user')),
    ...compact(userOf(record, 'actor.user')),
    ...compact(processOf(record, 'actor.process')),
  }
}

/** What an activity was done to, by the objects of its class. */
export function subjectOf(record: DottedRecord, uid: number, kind: EventKind): EventFields {
  switch (uid) {
    case 1007:
      return kind === 'process-start' || kind === 'process-end' ? ownProcess(record) : otherProcess(record)
    case 1004:
      return otherProcess(record)
    case 1001:
      return {
        ...hashesOf(record, 'file'),
        target: pathOf(record, kind === 'file-rename' && record.has('file_result') ? 'file_result' : 'file'),
        detail: detailOf([
          ['Source', kind === 'file-rename' ? pathOf(record, 'file') : undefined],
          ['Size', record.text('file.size')],
          ['Owner', record.text('file.owner.name')],
        ]),
      }
    case 1002:
    case 1005: {
      const prefix = uid === 1005 ? 'module.file' : 'driver.file'
      return { ...hashesOf(record, prefix), target: pathOf(record, prefix) }
    }
    case 1006:
      return {
        target: record.text('job.name'),
        detail: record.text('job.cmd_line') ?? pathOf(record, 'job.file'),
      }
    case 1009:
      return {
        ...hashesOf(record, 'script'),
        target: pathOf(record, 'script.file') ?? record.text('script.name'),
        application: record.text('script.type'),
        detail: record.text('script.script_content', 'script.script_content.value'),
      }
    case 201001:
      return {
        target: record.text('reg_key.path'),
        detail: detailOf([['Previous', record.text('prev_reg_key.path')]]),
      }
    case 201002:
      return { target: valuePath(record), detail: shortText(record.text('reg_value.data')) }
    case 201003:
      return { target: record.text('win_resource.name') }
    case 201004:
      return {
        target: record.text('win_service.name'),
        detail: record.text('win_service.cmd_line', 'win_service.service_file.path', 'win_service.file.path'),
      }
    case 4003:
      return {
        target: toHost(record.text('query.hostname')),
        status: record.text('rcode', 'rcode_id'),
        detail: joined(record.records('answers').map((answer) => answer.text('rdata'))),
      }
    case 3001:
    case 3003:
    case 3005:
    case 3006:
      return {
        targetAccount: toAccount(
          record.text('user.domain', 'group.domain'),
          record.text('user.name', 'group.name'),
        ),
        targetSid: toSid(record.text('user.uid', 'group.uid')),
        detail: detailOf([
          ['Group', record.text('group.name')],
          ['Privileges', joined(record.list('privileges'))],
        ]),
      }
    case 3002:
      return authentication(record)
    case 4009:
    case 4011:
    case 4012:
      return message(record)
    default:
      return Math.floor((uid % 100_000) / 1000) === 2
        ? finding(record)
        : { ...hashesOf(record, 'file'), target: pathOf(record, 'file') }
  }
}

/** The process a process activity is about; its actor is the parent where it names none. */
function ownProcess(record: DottedRecord): EventFields {
  const own = compact(processOf(record, 'process'))
  const actor = processOf(record, 'actor.process')
  return {
    ...compact({
      parentPath: actor.processPath,
      parentCommandLine: actor.commandLine,
      parentPid: actor.pid,
      parentGuid: actor.processGuid,
    }),
    ...own,
    ...compact(userOf(record, 'process.user')),
    ...hashesOf(record, 'process.file'),
    status: record.text('exit_code'),
    detail: detailOf([['ExitCode', record.text('exit_code')]]),
  }
}

function otherProcess(record: DottedRecord): EventFields {
  const other = processOf(record, 'process')
  return {
    target: other.processPath,
    targetPid: toPid(record.text('process.pid')),
    targetGuid: other.processGuid,
    targetAccount: userOf(record, 'process.user').account,
    status: record.text('actual_permissions', 'requested_permissions'),
    detail: detailOf([
      ['Injection', record.text('injection_type')],
      ['TargetCommandLine', other.commandLine],
    ]),
  }
}

function valuePath(record: DottedRecord): string | undefined {
  const path = record.text('reg_value.path') ?? record.text('reg_key.path')
  const name = record.text('reg_value.name')
  if (path === undefined || name === undefined) return path ?? name
  return path.toLowerCase().endsWith(`\\${name.toLowerCase()}`) ? path : `${path}\\${name}`
}

const PROTOCOLS: ReadonlyMap<number, string> = new Map([
  [1, 'NTLM'],
  [2, 'Kerberos'],
  [3, 'Digest'],
  [4, 'OpenID'],
  [5, 'SAML'],
  [6, 'OAuth 2.0'],
  [7, 'PAP'],
  [8, 'CHAP'],
  [9, 'EAP'],
  [10, 'RADIUS'],
  [11, 'Basic'],
  [12, 'LDAP'],
])

function authentication(record: DottedRecord): EventFields {
  const protocol = toInteger(record.text('auth_protocol_id'))
  const type = toInteger(record.text('logon_type_id'))
  return {
    ...compact(userOf(record, 'user')),
    logonType: type === 0 || type === 99 ? undefined : type,
    authentication:
      (protocol === undefined ? undefined : PROTOCOLS.get(protocol)) ?? record.text('auth_protocol'),
    application: record.text('service.name'),
    detail: detailOf([
      ['LogonProcess', record.text('logon_process.name')],
      ['Mfa', record.text('is_mfa')],
      ['Remote', record.text('is_remote')],
    ]),
  }
}

function message(record: DottedRecord): EventFields {
  const address = (text: string): string => toAddressKey(text) ?? text
  return {
    messageId: toMessageId(record.text('email.message_uid')) ?? undefined,
    networkMessageId: record.text('email.uid', 'email_uid', 'message_trace_uid'),
    sender: record
      .list('email.from')
      .concat(record.list('email.smtp_from'), record.list('from'))
      .map(address)[0],
    recipient: joined(
      [
        ...record.list('email.to'),
        ...record.list('email.cc'),
        ...record.list('email.smtp_to'),
        ...record.list('to'),
      ].map(address),
    ),
    subject: record.text('email.subject'),
    attachment: joined([
      ...record.records('email.files').map((file) => file.text('name')),
      record.text('file.name'),
    ]),
    ...hashesOf(record, 'file'),
    url: record.text('url.url_string') ?? record.records('email.urls')[0]?.text('url_string'),
    action: record.text('direction', 'activity_name'),
    detail: detailOf([
      ['SPF', record.text('email_auth.spf')],
      ['DKIM', record.text('email_auth.dkim')],
      ['DMARC', record.text('email_auth.dmarc')],
    ]),
  }
}

/** A finding speaks through its first piece of evidence where it has one. */
function finding(record: DottedRecord): EventFields {
  const evidence = record.records('evidences')[0] ?? record.records('evidence')[0]
  const around =
    evidence === undefined
      ? {}
      : compact({
          ...actorOf(evidence),
          ...compact(processOf(evidence, 'process')),
          ...hashesOf(evidence, 'file'),
          target: pathOf(evidence, 'file'),
          url: evidence.text('url.url_string'),
        })
  return {
    ...around,
    rule: joined([
      record.text('finding_info.title', 'finding.title', 'finding_info.analytic.name'),
      ...record.records('malware').map((one) => one.text('name')),
    ]),
    detail: shortText(record.text('finding_info.desc', 'finding.desc', 'message')),
  }
}

/** Techniques of `attacks`, wherever the class puts them. */
export function techniquesIn(record: DottedRecord): string | undefined {
  return techniquesOf(
    ['attacks', 'finding_info.attacks', 'finding.attacks'].flatMap((name) =>
      record
        .records(name)
        .flatMap((attack) => [
          ...attack.list('technique.uid'),
          ...attack.list('sub_technique.uid'),
          ...attack.records('techniques').flatMap((technique) => technique.list('uid')),
        ]),
    ),
  )
}

/** What was asked for over a connection. */
export function requestOf(record: DottedRecord): EventFields {
  const url = record.text('http_request.url.url_string', 'url.url_string')
  const host = record.text('http_request.url.hostname', 'url.hostname')
  const path = record.text('http_request.url.path', 'url.path') ?? '/'
  return {
    url:
      url ??
      (host === undefined
        ? undefined
        : `${record.text('http_request.url.scheme', 'url.scheme') ?? 'http'}://${host}${path}`),
    referrer: record.text('http_request.referrer'),
    httpMethod: record.text('http_request.http_method'),
    httpStatus: toCount(record.text('http_response.code', 'http_status')),
    userAgent: record.text('http_request.user_agent'),
    bytesSent: toCount(record.text('traffic.bytes_out')),
    bytesReceived: toCount(record.text('traffic.bytes_in')),
    protocol: record.text('connection_info.protocol_name', 'app_name')?.toLowerCase(),
    target: toPath(record.text('share')),
  }
}

import type { EventFields, EventKind } from '../../model/event.ts'
import { toAccount, toSid } from '../../normalise/account.ts'
import { toGuid } from '../../normalise/guid.ts'
import { toHost, toInteger, toLogonId } from '../../normalise/host.ts'
import { toAddressKey } from '../../normalise/mail.ts'
import { toPath } from '../../normalise/path.ts'
import { logonTypeOf } from '../../normalise/logon-type.ts'
import { hostAddress, joined, toIntegrity, toPid } from '../endpoint/values.ts'
import type { EcsDocument } from './document.ts'

/** Where and by which product it was seen. */
export function circumstances(document: EcsDocument): EventFields {
  const name = document.text('host.name', 'host.hostname', 'agent.hostname')
  const full = document.text('host.hostname')
  const code = toInteger(document.text('event.code'))
  return {
    provider: document.text('event.provider', 'event.module', 'event.dataset', 'data_stream.dataset'),
    channel: document.text('event.dataset', 'data_stream.dataset'),
    code,
    // Elastic Agent writes the name in lower case; a name with a domain says more.
    host: toHost(full !== undefined && full.includes('.') && name?.includes('.') !== true ? full : name),
    hostId: document.text('host.id', 'agent.id'),
    hostIp: hostAddress(document.list('host.ip')),
    action: document.text('event.action'),
    outcome: known(document.text('event.outcome')),
    status: document.text('error.code', 'event.reason', 'dns.response_code'),
    protocol: document.text('network.protocol', 'network.application', 'network.transport')?.toLowerCase(),
    application: document.text('service.name', 'cloud.service.name'),
    location: joined(
      [
        document.text('source.geo.city_name', 'client.geo.city_name'),
        document.text('source.geo.country_name', 'source.geo.country_iso_code', 'client.geo.country_name'),
      ],
      ', ',
    ),
  }
}

const known = (text: string | undefined): string | undefined =>
  text?.toLowerCase() === 'unknown' ? undefined : text

/** POSIX user ids are numbers and no SIDs; object ids of directories are GUIDs. */
export function who(document: EcsDocument, kind: EventKind): EventFields {
  const id = document.text('user.id', 'process.user.id')
  const mail = document.text('user.email', 'source.user.email')
  const name = document.text(
    'user.name',
    'process.user.name',
    'process.real_user.name',
    'source.user.name',
    'client.user.name',
  )
  const domain = document.text('user.domain', 'process.user.domain', 'source.user.domain')
  const target = document.text('user.target.name', 'user.changes.name', 'destination.user.name', 'group.name')
  const token = document.text('process.Ext.authentication_id', 'process.Ext.session_info.id')
  return {
    account: toAccount(domain, name),
    accountSid: toSid(id),
    accountId: toGuid(id),
    accountMail: mail === undefined ? undefined : toAddressKey(mail),
    targetAccount:
      target === undefined
        ? undefined
        : toAccount(document.text('user.target.domain', 'destination.user.domain', 'group.domain'), target),
    targetSid: toSid(document.text('user.target.id', 'destination.user.id', 'group.id')),
    logonId: token === undefined ? undefined : toLogonId(token),
    logonType:
      kind === 'logon' || kind === 'logon-failure' || kind === 'logoff'
        ? toLogonType(document.text('process.Ext.session_info.logon_type', 'event.logon_type'))
        : undefined,
    authentication: document.text('process.Ext.session_info.authentication_package'),
    sessionId: document.text('session.id', 'auditd.session'),
  }
}

const toLogonType = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : (toInteger(text) ?? logonTypeOf(text))

/** The acting process and its parent. */
export function processFields(document: EcsDocument): EventFields {
  const role = (prefix: string): EventFields => ({
    processPath: toPath(document.text(`${prefix}.executable`, `${prefix}.name`)),
    commandLine: shortCommand(document, prefix),
    pid: toPid(document.text(`${prefix}.pid`)),
    processGuid: entityId(document.text(`${prefix}.entity_id`)),
  })
  const parent = role('process.parent')
  return {
    ...role('process'),
    parentPath: parent.processPath,
    parentCommandLine: parent.commandLine,
    parentPid: parent.pid ?? toPid(document.text('process.ppid')),
    parentGuid: parent.processGuid,
    originalName: document.text('process.pe.original_file_name'),
    integrity: toIntegrity(
      document.text('process.Ext.token.integrity_level_name', 'process.Ext.token.integrity_level'),
    ),
  }
}

/** Sysmon's GUIDs arrive in braces; ids of Elastic are case-sensitive base64. */
export const entityId = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : (toGuid(text) ?? text)

/** `command_line`, else the arguments, quoted where they hold blanks. */
function shortCommand(document: EcsDocument, prefix: string): string | undefined {
  const whole = document.text(`${prefix}.command_line`)
  if (whole !== undefined) return whole
  const args = document.list(`${prefix}.args`)
  return args.length === 0
    ? undefined
    : args.map((arg) => (/[\s"]/.test(arg) ? JSON.stringify(arg) : arg)).join(' ')
}

import { toAccount, toSid } from '../../normalise/account.ts'
import { toHost } from '../../normalise/host.ts'
import { present } from '../../normalise/placeholder.ts'
import { parseTime } from '../../normalise/time.ts'
import type { EventFieldName, EventItem } from '../../model/event.ts'
import { esent, exchangeCmdlets, msiInstaller, sqlServer } from './applications.ts'
import { appLocker, codeIntegrity, firewall } from './controls.ts'
import { defender } from './defender.ts'
import { diskImage, kernelPnp, partition, userModeDrivers, userPnp } from './devices.ts'
import { resolveMessages } from './message-table.ts'
import { bits, directoryService, dnsClient, ldapClient, shellCore, wmiActivity } from './other-channels.ts'
import { cut, DETAIL_LIMIT, type EventRow, type EventTable } from './picks.ts'
import { powershell, powershellClassic } from './powershell.ts'
import { ntlmChannel, openSsh, smbClient, smbServer, winrm } from './remote-protocols.ts'
import { security } from './security.ts'
import { sysmon } from './sysmon.ts'
import {
  applicationError,
  applicationHang,
  eventLog,
  kernelGeneral,
  kernelPower,
  serviceControlManager,
  user32,
  winlogon,
} from './system.ts'
import { taskScheduler } from './task-scheduler.ts'
import { localSessions, rdpClient, rdpCore, remoteConnections } from './terminal-services.ts'
import { compact } from '../endpoint/values.ts'
import { fieldShape } from '../field-shape.ts'
import { remember } from '../remember.ts'
import type { WindowsEvent } from './windows-event.ts'

/** Provider name in lower case -> its table. An event id means nothing without its provider (formats.md A1.8). */
const TABLES: ReadonlyMap<string, EventTable> = new Map([
  ['microsoft-windows-sysmon', sysmon],
  ['linux-sysmon', sysmon],
  ['microsoft-windows-security-auditing', security],
  ['microsoft-windows-eventlog', eventLog],
  ['eventlog', eventLog],
  ['service control manager', serviceControlManager],
  ['microsoft-windows-kernel-general', kernelGeneral],
  ['microsoft-windows-kernel-power', kernelPower],
  ['user32', user32],
  ['microsoft-windows-winlogon', winlogon],
  ['application error', applicationError],
  ['application hang', applicationHang],
  ['msiinstaller', msiInstaller],
  ['esent', esent],
  ['mssqlserver', sqlServer],
  ['msexchange cmdletlogs', exchangeCmdlets],
  ['openssh', openSsh],
  ['microsoft-windows-applocker', appLocker],
  ['microsoft-windows-codeintegrity', codeIntegrity],
  ['microsoft-windows-windows firewall with advanced security', firewall],
  ['microsoft-windows-ntlm', ntlmChannel],
  ['microsoft-windows-winrm', winrm],
  ['microsoft-windows-smbserver', smbServer],
  ['microsoft-windows-smbclient', smbClient],
  ['microsoft-windows-ldap-client', ldapClient],
  ['microsoft-windows-activedirectory_domainservice', directoryService],
  ['microsoft-windows-shell-core', shellCore],
  ['microsoft-windows-userpnp', userPnp],
  ['microsoft-windows-kernel-pnp', kernelPnp],
  ['microsoft-windows-partition', partition],
  ['microsoft-windows-vhdmp', diskImage],
  ['microsoft-windows-driverframeworks-usermode', userModeDrivers],
  ['microsoft-windows-powershell', powershell],
  ['powershellcore', powershell],
  ['powershell', powershellClassic],
  ['microsoft-windows-taskscheduler', taskScheduler],
  ['microsoft-windows-terminalservices-localsessionmanager', localSessions],
  ['microsoft-windows-terminalservices-remoteconnectionmanager', remoteConnections],
  ['microsoft-windows-terminalservices-clientactivexcore', rdpClient],
  ['microsoft-windows-remotedesktopservices-rdpcorets', rdpCore],
  ['microsoft-windows-windows defender', defender],
  ['microsoft-windows-bits-client', bits],
  ['microsoft-windows-wmi-activity', wmiActivity],
  ['microsoft-windows-dns-client', dnsClient],
])
const tableByProvider = new Map<string, EventTable | undefined>()
/** Provider names come from evidence: a file that invents one per record must not grow the memory without end. */
const MAX_REMEMBERED_PROVIDERS = 2_000

function tableOf(provider: string): EventTable | undefined {
  if (tableByProvider.has(provider)) return tableByProvider.get(provider)
  const name = provider.toLowerCase()
  // Every SQL Server instance writes under a name of its own.
  const table = TABLES.get(name.startsWith('mssql$') ? 'mssqlserver' : name)
  if (tableByProvider.size < MAX_REMEMBERED_PROVIDERS) tableByProvider.set(provider, table)
  return table
}

type Fields = Record<string, string | number | undefined>
type AnyPick = (event: WindowsEvent) => string | number | undefined

/** How a row of a table is read: the object its values go into, and who takes them. */
interface Reading {
  readonly newFields: () => Fields
  readonly names: readonly EventFieldName[]
  readonly picks: readonly AnyPick[]
}
const readings = new WeakMap<EventRow, Reading>()
function readingOf(row: EventRow): Reading {
  let known = readings.get(row)
  if (known === undefined) {
    const names = Object.keys(row.fields) as EventFieldName[]
    const newFields = fieldShape([...new Set([...EVERY_EVENT, ...names, ...IF_NOT_SAID])])
    known = { newFields, names, picks: Object.values(row.fields) as AnyPick[] }
    readings.set(row, known)
  }
  return known
}
const EVERY_EVENT: readonly EventFieldName[] = ['provider', 'code', 'channel', 'host']
/** Taken from System where the data do not say them. */
const IF_NOT_SAID: readonly EventFieldName[] = ['accountSid', 'outcome']
const genericFields = fieldShape([...EVERY_EVENT, 'account', 'accountSid', 'detail', 'outcome'])

const knownHost = remember(toHost)
const knownSid = remember(toSid)

/**
 * What a Windows event means: its kind and typed fields. Events no table knows are kept as `generic` with their data
 * as text. Sysmon's own `UtcTime` is the time of the event; TimeCreated is when the log got it (formats.md A2).
 */
export function toEvent(event: WindowsEvent): EventItem {
  const table = tableOf(event.provider)
  const row = table?.get(event.eventId)
  const reading = row === undefined ? undefined : readingOf(row)
  const fields = reading === undefined ? genericFields() : reading.newFields()
  fields['provider'] = present(event.provider)
  fields['code'] = event.eventId
  fields['channel'] = present(event.channel)
  fields['host'] = knownHost(event.computer)
  if (reading === undefined) addGeneric(fields, event)
  else {
    const { names, picks } = reading
    for (let index = 0; index < names.length; index++) {
      const value = picks[index]!(event)
      if (value !== undefined) fields[names[index]!] = value
    }
    if (table !== sysmon && fields['accountSid'] === undefined && fields['account'] === undefined)
      fields['accountSid'] = knownSid(event.userSid)
  }
  if (event.isAuditFailure && fields['outcome'] === undefined) fields['outcome'] = 'failure'
  const kind = row === undefined ? 'generic' : typeof row.kind === 'function' ? row.kind(event) : row.kind
  const own = table === sysmon ? sysmonTime(event) : undefined
  const at = own ?? event.timeUs
  return event.zoneAssumed && own === undefined
    ? { type: 'event', kind, at, zoneAssumed: true, fields }
    : { type: 'event', kind, at, fields }
}

/** The same with the fields that the event has and no others, for putting them together with those of other sources. */
export function toEventToMerge(event: WindowsEvent): EventItem {
  const item = toEvent(event)
  return { ...item, fields: compact(item.fields) }
}

/**
 * The same for an event whose values have no names (a left-over record without template): its kind cannot be told, and a
 * table would make an empty process start of it.
 */
export function toUnnamedEvent(event: WindowsEvent): EventItem {
  const fields = genericFields()
  put(fields, 'provider', present(event.provider))
  put(fields, 'code', event.eventId === 0 ? undefined : event.eventId)
  put(fields, 'channel', present(event.channel))
  put(fields, 'host', toHost(event.computer))
  addGeneric(fields, event)
  return { type: 'event', kind: 'generic', at: event.timeUs, fields }
}

/** Sysmon's `UtcTime` in microseconds; undefined when missing or unreadable. */
export function sysmonTime(event: WindowsEvent): number | undefined {
  const text = event.data.get('UtcTime')
  return text === undefined ? undefined : parseTime(text, 'UTC')?.us
}

function put(fields: Fields, name: EventFieldName | string, value: string | number | undefined): void {
  if (value !== undefined) fields[name] = value
}

/** Account fields under their usual names; everything else joined into the detail. */
function addGeneric(fields: Fields, event: WindowsEvent): void {
  const { data } = event
  const account =
    toAccount(data.get('SubjectDomainName'), data.get('SubjectUserName')) ??
    present(data.get('User')) ??
    undefined
  put(fields, 'account', account)
  put(fields, 'accountSid', toSid(data.get('SubjectUserSid')) ?? toSid(event.userSid))
  const parts: string[] = []
  let length = 0
  for (const [name, value] of data) {
    if (present(value) === undefined) continue
    const part = `${name}: ${resolveMessages(cut(value, DETAIL_LIMIT)).replace(/\s+/g, ' ').trim()}`
    parts.push(part)
    length += part.length
    if (length > DETAIL_LIMIT) break
  }
  if (parts.length > 0) put(fields, 'detail', cut(parts.join('; '), DETAIL_LIMIT))
}

import { isObject, scalarText } from '../json/parse-object.ts'
import { addValue, type WindowsEvent } from './windows-event.ts'

const SUBJECT = 'SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId'
const TARGET = `TargetUserName TargetDomainName TargetSid ${SUBJECT}`
const MEMBER = `MemberName MemberSid TargetUserName TargetDomainName TargetSid ${SUBJECT} PrivilegeList`
const LOGOFF = 'TargetUserSid TargetUserName TargetDomainName TargetLogonId LogonType'
const TERMINAL = 'AccountName AccountDomain LogonID SessionName ClientName ClientAddress'
const orders = (ids: readonly number[], names: string): [string, readonly string[]][] =>
  ids.map((id) => [`microsoft-windows-security-auditing|${id}`, names.split(' ')])

/**
 * Order of the values in the templates of events whose later versions only add values behind the older ones. Sysmon is not
 * here: its versions insert values in the middle.
 */
const ORDERS: ReadonlyMap<string, readonly string[]> = new Map([
  ...orders(
    [4624],
    `${SUBJECT} TargetUserSid TargetUserName TargetDomainName TargetLogonId LogonType LogonProcessName AuthenticationPackageName WorkstationName LogonGuid TransmittedServices LmPackageName KeyLength ProcessId ProcessName IpAddress IpPort ImpersonationLevel RestrictedAdminMode`,
  ),
  ...orders(
    [4625],
    `${SUBJECT} TargetUserSid TargetUserName TargetDomainName Status FailureReason SubStatus LogonType LogonProcessName AuthenticationPackageName WorkstationName TransmittedServices LmPackageName KeyLength ProcessId ProcessName IpAddress IpPort`,
  ),
  ...orders([4634, 4647], LOGOFF),
  ...orders(
    [4648],
    `${SUBJECT} LogonGuid TargetUserName TargetDomainName TargetLogonGuid TargetServerName TargetInfo ProcessId ProcessName IpAddress IpPort`,
  ),
  ...orders([4672], `${SUBJECT} PrivilegeList`),
  ...orders(
    [4688],
    `${SUBJECT} NewProcessId NewProcessName TokenElevationType ProcessId CommandLine TargetUserSid TargetUserName TargetDomainName TargetLogonId ParentProcessName MandatoryLabel`,
  ),
  ...orders([4689], `${SUBJECT} Status ProcessId ProcessName`),
  ...orders([4697], `${SUBJECT} ServiceName ServiceFileName ServiceType ServiceStartType ServiceAccount`),
  ...orders([4698], `${SUBJECT} TaskName TaskContent`),
  ...orders([4720, 4722, 4723, 4724, 4725, 4726, 4740], TARGET),
  ...orders([4728, 4729, 4732, 4733, 4756, 4757], MEMBER),
  ...orders(
    [4768],
    'TargetUserName TargetDomainName TargetSid ServiceName ServiceSid TicketOptions Status TicketEncryptionType PreAuthType IpAddress IpPort',
  ),
  ...orders(
    [4769],
    'TargetUserName TargetDomainName ServiceName ServiceSid TicketOptions TicketEncryptionType IpAddress IpPort Status LogonGuid TransmittedServices',
  ),
  ...orders([4771], 'TargetUserName TargetSid ServiceName TicketOptions Status PreAuthType IpAddress IpPort'),
  ...orders([4776], 'PackageName TargetUserName Workstation Status'),
  ...orders([4778, 4779], TERMINAL),
  ...orders([5140], `${SUBJECT} ObjectType IpAddress IpPort ShareName ShareLocalPath AccessMask AccessList`),
  ...orders(
    [5145],
    `${SUBJECT} ObjectType IpAddress IpPort ShareName ShareLocalPath RelativeTargetName AccessMask AccessList AccessReason`,
  ),
  ['service control manager|7045', 'ServiceName ImagePath ServiceType StartType AccountName'.split(' ')],
])

/**
 * Adds values that have an order but no names (insertion strings, properties): by the names of the event's template where
 * its order is known, numbered otherwise.
 */
export function addOrdered(event: WindowsEvent, values: unknown): void {
  if (!Array.isArray(values)) return
  const names = orderOf(event)
  values.forEach((value: unknown, index) => {
    const text = isObject(value) ? propertyText(value) : scalarText(value)
    const name = names === undefined ? `param${index + 1}` : (names[index] ?? `param${index + 1}`)
    if (text !== undefined && text !== '') addValue(event.data, name, text)
  })
}

/** The oldest version of 4688, the shortest of the long templates, has eight values. */
const FEWEST = 8

/**
 * Whether these values have names by their order, and are as many as the event has: then they beat a rendered message of
 * any language.
 */
export function hasOrder(event: WindowsEvent, values: unknown): boolean {
  const names = orderOf(event)
  return names !== undefined && Array.isArray(values) && values.length >= Math.min(names.length, FEWEST)
}
const orderOf = (event: WindowsEvent): readonly string[] | undefined =>
  ORDERS.get(`${event.provider.toLowerCase()}|${event.eventId}`)

/** PowerShell's EventProperty: `{"Value": x}`, where a SID is an object again. */
function propertyText(property: object): string | undefined {
  const value: unknown = 'Value' in property ? property.Value : undefined
  return isObject(value) ? scalarText(value['Value']) : scalarText(value)
}

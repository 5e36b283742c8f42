import {
  account,
  code,
  either,
  type EventRow,
  type FieldPicks,
  fixed,
  host,
  int,
  ip,
  isFailure,
  kindBy,
  logonId,
  named,
  outcomeBy,
  type Pick,
  rows,
  sid,
  text,
} from './picks.ts'
import { CLIENT, PROCESS, SUBJECT, TARGET } from './security-parties.ts'
import { encryption, joined, kerberosReason, ntReason } from './status-codes.ts'

/** The session a logon event is about: its own account, not that of the service which created it. */
export const SESSION: FieldPicks = {
  account: account('TargetDomainName', 'TargetUserName'),
  accountSid: sid('TargetUserSid'),
  logonId: logonId('TargetLogonId'),
  targetLogonId: logonId('TargetLogonId'),
  logonType: int('LogonType'),
}
const LOGON: FieldPicks = {
  ...SESSION,
  ...CLIENT,
  ...PROCESS,
  sourceHost: host('WorkstationName'),
  authentication: text('AuthenticationPackageName'),
}
const TERMINAL: FieldPicks = {
  account: account('AccountDomain', 'AccountName'),
  logonId: logonId('LogonID'),
  sourceHost: host('ClientName'),
  sourceIp: ip('ClientAddress'),
  sessionId: text('SessionName'),
  detail: named('SessionName'),
}
const TICKET: FieldPicks = {
  ...CLIENT,
  account: account('TargetDomainName', 'TargetUserName'),
  accountSid: sid('TargetSid'),
  target: text('ServiceName'),
  status: code('Status'),
  outcome: outcomeBy('Status'),
  detail: joined(
    named('TicketEncryptionType'),
    encryption('TicketEncryptionType'),
    named(
      'TicketOptions',
      'PreAuthType',
      'SessionKeyEncryptionType',
      'PreAuthEncryptionType',
      'TransmittedServices',
    ),
    named('CertIssuerName', 'CertSerialNumber', 'CertThumbprint'),
    kerberosReason('Status'),
  ),
}
const LOCK: FieldPicks = { ...SESSION, sessionId: text('SessionId') }
const denied = (kind: 'kerberos-failure' | 'logon-failure'): EventRow => ({
  kind,
  fields: {
    account: account('DomainName', 'AccountName'),
    accountSid: sid('AccountSid'),
    sourceIp: ip('IpAddress'),
    sourceHost: host('DeviceName'),
    target: text('ServiceName'),
    status: code('Status'),
    outcome: fixed('failure'),
    detail: named('SiloName', 'PolicyName', 'TGTLifetime'),
  },
})
const failureCode =
  (name: string): Pick<string> =>
  (event) => {
    const value = code(name)(event)
    return value !== undefined && isFailure(value) ? value : undefined
  }

/** Logons, sessions, tickets and NTLM checks of the Security log (formats.md A3.1). */
export const logonRows: [number, EventRow][] = [
  [
    4624,
    {
      kind: 'logon',
      fields: {
        ...LOGON,
        outcome: fixed('success'),
        detail: named(
          'LogonProcessName',
          'SubjectUserName',
          'LmPackageName',
          'KeyLength',
          'TransmittedServices',
          'ImpersonationLevel',
          'RestrictedAdminMode',
          'RemoteCredentialGuard',
          'VirtualAccount',
          'ElevatedToken',
          'TargetOutboundUserName',
          'TargetOutboundDomainName',
        ),
      },
    },
  ],
  [
    4625,
    {
      kind: 'logon-failure',
      fields: {
        ...LOGON,
        outcome: fixed('failure'),
        status: either(failureCode('SubStatus'), code('Status')),
        detail: joined(
          named('FailureReason'),
          ntReason('SubStatus', 'Status'),
          named('LogonProcessName', 'SubjectUserName', 'LmPackageName', 'KeyLength'),
        ),
      },
    },
  ],
  ...rows([4634, 4647], { kind: 'logoff', fields: SESSION }),
  [
    4648,
    {
      kind: 'explicit-credentials',
      fields: {
        ...SUBJECT,
        ...PROCESS,
        ...CLIENT,
        ...TARGET,
        destinationHost: host('TargetServerName'),
        detail: named('TargetInfo'),
      },
    },
  ],
  [4649, { kind: 'kerberos-failure', fields: { ...SUBJECT, ...TARGET, action: fixed('replay-detected') } }],
  [4672, { kind: 'privileges-assigned', fields: { ...SUBJECT, detail: named('PrivilegeList') } }],
  [
    4964,
    {
      kind: 'privileges-assigned',
      fields: {
        ...SUBJECT,
        ...TARGET,
        targetLogonId: logonId('TargetLogonId'),
        action: fixed('special-group'),
        detail: named('SidList'),
      },
    },
  ],
  [4768, { kind: kindBy(code('Status'), isFailure, 'kerberos-tgt', 'kerberos-failure'), fields: TICKET }],
  ...rows([4769, 4770, 4773], {
    kind: kindBy(code('Status'), isFailure, 'kerberos-service', 'kerberos-failure'),
    fields: TICKET,
  }),
  ...rows([4771, 4772], { kind: 'kerberos-failure', fields: { ...TICKET, outcome: fixed('failure') } }),
  ...rows([4776, 4777], {
    kind: 'ntlm-validation',
    fields: {
      account: text('TargetUserName', 'LogonAccount'),
      sourceHost: host('Workstation'),
      authentication: text('PackageName', 'AuthenticationPackage'),
      status: code('Status'),
      outcome: outcomeBy('Status'),
      detail: ntReason('Status'),
    },
  }),
  [4778, { kind: 'session-connect', fields: TERMINAL }],
  [4779, { kind: 'session-disconnect', fields: TERMINAL }],
  [4800, { kind: 'workstation-lock', fields: { ...LOCK, action: fixed('locked') } }],
  [4801, { kind: 'workstation-lock', fields: { ...LOCK, action: fixed('unlocked') } }],
  [4802, { kind: 'workstation-lock', fields: { ...LOCK, action: fixed('screen-saver-started') } }],
  [4803, { kind: 'workstation-lock', fields: { ...LOCK, action: fixed('screen-saver-stopped') } }],
  ...rows([4820, 4821, 4824], denied('kerberos-failure')),
  ...rows([4822, 4823], denied('logon-failure')),
  [4825, { kind: 'logon-failure', fields: { ...TERMINAL, outcome: fixed('failure') } }],
]

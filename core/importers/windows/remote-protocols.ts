import { toHost, toIp } from '../../normalise/host.ts'
import { present } from '../../normalise/placeholder.ts'
import {
  account,
  code,
  type EventRow,
  type EventTable,
  executionPid,
  type FieldPicks,
  fixed,
  host,
  int,
  named,
  path,
  pid,
  type Pick,
  rows,
  text,
} from './picks.ts'

/** `cifs/fs01.corp.example`: the machine behind the service. */
const serviceHost =
  (name: string): Pick<string> =>
  (event) => {
    const spn = present(event.data.get(name))
    return spn === undefined ? undefined : toHost(/^[^/]+\/([^/:]+)/.exec(spn)?.[1] ?? spn)
  }
const NTLM: FieldPicks = {
  processPath: path('ProcessName', 'ClientProcessName'),
  pid: pid('CallerPID', 'ProcessId'),
  authentication: fixed('NTLM'),
  logonType: int('LogonType'),
}
const ntlm = (fields: FieldPicks, action: string): EventRow => ({
  kind: 'ntlm-validation',
  fields: { ...NTLM, ...fields, action: fixed(action) },
})
const OUTGOING: FieldPicks = {
  account: account('DomainName', 'UserName'),
  destinationHost: serviceHost('TargetName'),
  detail: named('TargetName', 'ClientUserName', 'ClientDomainName'),
}
const INCOMING: FieldPicks = { account: account('ClientDomainName', 'ClientUserName') }
const DOMAIN: FieldPicks = {
  account: account('DomainName', 'UserName'),
  sourceHost: host('WorkstationName', 'Workstation'),
  destinationHost: host('SChannelName'),
  detail: named('SChannelType', 'InProc', 'Mechanism'),
}
/** NTLM/Operational: audited (8001 to 8004) and refused (4001 to 4004) uses of NTLM. */
export const ntlmChannel: EventTable = new Map<number, EventRow>([
  [8001, ntlm(OUTGOING, 'outbound')],
  [8002, ntlm(INCOMING, 'inbound')],
  [8003, ntlm(DOMAIN, 'in-domain')],
  [8004, ntlm(DOMAIN, 'domain-controller')],
  [4001, ntlm({ ...OUTGOING, outcome: fixed('failure') }, 'outbound-refused')],
  [4002, ntlm({ ...INCOMING, outcome: fixed('failure') }, 'inbound-refused')],
  [4003, ntlm({ ...DOMAIN, outcome: fixed('failure') }, 'in-domain-refused')],
  [4004, ntlm({ ...DOMAIN, outcome: fixed('failure') }, 'domain-controller-refused')],
])

/** `host/wsman?PSVersion=5.1`, `http://host:5985/wsman`: the machine a WinRM session goes to. */
const winrmTarget: Pick<string> = (event) => {
  const connection = present(event.data.get('connection'))
  return connection === undefined ? undefined : /^(?:https?:\/\/)?([^/:?]+)/i.exec(connection)?.[1]
}
/** WinRM/Operational: 6 a session to another machine, 91 a shell for somebody on this one, 169 who it was. */
export const winrm: EventTable = new Map<number, EventRow>([
  [
    6,
    {
      kind: 'network-connection',
      fields: {
        action: fixed('outbound'),
        protocol: fixed('winrm'),
        pid: executionPid,
        destinationIp: (event) => toIp(winrmTarget(event)),
        destinationHost: (event) =>
          toIp(winrmTarget(event)) === undefined ? toHost(winrmTarget(event)) : undefined,
        detail: named('connection'),
      },
    },
  ],
  [
    91,
    {
      kind: 'session-connect',
      fields: {
        action: fixed('remote-shell'),
        protocol: fixed('winrm'),
        detail: named('resourceUri', 'shellId', 'param1'),
      },
    },
  ],
  [
    169,
    {
      kind: 'session-connect',
      fields: {
        account: text('username', 'userName'),
        authentication: text('authenticationMechanism'),
        action: fixed('authenticated'),
        protocol: fixed('winrm'),
      },
    },
  ],
  [
    161,
    {
      kind: 'generic',
      fields: {
        action: fixed('authentication-failed'),
        outcome: fixed('failure'),
        detail: named('authFailureMessage'),
      },
    },
  ],
])

/** `\\192.0.2.9` or a name. */
const clientIp: Pick<string> = (event) =>
  toIp(present(event.data.get('ClientName') ?? event.data.get('ClientAddress'))?.replace(/^\\+/, ''))
const clientHost: Pick<string> = (event) =>
  clientIp(event) === undefined ? host('ClientName')(event) : undefined
const SMB: FieldPicks = {
  sourceIp: clientIp,
  sourceHost: clientHost,
  account: text('UserName'),
  status: code('Status', 'TranslatedStatus'),
  protocol: fixed('smb'),
}
/** SMBServer: 551 a client could not log on, 1006 and 1009 a share or anonymous access was refused, 3000 SMB1 was used. */
export const smbServer: EventTable = new Map<number, EventRow>([
  [
    551,
    {
      kind: 'logon-failure',
      fields: { ...SMB, outcome: fixed('failure'), detail: named('SPN', 'SPNValidationPolicy') },
    },
  ],
  ...rows([1006, 1009], {
    kind: 'share-access',
    fields: { ...SMB, target: text('ShareName'), outcome: fixed('failure'), detail: named('SharePath') },
  }),
  [3000, { kind: 'generic', fields: { ...SMB, action: fixed('smb1-access') } }],
])
/** SMBClient: 31001, 31010 and others: a server refused this machine, or was talked to without security (31017, 31018). */
export const smbClient: EventTable = new Map<number, EventRow>(
  rows([30803, 30804, 30807, 31000, 31001, 31010, 31017, 31018], {
    kind: 'generic',
    fields: {
      account: text('UserName'),
      destinationHost: host('ServerName'),
      target: text('ShareName', 'ObjectName'),
      status: code('Status', 'SecurityStatus'),
      protocol: fixed('smb'),
      detail: named('Reason', 'InstanceName', 'PrincipalName', 'LogonId'),
    },
  }),
)

const ACCEPTED = /^Accepted (\S+) for (\S+) from (\S+) port (\d{1,5})/
const FAILED = /^Failed (\S+) for (?:invalid user )?(\S*) from (\S+) port (\d{1,5})/
const sshPart =
  <T>(read: (parts: RegExpExecArray) => T | undefined): Pick<T> =>
  (event) => {
    const payload = event.data.get('payload') ?? ''
    const parts = ACCEPTED.exec(payload) ?? FAILED.exec(payload)
    return parts === null ? undefined : read(parts)
  }
/** OpenSSH/Operational 4: the server's own lines; logons and refused ones are told from the rest. */
export const openSsh: EventTable = new Map<number, EventRow>([
  [
    4,
    {
      kind: (event) => {
        const payload = event.data.get('payload') ?? ''
        return ACCEPTED.test(payload) ? 'logon' : FAILED.test(payload) ? 'logon-failure' : 'generic'
      },
      fields: {
        account: sshPart((parts) => present(parts[2])),
        authentication: sshPart((parts) => parts[1]),
        sourceIp: sshPart((parts) => toIp(parts[3])),
        sourcePort: sshPart((parts) => Number(parts[4])),
        outcome: (event) =>
          sshPart((parts) => (parts[0].startsWith('Accepted') ? 'success' : 'failure'))(event),
        protocol: fixed('ssh'),
        processPath: path('process'),
        detail: text('payload'),
      },
    },
  ],
])

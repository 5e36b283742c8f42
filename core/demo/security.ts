import { COMPANY } from './company.ts'
import type { Host } from './hosts.ts'
import { AUDIT_FAILURE, type EventLogs } from './log.ts'
import type { Person } from './people.ts'

type Fields = readonly (readonly [string, string])[]
const ZERO_GUID = '{00000000-0000-0000-0000-000000000000}'
const NOBODY: Fields = [
  ['SubjectUserSid', 'S-1-0-0'],
  ['SubjectUserName', '-'],
  ['SubjectDomainName', '-'],
  ['SubjectLogonId', '0x0'],
]
const computer = (host: Host): Fields => [
  ['SubjectUserSid', 'S-1-5-18'],
  ['SubjectUserName', `${host.netbios}$`],
  ['SubjectDomainName', COMPANY.netbios],
  ['SubjectLogonId', '0x3e7'],
]
const subject = (who: Account, logonId: string): Fields => [
  ['SubjectUserSid', who.sid],
  ['SubjectUserName', who.sam],
  ['SubjectDomainName', who.domain ?? COMPANY.netbios],
  ['SubjectLogonId', logonId],
]

/** A person, a computer account (`ML-FS01$`) or the system itself; without `domain` it is one of the company's. */
export type Account = Pick<Person, 'sid' | 'sam'> & { readonly domain?: string }
export const SYSTEM_ACCOUNT: Account = { sid: 'S-1-5-18', sam: 'SYSTEM', domain: 'NT AUTHORITY' }
export const computerAccount = (host: Host): Account => ({ sid: host.sid, sam: `${host.netbios}$` })

export interface LogonSpec {
  readonly at: number
  readonly who: Account
  readonly type: 2 | 3 | 4 | 5 | 7 | 10
  readonly logonId: string
  /** Where it came from; absent for a logon at the machine itself. */
  readonly from?: { readonly ip: string; readonly workstation?: string }
  readonly authentication?: 'Kerberos' | 'NTLM' | 'Negotiate'
  readonly elevated?: boolean
}

/** Security, System and task events of the hosts, with the fields Windows writes (formats.md A3.1). */
export class Audit {
  readonly #logs: EventLogs
  constructor(logs: EventLogs) {
    this.#logs = logs
  }

  /** 4624, and 4672 for an administrator. */
  logon(host: Host, spec: LogonSpec): void {
    const isService = spec.type === 5
    const authentication = spec.authentication ?? (spec.type === 3 ? 'Kerberos' : 'Negotiate')
    this.#security(host, spec.at, 4624, 2, [
      ...(spec.type === 3 ? NOBODY : computer(host)),
      ['TargetUserSid', spec.who.sid],
      ['TargetUserName', spec.who.sam],
      ['TargetDomainName', spec.who.domain ?? COMPANY.netbios],
      ['TargetLogonId', spec.logonId],
      ['LogonType', String(spec.type)],
      [
        'LogonProcessName',
        authentication === 'NTLM'
          ? 'NtLmSsp '
          : spec.type === 3
            ? 'Kerberos'
            : isService
              ? 'Advapi  '
              : 'User32 ',
      ],
      ['AuthenticationPackageName', authentication],
      ['WorkstationName', spec.from?.workstation ?? (spec.type === 3 || isService ? '-' : host.netbios)],
      ['LogonGuid', ZERO_GUID],
      ['TransmittedServices', '-'],
      ['LmPackageName', authentication === 'NTLM' ? 'NTLM V2' : '-'],
      ['KeyLength', authentication === 'NTLM' ? '128' : '0'],
      ['ProcessId', spec.type === 3 ? '0x0' : '0x2f4'],
      [
        'ProcessName',
        spec.type === 3 ? '-' : `C:\\Windows\\System32\\${isService ? 'services' : 'svchost'}.exe`,
      ],
      ['IpAddress', spec.from?.ip ?? (isService ? '-' : '127.0.0.1')],
      ['IpPort', spec.from ? String(49_152 + ((spec.at / 1000) % 16_000)) : '0'],
      ['ImpersonationLevel', '%%1833'],
      ['RestrictedAdminMode', '-'],
      ['TargetOutboundUserName', '-'],
      ['TargetOutboundDomainName', '-'],
      ['VirtualAccount', '%%1843'],
      ['TargetLinkedLogonId', '0x0'],
      ['ElevatedToken', spec.elevated === true ? '%%1842' : '%%1843'],
    ])
    if (spec.elevated === true)
      this.#security(host, spec.at, 4672, 0, [
        ...subject(spec.who, spec.logonId),
        [
          'PrivilegeList',
          'SeSecurityPrivilege\n\t\t\tSeBackupPrivilege\n\t\t\tSeRestorePrivilege\n\t\t\tSeDebugPrivilege',
        ],
      ])
  }

  /** 4634. */
  logoff(host: Host, at: number, who: Account, logonId: string, type: number): void {
    this.#security(host, at, 4634, 0, [
      ['TargetUserSid', who.sid],
      ['TargetUserName', who.sam],
      ['TargetDomainName', COMPANY.netbios],
      ['TargetLogonId', logonId],
      ['LogonType', String(type)],
    ])
  }

  /** 4625. */
  failedLogon(
    host: Host,
    at: number,
    who: { sam: string },
    from: Host,
    subStatus: string,
    status = '0xc000006d',
  ): void {
    this.#logs.add(host, 'security', {
      at,
      id: 4625,
      keywords: AUDIT_FAILURE,
      data: [
        ...NOBODY,
        ['TargetUserSid', 'S-1-0-0'],
        ['TargetUserName', who.sam],
        ['TargetDomainName', COMPANY.netbios],
        ['Status', status],
        ['FailureReason', subStatus === '0xc000006a' ? '%%2313' : '%%2308'],
        ['SubStatus', subStatus],
        ['LogonType', '3'],
        ['LogonProcessName', 'NtLmSsp '],
        ['AuthenticationPackageName', 'NTLM'],
        ['WorkstationName', from.netbios],
        ['TransmittedServices', '-'],
        ['LmPackageName', '-'],
        ['KeyLength', '0'],
        ['ProcessId', '0x0'],
        ['ProcessName', '-'],
        ['IpAddress', from.ip],
        ['IpPort', String(49_152 + ((at / 1000) % 16_000))],
      ],
    })
  }

  /** 4648, on the machine whose user gives other credentials. */
  explicitCredentials(
    host: Host,
    at: number,
    who: Account,
    logonId: string,
    target: Account,
    server: Host,
    process: { pid: number; image: string },
  ): void {
    this.#security(host, at, 4648, 0, [
      ...subject(who, logonId),
      ['LogonGuid', ZERO_GUID],
      ['TargetUserName', target.sam],
      ['TargetDomainName', COMPANY.netbios],
      ['TargetLogonGuid', ZERO_GUID],
      ['TargetServerName', server.fqdn],
      ['TargetInfo', `cifs/${server.fqdn}`],
      ['ProcessId', `0x${process.pid.toString(16)}`],
      ['ProcessName', process.image],
      ['IpAddress', '-'],
      ['IpPort', '-'],
    ])
  }

  /** 4776 on a domain controller. */
  ntlmCheck(controller: Host, at: number, sam: string, workstation: string, status: string): void {
    this.#logs.add(controller, 'security', {
      at,
      id: 4776,
      ...(status === '0x0' ? {} : { keywords: AUDIT_FAILURE }),
      data: [
        ['PackageName', 'MICROSOFT_AUTHENTICATION_PACKAGE_V1_0'],
        ['TargetUserName', sam],
        ['Workstation', workstation],
        ['Status', status],
      ],
    })
  }

  /** 4768 (a ticket for the account) or, with `service`, 4769 (a ticket for that service). */
  ticket(controller: Host, at: number, who: Account, fromIp: string, service?: string): void {
    const realm = COMPANY.adDomain.toUpperCase()
    const network: Fields = [
      ['IpAddress', `::ffff:${fromIp}`],
      ['IpPort', String(49_152 + ((at / 1000) % 16_000))],
    ]
    if (service === undefined)
      this.#security(controller, at, 4768, 0, [
        ['TargetUserName', who.sam],
        ['TargetDomainName', realm],
        ['TargetSid', who.sid],
        ['ServiceName', 'krbtgt'],
        ['ServiceSid', `${COMPANY.domainSid}-502`],
        ['TicketOptions', '0x40810010'],
        ['Status', '0x0'],
        ['TicketEncryptionType', '0x12'],
        ['PreAuthType', '2'],
        ...network,
      ])
    else
      this.#security(controller, at, 4769, 0, [
        ['TargetUserName', `${who.sam}@${realm}`],
        ['TargetDomainName', realm],
        ['ServiceName', service],
        ['ServiceSid', 'S-1-0-0'],
        ['TicketOptions', '0x40810000'],
        ['TicketEncryptionType', '0x12'],
        ...network,
        ['Status', '0x0'],
        ['LogonGuid', ZERO_GUID],
        ['TransmittedServices', '-'],
      ])
  }

  /** 5140, or 5145 when a file of the share is named. */
  share(
    host: Host,
    at: number,
    who: Account,
    logonId: string,
    fromIp: string,
    share: string,
    file?: string,
  ): void {
    const local: readonly [string, string] = [
      'ShareLocalPath',
      share === 'ADMIN$' ? '\\??\\C:\\Windows' : share === 'IPC$' ? '' : `\\??\\D:\\${share}`,
    ]
    this.#security(host, at, file === undefined ? 5140 : 5145, file === undefined ? 1 : 0, [
      ...subject(who, logonId),
      ['ObjectType', 'File'],
      ['IpAddress', fromIp],
      ['IpPort', String(49_152 + ((at / 1000) % 16_000))],
      ['ShareName', `\\\\*\\${share}`],
      local,
      ...(file === undefined ? [] : [['RelativeTargetName', file] as const]),
      ['AccessMask', file === undefined ? '0x1' : '0x2'],
      ['AccessList', file === undefined ? '%%4416\n\t\t\t\t' : '%%4417\n\t\t\t\t'],
      ...(file === undefined ? [] : [['AccessReason', '-'] as const]),
    ])
  }

  /** 7045 in the System log and its twin 4697 in the Security log. */
  service(host: Host, at: number, who: Account, logonId: string, name: string, path: string): void {
    this.#logs.add(host, 'system', {
      at,
      id: 7045,
      userSid: who.sid,
      data: [
        ['ServiceName', name],
        ['ImagePath', path],
        ['ServiceType', 'user mode service'],
        ['StartType', 'demand start'],
        ['AccountName', 'LocalSystem'],
      ],
    })
    this.#security(host, at, 4697, 0, [
      ...subject(who, logonId),
      ['ServiceName', name],
      ['ServiceFileName', path],
      ['ServiceType', '0x10'],
      ['ServiceStartType', '3'],
      ['ServiceAccount', 'LocalSystem'],
    ])
  }

  /** 7036 in the System log: a service changed its state. */
  serviceState(host: Host, at: number, name: string, state: 'running' | 'stopped'): void {
    this.#logs.add(host, 'system', {
      at,
      id: 7036,
      userSid: '',
      data: [
        ['param1', name],
        ['param2', state],
      ],
    })
  }

  /** 4698. */
  task(host: Host, at: number, who: Account, logonId: string, name: string, command: string): void {
    const content =
      '<?xml version="1.0" encoding="UTF-16"?><Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">' +
      `<Triggers><LogonTrigger/></Triggers><Actions><Exec><Command>${command}</Command></Exec></Actions></Task>`
    this.#security(host, at, 4698, 0, [
      ...subject(who, logonId),
      ['TaskName', name],
      ['TaskContent', content],
    ])
  }

  #security(host: Host, at: number, id: number, version: number, data: Fields): void {
    this.#logs.add(host, 'security', { at, id, version, data })
  }
}

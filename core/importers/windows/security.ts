import { present } from '../../normalise/placeholder.ts'
import {
  account,
  code,
  either,
  type EventRow,
  type EventTable,
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
  path,
  pid,
  type Pick,
  port,
  rows,
  sid,
  text,
} from './picks.ts'
import { accountRows } from './security-accounts.ts'
import { SUBJECT, TARGET } from './security-parties.ts'
import { taskCommand } from './task-content.ts'

const PROCESS: FieldPicks = { processPath: path('ProcessName'), pid: pid('ProcessId') }
const CLIENT: FieldPicks = { sourceIp: ip('IpAddress'), sourcePort: port('IpPort') }
/** The session a logon event is about: its own account, not that of the service which created it. */
const SESSION: FieldPicks = {
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
  detail: named('SessionName'),
}
const TICKET: FieldPicks = {
  ...CLIENT,
  account: account('TargetDomainName', 'TargetUserName'),
  accountSid: sid('TargetSid'),
  target: text('ServiceName'),
  status: code('Status'),
  outcome: outcomeBy('Status'),
  detail: named('TicketEncryptionType', 'TicketOptions', 'PreAuthType'),
}
const OBJECT: FieldPicks = {
  ...SUBJECT,
  ...PROCESS,
  target: text('ObjectName'),
  status: code('AccessMask'),
  detail: named('ObjectType', 'AccessList', 'Properties'),
}
/** Message-table ids of 5136: a value was added or deleted (formats.md A3.3). */
const OPERATIONS = new Map([
  ['%%14674', 'value-added'],
  ['%%14675', 'value-deleted'],
])
const DIRECTORY: FieldPicks = {
  ...SUBJECT,
  target: text('ObjectDN'),
  action: (event) => {
    const operation = text('OperationType')(event)
    return operation === undefined ? undefined : (OPERATIONS.get(operation) ?? operation)
  },
  detail: named('ObjectClass', 'AttributeLDAPDisplayName', 'AttributeValue'),
}
const TASK: FieldPicks = {
  ...SUBJECT,
  target: text('TaskName'),
  detail: (event) => taskCommand(event.data.get('TaskContent') ?? event.data.get('TaskContentNew')),
}
/** 5140 writes `\\*\SHARE`: the star stands for this host. */
const sharePath: Pick<string> = (event) => {
  const share = text('ShareName')(event)
  const file = text('RelativeTargetName')(event)
  return share === undefined || file === undefined || file === '\\' ? share : `${share}\\${file}`
}
const SHARE: FieldPicks = {
  ...SUBJECT,
  ...CLIENT,
  target: sharePath,
  status: code('AccessMask'),
  detail: named('ShareLocalPath', 'AccessList'),
}
const FILTERED: FieldPicks = {
  processPath: path('Application'),
  pid: pid('ProcessId', 'ProcessID'),
  sourceIp: ip('SourceAddress'),
  sourcePort: port('SourcePort'),
  destinationIp: ip('DestAddress'),
  destinationPort: port('DestPort'),
  action: (event) =>
    new Map([
      ['%%14592', 'inbound'],
      ['%%14593', 'outbound'],
    ]).get(event.data.get('Direction') ?? ''),
}
const task = (kind: 'task-create' | 'task-delete' | 'task-change', action: string): EventRow => ({
  kind,
  fields: { ...TASK, action: fixed(action) },
})
const filtered = (outcome: string): EventRow => ({
  kind: 'network-connection',
  fields: { ...FILTERED, outcome: fixed(outcome) },
})

const securityRows: [number, EventRow][] = [
  [4608, { kind: 'system-start', fields: {} }],
  [4609, { kind: 'system-stop', fields: {} }],
  [
    4616,
    {
      kind: 'time-change',
      fields: { ...SUBJECT, ...PROCESS, detail: named('PreviousTime', 'NewTime', 'PreviousDate', 'NewDate') },
    },
  ],
  [
    4624,
    {
      kind: 'logon',
      fields: {
        ...LOGON,
        outcome: fixed('success'),
        detail: named('LogonProcessName', 'SubjectUserName', 'ElevatedToken', 'TargetOutboundUserName'),
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
        detail: named('FailureReason', 'LogonProcessName'),
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
  ...rows([4656, 4663, 4670], { kind: 'object-access', fields: OBJECT }),
  [
    4657,
    {
      kind: 'registry-set',
      fields: {
        ...OBJECT,
        target: registryValue(),
        action: text('OperationType'),
        detail: named('OldValue', 'NewValue'),
      },
    },
  ],
  [4662, { kind: 'directory-access', fields: { ...OBJECT, action: text('OperationType') } }],
  [4672, { kind: 'privileges-assigned', fields: { ...SUBJECT, detail: named('PrivilegeList') } }],
  [
    4688,
    {
      kind: 'process-start',
      fields: { ...processStart(), detail: named('TokenElevationType', 'MandatoryLabel', 'SubjectUserName') },
    },
  ],
  [4689, { kind: 'process-end', fields: { ...SUBJECT, ...PROCESS, status: code('Status') } }],
  [
    4697,
    {
      kind: 'service-install',
      fields: {
        ...SUBJECT,
        target: text('ServiceName'),
        targetAccount: text('ServiceAccount'),
        detail: text('ServiceFileName'),
      },
    },
  ],
  [4698, task('task-create', 'created')],
  [4699, task('task-delete', 'deleted')],
  [4700, task('task-change', 'enabled')],
  [4701, task('task-change', 'disabled')],
  [4702, task('task-change', 'updated')],
  [
    4706,
    {
      kind: 'directory-change',
      fields: { ...SUBJECT, target: text('DomainName'), action: fixed('trust-created') },
    },
  ],
  [
    4713,
    {
      kind: 'audit-change',
      fields: { ...SUBJECT, action: fixed('kerberos-policy'), detail: named('KerberosPolicyChange') },
    },
  ],
  [
    4719,
    {
      kind: 'audit-change',
      fields: {
        ...SUBJECT,
        target: text('SubcategoryGuid', 'SubcategoryId'),
        detail: named('AuditPolicyChanges', 'CategoryId'),
      },
    },
  ],
  [
    4739,
    {
      kind: 'audit-change',
      fields: { ...SUBJECT, target: text('DomainName'), action: fixed('domain-policy') },
    },
  ],
  [4907, { kind: 'audit-change', fields: { ...OBJECT, action: fixed('object-auditing') } }],
  ...accountRows,
  [4768, { kind: kindBy(code('Status'), isFailure, 'kerberos-tgt', 'kerberos-failure'), fields: TICKET }],
  ...rows([4769, 4770], {
    kind: kindBy(code('Status'), isFailure, 'kerberos-service', 'kerberos-failure'),
    fields: TICKET,
  }),
  [4771, { kind: 'kerberos-failure', fields: { ...TICKET, outcome: fixed('failure') } }],
  [
    4776,
    {
      kind: 'ntlm-validation',
      fields: {
        account: text('TargetUserName'),
        sourceHost: host('Workstation'),
        authentication: text('PackageName'),
        status: code('Status'),
        outcome: outcomeBy('Status'),
      },
    },
  ],
  [4778, { kind: 'session-connect', fields: TERMINAL }],
  [4779, { kind: 'session-disconnect', fields: TERMINAL }],
  ...rows([4798, 4799], {
    kind: 'directory-access',
    fields: {
      ...SUBJECT,
      processPath: path('CallerProcessName'),
      pid: pid('CallerProcessId'),
      target: account('TargetDomainName', 'TargetUserName'),
      targetSid: sid('TargetSid'),
    },
  }),
  [4800, { kind: 'workstation-lock', fields: { ...SESSION, action: fixed('locked') } }],
  [4801, { kind: 'workstation-lock', fields: { ...SESSION, action: fixed('unlocked') } }],
  [4825, { kind: 'logon-failure', fields: { ...TERMINAL, outcome: fixed('failure') } }],
  [
    4964,
    {
      kind: 'privileges-assigned',
      fields: { ...SUBJECT, ...TARGET, targetLogonId: logonId('TargetLogonId'), detail: named('SidList') },
    },
  ],
  ...rows([5136, 5137, 5138, 5139, 5141], { kind: 'directory-change', fields: DIRECTORY }),
  ...rows([5140, 5142, 5143, 5144, 5145], { kind: 'share-access', fields: SHARE }),
  [5156, filtered('success')],
  [5157, filtered('failure')],
  [5158, { kind: 'network-bind', fields: FILTERED }],
]

/** The account a new process runs as: the target when it differs from the creator (version 2), else the creator. */
function processStart(): FieldPicks {
  return {
    account: either(
      account('TargetDomainName', 'TargetUserName'),
      account('SubjectDomainName', 'SubjectUserName'),
    ),
    accountSid: (event) =>
      present(event.data.get('TargetUserName')) === undefined
        ? sid('SubjectUserSid')(event)
        : sid('TargetUserSid')(event),
    logonId: either(logonId('TargetLogonId'), logonId('SubjectLogonId')),
    processPath: path('NewProcessName'),
    pid: pid('NewProcessId'),
    commandLine: text('CommandLine'),
    parentPath: path('ParentProcessName'),
    parentPid: pid('ProcessId'),
  }
}
function failureCode(name: string): Pick<string> {
  return (event) => {
    const value = code(name)(event)
    return value !== undefined && isFailure(value) ? value : undefined
  }
}
function registryValue(): Pick<string> {
  return (event) => {
    const key = text('ObjectName')(event)
    const value = text('ObjectValueName')(event)
    return key === undefined || value === undefined ? key : `${key}\\${value}`
  }
}

/**
 * Microsoft-Windows-Security-Auditing (formats.md A3.1). PIDs are hexadecimal there. One long table is easier to check
 * against that list than several short ones.
 */
export const security: EventTable = new Map(securityRows)

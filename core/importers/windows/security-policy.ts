import {
  account,
  code,
  either,
  type EventRow,
  type FieldPicks,
  fixed,
  integrity,
  logonId,
  mapped,
  named,
  path,
  pid,
  type Pick,
  rows,
  sid,
  text,
  words,
} from './picks.ts'
import { present } from '../../normalise/placeholder.ts'
import { PROCESS, SUBJECT } from './security-parties.ts'
import { joined } from './status-codes.ts'
import { taskCommand } from './task-content.ts'

const TASK: FieldPicks = {
  ...SUBJECT,
  target: text('TaskName'),
  pid: pid('ClientProcessId'),
  detail: (event) => taskCommand(event.data.get('TaskContent') ?? event.data.get('TaskContentNew')),
}
const task = (kind: 'task-create' | 'task-delete' | 'task-change', action: string): EventRow => ({
  kind,
  fields: { ...TASK, action: fixed(action) },
})
const policy = (action: string, ...names: string[]): EventRow => ({
  kind: 'audit-change',
  fields: { ...SUBJECT, action: fixed(action), detail: named(...names) },
})
const trust = (action: string): EventRow => ({
  kind: 'directory-change',
  fields: {
    ...SUBJECT,
    target: text('DomainName'),
    targetSid: sid('DomainSid'),
    action: fixed(action),
    detail: named('TdoType', 'TdoDirection', 'TdoAttributes', 'SidFilteringEnabled'),
  },
})
/** The loaded package: `C:\Windows\system32\msv1_0.DLL : MSV1_0`. */
const packagePath: Pick<string> = (event) =>
  path(
    'AuthenticationPackageName',
    'NotificationPackageName',
    'SecurityPackageName',
  )(event)?.replace(/ : .*$/, '')
const START_TYPES = new Map([
  ['0', 'boot start'],
  ['1', 'system start'],
  ['2', 'auto start'],
  ['3', 'demand start'],
  ['4', 'disabled'],
])

/** Processes, services, tasks, policies and the system itself in the Security log (formats.md A3.1). */
export const policyRows: [number, EventRow][] = [
  [4608, { kind: 'system-start', fields: {} }],
  [4609, { kind: 'system-stop', fields: {} }],
  ...rows([4610, 4614, 4622], {
    kind: 'image-load',
    fields: {
      target: packagePath,
      action: fixed('security-package'),
      detail: named('AuthenticationPackageName', 'NotificationPackageName', 'SecurityPackageName'),
    },
  }),
  [4612, policy('events-lost', 'AuditsDiscarded')],
  [
    4616,
    {
      kind: 'time-change',
      fields: { ...SUBJECT, ...PROCESS, detail: named('PreviousTime', 'NewTime', 'PreviousDate', 'NewDate') },
    },
  ],
  [
    4673,
    {
      kind: 'generic',
      fields: {
        ...SUBJECT,
        ...PROCESS,
        target: text('Service'),
        action: fixed('privileged-service'),
        detail: named('ObjectServer', 'PrivilegeList'),
      },
    },
  ],
  [
    4688,
    {
      kind: 'process-start',
      fields: { ...processStart(), detail: named('TokenElevationType', 'SubjectUserName') },
    },
  ],
  [4689, { kind: 'process-end', fields: { ...SUBJECT, ...PROCESS, status: code('Status') } }],
  [
    4697,
    {
      kind: 'service-install',
      fields: {
        ...SUBJECT,
        pid: pid('ClientProcessId'),
        target: text('ServiceName'),
        targetAccount: text('ServiceAccount'),
        action: mapped(text('ServiceStartType'), START_TYPES),
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
    4703,
    {
      kind: 'generic',
      fields: {
        ...SUBJECT,
        ...PROCESS,
        targetAccount: account('TargetDomainName', 'TargetUserName'),
        targetSid: sid('TargetUserSid'),
        action: fixed('token-right-adjusted'),
        detail: named('EnabledPrivilegeList', 'DisabledPrivilegeList'),
      },
    },
  ],
  [4706, trust('trust-created')],
  [4707, trust('trust-removed')],
  [4716, trust('trust-changed')],
  [4713, policy('kerberos-policy', 'KerberosPolicyChange')],
  [4715, policy('audit-permissions', 'OldSd', 'NewSd')],
  ...rows([4719, 4912], {
    kind: 'audit-change',
    fields: {
      ...SUBJECT,
      target: words('SubcategoryId', 'SubcategoryGuid'),
      targetSid: sid('TargetUserSid'),
      action: words('AuditPolicyChanges'),
      detail: joined(named('CategoryId'), named('SubcategoryGuid', 'AuditPolicyChanges')),
    },
  }),
  [
    4739,
    {
      kind: 'audit-change',
      fields: {
        ...SUBJECT,
        target: text('DomainName'),
        action: fixed('domain-policy'),
        detail: named(
          'DomainPolicyChanged',
          'MinPasswordLength',
          'PasswordHistoryLength',
          'MachineAccountQuota',
          'LockoutThreshold',
        ),
      },
    },
  ],
  [
    4826,
    {
      kind: 'system-start',
      fields: {
        ...SUBJECT,
        action: fixed('boot-configuration'),
        detail: named(
          'LoadOptions',
          'AdvancedOptions',
          'KernelDebug',
          'TestSigning',
          'FlightSigning',
          'DisableIntegrityChecks',
          'HypervisorDebug',
          'VsmLaunchType',
        ),
      },
    },
  ],
  ...rows([4886, 4887, 4888], {
    kind: 'generic',
    fields: {
      account: text('Requester'),
      target: text('Subject'),
      action: certificateAction,
      status: text('Disposition'),
      // Windows Server 2019 and newer (KB5014754, KB5034122) say who a certificate is for, of which template, and its number.
      detail: named(
        'RequestId',
        'Attributes',
        'SubjectKeyIdentifier',
        'SubjectAlternativeName',
        'CertificateTemplate',
        'SerialNumber',
      ),
    },
  }),
  [4906, policy('crash-on-audit-fail', 'CrashOnAuditFailValue')],
  [
    4907,
    {
      kind: 'audit-change',
      fields: {
        ...SUBJECT,
        ...PROCESS,
        target: text('ObjectName'),
        action: fixed('object-auditing'),
        detail: named('ObjectType', 'OldSd', 'NewSd'),
      },
    },
  ],
  [4908, policy('special-groups', 'SidList')],
]

function certificateAction(event: Parameters<Pick<string>>[0]): string {
  if (event.eventId === 4886) return 'certificate-requested'
  return event.eventId === 4887 ? 'certificate-issued' : 'certificate-denied'
}

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
    integrity: integrity('MandatoryLabel'),
  }
}

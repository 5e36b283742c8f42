import {
  account,
  type EventRow,
  type EventTable,
  type FieldPicks,
  fixed,
  hexPid,
  logonId,
  named,
  path,
  type Pick,
  rows,
  sid,
  text,
} from './picks.ts'

const SERVICE: FieldPicks = { target: text('param1') }
const failed = (action: string, ...names: string[]): EventRow => ({
  kind: 'service-change',
  fields: { ...SERVICE, action: fixed(action), outcome: fixed('failure'), detail: named(...names) },
})
const serviceRows: [number, EventRow][] = [
  [
    7045,
    {
      kind: 'service-install',
      fields: {
        target: text('ServiceName'),
        detail: text('ImagePath'),
        targetAccount: text('AccountName'),
        action: text('StartType'),
      },
    },
  ],
  [7000, failed('start-failed', 'param2')],
  [7001, failed('dependency-failed', 'param2', 'param3')],
  [7009, { kind: 'service-change', fields: { target: text('param2'), action: fixed('timeout') } }],
  [7022, failed('hung')],
  ...rows([7023, 7024], failed('ended-with-error', 'param2')),
  [7026, failed('driver-failed')],
  [7035, { kind: 'service-change', fields: { ...SERVICE, action: text('param2') } }],
  [7036, { kind: 'service-change', fields: { ...SERVICE, action: text('param2') } }],
  [
    7038,
    {
      kind: 'service-change',
      fields: {
        ...SERVICE,
        targetAccount: text('param2'),
        action: fixed('logon-failed'),
        outcome: fixed('failure'),
      },
    },
  ],
  [
    7040,
    {
      kind: 'service-change',
      fields: {
        target: text('param4', 'param1'),
        action: text('param3'),
        detail: named('param1', 'param2', 'param3'),
      },
    },
  ],
  ...rows([7031, 7032, 7034], {
    kind: 'service-change',
    fields: { ...SERVICE, action: fixed('crashed'), detail: named('param2', 'param4', 'param5') },
  }),
]
/** Service Control Manager: the service is `ServiceName` or the first parameter (formats.md A3.2). */
export const serviceControlManager: EventTable = new Map(serviceRows)

const CLEARED: FieldPicks = {
  account: account('SubjectDomainName', 'SubjectUserName'),
  accountSid: sid('SubjectUserSid'),
  logonId: logonId('SubjectLogonId'),
}
const eventLogRows: [number, EventRow][] = [
  [104, { kind: 'log-clear', fields: { ...CLEARED, target: text('Channel'), detail: named('BackupPath') } }],
  [1102, { kind: 'log-clear', fields: { ...CLEARED, target: fixed('Security') } }],
  [1100, { kind: 'audit-change', fields: { action: fixed('event-log-stopped') } }],
  [1101, { kind: 'audit-change', fields: { action: fixed('events-lost'), detail: named('Reason') } }],
  [1104, { kind: 'audit-change', fields: { action: fixed('log-full') } }],
  [
    1105,
    {
      kind: 'audit-change',
      fields: { action: fixed('log-archived'), detail: named('Channel', 'BackupPath') },
    },
  ],
  [6005, { kind: 'system-start', fields: { action: fixed('event-log-started') } }],
  [6006, { kind: 'system-stop', fields: { action: fixed('event-log-stopped') } }],
  [6008, { kind: 'system-stop', fields: { action: fixed('unexpected'), detail: named('param1', 'param2') } }],
  [
    6011,
    { kind: 'generic', fields: { action: fixed('computer-renamed'), detail: named('param1', 'param2') } },
  ],
]
/** The event log service itself: cleared logs, and start and stop of the machine as it saw them. */
export const eventLog: EventTable = new Map(eventLogRows)

const kernelRows: [number, EventRow][] = [
  [
    1,
    {
      kind: 'time-change',
      fields: { detail: named('OldTime', 'NewTime', 'Reason'), processPath: path('ProcessName') },
    },
  ],
  [
    12,
    {
      kind: 'system-start',
      fields: { detail: named('StartTime', 'MajorVersion', 'MinorVersion', 'BuildVersion') },
    },
  ],
  [13, { kind: 'system-stop', fields: { detail: named('StopTime') } }],
]
export const kernelGeneral: EventTable = new Map(kernelRows)

/** Kernel-Power: stop without shutdown, sleep and wake. */
export const kernelPower: EventTable = new Map<number, EventRow>([
  [
    41,
    {
      kind: 'system-stop',
      fields: {
        action: fixed('unexpected'),
        detail: named('BugcheckCode', 'PowerButtonTimestamp', 'SleepInProgress'),
      },
    },
  ],
  // Sleep and wake end no session.
  [42, { kind: 'generic', fields: { action: fixed('sleep'), detail: named('Reason') } }],
  [107, { kind: 'generic', fields: { action: fixed('wake') } }],
  [109, { kind: 'system-stop', fields: { action: fixed('shutdown'), detail: named('ShutdownReason') } }],
])

/** `C:\\...\\winlogon.exe (HOST)`: the host is that of the caller. */
const initiator: Pick<string> = (event) => path('param1')(event)?.replace(/\s\([^)]*\)$/, '')

/** Who asked for a shutdown: 1074 has only numbered parameters. */
export const user32: EventTable = new Map<number, EventRow>([
  [
    1074,
    {
      kind: 'system-stop',
      fields: {
        processPath: initiator,
        account: text('param7'),
        action: text('param5'),
        detail: named('param3', 'param6'),
      },
    },
  ],
])

const NOTIFIED: FieldPicks = { accountSid: sid('UserSid'), sessionId: text('TSId') }
/** Winlogon's notices to the customer experience program: a user's session began or ended on this machine. */
export const winlogon: EventTable = new Map<number, EventRow>([
  [7001, { kind: 'session-connect', fields: { ...NOTIFIED, action: fixed('logon') } }],
  [7002, { kind: 'session-disconnect', fields: { ...NOTIFIED, action: fixed('logoff') } }],
])

const CRASHED: FieldPicks = {
  processPath: path('AppPath', 'param11', 'AppName', 'param1'),
  pid: hexPid('ProcessId', 'param9'),
  action: fixed('crashed'),
  status: text('ExceptionCode', 'param7'),
  target: path('ModulePath', 'param12'),
  detail: named(
    'AppName',
    'AppVersion',
    'ModuleName',
    'FaultingOffset',
    'param1',
    'param2',
    'param4',
    'param8',
  ),
}
/** Application Error 1000: a program ended by an exception; older systems number the parameters. */
export const applicationError: EventTable = new Map<number, EventRow>([
  [1000, { kind: 'process-end', fields: CRASHED }],
])
/** Application Hang 1002: a program that no longer answered was closed. */
export const applicationHang: EventTable = new Map<number, EventRow>([
  [
    1002,
    {
      kind: 'process-end',
      fields: {
        processPath: path('ApplicationPath', 'param6', 'param1'),
        pid: hexPid('ProcessId', 'param3'),
        action: fixed('hung'),
        detail: named('param1', 'param2'),
      },
    },
  ],
])

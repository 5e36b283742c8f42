import {
  account,
  type EventRow,
  type EventTable,
  type FieldPicks,
  fixed,
  logonId,
  named,
  path,
  type Pick,
  rows,
  sid,
  text,
} from './picks.ts'

const SERVICE: FieldPicks = { target: text('param1') }
const serviceRows: [number, EventRow][] = [
  [
    7045,
    {
      kind: 'service-install',
      fields: { target: text('ServiceName'), detail: text('ImagePath'), targetAccount: text('AccountName') },
    },
  ],
  [7036, { kind: 'service-change', fields: { ...SERVICE, action: text('param2') } }],
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
  ...rows([7031, 7034], { kind: 'service-change', fields: { ...SERVICE, action: fixed('crashed') } }),
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
  [6005, { kind: 'system-start', fields: { action: fixed('event-log-started') } }],
  [6006, { kind: 'system-stop', fields: { action: fixed('event-log-stopped') } }],
  [6008, { kind: 'system-stop', fields: { action: fixed('unexpected') } }],
]
/** The event log service itself: cleared logs, and start and stop of the machine as it saw them. */
export const eventLog: EventTable = new Map(eventLogRows)

const kernelRows: [number, EventRow][] = [
  [1, { kind: 'time-change', fields: { detail: named('OldTime', 'NewTime', 'Reason') } }],
  [12, { kind: 'system-start', fields: { detail: named('StartTime') } }],
  [13, { kind: 'system-stop', fields: { detail: named('StopTime') } }],
]
export const kernelGeneral: EventTable = new Map(kernelRows)

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

import {
  type EventRow,
  type EventTable,
  type FieldPicks,
  fixed,
  named,
  path,
  pid,
  rows,
  text,
} from './picks.ts'

const TASK: FieldPicks = { target: text('TaskName'), account: text('UserContext', 'UserName') }
const RUN: FieldPicks = { ...TASK, detail: named('ActionName', 'Path', 'ResultCode') }

const taskRows: [number, EventRow][] = [
  [106, { kind: 'task-create', fields: TASK }],
  [140, { kind: 'task-change', fields: { ...TASK, action: fixed('updated') } }],
  [141, { kind: 'task-delete', fields: TASK }],
  [142, { kind: 'task-change', fields: { ...TASK, action: fixed('disabled') } }],
  ...rows([100, 102, 110, 200, 201], { kind: 'task-run', fields: RUN }),
  [129, { kind: 'task-run', fields: { ...RUN, processPath: path('Path'), pid: pid('ProcessID') } }],
]
/** Microsoft-Windows-TaskScheduler/Operational (formats.md A3.2). */
export const taskScheduler: EventTable = new Map(taskRows)

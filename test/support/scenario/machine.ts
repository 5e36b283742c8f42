import type { EventFields } from '../../../core/model/event.ts'
import { at as timeOf, MINUTE, SECOND } from './clock.ts'
import type { Account, Host } from './company.ts'
import * as name from './names.ts'
import type { World } from './world.ts'

export interface Process {
  readonly id: number
  readonly host: Host
  readonly pid: number
  /** As the host's sensor names it; null where none does. */
  readonly guid: string | null
  readonly image: string
  readonly commandLine: string
  /** Null for the system's own accounts. */
  readonly user: Account | null
  readonly logonId: string
  readonly startAt: number
  endAt: number | null
}

/** Whose session did something, as the Security log names it. */
export interface Subject {
  readonly who: Account
  readonly logonId: string
}

export interface StartOptions {
  /** Files on the command line that the program opens. */
  readonly opens?: readonly string[]
  readonly pid?: number
  readonly directory?: string
  readonly logonId?: string
  readonly sha256?: string
}

/** Where programs of Windows and installed software lie: their files are no part of the story. */
const isInstalled = (path: string): boolean =>
  /^c:\\(windows|program files)/i.test(path) && !/^c:\\windows\\(temp|tasks)\\/i.test(path)
const base = (path: string): string => path.split('\\').at(-1) ?? path
const SYSTEM = 'C:\\Windows\\System32\\'
/** Running before the logs begin. */
const BOOT = [
  'System',
  'services.exe',
  'svchost.exe',
  'lsass.exe',
  'wbem\\WmiPrvSE.exe',
  'userinit.exe',
] as const

/** One endpoint: what runs on it, and what its sensor and its Security log write down of that. */
export class Machine {
  readonly host: Host
  readonly #world: World
  readonly #id: string
  readonly #boot = new Map<string, Process>()
  readonly #written = new Set<string>()
  readonly #answers = new Map<string, { domain: string; at: number }>()
  #lastPid = 4000

  constructor(world: World, host: Host) {
    this.#world = world
    this.host = host
    this.#id = world.random.hex(8)
    this.#lastPid += world.random.int(400) * 4
  }

  /** A process of Windows that has run since boot; no log tells of its start. */
  system(image: (typeof BOOT)[number]): Process {
    const known = this.#boot.get(image)
    if (known) return known
    const path = image === 'System' ? image : SYSTEM + image
    const process = this.#make(
      path,
      path,
      null,
      '0x3e7',
      timeOf('05:00') + this.#boot.size * SECOND,
      500 + 4 * BOOT.indexOf(image),
    )
    this.#boot.set(image, process)
    return process
  }

  #make(
    image: string,
    commandLine: string,
    user: Account | null,
    logonId: string,
    startAt: number,
    pid: number,
  ): Process {
    const process: Process = {
      id: this.#world.processes.length + 1,
      host: this.host,
      pid,
      guid: this.#guid(startAt, pid),
      image,
      commandLine,
      user,
      logonId,
      startAt,
      endAt: null,
    }
    this.#world.processes.push(process)
    return process
  }

  /** Sysmon: machine, start second, counter. EDR: start second, PID, device. */
  #guid(startAt: number, pid: number): string | null {
    const second = Math.floor((startAt + this.host.skew) / SECOND)
    if (this.host.sensor === 'none') return null
    if (this.host.sensor === 'edr') return `${second}-${String(pid).padStart(7, '0')}-${this.#id}`
    const hex = second.toString(16).padStart(8, '0')
    const rest = String(this.#world.processes.length + 1).padStart(12, '0')
    return `${this.#id}-${hex.slice(4)}-${hex.slice(0, 4)}-${this.#id.slice(0, 4)}-${rest}`
  }

  get #truth() {
    return this.#world.truth
  }
  #recorded(at: number): number {
    return at + this.host.skew
  }
  get #hasSensor(): boolean {
    return this.host.sensor !== 'none'
  }
  /** Whether any log tells what starts here. */
  get isRecordingStarts(): boolean {
    return this.#hasSensor || this.host.auditsProcesses
  }

  /** `source` writes who did it, in the words of the sensor. */
  #actor(process: Process): EventFields {
    return {
      host: this.host.fqdn,
      processPath: process.image,
      pid: process.pid,
      processGuid: process.guid ?? undefined,
      account: process.user?.name ?? 'NT AUTHORITY\\SYSTEM',
      ...(this.host.sensor === 'edr' && process.user ? { accountSid: process.user.sid } : {}),
    }
  }

  /** Starts a program. */
  start(
    parent: Process,
    image: string,
    commandLine: string,
    user: Account | null,
    at: number,
    options: StartOptions = {},
  ): Process {
    this.#lastPid += 4 * (1 + this.#world.random.int(40))
    const logonId = options.logonId ?? (user === null ? '0x3e7' : parent.logonId)
    const process = this.#make(image, commandLine, user, logonId, at, options.pid ?? this.#lastPid)
    if (this.#hasSensor) this.#recordStart(parent, process, options)
    if (this.host.auditsProcesses) this.#recordAudit(parent, process, commandLine)
    if (this.#hasSensor || this.host.auditsProcesses) this.#sayStart(parent, process, options)
    return process
  }

  #recordStart(parent: Process, process: Process, options: StartOptions): void {
    this.#world.records.event('sensor', 'process-start', this.#recorded(process.startAt), {
      ...this.#actor(process),
      ...(this.host.sensor === 'sysmon'
        ? {
            provider: 'Microsoft-Windows-Sysmon',
            code: 1,
            detail: `CurrentDirectory: ${options.directory ?? 'C:\\'}`,
          }
        : { provider: 'Microsoft Defender XDR' }),
      logonId: process.logonId,
      commandLine: process.commandLine,
      parentPath: parent.image,
      parentCommandLine: parent.commandLine,
      parentPid: parent.pid,
      parentGuid: parent.guid ?? undefined,
      sha256: options.sha256 ?? hashOf(process.image),
    })
  }

  /** 4688, a few milliseconds after the sensor's record. */
  #recordAudit(parent: Process, process: Process, commandLine: string): void {
    this.#world.records.event('security', 'process-start', this.#recorded(process.startAt) + 3000, {
      provider: 'Microsoft-Windows-Security-Auditing',
      code: 4688,
      host: this.host.fqdn,
      account: process.user?.name ?? `${this.#world.company.netbios}\\${this.host.netbios}$`,
      accountSid: process.user?.sid ?? 'S-1-5-18',
      logonId: process.logonId,
      processPath: process.image,
      commandLine,
      pid: process.pid,
      parentPath: parent.image,
      parentPid: parent.pid,
    })
  }

  #sayStart(parent: Process, process: Process, options: StartOptions): void {
    const [truth, self] = [this.#truth, name.processName(process.id)]
    const [at, recorded] = [process.startAt, this.#recorded(process.startAt)]
    truth.say('spawned', name.processName(parent.id), self, at, recorded)
    truth.say('ran-on', self, name.endpointName(this.host), null)
    truth.say('ran-on', name.processName(parent.id), name.endpointName(this.host), null)
    if (process.user) truth.say('ran-as', self, name.userName(process.user), null)
    const isKnown = !isInstalled(process.image) || this.#written.has(process.image.toLowerCase())
    this.sayExecuted(process.image, process, isKnown)
    for (const path of options.opens ?? []) this.sayExecuted(path, process, true)
  }

  /** The file was run or opened by the process. */
  sayExecuted(path: string, process: Process, isRequired: boolean): void {
    const [truth, file] = [this.#truth, name.fileName(this.host, path)]
    const recorded = this.#recorded(process.startAt)
    const self = name.processName(process.id)
    if (isRequired) {
      truth.say('executed-as', file, self, process.startAt, recorded)
      truth.say('located-on', file, name.endpointName(this.host), null)
    } else {
      truth.allow('executed-as', file, self, process.startAt, recorded)
      truth.allow('located-on', file, name.endpointName(this.host))
    }
  }

  end(process: Process, at: number): void {
    process.endAt = at
    const fields = { host: this.host.fqdn, processPath: process.image, pid: process.pid }
    if (this.host.sensor === 'sysmon')
      this.#world.records.event('sensor', 'process-end', this.#recorded(at), {
        ...fields,
        processGuid: process.guid ?? undefined,
      })
    if (this.host.auditsProcesses)
      this.#world.records.event('security', 'process-end', this.#recorded(at) + 3000, fields)
  }

  /** Writes a file. `isNoise`: of a kind nobody needs in the graph. */
  write(
    process: Process,
    path: string,
    at: number,
    options: { readonly sha256?: string; readonly isNoise?: boolean } = {},
  ): void {
    if (!this.#hasSensor) return
    this.#world.records.event('sensor', 'file-create', this.#recorded(at), {
      ...this.#actor(process),
      target: path,
      ...(this.host.sensor === 'edr'
        ? { sha256: options.sha256 ?? hashOf(`${this.host.netbios}${path}`) }
        : {}),
    })
    if (options.isNoise === true) this.#allowWritten(process, path, at)
    else this.#sayWritten(process, path, at)
  }

  #sayWritten(process: Process, path: string, at: number): void {
    this.#written.add(path.toLowerCase())
    const file = name.fileName(this.host, path)
    this.#truth.say('dropped', name.processName(process.id), file, at, this.#recorded(at))
    this.#truth.say('located-on', file, name.endpointName(this.host), null)
    this.#allowMention(process)
  }
  #allowWritten(process: Process, path: string, at: number): void {
    const file = name.fileName(this.host, path)
    this.#truth.allow('dropped', name.processName(process.id), file, at, this.#recorded(at))
    this.#truth.allow('located-on', file, name.endpointName(this.host))
    this.#allowMention(process)
  }
  #allowMention(process: Process): void {
    this.#truth.allow('ran-on', name.processName(process.id), name.endpointName(this.host))
  }

  /** The mark that a downloaded or saved file carries, with its hash. */
  mark(
    process: Process,
    path: string,
    at: number,
    origin: { readonly url?: string; readonly referrer?: string; readonly sha256: string },
  ): void {
    if (!this.#hasSensor) return
    const { url, referrer, sha256 } = origin
    const where = { ...(url === undefined ? {} : { url }), ...(referrer === undefined ? {} : { referrer }) }
    const actor = this.#actor(process)
    const add = (kind: 'file-create' | 'file-stream', time: number, fields: EventFields): void =>
      this.#world.records.event('sensor', kind, this.#recorded(time), { ...actor, ...fields })
    if (this.host.sensor === 'edr') add('file-create', at, { target: path, sha256, ...where })
    else {
      add('file-stream', at, { target: path, sha256 })
      if (url !== undefined || referrer !== undefined)
        add('file-stream', at + 1000, { target: `${path}:Zone.Identifier`, ...where })
    }
    this.#sayWritten(process, path, at)
    if (url !== undefined)
      this.#truth.say(
        'downloaded-to',
        name.urlName(url),
        name.fileName(this.host, path),
        at,
        this.#recorded(at),
      )
  }

  /** Looks a name up. */
  resolve(process: Process, domain: string, ip: string, at: number): void {
    if (!this.#hasSensor) return
    this.#world.records.event('sensor', 'dns-query', this.#recorded(at), {
      ...this.#actor(process),
      target: domain,
      detail: `${ip};`,
    })
    const recorded = this.#recorded(at)
    this.#truth.say('resolved', name.processName(process.id), name.domainName(domain), at, recorded)
    this.#truth.say('resolves-to', name.domainName(domain), name.ipName(ip), null)
    this.#answers.set(`${process.id}|${ip}`, { domain, at })
    this.#allowMention(process)
  }

  /** Connects to an address. */
  connect(process: Process, ip: string, port: number, at: number, sourcePort = this.#world.port()): void {
    if (!this.#hasSensor) return
    this.#world.records.event('sensor', 'network-connection', this.#recorded(at), {
      ...this.#actor(process),
      sourceIp: this.#world.addresses.of(this.host, at),
      sourcePort,
      destinationIp: ip,
      destinationPort: port,
      protocol: 'tcp',
      action: 'outbound',
    })
    const [self, recorded] = [name.processName(process.id), this.#recorded(at)]
    this.#truth.say('connected-to', self, name.ipName(ip), at, recorded)
    const answer = this.#answers.get(`${process.id}|${ip}`)
    if (answer && at - answer.at <= 5 * MINUTE)
      this.#truth.say('connected-to', self, name.domainName(answer.domain), at, recorded)
    this.#allowMention(process)
  }

  /** Looks up a machine of the company: nobody draws that, but it tells whose address that is. */
  lookUp(process: Process, host: Host, at: number): void {
    if (!this.#hasSensor || host.fixedIp === null) return
    this.#world.records.event('sensor', 'dns-query', this.#recorded(at), {
      ...this.#actor(process),
      target: host.fqdn,
      detail: `${host.fixedIp};`,
    })
    this.#allowMention(process)
  }

  /** Takes a connection from another machine. */
  accept(process: Process, sourceIp: string, sourcePort: number, port: number, at: number): void {
    if (this.host.sensor !== 'sysmon') return
    this.#world.records.event('sensor', 'network-connection', this.#recorded(at), {
      ...this.#actor(process),
      sourceIp,
      sourcePort,
      destinationIp: this.#world.addresses.of(this.host, at),
      destinationPort: port,
      protocol: 'tcp',
      action: 'inbound',
    })
    this.#allowMention(process)
  }

  setRegistry(process: Process, path: string, value: string, at: number): void {
    if (!this.#hasSensor) return
    this.#world.records.event('sensor', 'registry-set', this.#recorded(at), {
      ...this.#actor(process),
      target: path,
      detail: value,
    })
    this.#truth.say(
      'wrote-registry',
      name.processName(process.id),
      name.thingName('registry-key', this.host, path),
      at,
      this.#recorded(at),
    )
    this.#allowMention(process)
  }

  /** Reads the memory of lsass.exe; Sysmon alone writes it down. `mask` and `trace` are those of the tool. */
  readLsass(process: Process, mask: string, trace: string, at: number): void {
    if (this.host.sensor !== 'sysmon') return
    const target = this.system('lsass.exe')
    this.#world.records.event('sensor', 'process-access', this.#recorded(at), {
      ...this.#actor(process),
      target: target.image,
      targetPid: target.pid,
      targetGuid: target.guid ?? undefined,
      status: mask,
      detail: `CallTrace: ${trace}`,
    })
    this.#truth.say(
      'accessed-credentials',
      name.processName(process.id),
      name.processName(target.id),
      at,
      this.#recorded(at),
    )
    this.#allowMention(process)
    this.#allowMention(target)
  }

  /** A recorded command that names the address it transfers from or to. */
  sayOrderedTransfer(process: Process, url: string): void {
    if (!this.isRecordingStarts) return
    const recorded = this.#recorded(process.startAt)
    this.#truth.say(
      'connected-to',
      name.processName(process.id),
      name.urlName(url),
      process.startAt,
      recorded,
    )
  }

  /** A recorded command that names the address it fetches from and the file it writes. */
  sayOrderedDownload(process: Process, url: string, path: string): void {
    this.sayOrderedTransfer(process, url)
    const [file, recorded] = [name.fileName(this.host, path), this.#recorded(process.startAt)]
    if (this.isRecordingStarts)
      this.#truth.say('downloaded-to', name.urlName(url), file, process.startAt, recorded)
  }

  /** A file came out of an archive or image on this machine; folder, drive or mark tell. */
  sayExtracted(container: string, path: string, at: number): void {
    if (this.#hasSensor)
      this.#truth.say(
        'extracted-to',
        name.fileName(this.host, container),
        name.fileName(this.host, path),
        at,
        this.#recorded(at),
      )
  }

  /** A recorded command that goes for credentials of this machine. */
  sayCredentialCommand(process: Process): void {
    if (this.isRecordingStarts)
      this.#truth.say(
        'accessed-credentials',
        name.processName(process.id),
        name.endpointName(this.host),
        process.startAt,
        this.#recorded(process.startAt),
      )
  }

  /** A permanent WMI subscription; Sysmon alone writes it down. */
  subscribe(consumer: string, command: string, at: number, orderedBy: Process): void {
    if (this.host.sensor !== 'sysmon') return
    const add = (kind: 'wmi-filter' | 'wmi-consumer' | 'wmi-binding', target: string, detail: string): void =>
      this.#world.records.event('sensor', kind, this.#recorded(at), {
        host: this.host.fqdn,
        account: orderedBy.user?.name,
        action: 'Created',
        target,
        detail,
      })
    const root = '\\\\.\\ROOT\\subscription:'
    const names = [
      `${root}CommandLineEventConsumer.Name=\\"${consumer}\\"`,
      `${root}__EventFilter.Name=\\"${consumer}F\\"`,
    ]
    add(
      'wmi-filter',
      `${consumer}F`,
      'EventNamespace: root\\cimv2; Query: SELECT * FROM __InstanceModificationEvent',
    )
    add('wmi-consumer', consumer, `Type: Command Line; Destination: "${command}"`)
    add('wmi-binding', names[0] ?? '', `Consumer: "${names[0]}"; Filter: "${names[1]}"`)
    const to = name.thingName('wmi-subscription', this.host, consumer)
    this.#truth.say('created-subscription', name.endpointName(this.host), to, at, this.#recorded(at))
    this.#truth.say('created-subscription', name.processName(orderedBy.id), to, at, this.#recorded(at))
  }

  /** A service is installed: System log, Security log where it is audited, and the registry as Sysmon sees it. */
  installService(service: string, image: string, at: number, by: Subject, orderedBy?: Process): void {
    const to = name.thingName('service', this.host, service)
    const [recorded, here] = [this.#recorded(at), name.endpointName(this.host)]
    const isSeen = this.host.hasSecurityLog || this.host.sensor === 'sysmon'
    const fields = { host: this.host.fqdn, accountSid: by.who.sid, target: service, detail: image }
    if (this.host.hasSecurityLog) {
      const events = this.#world.records
      events.event('security', 'service-install', recorded, {
        provider: 'Service Control Manager',
        code: 7045,
        ...fields,
      })
      if (this.host.auditsProcesses)
        events.event('security', 'service-install', recorded + 1000, {
          provider: 'Microsoft-Windows-Security-Auditing',
          code: 4697,
          ...fields,
          account: by.who.name,
          logonId: by.logonId,
        })
    }
    if (this.host.sensor === 'sysmon')
      this.#world.records.event('sensor', 'registry-set', recorded, {
        ...this.#actor(this.system('services.exe')),
        target: `HKLM\\System\\CurrentControlSet\\Services\\${service}\\ImagePath`,
        detail: image,
      })
    if (!isSeen) return
    this.#truth.say('installed-service', here, to, at, recorded)
    this.#allowMention(this.system('services.exe'))
    if (isInstalled(image)) this.#truth.allow('located-on', name.fileName(this.host, image), here)
    else if (!image.startsWith('%'))
      this.#truth.say('located-on', name.fileName(this.host, image), here, null)
    if (orderedBy && this.isRecordingStarts)
      this.#truth.say('installed-service', name.processName(orderedBy.id), to, at, recorded)
  }

  /** A task is created: Security log. */
  createTask(task: string, command: string, at: number, by: Subject, orderedBy?: Process): void {
    const to = name.thingName('scheduled-task', this.host, task)
    const here = name.endpointName(this.host)
    const hasOrder = orderedBy !== undefined && (this.#hasSensor || this.host.auditsProcesses)
    if (this.host.hasSecurityLog) {
      this.#world.records.event('security', 'task-create', this.#recorded(at), {
        provider: 'Microsoft-Windows-Security-Auditing',
        code: 4698,
        host: this.host.fqdn,
        account: by.who.name,
        accountSid: by.who.sid,
        logonId: by.logonId,
        target: task,
        detail: command,
      })
      this.#truth.say('created-task', here, to, at, this.#recorded(at))
      const image = command.split(' ')[0] ?? command
      if (isInstalled(image)) this.#truth.allow('located-on', name.fileName(this.host, image), here)
      else this.#truth.say('located-on', name.fileName(this.host, image), here, null)
    }
    if (hasOrder) this.#truth.say('created-task', name.processName(orderedBy.id), to, at, this.#recorded(at))
  }
}

const hashes = new Map<string, string>()
/** The same program has the same hash everywhere. */
function hashOf(path: string): string {
  const key = isInstalled(path) ? base(path).toLowerCase() : path.toLowerCase()
  const known = hashes.get(key)
  if (known !== undefined) return known
  let state = 0x811c9dc5
  let text = ''
  for (let round = 0; round < 8; round++) {
    for (let index = 0; index < key.length; index++)
      state = Math.imul(state ^ key.charCodeAt(index) ^ round, 0x01000193)
    text += (state >>> 0).toString(16).padStart(8, '0')
  }
  hashes.set(key, text)
  return text
}

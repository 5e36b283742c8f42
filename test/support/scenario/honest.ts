import { at, HOUR, MINUTE, SECOND } from './clock.ts'
import type { Host, Person } from './company.ts'
import { logOff, logOn, useShare } from './logons.ts'
import { send } from './mail.ts'
import { moveTo, type Move } from './attack-lateral.ts'
import { Session } from './session.ts'
import type { World } from './world.ts'

const SITES = [
  ['news.example', '192.0.2.10'],
  ['weather.example', '192.0.2.11'],
  ['travel.example', '192.0.2.12'],
  ['supplier.example', '192.0.2.13'],
] as const
const SYSTEM = 'C:\\Windows\\System32\\'

/** Somebody comes to work: logon, mail, a document, some browsing, the file server. */
export function startDay(world: World, person: Person, time: number): Session {
  const { random } = world
  const session = new Session(world, person, person.desk, time)
  const { machine } = session
  session.outlook(time + MINUTE)
  for (let visit = 0; visit < 3; visit++) {
    const [site, ip] = random.pick(SITES)
    const when = time + 5 * MINUTE + visit * 50 * MINUTE + random.int(600) * SECOND
    session.visit(`https://${site}/`, ip, when)
    session.request(`https://${site}/${random.hex(4)}`, when + SECOND, false, { sent: 400, received: 30_000 })
  }
  const edge = session.edge(time + 10 * MINUTE)
  machine.write(
    edge,
    `${session.home}AppData\\Local\\Microsoft\\Edge\\User Data\\Default\\Cache\\f_${random.hex(6)}`,
    time + 12 * MINUTE,
    {
      isNoise: true,
    },
  )
  const document = `${session.home}Documents\\Report-${random.hex(3)}.docx`
  const word = session.openDocument(document, time + 20 * MINUTE, session.explorer)
  machine.end(word, time + 70 * MINUTE)
  const checker = machine.start(
    machine.system('svchost.exe'),
    `${SYSTEM}taskhostw.exe`,
    'taskhostw.exe Install',
    null,
    time + 30 * MINUTE,
  )
  machine.end(checker, time + 31 * MINUTE)
  return session
}

/** The mapped drive: network logons at the file server all day. */
export function useFileServer(world: World, session: Session, times: readonly number[]): void {
  const { fileServer } = world.company
  for (const time of times) {
    session.machine.lookUp(session.explorer, fileServer, time - SECOND)
    const logonId = logOn(world, session.who, fileServer, 3, time, { host: session.host })
    useShare(world, session.who, fileServer, logonId, 'Data', time + SECOND, session.host)
    logOff(world, session.who, fileServer, logonId, time + 10 * MINUTE)
  }
}

/** The newsletter everybody gets and many click. */
export function newsletter(world: World, sessions: readonly Session[]): void {
  const { random } = world
  const url = `https://letter.supplier.example/${random.hex(6)}`
  const to = sessions.map((session) => (session.who as Person).mail)
  send(world, {
    from: 'letter@supplier.example',
    to,
    subject: 'News of the month',
    at: at('09:05'),
    urls: [url],
  })
  // Where no sensor runs and the browser was open already, the proxy alone tells.
  const unwatched = sessions.find(({ host }) => host.sensor === 'none')
  unwatched?.request(url, at('11:20') + random.int(3600) * SECOND, true, { sent: 400, received: 50_000 })
  for (const session of random.sample(sessions, 2)) {
    const time = at('09:20') + random.int(3600) * SECOND
    const browser = session.followLink(url, time)
    session.machine.resolve(browser, new URL(url).hostname, '192.0.2.14', time + 300_000)
    session.machine.connect(browser, '192.0.2.14', 443, time + 500_000)
    session.request(url, time + SECOND, true, { sent: 400, received: 50_000 })
  }
}

/** Colleagues send each other files and open them. */
export function officeMail(world: World, from: Session, to: Session, time: number): void {
  const { random } = world
  const file = { name: `Minutes-${random.hex(3)}.docx`, sha256: random.hex(64) }
  send(world, {
    from: (from.who as Person).mail,
    to: [(to.who as Person).mail],
    subject: `Minutes ${random.hex(3)}`,
    at: time,
    attachments: [file],
  })
  const path = to.saveAttachment(file, time + 15 * MINUTE, random.chance(0.7))
  to.machine.end(to.openDocument(path, time + 15 * MINUTE + 3 * SECOND), time + HOUR)
}

/** The helpdesk at work on others' machines, with the same means as an intruder. */
export function adminWork(world: World, desk: Session, target: Host, kind: Move, time: number): void {
  const console = desk.run(`${SYSTEM}cmd.exe`, `"${SYSTEM}cmd.exe"`, time)
  moveTo(world, kind, console, world.company.admin, target, time + MINUTE, world.random.chance(0.5))
}

/** The backup reads every server, each hour. */
export function backup(world: World): void {
  const { backupServer, fileServer, appServer, backup: account, terminalServer } = world.company
  const machine = world.machine(backupServer)
  const agent = machine.start(
    machine.system('services.exe'),
    'C:\\Program Files\\Backup\\agent.exe',
    '"C:\\Program Files\\Backup\\agent.exe" -service',
    account,
    at('06:00'),
  )
  for (let hour = 7; hour < 18; hour += 2) {
    for (const [index, target] of [fileServer, appServer, terminalServer].entries()) {
      const time = at(`${hour}:10`) + index * MINUTE
      machine.connect(agent, target.fixedIp ?? '', 445, time)
      const logonId = logOn(world, account, target, 3, time + SECOND, { host: backupServer, isNtlm: false })
      useShare(world, account, target, logonId, 'D$', time + 2 * SECOND, backupServer)
      logOff(world, account, target, logonId, time + 20 * SECOND)
    }
  }
}

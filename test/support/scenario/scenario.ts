import { createRandom } from '../../../core/demo/random.ts'
import { ENTRIES, enter, type Entry, makeLure } from './attack-entry.ts'
import { type Move, MOVES, moveTo } from './attack-lateral.ts'
import { callHome, exfiltrate, lookAround, persist, stealCredentials } from './attack-steps.ts'
import { at, HOUR, MINUTE, SECOND } from './clock.ts'
import { type Host, type Person, SKEW } from './company.ts'
import * as decoy from './decoys.ts'
import { adminWork, backup, newsletter, officeMail, startDay, useFileServer } from './honest.ts'
import { forward, logClick, type Message, send } from './mail.ts'
import type { Session } from './session.ts'
import { World } from './world.ts'

export { ENTRIES }

/** What looks guilty and is not, or makes the truth hard to see. */
export const DECOYS = [
  'click-before-delivery',
  'same-file-name',
  'pid-reuse',
  'nat',
  'dhcp-reuse',
  'terminal-server',
  'shared-mailbox',
  'clock-skew',
  'forwarded-mail',
  'admin-work',
  'backup-job',
] as const
export type Decoy = (typeof DECOYS)[number]

export interface Scenario {
  readonly seed: number
  readonly world: World
  readonly entry: Entry
  readonly moves: readonly Move[]
  readonly decoys: ReadonlySet<Decoy>
  readonly victim: Person
  /** Messages of the attack that lead to the victim, the first one first. */
  readonly vectors: readonly Message[]
  /** Endpoints the intruder acted on, in order; the last is how far it came. */
  readonly reached: readonly Host[]
  /** One line that tells the course. */
  readonly course: string
}

/** A company, its day, and one attack in it. The same seed gives the same on every machine. */
export function makeScenario(seed: number): Scenario {
  const random = createRandom(seed * 7919 + 17)
  const world = new World(random)
  const { company } = world
  const decoys = new Set(DECOYS.filter(() => random.chance(0.5)))
  const lure = makeLure(random.fork('lure'))
  const [victim, ...others] = random.sample(
    company.staff.filter(({ desk }) => desk.sensor !== 'none' && !desk.isBranch),
    9,
  )
  if (!victim) throw new Error('Nobody can be attacked')
  if (!decoys.has('nat')) for (const desk of company.desks) desk.isBranch = false
  if (decoys.has('clock-skew')) random.pick(company.hosts).skew = random.chance(0.5) ? SKEW : -SKEW
  if (decoys.has('dhcp-reuse')) leaseAgain(world, victim.desk)
  world.addresses.leaseAll()

  const sessions = company.staff.map((person, index) =>
    startDay(world, person, at('07:35') + index * 6 * MINUTE + random.int(200) * SECOND),
  )
  const helpdesk = startDay(world, company.helpdesk, at('07:30'))
  const sessionOf = (person: Person): Session => {
    const session = sessions.find((one) => one.who === person)
    if (!session) throw new Error(`${person.sam} is not at work`)
    return session
  }
  for (const session of sessions)
    useFileServer(
      world,
      session,
      [at('08:40'), at('10:50'), at('14:20')].map((time) => time + random.int(1500) * SECOND),
    )
  newsletter(world, [...sessions, helpdesk])
  officeMail(world, helpdesk, random.pick(sessions), at('09:40') + random.int(900) * SECOND)
  if (decoys.has('admin-work')) {
    adminWork(world, helpdesk, company.appServer, random.pick(MOVES), at('08:45') + random.int(600) * SECOND)
    adminWork(world, helpdesk, company.fileServer, random.pick(MOVES), at('14:45') + random.int(600) * SECOND)
  }
  if (decoys.has('backup-job')) backup(world)
  if (decoys.has('terminal-server')) decoy.terminalServer(world, others[0] ?? victim, others[1] ?? victim)
  if (decoys.has('shared-mailbox')) decoy.sharedMailbox(world, sessionOf(others[2] ?? victim))

  const isForwarded = decoys.has('forwarded-mail') && random.chance(0.4)
  const sentAt = at('09:30') + random.int(2400) * SECOND
  const second = others[1] ?? victim
  const vectors: Message[] = []
  const openedAt = world.truth.attack(() => {
    const to = isForwarded ? [second.mail] : [victim.mail, second.mail]
    const attachments = lure.attachment ? [lure.attachment] : []
    const urls = lure.url === null ? [] : [lure.url]
    const from = `accounts@${lure.payload.name.toLowerCase().slice(0, 5)}-pay.test`
    vectors.push(send(world, { from, to, subject: lure.subject, at: sentAt, attachments, urls }))
    return sentAt + random.between(6, 35) * MINUTE
  })
  const first = vectors[0] as Message
  if (decoys.has('forwarded-mail')) {
    const when = sentAt + 4 * MINUTE
    if (isForwarded)
      world.truth.attack(() =>
        vectors.push(forward(world, first, second, [victim.mail], when, random.chance(0.5))),
      )
    else forward(world, first, second, [(others[3] ?? second).mail], when, random.chance(0.5))
  }
  const deliveredAt = vectors.at(-1)?.copies[0]?.deliveredAt ?? sentAt
  if (decoys.has('click-before-delivery') && lure.url !== null && second !== victim)
    decoy.clickBeforeDelivery(world, sessionOf(second), lure.url, deliveredAt)
  if (decoys.has('same-file-name')) {
    decoy.sameFileName(world, sessionOf(others[0] ?? second), lure, sentAt - 30 * MINUTE)
    if (random.chance(0.5)) decoy.sameFileName(world, sessionOf(second), lure, openedAt + HOUR)
  }

  const reached: Host[] = [victim.desk]
  const moves: Move[] = []
  const desk = sessionOf(victim)
  world.truth.attack(() => {
    if (lure.entry === 'link-by-log' && lure.url !== null) logClick(world, lure.url, victim, openedAt)
    const foothold = enter(desk, lure, openedAt)
    callHome(world, desk.machine, foothold, lure, openedAt + 4 * MINUTE)
    lookAround(desk.machine, foothold, openedAt + 6 * MINUTE)
    persist(world, desk.machine, foothold, openedAt + 9 * MINUTE)
    stealCredentials(world, desk.machine, foothold, openedAt + 12 * MINUTE)
    let from = foothold
    let when = openedAt + random.between(20, 45) * MINUTE
    const targets = random.chance(0.3) ? [company.fileServer, company.appServer] : [company.fileServer]
    for (const target of targets) {
      const move = random.pick(MOVES.filter((kind) => target === company.fileServer || kind !== 'rdp'))
      from = moveTo(world, move, from, company.admin, target, when, random.chance(0.4))
      moves.push(move)
      reached.push(target)
      when += random.between(20, 40) * MINUTE
    }
    const last = world.machine(reached.at(-1) as Host)
    lookAround(last, from, when - 12 * MINUTE)
    exfiltrate(world, last, from, lure, when)
  })
  if (decoys.has('pid-reuse')) {
    const ended = world.processes.find((process) => process.host === victim.desk && process.endAt !== null)
    if (ended) decoy.reusePid(world, desk, ended, at('15:30'))
    const unwatched = sessions.find(({ host }) => host.sensor === 'none')
    if (unwatched) decoy.reusePidUnseen(unwatched, at('12:10'))
  }
  const skewed = company.hosts.find((host) => host.skew !== 0)
  return {
    seed,
    world,
    entry: lure.entry,
    moves,
    decoys,
    victim,
    vectors,
    reached,
    course: [
      lure.entry,
      ...(isForwarded ? ['forwarded'] : []),
      `${victim.desk.netbios} (${victim.desk.sensor})`,
      ...moves.map((move, index) => `${move} ${reached[index + 1]?.netbios} (${reached[index + 1]?.sensor})`),
      ...(skewed ? [`skew ${skewed.netbios} ${skewed.skew / MINUTE} min`] : []),
      `decoys: ${[...decoys].join(' ')}`,
    ].join(', '),
  }
}

/** The victim's desk gets an address that another desk gave up the same morning. */
function leaseAgain(world: World, desk: Host): void {
  const other = world.random.pick(world.company.desks.filter((one) => one !== desk && !one.isBranch))
  const shared = '10.20.2.77'
  world.addresses.lease(other, shared, at('07:15'), at('09:00'))
  world.addresses.lease(other, '10.20.2.79', at('09:00'), at('23:30'))
  world.addresses.lease(desk, '10.20.2.78', at('07:15'), at('09:10'))
  world.addresses.lease(desk, shared, at('09:10'), at('23:30'))
}

import { at, HOUR, MINUTE, SECOND } from './clock.ts'
import type { Lure } from './attack-entry.ts'
import type { Person } from './company.ts'
import { send } from './mail.ts'
import type { Process } from './machine.ts'
import * as name from './names.ts'
import { Session } from './session.ts'
import type { World } from './world.ts'

const SYSTEM = 'C:\\Windows\\System32\\'
const EDGE = 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe'

/** A recipient opened the address before the message came: from a chat, out of the shell. */
export function clickBeforeDelivery(world: World, session: Session, url: string, deliveredAt: number): void {
  const time = deliveredAt - 40 * MINUTE
  const { machine, who, host } = session
  machine.start(session.explorer, EDGE, `"${EDGE}" ${url}`, who, time)
  // The address was opened, but not out of the message.
  world.truth.allow('clicked-by', name.urlName(url), name.userName(who), time, time + host.skew)
  world.truth.allow('opened-on', name.urlName(url), name.endpointName(host), time, time + host.skew)
}

/** Another file of the attachment's name, with other bytes, from the company's own site. */
export function sameFileName(world: World, session: Session, lure: Lure, time: number): void {
  const file = (lure.attachment ?? lure.payload).name
  const edge = session.edge(time - MINUTE)
  const path = `${session.home}Downloads\\${file}`
  session.download(
    edge,
    `https://intranet.${world.company.domain}/files/${file.toLowerCase()}`,
    path,
    time,
    world.hash(),
  )
}

/** The number of a process that has ended is given to an honest one, which starts another and goes online. */
export function reusePid(world: World, session: Session, ended: Process, time: number): void {
  const { machine, who } = session
  const program = 'C:\\Program Files\\Ledger\\ledger.exe'
  const ledger = machine.start(session.explorer, program, `"${program}"`, who, time, { pid: ended.pid })
  machine.resolve(ledger, 'rates.supplier.example', '192.0.2.15', time + MINUTE)
  machine.connect(ledger, '192.0.2.15', 443, time + MINUTE + SECOND)
  machine.start(ledger, `${SYSTEM}notepad.exe`, `${SYSTEM}notepad.exe`, who, time + 2 * MINUTE)
}

/** On a machine whose log knows starts by number alone, and whose first program's end went unrecorded. */
export function reusePidUnseen(session: Session, time: number): void {
  const { machine, who } = session
  const first = session.run(`${SYSTEM}mspaint.exe`, `"${SYSTEM}mspaint.exe"`, time)
  const program = 'C:\\Program Files\\Ledger\\ledger.exe'
  const ledger = machine.start(session.explorer, program, `"${program}"`, who, time + HOUR, {
    pid: first.pid,
  })
  machine.start(ledger, `${SYSTEM}notepad.exe`, `${SYSTEM}notepad.exe`, who, time + HOUR + MINUTE)
}

/** Two people on the terminal server got the same rare link; one of them visits it there. */
export function terminalServer(world: World, visitor: Person, other: Person): void {
  const { terminalServer: host } = world.company
  const time = at('10:15') + world.random.int(1800) * SECOND
  const mine = new Session(world, visitor, host, time - HOUR, { host: visitor.desk })
  const theirs = new Session(world, other, host, time - HOUR + MINUTE, { host: other.desk })
  const url = `https://survey-${world.random.hex(4)}.example/q`
  send(world, {
    from: 'survey@supplier.example',
    to: [visitor.mail, other.mail],
    subject: 'Your opinion counts',
    at: time - 20 * MINUTE,
    urls: [url],
  })
  mine.edge(time - 30 * MINUTE)
  theirs.edge(time - 29 * MINUTE)
  mine.visitLink(url, '192.0.2.16', time)
  theirs.visit('https://news.example/', '192.0.2.10', time + MINUTE)
}

/** Mail for the shared address; one of its readers acts on it. */
export function sharedMailbox(world: World, reader: Session): void {
  const { shared } = world.company
  const time = at('10:40') + world.random.int(1800) * SECOND
  const url = `https://order-${world.random.hex(4)}.example/view`
  const file = { name: `Order-${world.random.hex(4)}.pdf.docx`, sha256: world.hash() }
  send(world, {
    from: 'orders@supplier.example',
    to: [shared.mail],
    subject: 'New order',
    at: time,
    urls: [url],
    attachments: [file],
  })
  reader.followLink(url, time + 9 * MINUTE)
  const path = reader.saveAttachment(file, time + 12 * MINUTE, true)
  reader.openDocument(path, time + 12 * MINUTE + 2 * SECOND)
}

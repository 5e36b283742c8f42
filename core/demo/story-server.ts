import { at, SECOND } from './clock.ts'
import { ATTACK } from './company.ts'
import { PROGRAMS, servicesOf } from './desk.ts'
import { hashBytes } from './fake-hash.ts'
import { type DemoProcess, SYSTEM } from './machine.ts'
import type { Scene } from './scene.ts'
import type { DocumentStory } from './story-document.ts'

const SERVICE_FILE = 'C:\\Windows\\hpsvc.exe'
export const SERVICE_NAME = 'HPSvcHost'

export interface ServerStory {
  readonly credentialsUsedAt: number
  readonly logonAt: number
  readonly serviceAt: number
  readonly service: DemoProcess
  readonly stagedFile: string
  readonly failures: readonly number[]
}

/** From the opener's computer to the file server with the stolen account, then the try at the domain controller. */
export function playServer(scene: Scene, before: DocumentStory): ServerStory {
  const { audit, cast, hosts } = scene
  const server = hosts.server('FS01')
  const { desk, elevated } = before
  const credentialsUsedAt = at('2026-03-11 08:02:40.118')
  const process = { pid: elevated.pid, image: elevated.image }
  audit.explicitCredentials(
    desk.host,
    credentialsUsedAt,
    desk.owner,
    desk.identity.logonId,
    cast.helpdeskAdmin,
    server,
    process,
  )
  desk.machine.connect(elevated, at('2026-03-11 08:02:41.300'), {
    ip: server.ip,
    port: 445,
    host: server.fqdn,
  })

  const logonAt = at('2026-03-11 08:03:05.227')
  const logonId = scene.logonId()
  const who = cast.helpdeskAdmin
  audit.ntlmCheck(hosts.server('DC01'), logonAt - 30_000, who.sam, desk.host.netbios, '0x0')
  audit.logon(server, {
    at: logonAt,
    who,
    type: 3,
    logonId,
    from: { ip: desk.host.ip, workstation: desk.host.netbios },
    authentication: 'NTLM',
    elevated: true,
  })
  audit.share(server, logonAt + 200_000, who, logonId, desk.host.ip, 'ADMIN$')
  audit.share(server, logonAt + 400_000, who, logonId, desk.host.ip, 'ADMIN$', 'hpsvc.exe')
  audit.share(server, logonAt + 900_000, who, logonId, desk.host.ip, 'IPC$', 'svcctl')
  const machine = scene.machine(server)
  const system = machine.older('System', SYSTEM, 4)
  machine.createFile(system, logonAt + 420_000, SERVICE_FILE)
  const serviceAt = logonAt + 3 * SECOND
  audit.service(server, serviceAt, who, logonId, SERVICE_NAME, '%SystemRoot%\\hpsvc.exe')
  audit.serviceState(server, serviceAt + 300_000, SERVICE_NAME, 'running')
  const { service, stagedFile } = workOnServer(scene, server, serviceAt)
  return {
    credentialsUsedAt,
    logonAt,
    serviceAt,
    service,
    stagedFile,
    failures: tryController(scene, service),
  }
}

function workOnServer(
  scene: Scene,
  server: ReturnType<Scene['hosts']['server']>,
  serviceAt: number,
): { service: DemoProcess; stagedFile: string } {
  const machine = scene.machine(server)
  const service = machine.start({
    at: serviceAt + 250_000,
    image: SERVICE_FILE,
    commandLine: SERVICE_FILE,
    parent: servicesOf(machine),
    identity: SYSTEM,
    hashes: hashBytes('demo service hpsvc'),
  })
  const shell = machine.start({
    at: at('2026-03-11 08:03:31.900'),
    image: PROGRAMS.cmd,
    commandLine: 'cmd.exe',
    parent: service,
  })
  machine.start({
    at: at('2026-03-11 08:03:40.012'),
    image: 'C:\\Windows\\System32\\whoami.exe',
    commandLine: 'whoami',
    parent: shell,
  })
  const stagedFile = 'C:\\Windows\\Temp\\~ml48213.zip'
  const packer = machine.start({
    at: at('2026-03-11 08:10:02.650'),
    image: PROGRAMS.powershell,
    commandLine: `powershell.exe -nop -c "Compress-Archive -Path D:\\Einkauf\\2026 -DestinationPath ${stagedFile}"`,
    parent: shell,
  })
  machine.createFile(packer, at('2026-03-11 08:14:18.330'), stagedFile)
  machine.resolve(service, at('2026-03-11 08:31:00.400'), ATTACK.controlHost, [ATTACK.controlIp])
  machine.connect(service, at('2026-03-11 08:31:01.115'), {
    ip: ATTACK.controlIp,
    port: 443,
    host: ATTACK.controlHost,
  })
  return { service, stagedFile }
}

/** Guessed passwords of another administrator, then the stolen account, which may not log on to controllers. */
function tryController(scene: Scene, service: DemoProcess): number[] {
  const { audit, cast, hosts } = scene
  const server = hosts.server('FS01')
  const controller = hosts.server('DC01')
  const machine = scene.machine(server)
  machine.start({
    at: at('2026-03-11 09:10:02.000'),
    image: 'C:\\Windows\\System32\\net.exe',
    commandLine: `net use \\\\${controller.netbios.toLowerCase()}\\c$ /user:MLICHT\\${cast.itAdmin.sam} *`,
    parent: service,
  })
  const guesses = [0, 14, 33].map((offset) => at('2026-03-11 09:10:05.610') + offset * SECOND)
  for (const when of guesses) {
    audit.ntlmCheck(controller, when - 4000, cast.itAdmin.sam, server.netbios, '0xc000006a')
    audit.failedLogon(controller, when, cast.itAdmin, server, '0xc000006a')
  }
  const ticketAt = at('2026-03-11 09:26:11.080')
  audit.ticket(controller, ticketAt, cast.helpdeskAdmin, server.ip, `${controller.netbios}$`)
  const refused = ticketAt + 2 * SECOND
  audit.failedLogon(controller, refused, cast.helpdeskAdmin, server, '0x0', '0xc000015b')
  return [...guesses, refused]
}

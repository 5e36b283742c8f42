import { at, HOUR, MINUTE, SECOND } from './clock.ts'
import { closeDesk, openDesk, PROGRAMS, saveAttachment, servicesOf } from './desk.ts'
import type { Host } from './hosts.ts'
import { SYSTEM } from './machine.ts'
import { workAt } from './noise-desks.ts'
import type { Scene } from './scene.ts'
import type { StoryMail } from './story-mail.ts'

/** What looks guilty and is not. */
export interface DecoyStory {
  readonly adminHost: Host
  readonly adminTargets: readonly Host[]
  readonly accountantHost: Host
  readonly workbookPath: string
}

export function playDecoys(scene: Scene, mail: StoryMail): DecoyStory {
  return { ...deploy(scene), ...openWorkbook(scene, mail) }
}

/** The administrator's maintenance evening: PsExec and encoded PowerShell of the deployment tool on nine servers. */
function deploy(scene: Scene): Pick<DecoyStory, 'adminHost' | 'adminTargets'> {
  const { audit, cast, hosts } = scene
  const adminHost = hosts.deskOf(cast.itAdminPerson)
  const start = at('2026-03-10 17:58:20.000')
  const desk = openDesk(scene, adminHost, start)
  const console = desk.machine.start({ at: start + 3 * MINUTE, image: PROGRAMS.cmd, parent: desk.explorer })
  const script = Buffer.from(
    "Set-Location C:\\Deploy; .\\Install-Agent.ps1 -Ring 2 -Reason 'CHG-20418'",
    'utf16le',
  ).toString('base64')
  const adminTargets = hosts.servers.slice(0, 9)
  adminTargets.forEach((server, index) => {
    const when = at('2026-03-10 18:10:00.000') + index * 4 * MINUTE + index * 1_317_000
    const tool = desk.machine.start({
      at: when - 4 * SECOND,
      image: 'C:\\Tools\\Sysinternals\\PsExec.exe',
      commandLine: `PsExec.exe -accepteula \\\\${server.netbios.toLowerCase()} -u MLICHT\\${cast.itAdmin.sam} powershell.exe -enc ${script}`,
      parent: console,
    })
    audit.explicitCredentials(
      adminHost,
      when - 3 * SECOND,
      desk.owner,
      desk.identity.logonId,
      cast.itAdmin,
      server,
      tool,
    )
    desk.machine.connect(tool, when - 2 * SECOND, { ip: server.ip, port: 445, host: server.fqdn })
    const logonId = scene.logonId()
    audit.logon(server, {
      at: when,
      who: cast.itAdmin,
      type: 3,
      logonId,
      from: { ip: adminHost.ip, workstation: adminHost.netbios },
      elevated: true,
    })
    audit.share(server, when + 200_000, cast.itAdmin, logonId, adminHost.ip, 'ADMIN$', 'PSEXESVC.exe')
    audit.service(server, when + SECOND, cast.itAdmin, logonId, 'PSEXESVC', '%SystemRoot%\\PSEXESVC.exe')
    const machine = scene.machine(server)
    const service = machine.start({
      at: when + 1_200_000,
      image: 'C:\\Windows\\PSEXESVC.exe',
      commandLine: 'C:\\Windows\\PSEXESVC.exe',
      parent: servicesOf(machine),
      identity: SYSTEM,
    })
    const shell = machine.start({
      at: when + 2 * SECOND,
      image: PROGRAMS.powershell,
      commandLine: `powershell.exe -enc ${script}`,
      parent: service,
    })
    machine.start({
      at: when + 9 * SECOND,
      image: 'C:\\Windows\\System32\\msiexec.exe',
      commandLine: 'msiexec.exe /i C:\\Deploy\\agent-4.2.msi /qn',
      parent: shell,
    })
    audit.logoff(server, when + 3 * MINUTE, cast.itAdmin, logonId, 3)
  })
  closeDesk(scene, desk, start + 2 * HOUR)
  return { adminHost, adminTargets }
}

/** The controller opens the department's macro workbook out of Outlook; Excel does nothing but print. */
function openWorkbook(scene: Scene, mail: StoryMail): Pick<DecoyStory, 'accountantHost' | 'workbookPath'> {
  const accountantHost = scene.hosts.deskOf(scene.cast.accountant)
  const start = at('2026-03-10 07:31:00.000')
  const desk = openDesk(scene, accountantHost, start)
  workAt(scene, desk, start, scene.random.fork('story accountant'))
  const file = mail.workbook.attachments[0]
  if (!file) throw new RangeError('The workbook has no attachment')
  const openedAt = at('2026-03-10 09:40:18.000')
  const workbookPath = saveAttachment(desk, openedAt, '8F3RTLQW', file)
  const excel = desk.machine.start({
    at: openedAt + 1_600_000,
    image: PROGRAMS.excel,
    commandLine: `"${PROGRAMS.excel}" "${workbookPath}"`,
    parent: desk.mailClient,
  })
  desk.machine.start({
    at: openedAt + 6 * MINUTE,
    image: 'C:\\Windows\\splwow64.exe',
    commandLine: 'C:\\Windows\\splwow64.exe 12288',
    parent: excel,
  })
  desk.machine.end(excel, openedAt + 50 * MINUTE)
  closeDesk(scene, desk, start + 9 * HOUR)
  return { accountantHost, workbookPath }
}

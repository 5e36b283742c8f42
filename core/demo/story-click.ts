import { at, HOUR, SECOND } from './clock.ts'
import { ATTACK } from './company.ts'
import { clickLink, closeDesk, type Desk, openDesk, PROGRAMS } from './desk.ts'
import { asPerson } from './machine.ts'
import { workAt } from './noise-desks.ts'
import type { Person } from './people.ts'
import type { Scene } from './scene.ts'
import type { StoryMail } from './story-mail.ts'

export interface Click {
  readonly person: Person
  readonly host: Desk['host']
  readonly at: number
  readonly message: 'link' | 'forward'
}
export interface ClickStory {
  readonly clicks: readonly Click[]
  readonly passwordTypedAt: number
  /** The stolen password is used from outside. */
  readonly outsideLogonAt: number
}

/** The link is clicked four times; one person types the password, and it is used that night. */
export function playClicks(scene: Scene, mail: StoryMail): ClickStory {
  const { cast } = scene
  const [firstCurious, secondCurious] = mail.curious
  const plan: readonly (readonly [Person, string, string, Click['message']])[] = [
    [cast.clicker, '2026-03-10 06:52:11.000', '2026-03-10 08:16:27.344', 'link'],
    [firstCurious, '2026-03-10 07:20:05.000', '2026-03-10 07:49:50.018', 'link'],
    [secondCurious, '2026-03-10 07:44:31.000', '2026-03-10 09:31:02.770', 'link'],
    [cast.colleague, '2026-03-10 00:48:02.000', '2026-03-10 08:58:13.605', 'forward'],
  ]
  const clicks = plan.map(([person, startText, clickText, message]): Click => {
    const start = at(startText)
    const clickedAt = at(clickText)
    const desk = openDesk(scene, scene.hosts.deskOf(person), start)
    workAt(scene, desk, start, scene.random.fork(`story ${person.sam}`))
    const browser = clickLink(desk, clickedAt, ATTACK.signInUrl, ATTACK.signInIp)
    if (person === cast.clicker)
      // The form goes out two minutes after the page came in.
      desk.machine.connect(browser, clickedAt + 131 * SECOND, {
        ip: ATTACK.signInIp,
        port: 443,
        host: ATTACK.signInHost,
      })
    else desk.machine.end(browser, clickedAt + 20 * SECOND)
    closeDesk(scene, desk, start + 9 * HOUR)
    return { person, host: desk.host, at: clickedAt, message }
  })
  return {
    clicks,
    passwordTypedAt: at('2026-03-10 08:16:27.344') + 131 * SECOND,
    outsideLogonAt: useStolenPassword(scene),
  }
}

/** A remote desktop session from outside on the terminal server, under the name of the person who clicked. */
function useStolenPassword(scene: Scene): number {
  const { audit, cast, hosts } = scene
  const server = hosts.server('TS01')
  const machine = scene.machine(server)
  const start = at('2026-03-10 21:47:12.406')
  const logonId = scene.logonId()
  audit.logon(server, {
    at: start,
    who: cast.clicker,
    type: 10,
    logonId,
    from: { ip: ATTACK.remoteDesktopIp, workstation: server.netbios },
  })
  const identity = { ...asPerson(cast.clicker, logonId), session: 4 }
  const userinit = machine.older('C:\\Windows\\System32\\userinit.exe', identity, 5532)
  const explorer = machine.start({
    at: start + 4 * SECOND,
    image: PROGRAMS.explorer,
    commandLine: 'C:\\Windows\\Explorer.EXE',
    parent: userinit,
  })
  const shell = machine.start({ at: start + 95 * SECOND, image: PROGRAMS.cmd, parent: explorer })
  const looks = [
    'whoami /groups',
    'net group "Domain Admins" /domain',
    'nltest /dclist:corp.morgenlicht.example',
  ]
  looks.forEach((commandLine, index) => {
    const image = `C:\\Windows\\System32\\${commandLine.replace(/ .*/, '')}.exe`
    machine.start({ at: start + (110 + index * 31) * SECOND, image, commandLine, parent: shell })
  })
  audit.logoff(server, start + 780 * SECOND, cast.clicker, logonId, 10)
  return start
}

import type { DetectionLevel } from '../../model/detection.ts'
import { dayOf } from '../accounts.ts'
import { proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import { type GivenCommand, givenCommands, isShell, shownCommand } from '../given-commands.ts'
import { isDeployed, MAY_ACCESS, type RemoteAccess, remoteAccess } from '../remote-access-commands.ts'
import type { Find, Rule } from '../rule.ts'

const CONFIDENCE: Readonly<Record<RemoteAccess['act'] | 'deployed', number>> = {
  password: 0.7,
  installed_oddly: 0.65,
  installed: 0.45,
  deployed: 0.4,
}
const LEVELS: Readonly<Record<RemoteAccess['act'] | 'deployed', DetectionLevel>> = {
  password: 'medium',
  installed_oddly: 'medium',
  installed: 'low',
  deployed: 'low',
}

const rule: Rule = {
  id: 'remote-access.tool',
  order: 43,
  scope: 'endpoint',
  relations: [],
  detections: ['remote-access'],
  attack: ['T1219'],
  texts: {
    en: {
      title: 'Software for remote access was set up',
      description:
        'A command installed software for remote access quietly, put it into a folder where it is not installed otherwise, bound it to an account at a provider of free mail, or gave it a password for entering without anybody at the screen: AnyDesk, TeamViewer, ScreenConnect, Atera, Splashtop, NetSupport, RustDesk and others. Using it is no detection.',
      needs: 'Process start records with command lines.',
      falsePositives:
        'Help desks install the same software and set such passwords; what a program for software deployment started, and a quiet install to its usual place, are rated low.',
      'detection.remote-access': 'Software for remote access was set up by command',
      'reason.password':
        '{tool} was given a password for access without anybody at the screen, by a command: {command}',
      'reason.installed_oddly':
        '{tool} was set up quietly where it is not usually installed, or for an account that is none of a company: {command}',
      'reason.installed': '{tool} was installed quietly, to its usual place: {command}',
      'reason.deployed': '{tool} was set up by the software deployment: {command}',
    },
    'zh-TW': {
      title: '設定了遠端存取軟體',
      description:
        '命令以無訊息方式安裝遠端存取軟體、將其放入非慣用資料夾、綁定至免費信箱帳號，或設定無人值守密碼：AnyDesk、TeamViewer、ScreenConnect、Atera、Splashtop、NetSupport、RustDesk 等。單純使用不列為偵測結果。',
      needs: '含命令列的處理程序啟動紀錄。',
      falsePositives:
        '服務台也會安裝相同軟體並設定此類密碼；由軟體派送程式啟動者，以及安裝至慣用位置者，列為低度。',
      'detection.remote-access': '以命令設定了遠端存取軟體',
      'reason.password': '以命令為 {tool} 設定了無人值守存取密碼：{command}',
      'reason.installed_oddly': '{tool} 以無訊息方式設定於非慣用位置，或綁定至非公司帳號：{command}',
      'reason.installed': '{tool} 以無訊息方式安裝至慣用位置：{command}',
      'reason.deployed': '{tool} 由軟體派送設定：{command}',
    },
    ja: {
      title: 'リモートアクセスソフトの設定',
      description:
        'コマンドによりリモートアクセスソフトが無人でインストールされた、通常とは異なるフォルダーに置かれた、フリーメールのアカウントに結び付けられた、または画面の前に人がいなくても入れるパスワードが設定されました（AnyDesk、TeamViewer、ScreenConnect、Atera、Splashtop、NetSupport、RustDesk など）。使用するだけでは検知しません。',
      needs: 'コマンドラインを含むプロセス起動の記録。',
      falsePositives:
        'ヘルプデスクも同じソフトを導入し、同様のパスワードを設定します。ソフトウェア配布プログラムが開始したものと、通常の場所への無人インストールは低とします。',
      'detection.remote-access': 'コマンドでリモートアクセスソフトが設定された',
      'reason.password': '{tool} に、無人アクセス用のパスワードがコマンドで設定されました：{command}',
      'reason.installed_oddly':
        '{tool} が通常とは異なる場所に、または会社のものではないアカウント用に無人で設定されました：{command}',
      'reason.installed': '{tool} が通常の場所に無人でインストールされました：{command}',
      'reason.deployed': '{tool} はソフトウェア配布により設定されました：{command}',
    },
  },
  matches: [
    {
      title:
        'AnyDesk into ProgramData with a password, an agent of a free mail account, NetSupport carried along',
      items: [
        run(
          0,
          5,
          'C:\\Users\\amber\\Downloads\\AnyDesk.exe',
          'AnyDesk.exe --install "C:\\ProgramData\\AnyDesk" --start-with-win --silent',
        ),
        run(
          9,
          6,
          'C:\\Windows\\System32\\cmd.exe',
          'cmd.exe /c echo J9k | C:\\ProgramData\\AnyDesk\\AnyDesk.exe --set-password',
        ),
        run(
          20,
          7,
          'C:\\Windows\\System32\\msiexec.exe',
          'msiexec /i C:\\t\\setup.msi /qn IntegratorLogin=x1@gmail.com CompanyId=1',
        ),
        run(30, 8, 'C:\\Users\\amber\\AppData\\Roaming\\ns\\client32.exe', 'client32.exe'),
      ],
      finds: [
        '!remote-access: AnyDesk.exe',
        '!remote-access: cmd.exe',
        '!remote-access: msiexec.exe',
        '!remote-access: client32.exe',
      ],
    },
  ],
  ignores: [
    {
      title: 'software for remote access in use, as a service, and removed',
      items: [
        run(0, 5, 'C:\\Users\\amber\\Downloads\\TeamViewerQS_x64.exe', 'TeamViewerQS_x64.exe'),
        run(
          1,
          6,
          'C:\\Program Files (x86)\\AnyDesk\\AnyDesk.exe',
          '"C:\\Program Files (x86)\\AnyDesk\\AnyDesk.exe" --service',
        ),
        run(2, 7, 'C:\\Program Files (x86)\\AnyDesk\\AnyDesk.exe', 'AnyDesk.exe --silent --remove'),
        run(3, 8, 'C:\\Program Files\\NetSupport\\client32.exe', 'client32.exe'),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<Find> {
    for (const given of givenCommands(view, MAY_ACCESS)) {
      const { process, program, text } = given
      const found = remoteAccess(process.path, text)
      // A password comes through a pipe of the shell; all else has a record of its own.
      if (!found || (isShell(program) && found.act !== 'password')) continue
      yield detection(given, found, isDeployed(given.event.fields.parentPath) ? 'deployed' : found.act)
    }
  },
}
export default rule

const detection = (
  { process, event, text }: GivenCommand,
  { tool }: RemoteAccess,
  reason: RemoteAccess['act'] | 'deployed',
): Find => ({
  detection: 'remote-access',
  level: LEVELS[reason],
  subject: process.draft,
  involved: [process.endpointId],
  window: dayOf(process.startAt),
  at: process.startAt,
  confidence: CONFIDENCE[reason],
  reason,
  params: { tool, command: shownCommand(withoutPassword(text)) },
  proof: proofOf(event),
})

/** The password itself opens the endpoint to whoever reads the report. */
function withoutPassword(text: string): string {
  return text.replace(/(--password[ =])\S+/gi, '$1***').replace(/(\becho\s+)[^|]+(\|)/gi, '$1*** $2')
}

/** A process start of an example. */
function run(seconds: number, pid: number, processPath: string, commandLine: string) {
  return exampleEvent('process-start', seconds, { processPath, pid, commandLine })
}

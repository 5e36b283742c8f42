import { proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import { type GivenCommand, givenCommands, isShell } from '../given-commands.ts'
import type { Find, Rule } from '../rule.ts'

/** Both commands name one account. */
const MADE_ADMIN = 0.75
/** Making a local account is everyday for installers and laboratories. */
const MADE = 0.5
/** The second command follows the first within this time. */
const TOGETHER_US = 3_600_000_000
/** Accounts held as made by a command. Attack: a loop over names. */
const MAX_ACCOUNTS = 10_000

const MAY_MATTER = /\bnet1?(?:\.exe)?["']?\s.*\/add\b|new-localuser|add-localgroupmember/i
/** `net user NAME [PASSWORD] /add`, without `/domain`: accounts of the domain are in the records of its controllers. */
const MAKES =
  /\bnet1?(?:\.exe)?["']?\s+user\s+(?:"([^"]+)"|([^\s"'/]+))\s.*\/add\b|\bnew-localuser\s+(?:-name\s+)?["']?([^\s"']+)/i
const ADMINS = String.raw`["']?(?:administrators|administratoren|administrateurs|administradores|amministratori|s-1-5-32-544)["']?`
const LETS_IN = new RegExp(
  String.raw`\bnet1?(?:\.exe)?["']?\s+localgroup\s+${ADMINS}\s+(?:"([^"]+)"|([^\s"'/]+))\s.*\/add\b|\badd-localgroupmember\s+(?:-(?:group|sid)\s+)?${ADMINS}\s+(?:-member\s+)?["']?([^\s"']+)`,
  'i',
)

const rule: Rule = {
  id: 'persistence.command-account',
  order: 43,
  scope: 'endpoint',
  relations: [],
  detections: ['local-account', 'local-admin'],
  attack: ['T1136.001', 'T1098'],
  attackOf: { 'local-account': ['T1136.001'], 'local-admin': ['T1136.001', 'T1098'] },
  texts: {
    en: {
      title: 'Local account made by a command',
      description:
        'A command made an account of the endpoint (net user /add, New-LocalUser); of higher weight where a command made the same account a local administrator within an hour.',
      needs: 'Process start records with command lines.',
      falsePositives: 'Installers that make an account for their service, set-up of new machines.',
      'detection.local-account': 'Local account made by a command',
      'detection.local-admin': 'Local administrator made by a command',
      'reason.made': 'A command made the account {account} of this endpoint.',
      'reason.admin':
        'One command made the account {account} of this endpoint, another one made it an administrator.',
    },
    'zh-TW': {
      title: '以命令建立本機帳號',
      description:
        '命令建立了端點的本機帳號（net user /add、New-LocalUser）；若一小時內又以命令將同一帳號設為本機管理員，則程度較高。',
      needs: '含命令列的處理程序啟動紀錄。',
      falsePositives: '為服務建立帳號的安裝程式、新電腦的設定作業。',
      'detection.local-account': '以命令建立了本機帳號',
      'detection.local-admin': '以命令建立了本機管理員',
      'reason.made': '命令建立了此端點的帳號 {account}。',
      'reason.admin': '一項命令建立了此端點的帳號 {account}，另一項命令將其設為管理員。',
    },
    ja: {
      title: 'コマンドによるローカルアカウントの作成',
      description:
        'コマンドがエンドポイントのローカルアカウントを作成しました（net user /add、New-LocalUser）。1 時間以内に同じアカウントがコマンドでローカル管理者にされた場合は重く見ます。',
      needs: 'コマンドラインを含むプロセス起動の記録。',
      falsePositives: 'サービス用のアカウントを作るインストーラー、新しい端末の初期設定。',
      'detection.local-account': 'コマンドでローカルアカウントが作成された',
      'detection.local-admin': 'コマンドでローカル管理者が作成された',
      'reason.made': 'コマンドがこのエンドポイントのアカウント {account} を作成しました。',
      'reason.admin':
        'あるコマンドがこのエンドポイントのアカウント {account} を作成し、別のコマンドが管理者にしました。',
    },
  },
  matches: [
    {
      title: 'an account that is made an administrator, and one that is only made',
      items: [
        order(0, 'net user bob P@ss1 /add'),
        order(5, 'net localgroup administrators bob /add'),
        order(9, 'net1 user svc_print x /add'),
      ],
      finds: ['!local-admin: net.exe', '!local-account: net1.exe'],
    },
  ],
  ignores: [
    {
      title: 'an account looked at, switched off, or of the domain, and a group member of the domain',
      items: [
        order(0, 'net user bob'),
        order(1, 'net user bob /active:no'),
        order(2, 'net user bob P@ss1 /add /domain'),
        order(3, 'net localgroup administrators CORP\\helpdesk /add'),
        order(4, 'net use x: \\\\fs01\\s /user:add'),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<Find> {
    const made = new Map<string, { given: GivenCommand; admin?: GivenCommand; account: string }>()
    for (const given of givenCommands(view, MAY_MATTER)) {
      if (
        /\/do(?:m(?:ain)?)?\b/i.test(given.text) ||
        (isShell(given.program) && /\bnet1?\b/i.test(given.text))
      )
        continue
      const account = named(MAKES.exec(given.text))
      const admin = named(LETS_IN.exec(given.text))
      const name = account ?? admin ?? ''
      const key = `${given.process.endpointId}|${name.toLowerCase()}`
      const known = made.get(key)
      if (account !== undefined && !known && made.size < MAX_ACCOUNTS) made.set(key, { given, account })
      else if (known && !known.admin && admin !== undefined && isTogether(known.given, given))
        known.admin = given
    }
    for (const { given, admin, account } of made.values()) yield detection(given, admin, account)
  },
}
export default rule

const named = (match: RegExpExecArray | null): string | undefined =>
  match?.slice(1).find((name) => name !== undefined)

const isTogether = (a: GivenCommand, b: GivenCommand): boolean =>
  Math.abs((a.process.startAt ?? 0) - (b.process.startAt ?? 0)) <= TOGETHER_US

const detection = (given: GivenCommand, admin: GivenCommand | undefined, account: string): Find => ({
  detection: admin ? 'local-admin' : 'local-account',
  level: admin ? 'medium' : 'low',
  subject: given.process.draft,
  involved: [given.process.endpointId, ...(admin ? [admin.process.draft] : [])],
  at: given.process.startAt,
  confidence: admin ? MADE_ADMIN : MADE,
  reason: admin ? 'admin' : 'made',
  params: { account },
  proof: [...proofOf(given.event), ...(admin ? proofOf(admin.event) : [])],
})

/** A process start of an example. */
function order(seconds: number, commandLine: string) {
  return exampleEvent('process-start', seconds, {
    processPath: `C:\\Windows\\System32\\${commandLine.split(' ')[0] ?? ''}.exe`,
    pid: 50 + seconds,
    commandLine,
  })
}

import type { DetectionLevel } from '../../model/detection.ts'
import { dayOf } from '../accounts.ts'
import { isAppGrant } from '../app-grants.ts'
import { ipEntity, proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import { mailboxAt, minutesAfter, OddSignIns } from '../mailboxes.ts'
import type { EntityHandle, Find, Rule } from '../rule.ts'
import { TimeIndex } from '../time-index.ts'
import type { CorrelationView, ViewEvent } from '../view.ts'

/** The provider recorded the access. */
const RECORDED = 0.95
const AFTER_ODD = 0.85
/** After a sign-in from a new country and nothing else that is odd. */
const AFTER_WEAK = 0.6
const AFTER_GRANT = 0.85
const MASS = 0.65
/** Accesses without a longer pause are one visit. */
const PAUSE_US = 3_600_000_000
/** A person opens fewer messages in one visit; programs fetch them all. */
const MANY_MESSAGES = 300
/** After an odd sign-in, fewer are enough. */
const SOME_MESSAGES = 1
/** What was allowed to an application is used within a day. */
const GRANT_US = 86_400_000_000
/** Clients that people read mail with; they synchronise whole folders. */
const PROGRAM =
  /\bclient=(?:rest|ews|webservices|imap4?|pop3|graph)\b|python|go-http|axios|curl|powershell|okhttp|aiohttp/i

interface Access {
  readonly at: number
  readonly message: string
  readonly event: ViewEvent
}

/** An access of an example. */
function access(
  seconds: number,
  messageId: string,
  sourceIp: string,
  more: Parameters<typeof exampleEvent>[2] = {},
) {
  return exampleEvent('mailbox-access', seconds, {
    host: undefined,
    account: 'amber@corp.example',
    targetAccount: 'amber@corp.example',
    action: 'MailItemsAccessed',
    outcome: 'success',
    sourceIp,
    messageId,
    userAgent: 'Client=OWA',
    ...more,
  })
}
const DEVICE = '11111111-2222-4333-8444-555555555555'
function signIn(seconds: number, location: string, sourceIp: string, hostId?: string) {
  return exampleEvent('cloud-sign-in', seconds, {
    host: undefined,
    account: 'amber@corp.example',
    sourceIp,
    location,
    hostId,
    outcome: 'success',
  })
}

const rule: Rule = {
  id: 'mailbox.access',
  order: 56,
  relations: ['accessed-mailbox', 'owned-by'],
  detections: ['mail-read-after-odd-sign-in', 'mail-read-by-new-application', 'mail-read-in-mass'],
  attack: ['T1114.002', 'T1528'],
  attackOf: {
    'mail-read-after-odd-sign-in': ['T1114.002'],
    'mail-read-by-new-application': ['T1114.002'],
    'mail-read-in-mass': ['T1114.002'],
  },
  texts: {
    en: {
      title: 'Access to mailboxes',
      description:
        'Who read in which mailbox, from which address. Told are reading after an odd sign-in of the account or from its address, reading by a program after an application got rights to mail, and very many messages in one visit.',
      needs: 'MailItemsAccessed and other mailbox entries of the unified audit log.',
      falsePositives:
        'Mail clients that synchronise whole folders, backup and archive services of the organisation; travel with a VPN.',
      'detection.mail-read-after-odd-sign-in': 'Mailbox read after an odd sign-in',
      'detection.mail-read-by-new-application':
        'Mailbox read by a program after an application got rights to mail',
      'detection.mail-read-in-mass': 'Very many messages read in one visit',
      'reason.access': '{action} by {actor}.',
      'reason.access_from': '{action} by {actor} from {ip}.',
      'reason.owner': 'The audit log names the owner of the mailbox.',
      'reason.odd':
        '{actor} read {messages} message from {ip}, {minutes} min after an odd sign-in ({country}). | {actor} read {messages} messages from {ip}, {minutes} min after an odd sign-in ({country}).',
      'reason.grant':
        'A program ({client}) read {messages} message from {ip}, {minutes} min after {granter}: {grant}. | A program ({client}) read {messages} messages from {ip}, {minutes} min after {granter}: {grant}.',
      'reason.mass': '{actor} read {messages} messages within {minutes} min from {ip} ({client}).',
    },
    'zh-TW': {
      title: '信箱存取',
      description:
        '誰從哪個位址讀取了哪個信箱。提示在該帳號或其位址的異常登入之後的讀取、應用程式取得郵件權限後由程式進行的讀取，以及單次造訪中的極大量郵件。',
      needs: '整合稽核記錄中的 MailItemsAccessed 及其他信箱項目。',
      falsePositives: '同步整個資料夾的郵件用戶端、組織的備份與封存服務；出差時使用 VPN。',
      'detection.mail-read-after-odd-sign-in': '異常登入後讀取信箱',
      'detection.mail-read-by-new-application': '應用程式取得郵件權限後由程式讀取信箱',
      'detection.mail-read-in-mass': '單次造訪讀取極大量郵件',
      'reason.access': '{actor} 執行了 {action}。',
      'reason.access_from': '{actor} 自 {ip} 執行了 {action}。',
      'reason.owner': '稽核記錄載明信箱的擁有者。',
      'reason.odd': '{actor} 在異常登入（{country}）{minutes} 分鐘後，自 {ip} 讀取了 {messages} 封郵件。',
      'reason.grant':
        '在 {granter} 執行 {grant} 之後 {minutes} 分鐘，有程式（{client}）自 {ip} 讀取了 {messages} 封郵件。',
      'reason.mass': '{actor} 在 {minutes} 分鐘內自 {ip}（{client}）讀取了 {messages} 封郵件。',
    },
    ja: {
      title: 'メールボックスへのアクセス',
      description:
        '誰がどのアドレスからどのメールボックスを読んだか。そのアカウントまたはアドレスの不審なサインインの後の閲覧、アプリケーションがメールの権限を得た後のプログラムによる閲覧、1 回の訪問での極めて大量の閲覧を示します。',
      needs: '統合監査ログの MailItemsAccessed などのメールボックス項目。',
      falsePositives:
        'フォルダー全体を同期するメールクライアント、組織のバックアップやアーカイブサービス。VPN を使う出張。',
      'detection.mail-read-after-odd-sign-in': '不審なサインイン後のメールボックス閲覧',
      'detection.mail-read-by-new-application':
        'アプリケーションがメールの権限を得た後のプログラムによる閲覧',
      'detection.mail-read-in-mass': '1 回の訪問での極めて大量のメール閲覧',
      'reason.access': '{actor} による {action}。',
      'reason.access_from': '{ip} からの {actor} による {action}。',
      'reason.owner': '監査ログにメールボックスの所有者が記されています。',
      'reason.odd':
        '{actor} が不審なサインイン（{country}）の {minutes} 分後に、{ip} から {messages} 通を読みました。',
      'reason.grant':
        '{granter} による {grant} の {minutes} 分後に、プログラム（{client}）が {ip} から {messages} 通を読みました。',
      'reason.mass': '{actor} が {minutes} 分間に {ip}（{client}）から {messages} 通を読みました。',
    },
  },
  matches: [
    {
      title: 'three messages after sign-ins from two countries',
      items: [
        signIn(0, 'Taipei, TW', '203.0.113.7'),
        signIn(600, 'Lagos, NG', '198.51.100.9'),
        ...[1, 2, 3].map((place) => access(900 + place, `m${place}@x`, '198.51.100.9')),
      ],
      finds: [
        'accessed-mailbox: amber@corp.example -> amber@corp.example',
        'accessed-mailbox: 198.51.100.9 -> amber@corp.example',
        '!mail-read-after-odd-sign-in: amber@corp.example',
      ],
    },
    {
      title: 'a message after a sign-in from a new country, without the device of all the ones before',
      items: [
        ...Array.from({ length: 12 }, (_, place) =>
          signIn((place - 14) * 43_200, 'Taipei, TW', '203.0.113.7', DEVICE),
        ),
        signIn(0, 'Porto, PT', '198.51.100.9'),
        access(900, 'm1@x', '198.51.100.9'),
      ],
      finds: ['!mail-read-after-odd-sign-in: amber@corp.example'],
    },
    {
      title: 'a program reads after an application got rights to mail; another one reads everything',
      items: [
        exampleEvent('cloud-activity', 0, {
          host: undefined,
          account: 'amber@corp.example',
          action: 'Add delegated permission grant.',
          detail: 'Permissions: User.Read Mail.ReadWrite',
          outcome: 'success',
        }),
        access(600, 'm1@x', '192.0.2.80', { userAgent: 'Client=REST;;' }),
        ...Array.from({ length: 320 }, (_, place) =>
          access(100_000 + place, `n${place}@x`, '192.0.2.90', {
            account: 'basil@corp.example',
            targetAccount: 'basil@corp.example',
          }),
        ),
      ],
      finds: ['!mail-read-by-new-application: amber@corp.example', '!mail-read-in-mass: basil@corp.example'],
    },
  ],
  ignores: [
    {
      title: 'accesses that failed',
      items: [access(0, 'm1@x', '192.0.2.80', { outcome: 'failure' })],
      finds: [],
    },
  ],

  *run(view): Generator<Find> {
    const visits = new Map<string, { mailbox: EntityHandle; list: Access[] }>()
    let tools: Tools | undefined
    for (const event of view.events(
      ['mailbox-access'],
      [
        'account',
        'accountMail',
        'action',
        'targetAccount',
        'sourceIp',
        'messageId',
        'target',
        'userAgent',
        'outcome',
      ],
    )) {
      const { account, accountMail, targetAccount, sourceIp, outcome, messageId, target } = event.fields
      const written = targetAccount ?? accountMail ?? account
      if (outcome === 'failure' || written === undefined || event.at === null) continue
      const mailbox = mailboxAt(view, written)
      yield* related(view, event, mailbox, written)
      const key = `${written.toLowerCase()}|${account ?? ''}|${sourceIp ?? ''}`
      const visit = visits.get(key) ?? { mailbox, list: [] }
      visits.set(key, visit)
      const last = visit.list.at(-1)
      if (last && event.at - last.at > PAUSE_US) {
        yield* judge((tools ??= new Tools(view)), visit.mailbox, visit.list)
        visit.list = []
      }
      visit.list.push({ at: event.at, message: messageId ?? target ?? '', event })
    }
    for (const { mailbox, list } of visits.values()) yield* judge((tools ??= new Tools(view)), mailbox, list)
  },
}
export default rule

/** What a visit is judged by: odd sign-ins and rights to mail that applications were given. */
class Tools {
  readonly odd: OddSignIns
  readonly grants = new TimeIndex<{ readonly at: number; readonly event: ViewEvent }>()

  constructor(view: CorrelationView) {
    this.odd = new OddSignIns(view)
    for (const event of view.events(['cloud-activity'], ['account', 'action', 'detail', 'outcome']))
      if (event.at !== null && event.fields.outcome !== 'failure' && isAppGrant(event))
        this.grants.add('', { at: event.at, event })
  }
}

function* related(
  view: CorrelationView,
  event: ViewEvent,
  mailbox: EntityHandle,
  written: string,
): Generator<Find> {
  const { account = '?', action = '?', sourceIp } = event.fields
  const base = {
    at: event.at,
    proof: proofOf(event),
    kind: 'accessed-mailbox' as const,
    confidence: RECORDED,
  }
  const params = { action, actor: account }
  if (event.userId !== null) yield { ...base, from: event.userId, to: mailbox, reason: 'access', params }
  if (sourceIp !== undefined)
    yield {
      ...base,
      from: ipEntity(sourceIp),
      to: mailbox,
      reason: 'access_from',
      params: { ...params, ip: sourceIp },
    }
  const owner = view.book.find('user', 'upn', written) ?? view.book.find('user', 'smtp', written)
  if (owner)
    yield {
      ...base,
      kind: 'owned-by',
      from: mailbox,
      to: owner.id,
      at: null,
      confidence: 0.9,
      reason: 'owner',
    }
}

function* judge(tools: Tools, mailbox: EntityHandle, visit: readonly Access[]): Generator<Find> {
  const [first] = visit
  const last = visit.at(-1)
  if (!first || !last) return
  const messages = new Set(visit.map((one) => one.message)).size
  const { account = '?', sourceIp = '?', userAgent = '?' } = first.event.fields
  const sign = tools.odd.before(first.event)
  const grant = PROGRAM.test(userAgent) ? tools.grants.last('', first.at - GRANT_US, first.at) : undefined
  const base = {
    subject: mailbox,
    involved: [
      ...(first.event.userId === null ? [] : [first.event.userId]),
      ...(first.event.fields.sourceIp === undefined ? [] : [ipEntity(sourceIp)]),
    ],
    window: dayOf(first.at),
    at: first.at,
    until: last.at,
    proof: visit.flatMap((one) => proofOf(one.event)),
  }
  const params = { actor: account, messages, count: messages, ip: sourceIp, client: userAgent.slice(0, 80) }
  if (sign && messages >= SOME_MESSAGES) {
    const isMany = messages >= MANY_MESSAGES
    const level: DetectionLevel = sign.isWeak ? (isMany ? 'high' : 'medium') : isMany ? 'critical' : 'high'
    yield {
      ...base,
      detection: 'mail-read-after-odd-sign-in',
      level,
      confidence: sign.isWeak ? AFTER_WEAK : AFTER_ODD,
      reason: 'odd',
      params: { ...params, minutes: minutesAfter(first.at, sign.until), country: sign.country ?? '?' },
    }
  }
  if (grant)
    yield {
      ...base,
      detection: 'mail-read-by-new-application',
      level: 'high',
      confidence: AFTER_GRANT,
      reason: 'grant',
      params: {
        ...params,
        minutes: minutesAfter(first.at, grant.at),
        granter: grant.event.fields.account ?? '?',
        grant: grant.event.fields.action ?? '?',
      },
    }
  if (!sign && !grant && messages >= MANY_MESSAGES)
    yield {
      ...base,
      detection: 'mail-read-in-mass',
      level: 'medium',
      confidence: MASS,
      reason: 'mass',
      params: { ...params, minutes: Math.max(1, Math.round((last.at - first.at) / 60e6)) },
    }
}

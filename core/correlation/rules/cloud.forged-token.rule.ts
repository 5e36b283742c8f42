import { US_PER_DAY } from '../../normalise/time.ts'
import { dayOf } from '../accounts.ts'
import { STRONG_SCOPES } from '../app-grants.ts'
import { cloudChangeOf } from '../cloud-changes.ts'
import { proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import { domainOf } from '../mailboxes.ts'
import type { DetectionDraft, Rule } from '../rule.ts'
import { type KeyTaking, listKeyTakings } from '../signing-key.ts'
import type { CorrelationView, ViewEvent } from '../view.ts'

/** AD FS wrote down what it issued, and nothing of it for this account. */
const NOT_ISSUED = 0.55
/** The case holds no such records: the key was taken, and somebody of its domain changed much in the cloud afterwards. */
const NOT_RECORDED = 0.35

/** A key that was taken is good until it is replaced; what comes later than this is more likely somebody else's. */
const USED_WITHIN_US = 30 * US_PER_DAY
/** A token that AD FS issued is used for this long: a session in the cloud lives on it. */
const TOKEN_LIVES_US = US_PER_DAY
/** The record of AD FS may come a little after the use. */
const LATE_US = 300_000_000
/** Records of AD FS that name whom a token was made for: 299 and 412, claims 500 and 501, audits 1200 and 1202. */
const ISSUED_CODES = [299, 412, 500, 501, 1200, 1202]
/** Records of AD FS looked at; a farm writes thousands an hour, and the account is looked for in each. */
const MAX_ISSUES = 500_000

/** A sign-in by a token that bears the name of AD FS (Entra ID, tokenIssuerType). */
const FEDERATED = /\btoken issuer: ADFederationServices\b/i

interface Issue {
  readonly at: number
  readonly text: string
}

const KEY_CONTAINER = 'CN=596f0e13,CN=ADFS,CN=Microsoft,CN=Program Data,DC=corp,DC=example'
const taken = exampleEvent('directory-query', 0, {
  host: 'ADFS01.corp.example',
  account: 'CORP\\amber',
  processPath: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
  pid: 5,
  target: KEY_CONTAINER,
  detail: 'AttributeList: ["thumbnailphoto"]',
})
const secret = (seconds: number, account: string) =>
  exampleEvent('cloud-activity', seconds, {
    host: undefined,
    account,
    accountMail: account,
    action: 'Update application – Certificates and secrets management',
    target: 'Reader App',
    outcome: 'success',
  })
const issued = (seconds: number, name: string) =>
  exampleEvent('generic', seconds, {
    host: 'ADFS01.corp.example',
    provider: 'AD FS Auditing',
    code: 501,
    detail: `ClaimsName: CORP\\${name}`,
  })

const rule: Rule = {
  id: 'cloud.forged-token',
  order: 56,
  relations: [],
  detections: ['forged-token'],
  attack: ['T1606.002', 'T1550'],
  texts: {
    en: {
      title: 'Cloud changed after the signing key was taken, without a token of AD FS',
      description:
        'After somebody took the signing key of AD FS, an account of the same domain changed applications, trust or the protection of sign-ins in the cloud, or signed in by a token of AD FS, and AD FS has no record of issuing it a token in the day before. Whoever holds the key makes such tokens himself. A candidate, not a proof: it ties the theft on the server to what may be its use.',
      needs:
        'What the rule on the signing key needs, the audit log of the cloud, and best the audit records of AD FS (299, 412, 500, 501, 1200, 1202).',
      falsePositives:
        'Administrators who work in the cloud with an account that does not sign in through AD FS; AD FS without auditing or with records of one server of the farm only (rated lower when there are none at all).',
      'detection.forged-token': 'Perhaps a forged token (Golden SAML)',
      'reason.not_issued':
        '{actor}: {action}, {hours} h after {taker} took the signing key on {host}. AD FS recorded {issued} token in the case, none for this account in the day before. | {actor}: {action}, {hours} h after {taker} took the signing key on {host}. AD FS recorded {issued} tokens in the case, none for this account in the day before.',
      'reason.not_recorded':
        '{actor}: {action}, {hours} h after {taker} took the signing key on {host}. No record of tokens that AD FS issued is in the case.',
    },
    'zh-TW': {
      title: '簽署金鑰遭取得後雲端設定變更，且 AD FS 未發出權杖',
      description:
        '在有人取得 AD FS 簽署金鑰之後，同網域的帳號變更了雲端的應用程式、信任關係或登入防護，或以 AD FS 的權杖登入，而 AD FS 在前一天內沒有為該帳號發出權杖的紀錄。持有金鑰者可自行製作權杖。這是候選線索而非證明：它把伺服器上的竊取與可能的使用連結起來。',
      needs:
        '簽署金鑰規則所需的資料、雲端稽核記錄，最好還有 AD FS 的稽核紀錄（299、412、500、501、1200、1202）。',
      falsePositives:
        '以不經 AD FS 登入的帳號在雲端作業的系統管理員；未啟用稽核的 AD FS，或僅有伺服器陣列中一台的紀錄（完全沒有紀錄時等級較低）。',
      'detection.forged-token': '可能為偽造的權杖（Golden SAML）',
      'reason.not_issued':
        '{actor}：{action}，發生於 {taker} 在 {host} 取得簽署金鑰 {hours} 小時後。案件中 AD FS 記錄了 {issued} 筆權杖，前一天內沒有此帳號的紀錄。',
      'reason.not_recorded':
        '{actor}：{action}，發生於 {taker} 在 {host} 取得簽署金鑰 {hours} 小時後。案件中沒有 AD FS 發出權杖的紀錄。',
    },
    ja: {
      title: '署名キーの取得後、AD FS のトークンなしに行われたクラウドの変更',
      description:
        'AD FS の署名キーが取得された後、同じドメインのアカウントがクラウドのアプリケーション、信頼、またはサインイン保護を変更するか、AD FS のトークンでサインインしましたが、AD FS には直前 1 日間にそのアカウントへトークンを発行した記録がありません。キーを持つ者は自分でトークンを作れます。証明ではなく候補であり、サーバーでの窃取とその利用と思われるものを結び付けます。',
      needs:
        '署名キーのルールが必要とするデータ、クラウドの監査ログ、できれば AD FS の監査記録（299、412、500、501、1200、1202）。',
      falsePositives:
        'AD FS を経由しないアカウントでクラウドを管理する管理者、監査が無効な AD FS、またはファームの 1 台分の記録しかない場合（記録がまったくない場合は確度を下げます）。',
      'detection.forged-token': '偽造トークンの可能性（Golden SAML）',
      'reason.not_issued':
        '{actor}：{action}。{taker} が {host} で署名キーを取得した {hours} 時間後です。ケース内に AD FS のトークン発行記録は {issued} 件ありますが、直前 1 日間にこのアカウントのものはありません。',
      'reason.not_recorded':
        '{actor}：{action}。{taker} が {host} で署名キーを取得した {hours} 時間後です。AD FS によるトークン発行の記録はケースにありません。',
    },
  },
  matches: [
    {
      title: 'a secret for an application by an account AD FS made no token for',
      items: [taken, issued(60, 'basil'), secret(3600, 'cedar@corp.example')],
      finds: ['!forged-token: cedar@corp.example'],
    },
    {
      title: 'a sign-in by a token of AD FS that AD FS did not make',
      items: [
        taken,
        issued(60, 'basil'),
        exampleEvent('cloud-sign-in', 3600, {
          host: undefined,
          account: 'dana@corp.example',
          accountMail: 'dana@corp.example',
          outcome: 'success',
          detail: 'token issuer: ADFederationServices',
        }),
      ],
      finds: ['!forged-token: dana@corp.example'],
    },
    {
      title: 'without any record of AD FS',
      items: [taken, secret(3600, 'cedar@corp.example')],
      finds: ['!forged-token: cedar@corp.example'],
    },
  ],
  ignores: [
    {
      title: 'AD FS made the token; another domain; before the theft; an everyday entry',
      items: [
        secret(-3600, 'cedar@corp.example'),
        taken,
        issued(1800, 'cedar'),
        secret(3600, 'cedar@corp.example'),
        secret(3700, 'dana@other.example'),
        exampleEvent('cloud-activity', 4000, {
          host: undefined,
          account: 'hugo@corp.example',
          accountMail: 'hugo@corp.example',
          action: 'FileAccessed',
          outcome: 'success',
        }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<DetectionDraft> {
    const takings = [...listKeyTakings(view)].filter(({ sign }) => sign.reason !== 'picture')
    const [first] = takings
    if (first?.event.at == null) return
    let issues: Issue[] | undefined
    for (const event of view.events(
      ['cloud-activity', 'cloud-sign-in'],
      ['account', 'accountMail', 'action', 'target', 'detail', 'outcome'],
    )) {
      const { account = '', accountMail = account, outcome } = event.fields
      if (event.at === null || event.userId === null || outcome === 'failure' || !isStrong(event)) continue
      const taking = takings.findLast(({ event: key }) => isUsable(view, key, event.at ?? 0, accountMail))
      if (taking?.event.at == null) continue
      issues ??= listIssues(view)
      // A sign-in that says it came from AD FS tells something only where AD FS wrote down what it did.
      if (event.kind === 'cloud-sign-in' && issues.length === 0) continue
      const { at } = event
      if (issues.some((issue) => isFor(issue, accountMail, at))) continue
      yield drafted(view, event, taking, issues.length)
    }
  },
}
export default rule

function drafted(
  view: CorrelationView,
  event: ViewEvent,
  { event: key }: KeyTaking,
  issued: number,
): DetectionDraft {
  return {
    detection: 'forged-token',
    level: 'medium',
    subject: event.userId ?? 0,
    involved: [key.endpointId, key.userId].filter((id) => id !== null),
    window: dayOf(event.at),
    at: event.at,
    confidence: issued > 0 ? NOT_ISSUED : NOT_RECORDED,
    reason: issued > 0 ? 'not_issued' : 'not_recorded',
    params: {
      actor: event.fields.account ?? '?',
      action: (event.kind === 'cloud-sign-in' ? event.kind : (event.fields.action ?? '?')).trim(),
      // It may be minutes or weeks.
      hours: Math.max(0.1, Math.round(((event.at ?? 0) - (key.at ?? 0)) / 360e6) / 10),
      taker: key.fields.account ?? '?',
      host: key.endpointId === null ? '?' : view.entity(key.endpointId).name,
      issued,
      count: issued,
    },
    proof: [...proofOf(event), ...proofOf(key)],
  }
}

function isStrong({ kind, fields }: ViewEvent): boolean {
  const { action = '', detail = '' } = fields
  if (kind === 'cloud-sign-in') return FEDERATED.test(detail)
  const change = cloudChangeOf(action)
  return change !== undefined && (change.detection !== 'app-consent' || STRONG_SCOPES.test(detail))
}

/** A key opens the domains its server signs for: those of its own name. */
function isUsable(view: CorrelationView, key: ViewEvent, at: number, mail: string): boolean {
  if (key.at === null || key.endpointId === null || at < key.at || at - key.at > USED_WITHIN_US) return false
  const domain = domainOf(mail)
  return [...view.entity(key.endpointId).aliases.values()].some(
    ({ kind, value }) => kind === 'fqdn' && domain !== '' && value.toLowerCase().endsWith(`.${domain}`),
  )
}

function isFor({ at, text }: Issue, mail: string, used: number): boolean {
  if (at < used - TOKEN_LIVES_US || at > used + LATE_US) return false
  const folded = mail.toLowerCase()
  const name = `\\${folded.split('@')[0] ?? ''}`
  return text.includes(folded) || text.split(/[\s;,"]/).some((word) => word.endsWith(name))
}

/** What AD FS wrote about tokens it made, in lower case. */
function listIssues(view: CorrelationView): Issue[] {
  const rows = view.everyEvent<{ at: number | null; detail: string | null; account: string | null }>(
    (condition) => `SELECT at, d.v AS detail, a.v AS account FROM event
      JOIN str p ON p.id = event.provider LEFT JOIN str d ON d.id = event.detail LEFT JOIN str a ON a.id = event.account
      WHERE code IN (${ISSUED_CODES.join(',')}) AND p.v LIKE 'AD FS%'${condition} LIMIT ${MAX_ISSUES}`,
  )
  return rows.flatMap(({ at, detail, account }) =>
    at === null
      ? []
      : [{ at, text: `${account === null ? '' : `\\${account} `}${detail ?? ''}`.toLowerCase() }],
  )
}

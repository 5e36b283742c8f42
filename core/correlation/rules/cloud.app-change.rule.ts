import type { DetectionLevel } from '../../model/detection.ts'
import { STRONG_SCOPES } from '../app-grants.ts'
import { dayOf } from '../accounts.ts'
import { ConsentClicks } from '../clicked-consents.ts'
import { cloudChangeOf } from '../cloud-changes.ts'
import { cloudApp, ipEntity, proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import { minutesAfter, OddSignIns } from '../mailboxes.ts'
import type { DetectionDraft, EntityHandle, Rule } from '../rule.ts'

/** The provider recorded the change. */
const RECORDED = 0.9
/** A page asked for these rights out of a mail; whether the application is honest is not known. */
const BY_MAIL = 0.8

/** An entry of an example. */
function entry(seconds: number, action: string, more: Parameters<typeof exampleEvent>[2] = {}) {
  return exampleEvent('cloud-activity', seconds, {
    host: undefined,
    account: 'amber@corp.example',
    accountMail: 'amber@corp.example',
    action,
    outcome: 'success',
    ...more,
  })
}

const rule: Rule = {
  id: 'cloud.app-change',
  order: 55,
  relations: [],
  detections: [
    'app-consent',
    'app-credentials',
    'app-created',
    'federation-changed',
    'sign-in-protection-changed',
    'app-owner',
    'device-registered',
  ],
  attack: ['T1528', 'T1098.001', 'T1484.002', 'T1556.006', 'T1098.005'],
  attackOf: {
    'app-consent': ['T1528'],
    'app-credentials': ['T1098.001'],
    'app-created': [],
    'federation-changed': ['T1484.002'],
    'sign-in-protection-changed': ['T1556.006'],
    'app-owner': ['T1098.001'],
    'device-registered': ['T1098.005'],
  },
  texts: {
    en: {
      title: 'Applications and trust in the cloud changed',
      description:
        'An application got rights or new credentials, was made or got an owner; the tenant came to trust another identity provider; the protection of sign-ins was changed; a device was registered after an odd sign-in. Rated higher for strong rights (mail, files, directory), after an odd sign-in, and where a link of a mail asked for the rights.',
      needs:
        'Audit log of Entra ID (also in the unified audit log or CloudAppEvents). For links that ask for consent, mail with links and a click log; the id of the application (`client_id`) joins the two.',
      falsePositives:
        'Developers and administrators who set applications up and renew secrets; people who register a new phone.',
      'detection.app-consent': 'Application got rights',
      'detection.app-credentials': 'New credentials for an application',
      'detection.app-created': 'Application or service principal created',
      'detection.federation-changed': 'Trust in an identity provider changed',
      'detection.sign-in-protection-changed': 'Protection of sign-ins changed',
      'detection.app-owner': 'Application got an owner',
      'detection.device-registered': 'Device registered after an odd sign-in',
      'reason.clicked':
        '{actor}: {action} ({target}), {minutes} min after opening a link of a mail that asks for consent to this application.',
      'reason.entry': '{actor}: {action} ({target}).',
      'reason.scopes': '{actor}: {action} ({target}), among others {scope}.',
      'reason.odd': '{actor}: {action} ({target}), {minutes} min after an odd sign-in ({country}).',
    },
    'zh-TW': {
      title: '雲端應用程式與信任關係變更',
      description:
        '應用程式取得權限或新認證、被建立或新增擁有者；租用戶開始信任其他身分識別提供者；登入防護遭變更；異常登入之後註冊了裝置。涉及強大權限（郵件、檔案、目錄）、發生在異常登入之後，或由郵件中的連結要求權限時，等級較高。',
      needs:
        'Entra ID 稽核記錄（亦見於整合稽核記錄或 CloudAppEvents）。對於要求同意的連結，需要含連結的郵件與點擊記錄；以應用程式識別碼（`client_id`）對應兩者。',
      falsePositives: '設定應用程式、更新用戶端密碼的開發人員與系統管理員；註冊新手機的使用者。',
      'detection.app-consent': '應用程式取得權限',
      'detection.app-credentials': '應用程式新增認證',
      'detection.app-created': '建立應用程式或服務主體',
      'detection.federation-changed': '對身分識別提供者的信任遭變更',
      'detection.sign-in-protection-changed': '登入防護遭變更',
      'detection.app-owner': '應用程式新增擁有者',
      'detection.device-registered': '異常登入之後註冊裝置',
      'reason.clicked':
        '{actor}：{action}（{target}），發生於開啟郵件中要求同意此應用程式的連結 {minutes} 分鐘後。',
      'reason.entry': '{actor}：{action}（{target}）。',
      'reason.scopes': '{actor}：{action}（{target}），其中包含 {scope}。',
      'reason.odd': '{actor}：{action}（{target}），發生於異常登入（{country}）{minutes} 分鐘後。',
    },
    ja: {
      title: 'クラウドのアプリケーションと信頼の変更',
      description:
        'アプリケーションが権限や新しい資格情報を得た、作成された、所有者が追加された、テナントが別の ID プロバイダーを信頼した、サインインの保護が変更された、不審なサインインの後にデバイスが登録されたことを示します。強い権限（メール、ファイル、ディレクトリ）、不審なサインインの後、メールのリンクが権限を求めた場合はレベルを上げます。',
      needs:
        'Entra ID の監査ログ（統合監査ログや CloudAppEvents 内のものも可）。同意を求めるリンクには、リンクを含むメールとクリックログ。両者はアプリケーションの ID（`client_id`）で結び付けます。',
      falsePositives:
        'アプリケーションを設定しシークレットを更新する開発者や管理者、新しい携帯電話を登録する利用者。',
      'detection.app-consent': 'アプリケーションへの権限付与',
      'detection.app-credentials': 'アプリケーションの新しい資格情報',
      'detection.app-created': 'アプリケーションまたはサービスプリンシパルの作成',
      'detection.federation-changed': 'ID プロバイダーへの信頼の変更',
      'detection.sign-in-protection-changed': 'サインイン保護の変更',
      'detection.app-owner': 'アプリケーションの所有者の追加',
      'detection.device-registered': '不審なサインインの後のデバイス登録',
      'reason.clicked':
        '{actor}：{action}（{target}）。このアプリケーションへの同意を求めるメールのリンクを開いた {minutes} 分後です。',
      'reason.entry': '{actor}: {action}（{target}）。',
      'reason.scopes': '{actor}：{action}（{target}）。{scope} などを含みます。',
      'reason.odd': '{actor}：{action}（{target}）。不審なサインイン（{country}）の {minutes} 分後です。',
    },
  },
  matches: [
    {
      title: 'a device registered after a sign-in that the provider calls risky',
      items: [
        exampleEvent('cloud-sign-in', 0, {
          host: undefined,
          account: 'amber@corp.example',
          accountMail: 'amber@corp.example',
          outcome: 'success',
          severity: 'high',
          sourceIp: '203.0.113.9',
        }),
        entry(900, 'Register device', { target: 'DESKTOP-7', sourceIp: '203.0.113.9' }),
      ],
      finds: ['!device-registered: amber@corp.example'],
    },
    {
      title: 'rights to mail, a new secret, and another identity provider',
      items: [
        entry(0, 'Consent to application', {
          target: 'Reader App',
          detail: 'Scope: User.Read Mail.ReadWrite',
        }),
        entry(60, 'Update application – Certificates and secrets management ', { target: 'Reader App' }),
        entry(120, 'Set federation settings on domain.', { target: 'corp.example' }),
      ],
      finds: [
        '!app-consent: amber@corp.example',
        '!app-credentials: amber@corp.example',
        '!federation-changed: amber@corp.example',
      ],
    },
  ],
  ignores: [
    {
      title: 'entries that failed, and everyday ones',
      items: [
        entry(0, 'Consent to application', {
          target: 'Reader App',
          outcome: 'failure',
          detail: 'Scope: Mail.Read',
        }),
        entry(6, 'Register device', { target: 'DESKTOP-7' }),
        entry(9, 'Update user', { target: 'basil' }),
        entry(12, 'FileAccessed', { target: 'plan.docx' }),
        entry(15, 'Add app role assignment grant to user', { target: 'Payroll' }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<DetectionDraft> {
    let odd: OddSignIns | undefined
    let clicks: ConsentClicks | undefined
    for (const event of view.events(
      ['cloud-activity'],
      ['account', 'action', 'target', 'detail', 'sourceIp', 'outcome', 'application'],
    )) {
      const { action, account = '?', target, detail = '', sourceIp, outcome } = event.fields
      if (action === undefined || outcome === 'failure') continue
      const change = cloudChangeOf(action)
      if (!change) continue
      odd ??= new OddSignIns(view)
      const sign = odd.before(event)
      if (change.isOnlyAfterOdd && !sign) continue
      const click =
        change.detection === 'app-consent' ? (clicks ??= new ConsentClicks(view)).before(event) : undefined
      const scope = change.detection === 'app-consent' ? STRONG_SCOPES.exec(detail)?.[0] : undefined
      const app: EntityHandle | undefined =
        target === undefined || NO_APP.has(change.detection) ? undefined : cloudApp(target)
      const subject: EntityHandle | undefined = event.userId ?? app
      if (subject === undefined) continue
      // A right for everybody of the tenant, not for one person's mail alone.
      const isForAll = scope !== undefined && /\bAllPrincipals\b/.test(detail)
      const base = raised(raised(change.level, scope !== undefined), isForAll)
      yield {
        detection: change.detection,
        level: raised(raised(base, click !== undefined), sign !== undefined && !sign.isWeak),
        subject,
        involved: [
          ...(app && app !== subject ? [app] : []),
          ...(sourceIp === undefined ? [] : [ipEntity(sourceIp)]),
          ...(click ? [click.url] : []),
        ],
        window: `${dayOf(event.at)}|${(target ?? '').toLowerCase()}`,
        at: event.at,
        confidence: click ? BY_MAIL : RECORDED,
        reason: sign ? 'odd' : click ? 'clicked' : scope === undefined ? 'entry' : 'scopes',
        params: {
          actor: account,
          action: action.trim(),
          target: target ?? '?',
          scope: scope ?? '',
          country: sign?.country ?? '?',
          minutes: minutesAfter(event.at, sign?.until ?? click?.at),
        },
        proof: [...proofOf(event), ...(click?.proof ?? [])],
      }
    }
  },
}
export default rule

/** Changes whose target is no application. */
const NO_APP: ReadonlySet<string> = new Set(['federation-changed', 'device-registered'])

/** One step up; what only looks odd is never critical. */
const raised = (level: DetectionLevel, isRaised: boolean): DetectionLevel =>
  !isRaised ? level : level === 'low' ? 'medium' : 'high'

import type { DetectionLevel } from '../../model/detection.ts'
import { STRONG_SCOPES } from '../app-grants.ts'
import { dayOf } from '../accounts.ts'
import { cloudChangeOf } from '../cloud-changes.ts'
import { cloudApp, ipEntity, proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import { OddSignIns } from '../mailboxes.ts'
import type { DetectionDraft, EntityHandle, Rule } from '../rule.ts'

/** The provider recorded the change. */
const RECORDED = 0.9

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
  ],
  attack: ['T1528', 'T1098.001', 'T1484.002', 'T1556.006'],
  attackOf: {
    'app-consent': ['T1528'],
    'app-credentials': ['T1098.001'],
    'app-created': [],
    'federation-changed': ['T1484.002'],
    'sign-in-protection-changed': ['T1556.006'],
    'app-owner': ['T1098.001'],
  },
  texts: {
    en: {
      title: 'Applications and trust in the cloud changed',
      description:
        'An application got rights or new credentials, was made or got an owner; the tenant came to trust another identity provider; the protection of sign-ins was changed. Rated higher for strong rights (mail, files, directory) and after an odd sign-in.',
      needs: 'Audit log of Entra ID (also in the unified audit log or CloudAppEvents).',
      falsePositives:
        'Developers and administrators who set applications up and renew secrets; people who register a new phone.',
      'detection.app-consent': 'Application got rights',
      'detection.app-credentials': 'New credentials for an application',
      'detection.app-created': 'Application or service principal created',
      'detection.federation-changed': 'Trust in an identity provider changed',
      'detection.sign-in-protection-changed': 'Protection of sign-ins changed',
      'detection.app-owner': 'Application got an owner',
      'reason.entry': '{actor}: {action} ({target}).',
      'reason.scopes': '{actor}: {action} ({target}), among others {scope}.',
      'reason.odd': '{actor}: {action} ({target}), {hours} h after an odd sign-in ({country}).',
    },
    'zh-TW': {
      title: '雲端應用程式與信任關係變更',
      description:
        '應用程式取得權限或新認證、被建立或新增擁有者；租用戶開始信任其他身分識別提供者；登入防護遭變更。涉及強大權限（郵件、檔案、目錄）或發生在異常登入之後時，等級較高。',
      needs: 'Entra ID 稽核記錄（亦見於整合稽核記錄或 CloudAppEvents）。',
      falsePositives: '設定應用程式、更新用戶端密碼的開發人員與系統管理員；註冊新手機的使用者。',
      'detection.app-consent': '應用程式取得權限',
      'detection.app-credentials': '應用程式新增認證',
      'detection.app-created': '建立應用程式或服務主體',
      'detection.federation-changed': '對身分識別提供者的信任遭變更',
      'detection.sign-in-protection-changed': '登入防護遭變更',
      'detection.app-owner': '應用程式新增擁有者',
      'reason.entry': '{actor}：{action}（{target}）。',
      'reason.scopes': '{actor}：{action}（{target}），其中包含 {scope}。',
      'reason.odd': '{actor}：{action}（{target}），發生於異常登入（{country}）{hours} 小時後。',
    },
    ja: {
      title: 'クラウドのアプリケーションと信頼の変更',
      description:
        'アプリケーションが権限や新しい資格情報を得た、作成された、所有者が追加された、テナントが別の ID プロバイダーを信頼した、サインインの保護が変更されたことを示します。強い権限（メール、ファイル、ディレクトリ）や不審なサインインの後ではレベルを上げます。',
      needs: 'Entra ID の監査ログ（統合監査ログや CloudAppEvents 内のものも可）。',
      falsePositives:
        'アプリケーションを設定しシークレットを更新する開発者や管理者、新しい携帯電話を登録する利用者。',
      'detection.app-consent': 'アプリケーションへの権限付与',
      'detection.app-credentials': 'アプリケーションの新しい資格情報',
      'detection.app-created': 'アプリケーションまたはサービスプリンシパルの作成',
      'detection.federation-changed': 'ID プロバイダーへの信頼の変更',
      'detection.sign-in-protection-changed': 'サインイン保護の変更',
      'detection.app-owner': 'アプリケーションの所有者の追加',
      'reason.entry': '{actor}: {action}（{target}）。',
      'reason.scopes': '{actor}：{action}（{target}）。{scope} などを含みます。',
      'reason.odd': '{actor}：{action}（{target}）。不審なサインイン（{country}）の {hours} 時間後です。',
    },
  },
  matches: [
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
        entry(9, 'Update user', { target: 'basil' }),
        entry(12, 'FileAccessed', { target: 'plan.docx' }),
        entry(15, 'Add app role assignment grant to user', { target: 'Payroll' }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<DetectionDraft> {
    let odd: OddSignIns | undefined
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
      const scope = change.detection === 'app-consent' ? STRONG_SCOPES.exec(detail)?.[0] : undefined
      const app: EntityHandle | undefined =
        target === undefined || change.detection === 'federation-changed' ? undefined : cloudApp(target)
      const subject: EntityHandle | undefined = event.userId ?? app
      if (subject === undefined) continue
      // A right for everybody of the tenant, not for one person's mail alone.
      const isForAll = scope !== undefined && /\bAllPrincipals\b/.test(detail)
      const base = raised(raised(change.level, scope !== undefined), isForAll)
      yield {
        detection: change.detection,
        level: raised(base, sign !== undefined && !sign.isWeak),
        subject,
        involved: [
          ...(app && app !== subject ? [app] : []),
          ...(sourceIp === undefined ? [] : [ipEntity(sourceIp)]),
        ],
        window: `${dayOf(event.at)}|${(target ?? '').toLowerCase()}`,
        at: event.at,
        confidence: RECORDED,
        reason: sign ? 'odd' : scope === undefined ? 'entry' : 'scopes',
        params: {
          actor: account,
          action: action.trim(),
          target: target ?? '?',
          scope: scope ?? '',
          ...(sign && event.at !== null
            ? {
                hours: Math.max(0, Math.round((event.at - sign.until) / 3_600e6)),
                country: sign.country ?? '?',
              }
            : {}),
        },
        proof: proofOf(event),
      }
    }
  },
}
export default rule

/** One step up; what only looks odd is never critical. */
const raised = (level: DetectionLevel, isRaised: boolean): DetectionLevel =>
  !isRaised ? level : level === 'low' ? 'medium' : 'high'

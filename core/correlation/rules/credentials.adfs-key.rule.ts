import { dayOf } from '../accounts.ts'
import { proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import type { Find, Rule } from '../rule.ts'
import { CONTACT_ID, type KeyTaking, listKeyTakings, PICTURE_ID } from '../signing-key.ts'
import type { CorrelationView } from '../view.ts'

const rule: Rule = {
  id: 'credentials.adfs-key',
  order: 52,
  relations: ['accessed-credentials'],
  detections: ['signing-key'],
  attack: ['T1552.004', 'T1606.002'],
  texts: {
    en: {
      title: 'The signing key of AD FS taken (Golden SAML)',
      description:
        'Somebody other than the service read the key of AD FS from the directory, or its settings from the database. With both one can sign in to the cloud as anybody, without a password or second factor.',
      needs:
        'LDAP queries of an endpoint product (IdentityQueryEvents, DeviceEvents), Security 4662 of domain controllers, or audit records of the database (33205).',
      falsePositives:
        'AD FS under a service account whose name does not tell so; programs that read the pictures of contacts (rated lower); administrators who set up another AD FS server.',
      'detection.signing-key': 'Signing key of AD FS taken (Golden SAML)',
      'reason.query': '{account} asked the directory for the key of AD FS ({program}).',
      'reason.settings': '{account} read the service settings of AD FS from its database.',
      'reason.picture': '{account} read the picture of a contact on {host}, where AD FS keeps its key.',
    },
    'zh-TW': {
      title: 'AD FS 簽署金鑰遭取得（Golden SAML）',
      description:
        '服務帳號以外的人自目錄讀取了 AD FS 的金鑰，或自資料庫讀取了其設定。兩者兼得即可在沒有密碼與第二要素的情況下，以任何人身分登入雲端。',
      needs:
        '端點產品的 LDAP 查詢（IdentityQueryEvents、DeviceEvents）、網域控制站的安全性 4662，或資料庫的稽核紀錄（33205）。',
      falsePositives:
        '名稱無法辨識的 AD FS 服務帳號；讀取連絡人圖片的程式（等級較低）；正在建置另一台 AD FS 伺服器的系統管理員。',
      'detection.signing-key': 'AD FS 簽署金鑰遭取得（Golden SAML）',
      'reason.query': '{account} 向目錄查詢了 AD FS 的金鑰（{program}）。',
      'reason.settings': '{account} 自資料庫讀取了 AD FS 的服務設定。',
      'reason.picture': '{account} 在 {host} 上讀取了連絡人的圖片，而 AD FS 的金鑰即存放於此類屬性。',
    },
    ja: {
      title: 'AD FS の署名キーの取得（Golden SAML）',
      description:
        'サービス以外の者が、ディレクトリから AD FS のキーを、またはデータベースからその設定を読み取りました。両方がそろうと、パスワードも第 2 要素もなしに誰としてでもクラウドにサインインできます。',
      needs:
        'エンドポイント製品の LDAP クエリ（IdentityQueryEvents、DeviceEvents）、ドメインコントローラーのセキュリティ 4662、またはデータベースの監査記録（33205）。',
      falsePositives:
        '名前から判断できない AD FS のサービスアカウント、連絡先の画像を読むプログラム（低いレベル）、別の AD FS サーバーを構築中の管理者。',
      'detection.signing-key': 'AD FS の署名キーの取得（Golden SAML）',
      'reason.query': '{account} がディレクトリに AD FS のキーを問い合わせました（{program}）。',
      'reason.settings': '{account} がデータベースから AD FS のサービス設定を読み取りました。',
      'reason.picture':
        '{account} が {host} で連絡先の画像を読み取りました。AD FS はこの属性にキーを保存します。',
    },
  },
  matches: [
    {
      title: 'an administrator asks for the key by LDAP and reads the settings',
      items: [
        exampleEvent('directory-query', 0, {
          account: 'CORP\\amber',
          processPath: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
          pid: 5,
          target: 'CN=596f0e13,CN=ADFS,CN=Microsoft,CN=Program Data,DC=corp,DC=example',
          detail: 'SearchFilter: (objectClass=contact); AttributeList: ["thumbnailphoto"]',
        }),
        exampleEvent('generic', 60, {
          code: 33205,
          account: 'CORP\\amber',
          detail: 'SELECT ServiceSettingsData from IdentityServerPolicy.ServiceSettings',
        }),
      ],
      finds: ['!signing-key: CORP\\amber', 'accessed-credentials: CORP\\amber -> WS-01'],
    },
  ],
  ignores: [
    {
      title: 'the service itself, and another attribute of the container',
      items: [
        exampleEvent('directory-query', 0, {
          account: 'CORP\\svc-adfs',
          target: 'CN=596f0e13,CN=ADFS,CN=Microsoft,CN=Program Data,DC=corp,DC=example',
          detail: 'AttributeList: ["thumbnailphoto"]',
        }),
        exampleEvent('directory-query', 5, {
          account: 'CORP\\amber',
          target: 'CN=596f0e13,CN=ADFS,CN=Microsoft,CN=Program Data,DC=corp,DC=example',
          detail: 'AttributeList: ["objectClass"]',
        }),
        exampleEvent('directory-access', 9, {
          account: 'CORP\\ADFS01$',
          detail: `Properties: ReadProperty {${PICTURE_ID}} {${CONTACT_ID}}`,
        }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<Find> {
    for (const taking of listKeyTakings(view)) yield* told(view, taking)
  },
}
export default rule

function* told(view: CorrelationView, { event, sign }: KeyTaking): Generator<Find> {
  const { endpointId, userId } = event
  const process = event.fields.processPath === undefined ? undefined : view.processes.actorOf(event)
  const subject = userId ?? endpointId
  if (subject === null) return
  const base = {
    at: event.at,
    confidence: sign.confidence,
    reason: sign.reason,
    params: {
      account: event.fields.account ?? '?',
      program: process?.draft.name ?? '?',
      host: endpointId === null ? '?' : view.entity(endpointId).name,
    },
    proof: proofOf(event),
  }
  if (endpointId !== null && sign.reason !== 'picture') {
    if (userId !== null) yield { ...base, kind: 'accessed-credentials', from: userId, to: endpointId }
    if (process) yield { ...base, kind: 'accessed-credentials', from: process.draft, to: endpointId }
  }
  yield {
    ...base,
    detection: 'signing-key',
    level: sign.level,
    subject,
    involved: [
      ...(endpointId === null || endpointId === subject ? [] : [endpointId]),
      ...(process ? [process.draft] : []),
    ],
    window: dayOf(event.at),
  }
}

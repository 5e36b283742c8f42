import type { DetectionLevel } from '../../model/detection.ts'
import { bareName, dayOf, findAccount, isComputer, readDetail } from '../accounts.ts'
import { proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import type { DetectionDraft, EntityHandle, Rule } from '../rule.ts'
import type { CorrelationView, ViewEvent } from '../view.ts'

/** The record says it in so many words. */
const RECORDED = 0.9
/** An account that lives no longer than this was made for one purpose. */
const SHORT_LIFE_US = 86_400_000_000

/** Groups that hold a domain: relative ids of their SIDs (Domain Admins, Schema, Enterprise, Policy, Key Admins). */
const DOMAIN_POWER = /^S-1-5-21-[\d-]+-(?:512|518|519|520|526|527)$/
/** Groups of a machine or domain that lead to it: Administrators, operators, DNS administrators by name. */
const LOCAL_POWER = /^S-1-5-32-(?:544|548|549|550|551|552|555|580)$/
const POWER_BY_NAME =
  /(?:^|\\)(?:dnsadmins|exchange trusted subsystem|organization management|domain controllers)$/i
/** Roles of Entra ID with which a tenant can be taken over. */
const ROLES =
  /^(?:global|privileged role|privileged authentication|application|cloud application|hybrid identity|exchange|security|user|helpdesk|password|authentication|intune|conditional access)[ -]?administrator|^company administrator$/i
const TENANT_ROLES = /^(?:global|privileged role|privileged authentication|company)[ -]?administrator$/i

/** Attributes whose writing hands an account over (MS-ADTS; names as 5136 writes them). */
const ATTRIBUTES: ReadonlyMap<
  string,
  { what: 'key' | 'delegation' | 'spn' | 'history'; level: DetectionLevel }
> = new Map([
  ['msds-keycredentiallink', { what: 'key', level: 'high' }],
  ['msds-allowedtoactonbehalfofotheridentity', { what: 'delegation', level: 'high' }],
  ['msds-allowedtodelegateto', { what: 'delegation', level: 'medium' }],
  ['sidhistory', { what: 'history', level: 'high' }],
  ['serviceprincipalname', { what: 'spn', level: 'medium' }],
])

const rule: Rule = {
  id: 'directory.account-change',
  order: 55,
  relations: [],
  detections: [
    'account-created',
    'disguised-account',
    'short-lived-account',
    'power-granted',
    'password-reset',
    'account-weakened',
    'rights-changed',
  ],
  attack: ['T1136', 'T1098', 'T1098.003', 'T1531', 'T1222.001', 'T1556'],
  attackOf: {
    'account-created': ['T1136'],
    'disguised-account': ['T1136'],
    'short-lived-account': ['T1136'],
    'power-granted': ['T1098'],
    'password-reset': ['T1098'],
    'rights-changed': ['T1222.001'],
  },
  texts: {
    en: {
      title: 'Changes of accounts, groups and rights',
      description:
        'Accounts made, deleted soon after or disguised as computers; members added to powerful groups and roles; passwords reset by others; accounts made weaker; and changes of attributes and access lists that hand objects over. What Windows does itself while it is installed is left out.',
      needs: 'Security 4720 to 4781 and 5136, or the audit log of Entra ID.',
      falsePositives:
        'All of this is daily work of administrators and of identity products: most is rated low. Windows Hello for Business writes key credentials of the own account and computer.',
      'detection.account-created': 'Account created',
      'detection.disguised-account': 'User account named like a computer',
      'detection.short-lived-account': 'Account created and deleted within a day',
      'detection.power-granted': 'Member added to a powerful group or role',
      'detection.password-reset': 'Password reset by somebody else',
      'detection.account-weakened': 'Protection of an account taken away',
      'detection.rights-changed': 'Rights over directory objects changed',
      'reason.created': '{actor} created the account {account}.',
      'reason.disguised':
        '{actor} created the user account {account}, whose name ends like that of a computer.',
      'reason.short': '{account} was deleted by {actor} {minutes} min after it had been created.',
      'reason.member': '{actor} added {account} to {group}.',
      'reason.reset': '{actor} reset the password of {account}.',
      'reason.restore-mode': '{actor} set the password of the directory restore mode of {host}.',
      'reason.weakened': '{actor} changed {account}: {change}',
      'reason.key': '{actor} added a key with which one can log on as {target}.',
      'reason.delegation': '{actor} changed who may act for others on {target}.',
      'reason.history': '{actor} gave {target} the SID of another account.',
      'reason.spn': '{actor} gave the user {target} a service name, so that a ticket can be asked for it.',
      'reason.access':
        '{actor} changed the access list of {target}, which rules over protected accounts or the domain.',
    },
    'zh-TW': {
      title: '帳號、群組與權限的變更',
      description:
        '新建、隨即刪除或偽裝成電腦的帳號；加入高權限群組與角色的成員；遭他人重設的密碼；防護遭降低的帳號；以及讓物件易手的屬性與存取清單變更。Windows 安裝期間自身的操作不計。',
      needs: '安全性 4720 至 4781 與 5136，或 Entra ID 的稽核記錄。',
      falsePositives:
        '這些都是系統管理員與身分識別產品的日常工作，多數等級為低。Windows Hello 企業版會為自身帳號與電腦寫入金鑰認證。',
      'detection.account-created': '新建帳號',
      'detection.disguised-account': '名稱偽裝成電腦的使用者帳號',
      'detection.short-lived-account': '帳號在一天內建立又刪除',
      'detection.power-granted': '高權限群組或角色新增成員',
      'detection.password-reset': '密碼遭他人重設',
      'detection.account-weakened': '帳號的防護遭移除',
      'detection.rights-changed': '目錄物件的權限遭變更',
      'reason.created': '{actor} 建立了帳號 {account}。',
      'reason.disguised': '{actor} 建立了使用者帳號 {account}，其名稱結尾與電腦帳號相同。',
      'reason.short': '{account} 建立 {minutes} 分鐘後遭 {actor} 刪除。',
      'reason.member': '{actor} 將 {account} 加入 {group}。',
      'reason.reset': '{actor} 重設了 {account} 的密碼。',
      'reason.restore-mode': '{actor} 設定了 {host} 的目錄還原模式密碼。',
      'reason.weakened': '{actor} 變更了 {account}：{change}',
      'reason.key': '{actor} 為 {target} 新增了可用來登入的金鑰。',
      'reason.delegation': '{actor} 變更了誰可在 {target} 上代理他人。',
      'reason.history': '{actor} 讓 {target} 擁有另一帳號的 SID。',
      'reason.spn': '{actor} 為使用者 {target} 設定了服務名稱，因此可索取其票證。',
      'reason.access': '{actor} 變更了 {target} 的存取清單，該清單掌管受保護帳號或整個網域。',
    },
    ja: {
      title: 'アカウント・グループ・権限の変更',
      description:
        '作成されたアカウント、すぐ削除されたアカウント、コンピューターを装ったアカウント、強力なグループやロールへのメンバー追加、他人によるパスワードリセット、保護の弱体化、オブジェクトの支配を渡す属性やアクセスリストの変更。Windows 自身がセットアップ中に行う操作は除きます。',
      needs: 'セキュリティ 4720～4781 と 5136、または Entra ID の監査ログ。',
      falsePositives:
        'いずれも管理者や ID 製品の日常業務でもあり、多くは低いレベルです。Windows Hello for Business は自身のアカウントとコンピューターのキー資格情報を書き込みます。',
      'detection.account-created': 'アカウントの作成',
      'detection.disguised-account': 'コンピューターのような名前のユーザーアカウント',
      'detection.short-lived-account': '1 日以内に作成・削除されたアカウント',
      'detection.power-granted': '強力なグループまたはロールへのメンバー追加',
      'detection.password-reset': '他人によるパスワードリセット',
      'detection.account-weakened': 'アカウント保護の解除',
      'detection.rights-changed': 'ディレクトリオブジェクトの権限変更',
      'reason.created': '{actor} がアカウント {account} を作成しました。',
      'reason.disguised':
        '{actor} が、名前の末尾がコンピューターと同じユーザーアカウント {account} を作成しました。',
      'reason.short': '{account} は作成から {minutes} 分後に {actor} によって削除されました。',
      'reason.member': '{actor} が {account} を {group} に追加しました。',
      'reason.reset': '{actor} が {account} のパスワードをリセットしました。',
      'reason.restore-mode': '{actor} が {host} のディレクトリ復元モードのパスワードを設定しました。',
      'reason.weakened': '{actor} が {account} を変更しました：{change}',
      'reason.key': '{actor} が、{target} としてログオンできるキーを追加しました。',
      'reason.delegation': '{actor} が、{target} で他人の代理になれる者を変更しました。',
      'reason.history': '{actor} が {target} に別のアカウントの SID を与えました。',
      'reason.spn': '{actor} がユーザー {target} にサービス名を与え、チケットを要求できるようにしました。',
      'reason.access':
        '{actor} が {target} のアクセスリストを変更しました。保護されたアカウントまたはドメイン全体を支配するものです。',
    },
  },
  matches: [
    {
      title: 'an account for an hour, made an administrator',
      items: [
        change('account-create', 0, {
          code: 4720,
          targetAccount: 'WS-01\\helper',
          targetSid: 'S-1-5-21-7-7-7-1004',
        }),
        change('group-change', 5, {
          target: 'Builtin\\Administrators',
          targetSid: 'S-1-5-21-7-7-7-1004',
          targetAccount: 'WS-01\\helper',
          action: 'member-added',
          detail: 'TargetSid: S-1-5-32-544',
        }),
        change('account-delete', 3600, { targetAccount: 'WS-01\\helper', targetSid: 'S-1-5-21-7-7-7-1004' }),
      ],
      finds: ['!account-created: helper', '!power-granted: helper', '!short-lived-account: helper'],
    },
    {
      title: 'a disguised account, a weakened one, and a key added to another one',
      items: [
        change('account-create', 0, {
          code: 4720,
          targetAccount: 'CORP\\FAKE$',
          targetSid: 'S-1-5-21-1-2-3-1168',
        }),
        change('account-change', 5, {
          targetAccount: 'CORP\\basil',
          targetSid: 'S-1-5-21-1-2-3-1106',
          action: 'changed',
          detail: 'UserAccountControl: no preauthentication',
        }),
        change('directory-change', 9, {
          target: 'CN=Basil,OU=Staff,DC=corp,DC=example',
          action: 'value-added',
          detail:
            'ObjectClass: user; AttributeLDAPDisplayName: msDS-KeyCredentialLink; AttributeValue: B:828:00',
        }),
      ],
      finds: ['!disguised-account: WS-01', '!account-weakened: basil', '!rights-changed: CORP\\adm'],
    },
  ],
  ignores: [
    {
      title:
        'Windows while it is installed, a changed own password, an ordinary group, a key of the own computer',
      items: [
        exampleEvent('account-create', 0, {
          code: 4720,
          account: 'WORKGROUP\\WS-01$',
          accountSid: 'S-1-5-18',
          targetAccount: 'WS-01\\user',
          targetSid: 'S-1-5-21-7-7-7-1000',
        }),
        exampleEvent('group-change', 1, {
          account: 'WORKGROUP\\WS-01$',
          accountSid: 'S-1-5-18',
          target: 'Builtin\\Administrators',
          targetSid: 'S-1-5-21-7-7-7-1000',
          action: 'member-added',
          detail: 'TargetSid: S-1-5-32-544',
        }),
        change('password-change', 5, { targetAccount: 'CORP\\adm', action: 'changed' }),
        change('group-change', 9, {
          target: 'CORP\\Printers',
          targetSid: 'S-1-5-21-1-2-3-1106',
          action: 'member-added',
          detail: 'TargetSid: S-1-5-21-1-2-3-2201',
        }),
        exampleEvent('directory-change', 12, {
          account: 'CORP\\WS-01$',
          accountSid: 'S-1-5-21-1-2-3-1201',
          target: 'CN=WS-01,CN=Computers,DC=corp,DC=example',
          action: 'value-added',
          detail:
            'ObjectClass: computer; AttributeLDAPDisplayName: msDS-KeyCredentialLink; AttributeValue: B:828:00',
        }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<DetectionDraft> {
    const born = new Map<string, number>()
    for (const event of view.events(
      [
        'account-create',
        'account-delete',
        'account-change',
        'password-change',
        'group-change',
        'directory-change',
      ],
      [
        'code',
        'account',
        'accountSid',
        'target',
        'targetAccount',
        'targetSid',
        'action',
        'detail',
        'outcome',
        'provider',
      ],
    )) {
      // The system itself makes and changes accounts while it is installed, and those of its services later.
      if (event.fields.accountSid === 'S-1-5-18' || event.fields.outcome === 'failure') continue
      switch (event.kind) {
        case 'account-create':
          yield* created(view, event, born)
          break
        case 'account-delete':
          yield* deleted(view, event, born)
          break
        case 'account-change':
          yield* weakened(view, event)
          break
        case 'password-change':
          yield* reset(view, event)
          break
        case 'group-change':
          yield* granted(view, event)
          break
        default:
          yield* rightsChanged(view, event)
      }
    }
  },
}
export default rule

/** A change by an administrator, for the examples. */
function change(kind: ViewEvent['kind'], seconds: number, fields: Parameters<typeof exampleEvent>[2]) {
  return exampleEvent(kind, seconds, { account: 'CORP\\adm', ...fields })
}

/** Whom a detection is about: the account changed, else who changed it, else where. */
function subjectOf(view: CorrelationView, event: ViewEvent): EntityHandle | undefined {
  return (
    findAccount(view, event.fields.targetAccount, event.fields.targetSid)?.id ??
    event.endpointId ??
    event.userId ??
    undefined
  )
}

function detect(
  view: CorrelationView,
  event: ViewEvent,
  detection: string,
  level: DetectionLevel,
  reason: string,
  params: Record<string, string | number> = {},
  subject: EntityHandle | undefined = subjectOf(view, event),
): DetectionDraft[] {
  if (subject === undefined) return []
  const involved = [event.userId, event.endpointId].filter((id) => id !== null && id !== subject)
  const { account = '?', targetAccount, targetSid } = event.fields
  const named = targetSid === undefined ? undefined : findAccount(view, undefined, targetSid)?.name
  return [
    {
      detection,
      level,
      subject,
      involved: involved as number[],
      window: dayOf(event.at),
      at: event.at,
      confidence: RECORDED,
      reason,
      params: { actor: account, account: targetAccount ?? named ?? targetSid ?? '?', ...params },
      proof: proofOf(event),
    },
  ]
}

const keyOf = ({ endpointId, fields }: ViewEvent): string =>
  fields.targetSid ?? `${endpointId ?? ''}|${(fields.targetAccount ?? '').toLowerCase()}`

function* created(
  view: CorrelationView,
  event: ViewEvent,
  born: Map<string, number>,
): Generator<DetectionDraft> {
  const { code, targetAccount = '' } = event.fields
  if (event.at !== null) born.set(keyOf(event), event.at)
  // 4741 makes computers; a user account of that name hides among them (4720).
  if (code === 4720 && isComputer(targetAccount))
    yield* detect(view, event, 'disguised-account', 'high', 'disguised')
  else if (code !== 4741) yield* detect(view, event, 'account-created', 'low', 'created')
}

function* deleted(
  view: CorrelationView,
  event: ViewEvent,
  born: Map<string, number>,
): Generator<DetectionDraft> {
  const at = born.get(keyOf(event))
  if (at === undefined || event.at === null || event.at - at > SHORT_LIFE_US || event.at < at) return
  if (isComputer(event.fields.targetAccount ?? '')) return
  const minutes = Math.max(1, Math.round((event.at - at) / 60e6))
  yield* detect(view, event, 'short-lived-account', 'medium', 'short', { minutes })
}

/** What makes an account weaker, in the words of the record. */
const WEAKER =
  /\b(?:no preauthentication|trusted for delegation|trusted to authenticate for delegation|encrypted text password|DES only)\b/i

function* weakened(view: CorrelationView, event: ViewEvent): Generator<DetectionDraft> {
  const { action, detail, targetAccount = '' } = event.fields
  if (action === 'sid-history-added')
    yield* detect(view, event, 'account-weakened', 'high', 'history', { target: targetAccount })
  const control = readDetail(detail, 'UserAccountControl') ?? ''
  const written = WEAKER.exec(
    control.replace(/\bnot trusted[^;]{0,40}|\bno (?:encrypted|DES)[^;]{0,30}/gi, ''),
  )?.[0]
  if (written !== undefined)
    yield* detect(view, event, 'account-weakened', 'high', 'weakened', { change: written })
}

function* reset(view: CorrelationView, event: ViewEvent): Generator<DetectionDraft> {
  const { action = '', account, targetAccount, targetSid } = event.fields
  if (action === 'directory-restore-mode') {
    const host = event.endpointId === null ? '?' : view.entity(event.endpointId).name
    yield* detect(
      view,
      event,
      'password-reset',
      'high',
      'restore-mode',
      { host },
      event.endpointId ?? undefined,
    )
    return
  }
  if (!/\breset\b/i.test(action) || bareName(account) === bareName(targetAccount)) return
  // krbtgt and the built-in administrator
  const isPowerful = /-50[02]$/.test(targetSid ?? '')
  yield* detect(view, event, 'password-reset', isPowerful ? 'medium' : 'low', 'reset')
}

function* granted(view: CorrelationView, event: ViewEvent): Generator<DetectionDraft> {
  const { action = '', target = '', detail, account, targetAccount } = event.fields
  if (action !== 'member-added' && !/^add (?:eligible )?member to (?:role|group)/i.test(action)) return
  const group = readDetail(detail, 'TargetSid') ?? ''
  const isDomain = DOMAIN_POWER.test(group) || TENANT_ROLES.test(target)
  const isLocal = LOCAL_POWER.test(group) || POWER_BY_NAME.test(target) || ROLES.test(target)
  if (!isDomain && !isLocal) return
  const isOwn = targetAccount !== undefined && bareName(account) === bareName(targetAccount)
  const level: DetectionLevel = isDomain || isOwn ? 'high' : 'medium'
  yield* detect(view, event, 'power-granted', level, 'member', { group: target })
}

/** Objects whose access list is copied to all protected accounts, or rules the domain (dc=...). */
const CROWN = /^CN=AdminSDHolder,CN=System,|^DC=[^,]+(?:,DC=[^,]+)*$/i

function* rightsChanged(view: CorrelationView, event: ViewEvent): Generator<DetectionDraft> {
  const { action, target = '', detail, account = '' } = event.fields
  if (action !== 'value-added') return
  const attribute = (readDetail(detail, 'AttributeLDAPDisplayName') ?? '').toLowerCase()
  // Key credentials and service names that a computer writes for itself are its own business.
  const isOwn =
    isComputer(account) && target.toLowerCase().startsWith(`cn=${bareName(account).replace(/\$$/, '')},`)
  const found = ATTRIBUTES.get(attribute)
  const objectClass = readDetail(detail, 'ObjectClass')?.toLowerCase()
  const subject = view.book.find('user', 'dn', target)?.id ?? event.userId ?? event.endpointId ?? undefined
  if (found && !isOwn && (found.what !== 'spn' || objectClass === 'user'))
    yield* detect(view, event, 'rights-changed', found.level, found.what, { target }, subject)
  else if (attribute === 'ntsecuritydescriptor' && CROWN.test(target))
    yield* detect(view, event, 'rights-changed', 'high', 'access', { target }, subject)
}

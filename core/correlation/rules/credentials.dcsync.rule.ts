import { bareName, dayOf, findAccount, isComputer } from '../accounts.ts'
import { Arrivals } from '../arrivals.ts'
import { proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import type { EntityHandle, Find, Rule } from '../rule.ts'
import type { CorrelationView, ViewEvent } from '../view.ts'

/** A user account took the right that hands out password hashes; domain controllers do that under their own accounts. */
const BY_USER = 0.95
/** A computer that the directory knows, and not as a domain controller. */
const BY_COMPUTER = 0.85
/** The endpoint the session came from. */
const BY_SOURCE = 0.9

/** Replicating Directory Changes All: with it the hashes are handed out (MS-ADTS 5.1.3.2.1). */
const GET_CHANGES_ALL = '1131f6ad-9c07-11d1-f79f-00c04fc2dcd2'
/** Accounts that synchronise with Entra ID replicate by design. */
const SYNCHRONISES = /^(?:msol_[0-9a-f]+|aad_[0-9a-f]+|adsyncmsa[0-9a-f]*\$?|provagentgmsa\$?)$/i

const rule: Rule = {
  id: 'credentials.dcsync',
  order: 52,
  relations: ['accessed-credentials'],
  detections: ['dcsync'],
  attack: ['T1003.006'],
  texts: {
    en: {
      title: 'Replication of passwords by an account that is no domain controller (DCSync)',
      description:
        'A domain controller handed out directory changes with all secrets to an account that is no domain controller. Whoever may do that can read the password hash of every account. Joined to the endpoint the session came from.',
      needs: 'Security 4662 of domain controllers, with auditing of directory access on the domain.',
      falsePositives:
        'Synchronisation with Entra ID (accounts MSOL_..., left out) and other identity products that copy password hashes by design; domain controllers the directory export does not know.',
      'detection.dcsync': 'Password hashes replicated (DCSync)',
      'reason.user': '{account} took the right to replicate all secrets of the domain on {host}.',
      'reason.computer':
        'The computer account {account}, which is no domain controller in the directory, took the right to replicate all secrets on {host}.',
      'reason.source': 'The session in which {account} replicated all secrets came from this endpoint.',
    },
    'zh-TW': {
      title: '非網域控制站帳號複寫密碼（DCSync）',
      description:
        '網域控制站將含所有機密的目錄變更交給並非網域控制站的帳號。能這麼做的人就能讀取每個帳號的密碼雜湊。並追溯至工作階段的來源端點。',
      needs: '網域控制站的安全性 4662，且已對網域啟用目錄存取稽核。',
      falsePositives:
        '與 Entra ID 同步（MSOL_... 帳號，已略過）及其他依設計複製密碼雜湊的身分識別產品；目錄匯出中沒有的網域控制站。',
      'detection.dcsync': '密碼雜湊遭複寫（DCSync）',
      'reason.user': '{account} 在 {host} 上使用了複寫網域所有機密的權限。',
      'reason.computer':
        '電腦帳號 {account} 在目錄中並非網域控制站，卻在 {host} 上使用了複寫所有機密的權限。',
      'reason.source': '{account} 複寫所有機密的工作階段來自此端點。',
    },
    ja: {
      title: 'ドメインコントローラーではないアカウントによるパスワードの複製（DCSync）',
      description:
        'ドメインコントローラーが、ドメインコントローラーではないアカウントに、すべての秘密情報を含むディレクトリの変更を渡しました。これができる者は全アカウントのパスワードハッシュを読み取れます。セッションの送信元エンドポイントまで結び付けます。',
      needs: 'ディレクトリアクセスの監査を有効にしたドメインコントローラーのセキュリティ 4662。',
      falsePositives:
        'Entra ID との同期（MSOL_... アカウントは除外）や、設計上パスワードハッシュを複製するその他の ID 製品。ディレクトリのエクスポートにないドメインコントローラー。',
      'detection.dcsync': 'パスワードハッシュの複製（DCSync）',
      'reason.user': '{account} が {host} でドメインの全秘密情報を複製する権限を使いました。',
      'reason.computer':
        'ディレクトリ上はドメインコントローラーではないコンピューターアカウント {account} が、{host} で全秘密情報を複製する権限を使いました。',
      'reason.source': '{account} が全秘密情報を複製したセッションは、このエンドポイントから来ました。',
    },
  },
  matches: [
    {
      title: 'a user replicates from a workstation',
      items: [
        exampleEvent('network-connection', 0, {
          sourceIp: '10.0.0.1',
          destinationIp: '10.0.0.9',
          action: 'outbound',
        }),
        exampleEvent('logon', 5, {
          host: 'DC-01.corp.example',
          account: 'CORP\\amber',
          logonType: 3,
          sourceIp: '10.0.0.1',
          targetLogonId: '0x5',
        }),
        replication(6, 'CORP\\amber', '0x5'),
      ],
      finds: [
        'accessed-credentials: CORP\\amber -> DC-01',
        'accessed-credentials: WS-01 -> DC-01',
        '!dcsync: CORP\\amber',
      ],
    },
  ],
  ignores: [
    {
      title: 'a domain controller, the synchronisation with Entra ID, and a right that gives no secrets away',
      items: [
        replication(0, 'CORP\\DC-02$', '0x1'),
        replication(1, 'CORP\\MSOL_4f3a9c21d0aa', '0x2'),
        exampleEvent('directory-access', 2, {
          host: 'DC-01.corp.example',
          account: 'CORP\\amber',
          action: 'ControlAccess',
          detail: 'Properties: ControlAccess {1131f6aa-9c07-11d1-f79f-00c04fc2dcd2}',
        }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<Find> {
    let arrivals: Arrivals | undefined
    for (const event of view.events(
      ['directory-access'],
      ['account', 'accountSid', 'logonId', 'detail', 'action', 'outcome'],
    )) {
      const { detail = '', account = '', accountSid, outcome } = event.fields
      if (
        event.endpointId === null ||
        outcome === 'failure' ||
        !detail.toLowerCase().includes(GET_CHANGES_ALL)
      )
        continue
      if (SYNCHRONISES.test(bareName(account))) continue
      const actor = actorOf(view, event, account, accountSid)
      if (!actor) continue
      arrivals ??= new Arrivals(view)
      const from =
        event.at === null ? undefined : arrivals.ofSession(event.endpointId, event.fields.logonId, event.at)
      const params = { account, host: view.entity(event.endpointId).name }
      const base = { at: event.at, params, proof: [...proofOf(event), ...(from ? proofOf(from.event) : [])] }
      yield {
        ...base,
        kind: 'accessed-credentials',
        from: actor.handle,
        to: event.endpointId,
        confidence: actor.confidence,
        reason: actor.reason,
      }
      if (from)
        yield {
          ...base,
          kind: 'accessed-credentials',
          from: from.source.id,
          to: event.endpointId,
          confidence: BY_SOURCE,
          reason: 'source',
        }
      yield {
        ...base,
        detection: 'dcsync',
        level: actor.reason === 'user' ? 'critical' : 'high',
        subject: actor.handle,
        involved: [event.endpointId, ...(from ? [from.source.id] : [])],
        window: dayOf(event.at),
        confidence: actor.confidence,
        reason: actor.reason,
      }
    }
  },
}
export default rule

/** Who replicated: a user, or a computer that the directory knows as something else than a domain controller. */
function actorOf(
  view: CorrelationView,
  event: ViewEvent,
  account: string,
  sid: string | undefined,
): { handle: EntityHandle; confidence: number; reason: 'user' | 'computer' } | undefined {
  if (!isComputer(account)) {
    const user = event.userId ?? findAccount(view, account, sid)?.id
    return user === undefined ? undefined : { handle: user, confidence: BY_USER, reason: 'user' }
  }
  const computer = view.findEndpoint(account.split('\\').at(-1) ?? '', event.at)
  if (!computer || computer.id === event.endpointId || computer.attributes['isDomainController'] === true)
    return undefined
  // Only a directory export can say that a computer is no domain controller.
  const isListed = [...computer.aliases.values()].some(({ kind }) => kind === 'dn')
  return isListed ? { handle: computer.id, confidence: BY_COMPUTER, reason: 'computer' } : undefined
}

/** A domain controller of an example hands out the directory with its secrets. */
function replication(seconds: number, account: string, logonId: string) {
  return exampleEvent('directory-access', seconds, {
    host: 'DC-01.corp.example',
    account,
    logonId,
    action: 'ControlAccess',
    detail:
      'OperationType: Object Access; Properties: ControlAccess {1131f6ad-9c07-11d1-f79f-00c04fc2dcd2} {19195a5b-6da0-11d0-afd3-00c04fd930c9}',
  })
}

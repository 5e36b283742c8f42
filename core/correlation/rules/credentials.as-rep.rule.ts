import { bareName, findAccount, isComputer, readDetail } from '../accounts.ts'
import { ipEntity, proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import type { EntityHandle, Find, Rule } from '../rule.ts'
import type { CorrelationView, ViewEvent } from '../view.ts'

/** Several accounts without preauthentication from one source: nobody logs on to all of them. */
const SEVERAL = 0.9
/** One account, with the weak encryption that tools ask for. */
const WEAK_ONE = 0.6
/** Requests of one source within this time belong together. */
const SWEEP_US = 600_000_000
const SEVERAL_ACCOUNTS = 2
const WEAK = new Set(['0x17', '0x18', '0x1', '0x3'])

interface Request {
  readonly at: number
  readonly account: string
  readonly isWeak: boolean
  readonly event: ViewEvent
}

const rule: Rule = {
  id: 'credentials.as-rep',
  order: 52,
  relations: ['accessed-credentials'],
  detections: ['as-rep-roast'],
  attack: ['T1558.004'],
  texts: {
    en: {
      title: 'Tickets without preauthentication (AS-REP roasting)',
      description:
        'A source got first tickets of accounts that need no preauthentication: of several accounts, or with encryption that can be broken offline. The answer holds material to guess the password from.',
      needs: 'Security 4768 of domain controllers.',
      falsePositives:
        'Old programs and Unix hosts whose single account has preauthentication switched off and uses RC4.',
      'detection.as-rep-roast': 'Tickets without preauthentication requested (AS-REP roasting)',
      'reason.several':
        '{source} got tickets without preauthentication of {accounts} accounts within {seconds} s.',
      'reason.weak': '{source} got a ticket of {account} without preauthentication, encryption {encryption}.',
      'reason.ticket': 'A ticket of this account without preauthentication, encryption {encryption}.',
    },
    'zh-TW': {
      title: '未經預先驗證的票證（AS-REP Roasting）',
      description:
        '某來源取得了無須預先驗證之帳號的初始票證：涉及多個帳號，或使用可離線破解的加密方式。回應內容可用來猜測密碼。',
      needs: '網域控制站的安全性 4768。',
      falsePositives: '唯一的帳號停用了預先驗證且使用 RC4 的舊程式與 Unix 主機。',
      'detection.as-rep-roast': '索取未經預先驗證的票證（AS-REP Roasting）',
      'reason.several': '{source} 在 {seconds} 秒內取得了 {accounts} 個帳號未經預先驗證的票證。',
      'reason.weak': '{source} 取得了 {account} 未經預先驗證的票證，加密方式為 {encryption}。',
      'reason.ticket': '取得此帳號未經預先驗證的票證，加密方式為 {encryption}。',
    },
    ja: {
      title: '事前認証なしのチケット（AS-REP Roasting）',
      description:
        'ある送信元が、事前認証を必要としないアカウントの初回チケットを取得しました（複数のアカウント、またはオフラインで解読できる暗号方式）。応答にはパスワード推測の材料が含まれます。',
      needs: 'ドメインコントローラーのセキュリティ 4768。',
      falsePositives: '1 つのアカウントだけ事前認証を無効にして RC4 を使う古いプログラムや Unix ホスト。',
      'detection.as-rep-roast': '事前認証なしのチケット要求（AS-REP Roasting）',
      'reason.several':
        '{source} が {seconds} 秒間に {accounts} 個のアカウントの事前認証なしのチケットを取得しました。',
      'reason.weak':
        '{source} が {account} の事前認証なしのチケット（暗号方式 {encryption}）を取得しました。',
      'reason.ticket': 'このアカウントの事前認証なしのチケット（暗号方式 {encryption}）。',
    },
  },
  matches: [
    {
      title: 'two accounts in a second from one address',
      items: [
        request(0, 'CORP\\amber', '10.0.0.66', '0', '0x17'),
        request(1, 'CORP\\basil', '10.0.0.66', '0', '0x17'),
      ],
      finds: ['!as-rep-roast: 10.0.0.66'],
    },
    {
      title: 'one account with weak encryption, from a known endpoint',
      items: [
        exampleEvent('network-connection', 0, {
          sourceIp: '10.0.0.1',
          destinationIp: '10.0.0.9',
          action: 'outbound',
        }),
        request(5, 'CORP\\amber', '10.0.0.1', '0', '0x17'),
      ],
      finds: ['!as-rep-roast: WS-01', 'accessed-credentials: WS-01 -> CORP\\amber'],
    },
  ],
  ignores: [
    {
      title: 'preauthenticated accounts, a computer, and an old host that uses modern encryption',
      items: [
        request(0, 'CORP\\amber', '10.0.0.66', '2', '0x17'),
        request(1, 'CORP\\basil', '10.0.0.66', '2', '0x12'),
        request(2, 'CORP\\WS-02$', '10.0.0.66', '0', '0x17'),
        ...[10, 900, 1800].map((second) => request(second, 'CORP\\nfs', '10.0.0.70', '0', '0x12')),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<Find> {
    const bySource = new Map<string, Request[]>()
    for (const event of view.events(['kerberos-tgt'], ['account', 'accountSid', 'detail', 'sourceIp'])) {
      const { account, detail, sourceIp } = event.fields
      if (event.at === null || account === undefined || sourceIp === undefined || isComputer(account))
        continue
      if (readDetail(detail, 'PreAuthType') !== '0') continue
      const isWeak = WEAK.has((readDetail(detail, 'TicketEncryptionType') ?? '').toLowerCase())
      const list = bySource.get(sourceIp) ?? []
      bySource.set(sourceIp, list)
      const last = list.at(-1)
      if (last && event.at - last.at > SWEEP_US) {
        yield* judge(view, sourceIp, list)
        list.length = 0
      }
      list.push({ at: event.at, account, isWeak, event })
    }
    for (const [source, list] of bySource) yield* judge(view, source, list)
  },
}
export default rule

function* judge(view: CorrelationView, sourceIp: string, list: readonly Request[]): Generator<Find> {
  const [first] = list
  const last = list.at(-1)
  if (!first || !last) return
  const accounts = new Set(list.map((one) => bareName(one.account))).size
  const isSeveral = accounts >= SEVERAL_ACCOUNTS
  const weak = list.find((one) => one.isWeak)
  if (!isSeveral && !weak) return
  const source = view.addresses.find(sourceIp, first.at)
  const subject: EntityHandle = source?.id ?? ipEntity(sourceIp)
  const confidence = isSeveral ? SEVERAL : WEAK_ONE
  const victims = new Set<number>()
  for (const one of list) {
    const victim = one.event.userId ?? findAccount(view, one.account)?.id
    if (victim === undefined) continue
    victims.add(victim)
    if (!source) continue
    yield {
      kind: 'accessed-credentials',
      from: source.id,
      to: victim,
      at: one.at,
      confidence,
      reason: 'ticket',
      params: { encryption: encryptionOf(one) },
      proof: proofOf(one.event),
    }
  }
  yield {
    detection: 'as-rep-roast',
    level: isSeveral ? 'high' : 'medium',
    subject,
    involved: [...victims],
    window: `${first.at}`,
    at: first.at,
    until: last.at,
    confidence,
    reason: isSeveral ? 'several' : 'weak',
    params: {
      source: source?.name ?? sourceIp,
      accounts,
      account: first.account,
      encryption: encryptionOf(weak ?? first),
      seconds: Math.max(1, Math.round((last.at - first.at) / 1e6)),
    },
    proof: list.flatMap((one) => proofOf(one.event)),
  }
}

const encryptionOf = (one: Request): string => readDetail(one.event.fields.detail, 'encryption') ?? '?'

/** A first ticket of an example. */
function request(seconds: number, account: string, sourceIp: string, preAuth: string, encryption: string) {
  return exampleEvent('kerberos-tgt', seconds, {
    host: 'DC-01.corp.example',
    account,
    sourceIp,
    target: 'krbtgt',
    outcome: 'success',
    detail: `TicketEncryptionType: ${encryption}; encryption: ${encryption === '0x17' ? 'RC4' : 'AES256'}; PreAuthType: ${preAuth}`,
  })
}

import { bareName, findAccount, isComputer, readDetail } from '../accounts.ts'
import { proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import type { DetectionLevel } from '../../model/detection.ts'
import type { EntityHandle, Find, Rule } from '../rule.ts'
import type { CorrelationView, ViewEvent } from '../view.ts'

/** A ticket with weak encryption for a service account, amid others: it can be broken offline. */
const WEAK_TICKET = 0.75
/** One of very many tickets with strong encryption. */
const ONE_OF_MANY = 0.5
/** Tickets requested within this time are one sweep. */
const SWEEP_US = 300_000_000
/** So many service accounts with weak encryption at once: programs use one or two. */
const WEAK_SERVICES = 3
/** A quarter of an hour's honest work of a person or a scanner reaches fewer service accounts than this. */
const ANY_SERVICES = 10
/** RC4 and its export form; DES. */
const WEAK = new Set(['0x17', '0x18', '0x1', '0x3'])

interface Ticket {
  readonly at: number
  readonly service: string
  readonly isWeak: boolean
  readonly event: ViewEvent
}

const rule: Rule = {
  id: 'credentials.kerberoast',
  order: 52,
  relations: ['accessed-credentials'],
  detections: ['kerberoast'],
  attack: ['T1558.003'],
  texts: {
    en: {
      title: 'Tickets of many service accounts (Kerberoasting)',
      description:
        'Within minutes an account asked for tickets of several service accounts of users, with encryption that can be broken offline, or for very many of them. Tickets for computers and for the domain itself are left out.',
      needs: 'Security 4769 of domain controllers.',
      falsePositives:
        'Vulnerability scanners and management servers that reach many services; domains in which RC4 is still the rule, when one program uses several old services at once.',
      'detection.kerberoast': 'Tickets of many service accounts requested (Kerberoasting)',
      'reason.weak':
        '{account} asked for tickets of {weak} service accounts with weak encryption within {seconds} s.',
      'reason.many': '{account} asked for tickets of {services} service accounts within {seconds} s.',
      'reason.ticket':
        'A ticket of this service account, encryption {encryption}, in a sweep over {services} accounts.',
    },
    'zh-TW': {
      title: '索取大量服務帳號的票證（Kerberoasting）',
      description:
        '某帳號在數分鐘內索取了多個使用者型服務帳號的票證，且加密方式可離線破解，或數量極多。電腦與網域本身的票證不計。',
      needs: '網域控制站的安全性 4769。',
      falsePositives:
        '連線至許多服務的弱點掃描器與管理伺服器；仍普遍使用 RC4 的網域中，某程式同時使用數個舊服務。',
      'detection.kerberoast': '索取大量服務帳號的票證（Kerberoasting）',
      'reason.weak': '{account} 在 {seconds} 秒內以弱加密索取了 {weak} 個服務帳號的票證。',
      'reason.many': '{account} 在 {seconds} 秒內索取了 {services} 個服務帳號的票證。',
      'reason.ticket': '在涵蓋 {services} 個帳號的連續索取中取得此服務帳號的票證，加密方式為 {encryption}。',
    },
    ja: {
      title: '多数のサービスアカウントのチケット要求（Kerberoasting）',
      description:
        'あるアカウントが数分のうちに、オフラインで解読できる暗号方式で複数のサービス用ユーザーアカウントのチケットを、あるいは極めて多数のチケットを要求しました。コンピューターやドメイン自体のチケットは除きます。',
      needs: 'ドメインコントローラーのセキュリティ 4769。',
      falsePositives:
        '多くのサービスに接続する脆弱性スキャナーや管理サーバー。RC4 が今も標準のドメインで、あるプログラムが複数の古いサービスを同時に使う場合。',
      'detection.kerberoast': '多数のサービスアカウントのチケット要求（Kerberoasting）',
      'reason.weak':
        '{account} が {seconds} 秒間に、弱い暗号方式で {weak} 個のサービスアカウントのチケットを要求しました。',
      'reason.many':
        '{account} が {seconds} 秒間に {services} 個のサービスアカウントのチケットを要求しました。',
      'reason.ticket':
        '{services} 個のアカウントに及ぶ要求の中で、このサービスアカウントのチケット（暗号方式 {encryption}）が要求されました。',
    },
  },
  matches: [
    {
      title: 'four service accounts with RC4 within a second',
      items: [
        exampleEvent('logon', -60, { host: 'DB-01.corp.example', account: 'CORP\\svc-sql', logonType: 5 }),
        exampleEvent('logon', -50, { account: 'CORP\\amber', logonType: 2 }),
        ...['svc-sql', 'svc-web', 'svc-backup', 'svc-print'].map((name, place) =>
          ticket(place / 10, 'amber@CORP', name, '0x17'),
        ),
      ],
      finds: ['!kerberoast: CORP\\amber', 'accessed-credentials: CORP\\amber -> CORP\\svc-sql'],
    },
  ],
  ignores: [
    {
      title: 'computers, one old service again and again, and a few modern ones',
      items: [
        exampleEvent('logon', -50, { account: 'CORP\\amber', logonType: 2 }),
        ...['FS-01$', 'WS-02$', 'WS-03$', 'WS-04$', 'krbtgt'].map((name, place) =>
          ticket(place, 'amber@CORP', name, '0x17'),
        ),
        ...[1, 2, 3, 4, 5].map((second) => ticket(second, 'amber@CORP', 'svc-old', '0x17')),
        ...['svc-a', 'svc-b', 'svc-c', 'svc-d'].map((name, place) =>
          ticket(place, 'amber@CORP', name, '0x12'),
        ),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<Find> {
    const byAccount = new Map<string, Ticket[]>()
    for (const event of view.events(['kerberos-service'], ['account', 'target', 'detail', 'sourceIp'])) {
      const { account, target, detail } = event.fields
      if (event.at === null || account === undefined || target === undefined) continue
      const service = bareName(target.split('/').at(-1))
      if (isComputer(account) || isComputer(target) || service === 'krbtgt' || service === bareName(account))
        continue
      const isWeak = WEAK.has((readDetail(detail, 'TicketEncryptionType') ?? '').toLowerCase())
      const key = event.userId === null ? bareName(account) : `${event.userId}`
      const list = byAccount.get(key) ?? []
      byAccount.set(key, list)
      list.push({ at: event.at, service, isWeak, event })
    }
    for (const tickets of byAccount.values()) for (const sweep of sweeps(tickets)) yield* judge(view, sweep)
  },
}
export default rule

/** Tickets that follow each other without a pause as long as a sweep. */
function* sweeps(tickets: readonly Ticket[]): Generator<Ticket[]> {
  let sweep: Ticket[] = []
  for (const ticket of tickets) {
    const last = sweep.at(-1)
    const first = sweep[0]
    if (last && first && (ticket.at - last.at > SWEEP_US || ticket.at - first.at > SWEEP_US * 3)) {
      yield sweep
      sweep = []
    }
    sweep.push(ticket)
  }
  if (sweep.length > 0) yield sweep
}

function* judge(view: CorrelationView, sweep: readonly Ticket[]): Generator<Find> {
  const [first] = sweep
  const last = sweep.at(-1)
  if (!first || !last) return
  const services = new Set(sweep.map((one) => one.service)).size
  const weak = new Set(sweep.filter((one) => one.isWeak).map((one) => one.service)).size
  const isWeakSweep = weak >= WEAK_SERVICES
  if (!isWeakSweep && services < ANY_SERVICES) return
  const account = first.event.fields.account ?? ''
  const subject = first.event.userId ?? findAccount(view, account)?.id
  const source = view.addresses.find(first.event.fields.sourceIp, first.at)
  const who: EntityHandle | undefined = subject ?? source?.id
  if (who === undefined) return
  const level: DetectionLevel = isWeakSweep ? 'high' : 'medium'
  const seconds = Math.max(1, Math.round((last.at - first.at) / 1e6))
  const victims = new Map<string, number>()
  for (const one of isWeakSweep ? sweep.filter((each) => each.isWeak) : sweep) {
    const victim = findService(view, account, one.service)
    if (victim === undefined || victim === who) continue
    victims.set(one.service, victim)
    yield {
      kind: 'accessed-credentials',
      from: who,
      to: victim,
      at: one.at,
      confidence: one.isWeak ? WEAK_TICKET : ONE_OF_MANY,
      reason: 'ticket',
      params: { encryption: readDetail(one.event.fields.detail, 'encryption') ?? '?', services },
      proof: proofOf(one.event),
    }
  }
  yield {
    detection: 'kerberoast',
    level,
    subject: who,
    involved: [...(source && source.id !== who ? [source.id] : []), ...victims.values()],
    window: `${first.at}`,
    at: first.at,
    until: last.at,
    confidence: isWeakSweep ? Math.min(0.95, (70 + weak * 4) / 100) : 0.6,
    reason: isWeakSweep ? 'weak' : 'many',
    params: { account, weak, services, seconds },
    proof: sweep.flatMap((one) => proofOf(one.event)),
  }
}

/** Service accounts stand in the record without their domain: that of the one who asked. */
function findService(view: CorrelationView, account: string, service: string): number | undefined {
  const realm = account.includes('@') ? account.split('@')[1] : account.split('\\')[0]
  return (findAccount(view, `${service}@${realm ?? ''}`) ?? findAccount(view, service))?.id
}

/** A ticket of an example. */
function ticket(seconds: number, account: string, target: string, encryption: string) {
  return exampleEvent('kerberos-service', seconds, {
    host: 'DC-01.corp.example',
    account,
    target,
    outcome: 'success',
    detail: `TicketEncryptionType: ${encryption}; encryption: ${encryption === '0x17' ? 'RC4' : 'AES256'}; TicketOptions: 0x40810000`,
  })
}

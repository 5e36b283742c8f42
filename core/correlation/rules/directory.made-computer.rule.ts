import { bareName, dayOf, findAccount, isComputer, readDetail } from '../accounts.ts'
import { proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import type { DetectionDraft, Rule } from '../rule.ts'
import { TimeIndex } from '../time-index.ts'
import type { CorrelationView, ViewEvent } from '../view.ts'

/** The computer that was made is used within a day. */
const USED_US = 86_400_000_000
/** The ticket is used at once. */
const TICKET_US = 120_000_000
/** Who makes more joins machines to the domain. */
const FEW = 2
const MADE = 0.5
const NAMED = 0.95
const IMPERSONATED = 0.85
/** Entries of one rights change that are looked through. Attack: a security descriptor of megabytes. */
const MAX_SIDS = 200

const SID = 'S-1-5-21-1-2-3-1799'
const made = (seconds: number, name: string, account = 'CORP\\svc_web') =>
  exampleEvent('account-create', seconds, {
    code: 4741,
    host: 'DC-01.corp.example',
    account,
    accountSid: account === 'CORP\\svc_web' ? 'S-1-5-21-1-2-3-1110' : 'S-1-5-21-1-2-3-1160',
    targetAccount: `CORP\\${name}$`,
    targetSid: name === 'EVILPC' ? SID : `S-1-5-21-1-2-3-18${name.length}0${name.at(-1) ?? ''}`,
  })

const rule: Rule = {
  id: 'directory.made-computer',
  order: 57,
  relations: [],
  detections: ['computer-made', 'delegation-to-new', 'impersonated'],
  attack: ['T1136.002', 'T1098', 'T1550.003', 'T1558'],
  attackOf: {
    'computer-made': ['T1136.002'],
    'delegation-to-new': ['T1136.002', 'T1098'],
    impersonated: ['T1558', 'T1550.003'],
  },
  texts: {
    en: {
      title: 'Computer accounts made to act for others',
      description:
        'An account made a computer account of its own, as every user of a domain may; the right to act for others on a machine was given to that new account (resource-based constrained delegation); and a ticket that the new account got for somebody else was used to log on there.',
      needs: 'Security 4741, 5136, 4769 of domain controllers and 4624 of the target.',
      falsePositives:
        'Users and helpers who join one machine to the domain (low). Accounts that make more than two are taken for those that join machines.',
      'detection.computer-made': 'Computer account made by an account that makes few',
      'detection.delegation-to-new': 'A new computer account may act for others',
      'detection.impersonated': 'Logon in the name of another by a new computer account (S4U)',
      'reason.made': '{actor} made the computer account {computer}.',
      'reason.delegation': '{actor} let {computer}, made {minutes} min before, act for others on {target}.',
      'reason.impersonated':
        '{user} logged on to {target} from {ip} {seconds} s after {computer}, a new computer account, got a ticket there in the name of another.',
    },
    'zh-TW': {
      title: '為代表他人行事而建立的電腦帳號',
      description:
        '某帳號自行建立了電腦帳號（網域使用者預設皆可）；該新帳號獲得在某電腦上代表他人行事的權利（以資源為基礎的限制委派）；而新帳號以他人名義取得的票證被用於登入該處。',
      needs: '網域控制站的安全性 4741、5136、4769，以及目標的 4624。',
      falsePositives:
        '將單一電腦加入網域的使用者或支援人員（等級低）。建立超過兩個者視為負責加入網域的帳號。',
      'detection.computer-made': '鮮少建立電腦帳號的帳號建立了電腦帳號',
      'detection.delegation-to-new': '新的電腦帳號可代表他人行事',
      'detection.impersonated': '新的電腦帳號以他人名義登入（S4U）',
      'reason.made': '{actor} 建立了電腦帳號 {computer}。',
      'reason.delegation': '{actor} 讓 {minutes} 分鐘前建立的 {computer} 得以在 {target} 上代表他人行事。',
      'reason.impersonated':
        '新的電腦帳號 {computer} 以他人名義取得 {target} 的票證 {seconds} 秒後，{user} 自 {ip} 登入該處。',
    },
    ja: {
      title: '他人の代わりに動くために作られたコンピューターアカウント',
      description:
        'アカウントが自分のコンピューターアカウントを作り（ドメインの利用者なら既定で可能）、その新しいアカウントにマシン上で他人の代わりに動く権利が与えられ（リソースベースの制約付き委任）、他人の名前で得たチケットがそこへのログオンに使われました。',
      needs: 'ドメインコントローラーのセキュリティ 4741・5136・4769 と、対象の 4624。',
      falsePositives:
        '1 台をドメインに参加させる利用者や担当者（低）。2 つより多く作るアカウントは、参加作業用とみなします。',
      'detection.computer-made': 'めったに作らないアカウントがコンピューターアカウントを作った',
      'detection.delegation-to-new': '新しいコンピューターアカウントが他人の代わりに動ける',
      'detection.impersonated': '新しいコンピューターアカウントによる他人名義のログオン（S4U）',
      'reason.made': '{actor} がコンピューターアカウント {computer} を作りました。',
      'reason.delegation':
        '{actor} が、{minutes} 分前に作られた {computer} に、{target} で他人の代わりに動くことを許しました。',
      'reason.impersonated':
        '新しいコンピューターアカウント {computer} が他人の名前で {target} のチケットを得た {seconds} 秒後に、{user} が {ip} からログオンしました。',
    },
  },
  matches: [
    {
      title: 'a new computer, the right to act for others, and a logon in the name of the administrator',
      items: [
        exampleEvent('logon', -60, {
          host: 'DC-01.corp.example',
          account: 'CORP\\svc_web',
          accountSid: 'S-1-5-21-1-2-3-1110',
          logonType: 3,
        }),
        made(0, 'EVILPC'),
        exampleEvent('directory-change', 60, {
          host: 'DC-01.corp.example',
          account: 'CORP\\svc_web',
          accountSid: 'S-1-5-21-1-2-3-1110',
          action: 'value-added',
          target: 'CN=SRV-FIN,OU=Servers,DC=corp,DC=example',
          detail: `ObjectClass: computer; AttributeLDAPDisplayName: msDS-AllowedToActOnBehalfOfOtherIdentity; AttributeValue: O:BAD:(A;;CC;;;${SID})`,
        }),
        exampleEvent('kerberos-service', 300, {
          host: 'DC-01.corp.example',
          account: 'EVILPC$@CORP.EXAMPLE',
          target: 'SRV-FIN$',
          sourceIp: '10.4.0.11',
          outcome: 'success',
          detail: 'encryption: AES256; TransmittedServices: EVILPC$@CORP.EXAMPLE',
        }),
        exampleEvent('logon', 303, {
          host: 'SRV-FIN.corp.example',
          account: 'CORP\\boss',
          accountSid: 'S-1-5-21-1-2-3-1120',
          logonType: 3,
          sourceIp: '10.4.0.11',
          outcome: 'success',
        }),
      ],
      finds: ['!computer-made: svc_web', '!delegation-to-new: svc_web', '!impersonated: boss'],
    },
  ],
  ignores: [
    {
      title: 'an account that joins machines, and delegation of a service that has always been there',
      items: [
        ...['A1', 'B2', 'C3'].map((name, index) => made(index, name, 'CORP\\svc_join')),
        exampleEvent('kerberos-service', 300, {
          host: 'DC-01.corp.example',
          account: 'web-01$@CORP.EXAMPLE',
          target: 'SRV-FIN$',
          sourceIp: '10.4.0.11',
          outcome: 'success',
          detail: 'encryption: AES256; TransmittedServices: web-01$@CORP.EXAMPLE',
        }),
        exampleEvent('logon', 303, {
          host: 'SRV-FIN.corp.example',
          account: 'CORP\\boss',
          logonType: 3,
          sourceIp: '10.4.0.11',
        }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<DetectionDraft> {
    const computers = listMade(view)
    if (computers.length === 0) return
    for (const list of Map.groupBy(computers, ({ event }) => event.userId).values())
      if (list.length <= FEW) for (const computer of list) yield told(computer)
    yield* delegations(view, computers)
    yield* impersonations(view, computers)
  },
}
export default rule

interface Made {
  readonly event: ViewEvent
  readonly at: number
  readonly name: string
  readonly sid: string
}

/** Computers that accounts of people and services made; the system itself makes them while it is installed. */
function listMade(view: CorrelationView): Made[] {
  const found: Made[] = []
  for (const event of view.events(
    ['account-create'],
    ['code', 'account', 'accountSid', 'targetAccount', 'targetSid'],
  )) {
    const { code, account = '', targetAccount = '', targetSid = '' } = event.fields
    if (code !== 4741 || event.at === null || event.userId === null || isComputer(account)) continue
    found.push({ event, at: event.at, name: bareName(targetAccount).replace(/\$$/, ''), sid: targetSid })
  }
  return found
}

const told = ({ event, at, name }: Made): DetectionDraft => ({
  detection: 'computer-made',
  level: 'low',
  subject: event.userId ?? 0,
  involved: event.endpointId === null ? [] : [event.endpointId],
  window: name,
  at,
  confidence: MADE,
  reason: 'made',
  params: { actor: event.fields.account ?? '?', computer: event.fields.targetAccount ?? '?' },
  proof: proofOf(event),
})

function* delegations(view: CorrelationView, computers: readonly Made[]): Generator<DetectionDraft> {
  const bySid = new Map(computers.filter(({ sid }) => sid !== '').map((one) => [one.sid, one]))
  for (const event of view.events(['directory-change'], ['account', 'target', 'action', 'detail'])) {
    const { action, detail, target = '?', account = '?' } = event.fields
    if (action !== 'value-added' || event.at === null || event.userId === null) continue
    const attribute = readDetail(detail, 'AttributeLDAPDisplayName')?.toLowerCase()
    if (attribute !== 'msds-allowedtoactonbehalfofotheridentity') continue
    const sids = (detail?.match(/S-1-5-21(?:-\d{1,10}){4}/g) ?? []).slice(0, MAX_SIDS)
    const computer = sids.flatMap((sid) => bySid.get(sid) ?? [])[0]
    if (!computer || event.at < computer.at || event.at - computer.at > USED_US) continue
    const server = view.findEndpoint(/^CN=([^,]{1,64}),/i.exec(target)?.[1] ?? '', event.at)
    yield {
      detection: 'delegation-to-new',
      level: 'high',
      subject: event.userId,
      involved: [event.endpointId, server?.id ?? null].filter((id) => id !== null),
      window: `${computer.name} ${target}`,
      at: event.at,
      confidence: NAMED,
      reason: 'delegation',
      params: {
        actor: account,
        computer: computer.event.fields.targetAccount ?? '?',
        target,
        minutes: Math.round((event.at - computer.at) / 60e6),
      },
      proof: [...proofOf(computer.event), ...proofOf(event)],
    }
  }
}

/** Logons right after a new computer got a ticket for somebody else: whom it named is in no record of the ticket. */
function* impersonations(view: CorrelationView, computers: readonly Made[]): Generator<DetectionDraft> {
  const byName = new Map(computers.map((one) => [one.name, one]))
  const tickets = new TimeIndex<{ readonly at: number; readonly event: ViewEvent; readonly computer: Made }>()
  for (const event of view.events(
    ['kerberos-service'],
    ['account', 'target', 'sourceIp', 'outcome', 'detail'],
  )) {
    const { account = '', target = '', sourceIp, outcome, detail } = event.fields
    if (event.at === null || sourceIp === undefined || outcome === 'failure') continue
    if ((readDetail(detail, 'TransmittedServices') ?? '-') === '-') continue
    const computer = byName.get(bareName(account).replace(/\$$/, ''))
    const server = view.findEndpoint(target.replace(/\$$/, ''), event.at)
    if (!computer || !server || event.at < computer.at) continue
    tickets.add(`${server.id}|${sourceIp}`, { at: event.at, event, computer })
  }
  if (tickets.size === 0) return
  for (const event of view.events(['logon'], ['account', 'accountSid', 'sourceIp', 'logonType'])) {
    const { at, userId, endpointId, fields } = event
    if (at === null || userId === null || endpointId === null || fields.sourceIp === undefined) continue
    const ticket = tickets.last(`${endpointId}|${fields.sourceIp}`, at - TICKET_US, at)
    if (!ticket || findAccount(view, ticket.event.fields.account)?.id === userId) continue
    const source = view.addresses.find(fields.sourceIp, at)
    yield {
      detection: 'impersonated',
      level: 'high',
      subject: userId,
      involved: [endpointId, ...(source ? [source.id] : []), ticket.computer.event.userId ?? endpointId],
      window: dayOf(at),
      at,
      confidence: IMPERSONATED,
      reason: 'impersonated',
      params: {
        user: fields.account ?? '?',
        target: view.entity(endpointId).name,
        ip: fields.sourceIp,
        computer: ticket.computer.event.fields.targetAccount ?? '?',
        seconds: Math.round((at - ticket.at) / 1e6),
      },
      proof: [...proofOf(ticket.computer.event), ...proofOf(ticket.event), ...proofOf(event)],
    }
  }
}

import ipaddr from 'ipaddr.js'
import { toIp } from '../../normalise/host.ts'
import { domainEntity, ipEntity, proofOf, urlEntity } from '../drafts.ts'
import { exampleEvent, exampleGuid } from '../example.ts'
import { exampleDomain } from '../example-mail.ts'
import type { EntityHandle, RelationDraft, Rule } from '../rule.ts'
import type { CorrelationView, ViewEvent } from '../view.ts'

/** A process uses the answer of its own query at once; later the address may belong to another name. */
const ANSWER_HOLDS_US = 10 * 60 * 1_000_000
/** Answers remembered per run. Attack: queries for endless generated names. */
const MAX_ANSWERS = 500_000
/** Names a query that many times answered; a fast-flux name lists hundreds. */
const MAX_ADDRESSES = 32
/** NetBIOS names and datagrams sent to a whole subnet: every Windows machine calls out its name this way. */
const isSubnetCall = (ip: string, port: number | undefined) =>
  (port === 137 || port === 138) && ip.endsWith('.255')
/** Ranges that never leave the machine or the wire. */
const LOCAL = new Set(['loopback', 'linkLocal', 'multicast', 'broadcast', 'unspecified'])

const rule: Rule = {
  id: 'process.network',
  order: 21,
  scope: 'endpoint',
  relations: ['connected-to', 'resolved', 'resolves-to'],
  attack: ['T1071', 'T1071.004'],
  texts: {
    en: {
      title: 'Connections and name queries of processes',
      description:
        'Outbound connections of a process to addresses and names, its name queries and their answers. Connections to the machine itself, to multicast addresses, and names of endpoints and directory domains of this case are left out.',
      needs:
        'Connection records (Sysmon 3, Security 5156), name query records (Sysmon 22, DNS client log), or web requests and TLS handshakes that a sensor on the endpoint recorded.',
      falsePositives:
        'A name beside a connection may come from a reverse lookup and name the hosting company. Shared hosting puts many sites behind one address.',
      'reason.address': 'The process connected to this address, port {port}.',
      'reason.name': 'The record of the connection names this host.',
      'reason.answer': 'The process connected to {ip}, which a query for this name had given it just before.',
      'reason.url': 'The record of the connection names this URL.',
      'reason.asked': 'The request or handshake names this host.',
      'reason.query': 'The process asked for this name.',
      'reason.query_host': 'The endpoint asked for this name; the record names no process.',
      'reason.resolves': 'A query on {host} was answered with this address.',
    },
    'zh-TW': {
      title: '處理程序的連線與名稱查詢',
      description:
        '處理程序對外連往的位址與名稱，以及其名稱查詢與回應。略過連往本機、多點傳送位址的連線，以及本案件端點與目錄網域自身的名稱。',
      needs:
        '連線紀錄（Sysmon 3、安全性 5156）、名稱查詢紀錄（Sysmon 22、DNS 用戶端記錄），或端點感測器記錄的網頁要求與 TLS 交握。',
      falsePositives: '連線旁的名稱可能來自反向查詢，指向的是代管業者。共用主機會讓許多網站使用同一個位址。',
      'reason.address': '處理程序連線至此位址的連接埠 {port}。',
      'reason.name': '連線紀錄記載此主機名稱。',
      'reason.answer': '處理程序連線至 {ip}，而稍早查詢此名稱所得的回應正是該位址。',
      'reason.url': '連線紀錄記載此 URL。',
      'reason.asked': '要求或交握中載明此主機。',
      'reason.query': '處理程序查詢了此名稱。',
      'reason.query_host': '端點查詢了此名稱，但紀錄未載明處理程序。',
      'reason.resolves': '{host} 上的查詢得到此位址作為回應。',
    },
    ja: {
      title: 'プロセスの通信と名前解決',
      description:
        'プロセスからアドレスやホスト名への外向きの接続、名前の問い合わせとその応答。自エンドポイント宛て、マルチキャスト宛ての接続、およびこのケースのエンドポイントやディレクトリのドメイン自身の名前は除きます。',
      needs:
        '接続の記録（Sysmon 3、セキュリティ 5156）、名前解決の記録（Sysmon 22、DNS クライアントログ）、またはエンドポイントのセンサーが記録した Web リクエストや TLS ハンドシェイク。',
      falsePositives:
        '接続に添えられた名前は逆引きによるもので、ホスティング会社を指すことがあります。共用サーバーでは多くのサイトが 1 つのアドレスを使います。',
      'reason.address': 'プロセスがこのアドレスのポート {port} に接続しました。',
      'reason.name': '接続の記録にこのホスト名が記されています。',
      'reason.answer':
        'プロセスが {ip} に接続しました。直前にこの名前を問い合わせて得た応答がそのアドレスです。',
      'reason.url': '接続の記録にこの URL が記されています。',
      'reason.asked': 'リクエストまたはハンドシェイクにこのホストが記されています。',
      'reason.query': 'プロセスがこの名前を問い合わせました。',
      'reason.query_host': 'エンドポイントがこの名前を問い合わせました。記録にプロセスは示されていません。',
      'reason.resolves': '{host} での問い合わせに対し、このアドレスが返されました。',
    },
  },
  matches: [
    {
      title: 'a query and the connection that follows',
      items: [
        exampleEvent('process-start', 0, {
          processPath: 'C:\\ProgramData\\a.exe',
          processGuid: exampleGuid(1),
        }),
        exampleEvent('dns-query', 3, {
          processGuid: exampleGuid(1),
          target: 'c2.example.net',
          status: '0',
          detail: 'edge.example.net; 203.0.113.7',
        }),
        exampleEvent('network-connection', 4, {
          processGuid: exampleGuid(1),
          action: 'outbound',
          sourceIp: '10.0.0.5',
          destinationIp: '203.0.113.7',
          destinationPort: 443,
        }),
      ],
      finds: [
        'resolved: a.exe -> c2.example.net',
        'resolves-to: c2.example.net -> 203.0.113.7',
        'connected-to: a.exe -> 203.0.113.7',
        'connected-to: a.exe -> c2.example.net',
      ],
    },
    {
      title: 'a handshake and a request that a sensor recorded with their process',
      items: [
        exampleEvent('tls-connection', 0, {
          processPath: 'C:\\ProgramData\\a.exe',
          pid: 8,
          destinationIp: '203.0.113.7',
          destinationPort: 443,
          destinationHost: 'c2.example.net',
        }),
        exampleEvent('http-request', 1, {
          processPath: 'C:\\ProgramData\\a.exe',
          pid: 8,
          url: 'http://drop.example.net/u',
        }),
      ],
      finds: [
        'connected-to: a.exe -> c2.example.net',
        'connected-to: a.exe -> http://drop.example.net/u',
        'connected-to: a.exe -> drop.example.net',
      ],
    },
  ],
  ignores: [
    {
      title: 'a query for the domain of the directory itself',
      items: [
        exampleDomain('corp.example', 3),
        exampleEvent('dns-query', 0, {
          processPath: 'C:\\a.exe',
          pid: 8,
          target: 'corp.example',
          status: '0',
          detail: '10.0.0.1',
        }),
      ],
      finds: [],
    },
    {
      title: 'loopback, inbound and blocked connections, and reverse lookups',
      items: [
        exampleEvent('network-connection', 0, {
          processPath: 'C:\\a.exe',
          pid: 8,
          action: 'outbound',
          sourceIp: '127.0.0.1',
          destinationIp: '127.0.0.1',
          destinationPort: 80,
        }),
        exampleEvent('network-connection', 1, {
          processPath: 'C:\\a.exe',
          pid: 8,
          action: 'inbound',
          sourceIp: '10.0.0.9',
          destinationIp: '10.0.0.5',
          destinationPort: 445,
        }),
        exampleEvent('network-connection', 2, {
          processPath: 'C:\\a.exe',
          pid: 8,
          action: 'outbound',
          destinationIp: '203.0.113.9',
          outcome: 'failure',
        }),
        exampleEvent('dns-query', 3, {
          processPath: 'C:\\a.exe',
          pid: 8,
          target: '9.113.0.203.in-addr.arpa',
        }),
      ],
      finds: [],
    },
  ],

  *run(view) {
    const memory: Memory = { answers: new Map(), outside: new Map() }
    const fields = [
      'processPath',
      'pid',
      'processGuid',
      'action',
      'outcome',
      'destinationIp',
      'destinationPort',
      'destinationHost',
      'url',
      'target',
      'detail',
    ] as const
    for (const event of view.events(
      ['dns-query', 'network-connection', 'http-request', 'tls-connection'],
      fields,
    )) {
      if (event.endpointId === null) continue
      yield* event.kind === 'dns-query'
        ? query(view, event, event.endpointId, memory)
        : connection(view, event, event.endpointId, memory)
    }
  },
}
export default rule

/** What one run remembers: answers by process and address, and which addresses lie outside the machine. */
interface Memory {
  readonly answers: Map<string, { domain: string; at: number }>
  readonly outside: Map<string, boolean>
}

/** Reading an address costs more than the rest of the event, and few addresses make most connections. */
function isOutside(ip: string, memory: Memory): boolean {
  const known = memory.outside.get(ip)
  if (known !== undefined) return known
  const outside = ipaddr.isValid(ip) && !LOCAL.has(ipaddr.process(ip).range())
  if (memory.outside.size < MAX_ANSWERS) memory.outside.set(ip, outside)
  return outside
}

/** A name of the outside world: qualified, no reverse lookup, no endpoint of the case (those are joined by logon rules). */
function outsideName(view: CorrelationView, text: string | undefined): string | undefined {
  const name = text?.toLowerCase().replace(/\.$/, '')
  if (
    name === undefined ||
    !name.includes('.') ||
    name.endsWith('.arpa') ||
    name.endsWith('.local') ||
    ipaddr.isValid(name)
  )
    return undefined
  // A domain of the directory is asked for all day; who reaches its controllers does not hold what it contains.
  const isInside =
    view.findEndpoint(name) !== undefined || view.book.find('domain', 'fqdn', name) !== undefined
  return isInside ? undefined : name
}

function* query(
  view: CorrelationView,
  event: ViewEvent,
  endpointId: number,
  memory: Memory,
): Generator<RelationDraft> {
  const name = outsideName(view, event.fields.target)
  if (name === undefined) return
  const process = view.processes.actorOf(event)
  const from: EntityHandle = process?.draft ?? endpointId
  const base = { at: event.at, proof: proofOf(event) }
  const domain = domainEntity(name)
  yield {
    ...base,
    kind: 'resolved',
    from,
    to: domain,
    confidence: 0.98,
    reason: process ? 'query' : 'query_host',
  }
  const addresses = (event.fields.detail ?? '').split(';').flatMap((part) => toIp(part.trim()) ?? [])
  for (const ip of addresses.slice(0, MAX_ADDRESSES)) {
    yield {
      ...base,
      kind: 'resolves-to',
      from: domain,
      to: ipEntity(ip),
      confidence: 0.95,
      reason: 'resolves',
      params: { host: view.entity(endpointId).name },
    }
    if (process && event.at !== null && memory.answers.size < MAX_ANSWERS)
      memory.answers.set(`${process.draft.key}|${ip}`, { domain: name, at: event.at })
  }
}

function* connection(
  view: CorrelationView,
  event: ViewEvent,
  endpointId: number,
  memory: Memory,
): Generator<RelationDraft> {
  const { destinationIp, destinationPort, destinationHost, action, outcome, url } = event.fields
  if (action === 'inbound' || outcome === 'failure') return
  const ip =
    destinationIp !== undefined &&
    isOutside(destinationIp, memory) &&
    !isSubnetCall(destinationIp, destinationPort)
      ? destinationIp
      : undefined
  // Without a direction, a connection to one's own address is an inbound one.
  if (
    destinationIp !== undefined &&
    (ip === undefined || (action === undefined && view.addresses.find(ip, event.at)?.id === endpointId))
  )
    return
  const page = url === undefined ? undefined : urlEntity(url)
  // Some exports write a bare host name where others have a URL.
  const name = outsideName(view, destinationHost ?? (page ? undefined : url))
  if (ip === undefined && page === undefined && name === undefined) return
  const process = view.processes.actorOf(event)
  const base = {
    kind: 'connected-to' as const,
    from: process?.draft ?? endpointId,
    at: event.at,
    proof: proofOf(event),
  }
  if (ip !== undefined)
    yield {
      ...base,
      to: ipEntity(ip),
      confidence: 0.98,
      reason: 'address',
      params: { port: destinationPort ?? 0 },
    }
  // A request that names no process is one of thousands the endpoint makes: its host is enough.
  const isRequest = event.kind === 'http-request' || event.kind === 'tls-connection'
  if (page && (process || !isRequest)) yield { ...base, to: page, confidence: 0.95, reason: 'url' }
  const asked = isRequest ? (name ?? outsideName(view, page?.attributes?.['host']?.toString())) : undefined
  if (asked !== undefined) {
    yield { ...base, to: domainEntity(asked), confidence: 0.95, reason: 'asked' }
    return
  }
  const answer = process && ip !== undefined ? memory.answers.get(`${process.draft.key}|${ip}`) : undefined
  const isFresh = answer !== undefined && event.at !== null && event.at - answer.at <= ANSWER_HOLDS_US
  if (isFresh)
    yield {
      ...base,
      to: domainEntity(answer.domain),
      confidence: 0.9,
      reason: 'answer',
      params: { ip: ip ?? '' },
    }
  // Sysmon looks the name up backwards: it is the name of the address, not what the process asked for.
  if (name !== undefined && (!isFresh || answer.domain !== name))
    yield { ...base, to: domainEntity(name), confidence: 0.8, reason: 'name' }
}

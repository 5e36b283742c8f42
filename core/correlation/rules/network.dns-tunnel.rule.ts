import type { DetectionLevel } from '../../model/detection.ts'
import { domainEntity, proofOf } from '../drafts.ts'
import { exampleEvent, exampleGuid } from '../example.ts'
import { isEveryday, machineOf } from '../outside.ts'
import type { ProcessFact } from '../process-index.ts'
import type { DetectionDraft, EntityHandle, Rule } from '../rule.ts'
import type { CorrelationView, ViewEvent } from '../view.ts'

/** Fewer different names below one domain are a content network. */
const NAMES = 40
const VERY_MANY_NAMES = 300
/** Names of people and products are shorter than what carries data. */
const LENGTH = 24
/** Names counted for one machine and domain; beyond it nothing changes. Attack: endless made-up names. */
const MAX_NAMES = 5_000
const MAX_PROOFS = 150
/** Names looked at are cut to what a name can be (RFC 1035). */
const MAX_NAME = 253
/** Encoded data mixes letters and digits through the whole name; words do not. */
const DIGITS = 0.12
/** Lookups of protection products and lists of senders put hashes and addresses into names by design. */
const LOOKUPS =
  /(?:^|\.)(?:sophosxl\.net|mcafee\.com|avqs\.mcafee\.com|trendmicro\.com|spamhaus\.org|spamhaus\.net|surbl\.org|uribl\.com|barracudacentral\.org|cymru\.com|mailspike\.net|senderscore\.com|dnswl\.org|abuseat\.org|sorbs\.net|e5\.sk|eset\.com|kaspersky-labs\.com|fortiguard\.net|webrootcloudav\.com|mcafee-cloud\.com|amazonaws\.com|in-addr\.arpa|ip6\.arpa|dns-sd\.org|_tcp\.local|local)$/

interface Carried {
  readonly machine: { key: string; handle: EntityHandle; name: string }
  readonly domain: string
  readonly names: Set<string>
  letters: number
  digits: number
  queries: number
  first: number
  last: number
  process: ProcessFact | null | undefined
  readonly proof: ViewEvent[]
}

/** Queries of an example. */
function queries(count: number, nameOf: (place: number) => string) {
  return Array.from({ length: count }, (_, place) =>
    exampleEvent('dns-query', place * 2, {
      processPath: 'C:\\t\\d.exe',
      processGuid: exampleGuid(4),
      pid: 44,
      target: nameOf(place),
    }),
  )
}
/** Text that looks like encoded data, the same in every run. */
function encoded(place: number): string {
  let state = place + 1
  return Array.from({ length: 34 }, () => {
    state = (state * 48_271) % 2_147_483_647
    return (state % 36).toString(36)
  }).join('')
}

const rule: Rule = {
  id: 'network.dns-tunnel',
  order: 54,
  relations: [],
  detections: ['dns-tunnel'],
  attack: ['T1071.004', 'T1048.003', 'T1572'],
  texts: {
    en: {
      title: 'Data in name queries (DNS tunnel)',
      description:
        'A machine asked for very many different, long names below one domain, which look like encoded data. Reverse lookups, protection products, lists of senders and everyday services are left out.',
      needs: 'Name queries with their names: Sysmon 22, DNS client or server logs, Zeek, proxy feeds.',
      falsePositives:
        'Products that put identifiers into names (telemetry, licences, content networks) and that are not known to this rule.',
      'detection.dns-tunnel': 'Data in name queries (DNS tunnel)',
      'reason.names':
        '{machine} asked for {names} different names below {domain} within {minutes} min ({queries} queries), {length} characters long on average.',
    },
    'zh-TW': {
      title: '名稱查詢中夾帶資料（DNS 通道）',
      description:
        '某電腦在同一網域下查詢了極多不同且冗長的名稱，看似編碼後的資料。反向查詢、防護產品、寄件者信譽清單（DNSBL）與日常服務均略過。',
      needs: '載有名稱的查詢紀錄：Sysmon 22、DNS 用戶端或伺服器記錄、Zeek、代理伺服器資料。',
      falsePositives: '將識別碼放入名稱且本規則未知的產品（遙測、授權、內容傳遞網路）。',
      'detection.dns-tunnel': '名稱查詢中夾帶資料（DNS 通道）',
      'reason.names':
        '{machine} 在 {minutes} 分鐘內查詢了 {domain} 之下 {names} 個不同的名稱（共 {queries} 次），平均長度 {length} 個字元。',
    },
    ja: {
      title: '名前解決に埋め込まれたデータ（DNS トンネル）',
      description:
        'ある端末が 1 つのドメインの下で、符号化されたデータのように見える長い名前を極めて多数問い合わせました。逆引き、保護製品、送信者の評価リスト（DNSBL）、日常的なサービスは除きます。',
      needs:
        '名前を含む問い合わせの記録：Sysmon 22、DNS クライアントまたはサーバーのログ、Zeek、プロキシのデータ。',
      falsePositives: '識別子を名前に入れる、このルールが知らない製品（テレメトリ、ライセンス、CDN）。',
      'detection.dns-tunnel': '名前解決に埋め込まれたデータ（DNS トンネル）',
      'reason.names':
        '{machine} が {minutes} 分間に {domain} の下の {names} 個の異なる名前を問い合わせました（計 {queries} 回）。平均の長さは {length} 文字です。',
    },
  },
  matches: [
    {
      title: 'sixty encoded names below one domain',
      items: queries(60, (place) => `${encoded(place)}.t.evil.example`),
      finds: ['!dns-tunnel: d.exe'],
    },
  ],
  ignores: [
    {
      title: 'a content network, lookups of a protection product, words, and hosts of the own domain',
      items: [
        ...queries(60, (place) => `edge${place}.cdn.shop.example`),
        ...queries(60, (place) => `${encoded(place)}.avqs.mcafee.com`),
        ...queries(
          60,
          (place) =>
            `the-long-name-of-product-number-${'abcdefghij'[place % 10] ?? ''}${'klmnopq'[place % 7] ?? ''}.shop.example`,
        ),
        ...queries(60, (place) => `${place + 1}.0.0.10.in-addr.arpa`),
        ...queries(60, (place) => `${encoded(place)}.corp.example`),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<DetectionDraft> {
    const all = new Map<string, Carried>()
    const own = ownDomains(view)
    for (const event of view.events(
      ['dns-query'],
      ['target', 'processPath', 'pid', 'processGuid', 'sourceIp'],
    )) {
      const name = event.fields.target?.toLowerCase().replace(/\.$/, '').slice(0, MAX_NAME)
      if (event.at === null || name === undefined) continue
      const domain = registeredDomain(name)
      if (domain === undefined || domain === name || own.has(domain)) continue
      const left = name.slice(0, -domain.length - 1)
      if (left.length < 12 || LOOKUPS.test(name) || isEveryday(name)) continue
      const machine = machineOf(view, event)
      if (machine) note(view, all, event, event.at, { machine, domain, left })
    }
    for (const one of all.values()) yield* judge(one)
  },
}
export default rule

function note(
  view: CorrelationView,
  all: Map<string, Carried>,
  event: ViewEvent,
  at: number,
  { machine, domain, left }: { machine: Carried['machine']; domain: string; left: string },
): void {
  const key = `${machine.key}|${domain}`
  let one = all.get(key)
  if (!one) {
    one = {
      machine,
      domain,
      names: new Set(),
      letters: 0,
      digits: 0,
      queries: 0,
      first: at,
      last: at,
      process: undefined,
      proof: [],
    }
    all.set(key, one)
  }
  one.queries += 1
  one.last = at
  if (one.names.size >= MAX_NAMES || one.names.has(left)) return
  one.names.add(left)
  one.letters += left.length
  one.digits += left.replace(/[^0-9]/g, '').length
  if (one.proof.length < MAX_PROOFS) one.proof.push(event)
  if (one.process === null) return
  const process = view.processes.actorOf(event)
  if (one.process === undefined) one.process = process ?? null
  else if (process && process.draft.key !== one.process.draft.key) one.process = null
}

function* judge(one: Carried): Generator<DetectionDraft> {
  const names = one.names.size
  const length = one.letters / Math.max(1, names)
  if (names < NAMES || length < LENGTH || one.digits < one.letters * DIGITS) return
  const level: DetectionLevel = names >= VERY_MANY_NAMES ? 'high' : 'medium'
  yield {
    detection: 'dns-tunnel',
    level,
    subject: one.process ? one.process.draft : one.machine.handle,
    involved: [domainEntity(one.domain), ...(one.process ? [one.machine.handle] : [])],
    window: one.domain,
    at: one.first,
    until: one.last,
    confidence: Math.min(0.92, 0.6 + names * 0.001),
    reason: 'names',
    params: {
      machine: one.machine.name,
      domain: one.domain,
      names,
      queries: one.queries,
      minutes: Math.max(1, Math.round((one.last - one.first) / 60e6)),
      length: Math.round(length),
    },
    proof: one.proof.flatMap((event) => proofOf(event)),
  }
}

/** Second-level names under which countries register: `co.uk`, `com.tw`. */
const SECOND = new Set(['co', 'com', 'net', 'org', 'gov', 'edu', 'ac', 'idv', 'ne', 'or', 'go', 'gob', 'mil'])

/** The domain somebody registered, as well as the labels tell; undefined for names without one. */
function registeredDomain(name: string): string | undefined {
  const labels = name.split('.')
  if (labels.length < 3) return undefined
  const isCountry = (labels.at(-1)?.length ?? 0) === 2 && SECOND.has(labels.at(-2) ?? '')
  return labels.slice(isCountry ? -3 : -2).join('.')
}

/** Domains that endpoints of the case stand in. */
function ownDomains(view: CorrelationView): ReadonlySet<string> {
  const found = new Set<string>()
  for (const entity of view.entities('endpoint')) {
    for (const { kind, value } of entity.aliases.values()) {
      const domain =
        kind === 'fqdn' ? registeredDomain(`x.${value.split('.').slice(1).join('.')}`) : undefined
      if (domain !== undefined) found.add(domain.toLowerCase())
    }
  }
  return found
}

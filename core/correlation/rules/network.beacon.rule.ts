import type { DetectionLevel } from '../../model/detection.ts'
import { Column } from '../columns.ts'
import { proofOf } from '../drafts.ts'
import { exampleEvent, exampleGuid } from '../example.ts'
import {
  CONNECTION_FIELDS,
  type Destination,
  isEveryday,
  machineOf,
  Outside,
  suspicionOf,
} from '../outside.ts'
import type { ProcessFact } from '../process-index.ts'
import type { DetectionDraft, EntityHandle, Rule } from '../rule.ts'
import { steadiness } from '../steadiness.ts'
import { SumNumbers, sumOf } from '../text-sums.ts'
import type { CorrelationView, ViewEvent } from '../view.ts'

/** Connections of one program to one destination are looked at as a series of beats; fewer prove no habit. */
const BEATS = 12
/** A program of nobody's that keeps the hour to the second needs fewer. */
const SLOW_BEATS = 8
const SLOW_US = 1_800_000_000
/** What comes at once is one beat. */
const SAME_BEAT_US = 2_000_000
const CLOCKWORK = 0.05
/** Proofs kept of one series; its length is in the reason. */
const MAX_PROOFS = 150
/** A destination that most machines talk to belongs to the organisation. */
const SHARED_MACHINES = 8
const SHARED_PART = 0.4

/** By where the program lies; one that is not known may be anything. */
const LEVELS = { none: 'low', some: 'medium', strong: 'high' } as const
const BASE = { none: 0.35, some: 0.5, strong: 0.65 } as const

interface Series {
  readonly machine: { key: string; handle: EntityHandle; name: string }
  readonly destination: Destination
  readonly path: string
  readonly beats: number[]
  /** Not the events: a company talks to hundreds of thousands of places once. */
  readonly proof: { eventId: number; evidenceId: number; record: number }[]
  /** The process when one made them all; null when several did. */
  process: ProcessFact | null | undefined
  total: number
  /** How many of them are more than a question for the name. */
  connections: number
}

/** Connections of an example in steps of so many seconds, moved by the pattern. */
function series(
  count: number,
  step: number,
  moves: readonly number[],
  fields: Parameters<typeof exampleEvent>[2],
) {
  let at = 0
  return Array.from({ length: count }, (_, place) => {
    at += step + (moves[place % moves.length] ?? 0)
    return exampleEvent('network-connection', at, {
      action: 'outbound',
      destinationIp: '203.0.113.50',
      destinationPort: 443,
      ...fields,
    })
  })
}
const tool = {
  processPath: 'C:\\Users\\amber\\AppData\\Roaming\\up.exe',
  processGuid: exampleGuid(5),
  pid: 55,
}

const rule: Rule = {
  id: 'network.beacon',
  order: 54,
  relations: [],
  detections: ['beacon'],
  attack: ['T1071.001', 'T1071.004', 'T1573', 'T1029'],
  texts: {
    en: {
      title: 'Regular connections to the outside (beaconing)',
      description:
        'A program, or a machine where the program is not known, reaches for one destination outside again and again in steady intervals, also with random jitter. Rated by where the program lies and how steady it is. Updates, content networks and protection products that installed programs talk to, and destinations that most machines share, are left out.',
      needs:
        'At least twelve connections, requests or name queries with times (eight where a program outside of the usual folders keeps the hour): Sysmon 3 and 22, Security 5156, proxy, DNS, Zeek or other network records.',
      falsePositives:
        'Monitoring agents, chat and mail programs, weather and stock tickers, and everything else that asks its server in steps.',
      'detection.beacon': 'Regular connections to the outside (beaconing)',
      'reason.beats':
        '{program} reached {destination} {count} times: every {interval} s (median) over {hours} h, jitter {jitter} %.',
    },
    'zh-TW': {
      title: '對外的規律連線（信標）',
      description:
        '某程式（或程式未知的電腦）以穩定間隔一再連往同一外部目的地，亦可帶有隨機抖動。依程式所在位置與規律程度分級。已安裝程式所連的更新服務、內容傳遞網路與防護產品，以及多數電腦共有的目的地均略過。',
      needs:
        '至少十二次載有時間的連線、要求或名稱查詢（位於非常用資料夾且準點的程式為八次）：Sysmon 3 與 22、安全性 5156、代理伺服器、DNS、Zeek 或其他網路紀錄。',
      falsePositives: '監控代理程式、聊天與郵件程式、天氣與股票資訊，以及其他定時向伺服器查詢的程式。',
      'detection.beacon': '對外的規律連線（信標）',
      'reason.beats':
        '{program} 連往 {destination} 共 {count} 次：間隔中位數 {interval} 秒，歷時 {hours} 小時，抖動 {jitter} %。',
    },
    ja: {
      title: '外部への規則的な接続（ビーコン）',
      description:
        'あるプログラム（不明な場合は端末）が、一定の間隔（ランダムな揺らぎを含む）で同じ外部の宛先に繰り返し接続しています。プログラムの場所と規則性で評価します。インストール済みプログラムが使う更新サービス、CDN、保護製品、多くの端末に共通の宛先は除きます。',
      needs:
        '時刻を含む 12 回以上の接続、要求または名前の問い合わせ（通常のフォルダー以外にあり正確な間隔のプログラムは 8 回）：Sysmon 3・22、セキュリティ 5156、プロキシ、DNS、Zeek などのネットワーク記録。',
      falsePositives:
        '監視エージェント、チャットやメールのプログラム、天気や株価の表示など、定期的にサーバーへ問い合わせるもの。',
      'detection.beacon': '外部への規則的な接続（ビーコン）',
      'reason.beats':
        '{program} が {destination} に {count} 回接続しました。間隔の中央値 {interval} 秒、{hours} 時間にわたり、揺らぎ {jitter} %。',
    },
  },
  matches: [
    {
      title: 'a program in a profile, every minute with jitter of a quarter',
      items: series(30, 60, [0, 12, -9, 14, -13, 5], tool),
      finds: ['!beacon: up.exe'],
    },
    {
      title: 'a program outside of all usual folders, nine times by the hour',
      items: series(9, 3600, [-1, 0], {
        processPath: 'C:\\ProgramData\\Lumen\\host.exe',
        processGuid: exampleGuid(7),
        pid: 77,
      }),
      finds: ['!beacon: host.exe'],
    },
    {
      title: 'requests through a proxy that names no program, every five minutes with a pause at night',
      items: [
        ...series(20, 300, [0, 1], {
          host: undefined,
          sourceIp: '10.0.0.66',
          destinationIp: undefined,
          destinationHost: 'c2.evil.example',
        }),
        ...series(20, 300, [0, 1], {
          host: undefined,
          sourceIp: '10.0.0.66',
          destinationIp: undefined,
          destinationHost: 'c2.evil.example',
        }).map((event) => ({ ...event, at: (event.at ?? 0) + 43_200e6 })),
      ],
      finds: ['!beacon: 10.0.0.66'],
    },
  ],
  ignores: [
    {
      title: 'a browser used by a person, an update service, and a program that talks inside',
      items: [
        ...series(40, 1, [0, 0, 40, 3, 300, 0, 2, 900, 9, 0, 70], {
          ...tool,
          processPath: 'C:\\Program Files\\Browser\\b.exe',
        }),
        ...series(30, 60, [0], {
          processPath: 'C:\\Windows\\System32\\svchost.exe',
          processGuid: exampleGuid(6),
          pid: 66,
          destinationIp: undefined,
          destinationHost: 'fe3.delivery.mp.microsoft.com',
        }),
        ...series(30, 60, [0], { ...tool, destinationIp: '10.0.0.9' }),
        ...series(8, 60, [0], { ...tool, destinationIp: '203.0.113.99' }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<DetectionDraft> {
    const repeated = repeatedContacts(view)
    if (repeated.series.size === 0) return
    const all = new Map<string, Series>()
    const machines = new Map<string, Set<string>>()
    for (const contact of contactsOf(view)) {
      const { machine, destination } = contact
      if (!repeated.destinations.has(destination.name)) continue
      const sharers = machines.get(destination.name) ?? new Set()
      machines.set(destination.name, sharers.add(machine.key))
      const key = seriesKey(contact)
      if (repeated.series.has(key)) note(view, all, key, contact)
    }
    for (const one of all.values()) {
      const shared = machines.get(one.destination.name)?.size ?? 1
      if (shared >= SHARED_MACHINES && shared >= repeated.machines * SHARED_PART) continue
      yield* judge(one)
    }
  },
}
export default rule

/** A program of a machine reached for a destination outside. */
interface Contact extends Pick<Series, 'machine' | 'destination' | 'path'> {
  readonly event: ViewEvent
  readonly at: number
  readonly isQuery: boolean
}

const seriesKey = ({ machine, path, destination }: Contact): string =>
  `${machine.key}|${path.toLowerCase()}|${destination.name}`

function* contactsOf(view: CorrelationView): Generator<Contact> {
  const outside = new Outside(view)
  for (const event of view.events(
    ['network-connection', 'http-request', 'tls-connection', 'dns-query'],
    [...CONNECTION_FIELDS, 'target'],
  )) {
    if (event.at === null) continue
    const isQuery = event.kind === 'dns-query'
    const destination = outside.destinationOf(
      isQuery ? { ...event, fields: { destinationHost: event.fields.target } } : event,
    )
    const machine = destination && machineOf(view, event)
    if (!destination || !machine) continue
    const path = event.fields.processPath ?? ''
    if (isEveryday(destination.name) && (path === '' || suspicionOf(path) === 'none')) continue
    yield { event, at: event.at, machine, destination, path, isQuery }
  }
}

/**
 * Which series have beats enough to be looked at, and how many machines reach outside at all. A company talks to hundreds of
 * thousands of places once: of those only a sum, a time and a number are held, and the few others are read again.
 */
function repeatedContacts(view: CorrelationView): {
  readonly series: ReadonlySet<string>
  readonly destinations: ReadonlySet<string>
  readonly machines: number
} {
  const series = new Set<string>()
  const destinations = new Set<string>()
  const machines = new Set<string>()
  const numbers = new SumNumbers()
  const latest = new Column('number')
  const beats = new Column('id')
  for (const contact of contactsOf(view)) {
    const { at, machine, destination } = contact
    machines.add(machine.key)
    const key = seriesKey(contact)
    const number = numbers.number(sumOf(key))
    if (number === latest.length) {
      latest.push(-Infinity)
      beats.push(0)
    }
    if (at - latest.at(number) <= SAME_BEAT_US) continue
    latest.set(number, at)
    beats.set(number, beats.at(number) + 1)
    if (beats.at(number) < SLOW_BEATS) continue
    series.add(key)
    destinations.add(destination.name)
  }
  return { series, destinations, machines: machines.size }
}

function note(
  view: CorrelationView,
  all: Map<string, Series>,
  key: string,
  { event, at, isQuery, machine, destination, path }: Contact,
): void {
  let one = all.get(key)
  if (!one) {
    one = { machine, destination, path, beats: [], proof: [], process: undefined, total: 0, connections: 0 }
    all.set(key, one)
  }
  one.total += 1
  if (!isQuery) one.connections += 1
  // Two logs write the same connection; both stand for one beat.
  if (at - (one.beats.at(-1) ?? -Infinity) > SAME_BEAT_US) {
    one.beats.push(at)
    if (one.proof.length < MAX_PROOFS) one.proof.push(...proofOf(event))
  }
  if (one.process === null || path === '') return
  const process = view.processes.actorOf(event)
  if (one.process === undefined) one.process = process ?? null
  else if (process && process.draft.key !== one.process.draft.key) one.process = null
}

function* judge(one: Series): Generator<DetectionDraft> {
  const { beats, destination, machine, path } = one
  const first = beats[0]
  const last = beats.at(-1)
  if (beats.length < SLOW_BEATS || first === undefined || last === undefined) return
  const figures = steadiness(beats)
  if (!figures) return
  const { median, jitter } = figures
  const place = path === '' ? 'some' : suspicionOf(path)
  // Questions for a name alone are asked again whenever the answer is too old.
  const suspicion = one.connections > 0 || place === 'strong' ? place : 'none'
  const isClockwork = jitter <= CLOCKWORK
  const isSlow = isClockwork && median >= SLOW_US && path !== '' && suspicion !== 'none'
  if (beats.length < BEATS && !isSlow) return
  const level: DetectionLevel = LEVELS[suspicion]
  const strength = Math.min(0.2, Math.max(0, beats.length - BEATS) * 0.004) + (isClockwork ? 0.1 : 0)
  yield {
    detection: 'beacon',
    level,
    subject: one.process ? one.process.draft : machine.handle,
    involved: [destination.handle, ...(one.process ? [machine.handle] : [])],
    window: destination.name,
    at: first,
    until: last,
    confidence: Math.min(0.95, BASE[suspicion] + strength),
    reason: 'beats',
    params: {
      program: path === '' ? machine.name : (path.split('\\').at(-1) ?? path),
      destination: destination.name,
      count: one.total,
      interval: Math.round(median / 1e5) / 10,
      hours: Math.round((last - first) / 360e6) / 10,
      jitter: Math.round(jitter * 100),
    },
    proof: one.proof,
  }
}

import type { DetectionLevel } from '../../model/detection.ts'
import { dayOf } from '../accounts.ts'
import { proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import {
  CONNECTION_FIELDS,
  type Destination,
  isEveryday,
  machineOf,
  Outside,
  suspicionOf,
} from '../outside.ts'
import type { DetectionDraft, EntityHandle, Rule } from '../rule.ts'
import type { ViewEvent } from '../view.ts'

/** Less than this to one destination in a day is a presentation by mail. */
const LEAST_BYTES = 100_000_000
/** Without days to compare with, more is asked for. */
const LEAST_UNKNOWN_BYTES = 500_000_000
const VERY_MUCH_BYTES = 5_000_000_000
/** So many times the machine's own usual day. */
const TIMES_USUAL = 5
/** Days before anything can be called usual. */
const KNOWN_DAYS = 3
/** Calls and synchronisation send and receive; what leaves goes one way. */
const ONE_WAY = 3
const MAX_PROOFS = 150

interface Flow {
  readonly machine: { key: string; handle: EntityHandle; name: string }
  readonly destination: Destination
  readonly day: string
  sent: number
  received: number
  first: number
  last: number
  path: string
  readonly proof: ViewEvent[]
}

/** A connection of an example that sends so many bytes on a day. */
function sends(day: number, bytesSent: number, destinationHost: string, bytesReceived = 1000) {
  return exampleEvent('network-connection', day * 86_400, {
    action: 'outbound',
    destinationHost,
    bytesSent,
    bytesReceived,
  })
}

const rule: Rule = {
  id: 'network.upload',
  order: 54,
  relations: [],
  detections: ['upload-volume'],
  attack: ['T1048', 'T1041', 'T1567.002'],
  texts: {
    en: {
      title: 'Unusual volume sent to the outside (exfiltration)',
      description:
        'In one day a machine sent very much more to one destination outside than it usually sends to all of them, and far more than it received from there. Content networks and update services are left out unless a foreign program sent it.',
      needs:
        'Connections or requests with bytes sent: proxy, Zeek, network products; at least three days of the machine for its usual volume.',
      falsePositives:
        'Backups to the cloud, uploads of videos and images, software that is built and published, a first synchronisation.',
      'detection.upload-volume': 'Unusual volume sent to the outside',
      'reason.usual':
        '{machine} sent {megabytes} MB to {destination} on {day}, {times} times its usual {usual} MB a day to all destinations (received {received} MB).',
      'reason.unknown':
        '{machine} sent {megabytes} MB to {destination} on {day} (received {received} MB); too few days for a usual volume.',
    },
    'zh-TW': {
      title: '異常的對外傳送量（資料外洩）',
      description:
        '某電腦在一天內傳送至單一外部目的地的資料量，遠超過其平日傳送至所有目的地的總量，且遠多於自該處接收的量。內容傳遞網路與更新服務略過，除非由外來程式傳送。',
      needs:
        '載有傳送位元組數的連線或要求（代理伺服器、Zeek、網路產品）；需有該電腦至少三天的資料以判斷平日用量。',
      falsePositives: '雲端備份、上傳影片與圖片、建置並發行的軟體、初次同步。',
      'detection.upload-volume': '異常的對外傳送量',
      'reason.usual':
        '{machine} 於 {day} 傳送 {megabytes} MB 至 {destination}，為其平日每天傳送總量 {usual} MB 的 {times} 倍（接收 {received} MB）。',
      'reason.unknown':
        '{machine} 於 {day} 傳送 {megabytes} MB 至 {destination}（接收 {received} MB）；天數過少，無法判斷平日用量。',
    },
    ja: {
      title: '外部への異常な送信量（データの持ち出し）',
      description:
        'ある端末が 1 日のうちに 1 つの外部宛先へ、普段すべての宛先に送る量をはるかに超えるデータを送り、受信量も大きく上回りました。CDN や更新サービスは、外来のプログラムが送った場合を除き対象外です。',
      needs:
        '送信バイト数を含む接続または要求（プロキシ、Zeek、ネットワーク製品）。普段の量の判定には、その端末の 3 日以上の記録が必要です。',
      falsePositives:
        'クラウドへのバックアップ、動画や画像のアップロード、ソフトウェアのビルドと公開、初回の同期。',
      'detection.upload-volume': '外部への異常な送信量',
      'reason.usual':
        '{machine} が {day} に {destination} へ {megabytes} MB を送信しました。普段の 1 日の総量 {usual} MB の {times} 倍です（受信 {received} MB）。',
      'reason.unknown':
        '{machine} が {day} に {destination} へ {megabytes} MB を送信しました（受信 {received} MB）。普段の量を判定するには日数が足りません。',
    },
  },
  matches: [
    {
      title: 'five quiet days, and then 800 MB to one place',
      items: [
        ...[0, 1, 2, 3, 4].map((day) => sends(day, 20_000_000, 'www.shop.example')),
        ...[1, 2, 3, 4].map((part) => ({
          ...sends(5, 200_000_000, 'share.evil.example'),
          at: part * 1e6 + Date.UTC(2026, 2, 15, 9) * 1000,
        })),
      ],
      finds: ['!upload-volume: WS-01'],
    },
    {
      title: 'a gigabyte on the only day',
      items: [sends(0, 1_200_000_000, 'share.evil.example')],
      finds: ['!upload-volume: WS-01'],
    },
  ],
  ignores: [
    {
      title: 'a machine that backs up every night, a long call, an update service, and a server inside',
      items: [
        ...[0, 1, 2, 3, 4, 5].map((day) => sends(day, 900_000_000 + day * 1000, 'vault.backup.example')),
        sends(5, 600_000_000, 'meet.example', 700_000_000),
        exampleEvent('network-connection', 5, {
          host: 'WS-02.corp.example',
          action: 'outbound',
          destinationHost: 'upload.teams.microsoft.com',
          bytesSent: 900_000_000,
        }),
        exampleEvent('network-connection', 6, {
          host: 'WS-02.corp.example',
          action: 'outbound',
          destinationIp: '10.0.0.9',
          bytesSent: 9_000_000_000,
        }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<DetectionDraft> {
    const flows = new Map<string, Flow>()
    const days = new Map<string, Map<string, number>>()
    const outside = new Outside(view)
    for (const event of view.events(
      ['network-connection', 'http-request', 'tls-connection'],
      CONNECTION_FIELDS,
    )) {
      const { bytesSent, bytesReceived = 0, processPath = '' } = event.fields
      if (event.at === null || bytesSent === undefined || bytesSent <= 0) continue
      const destination = outside.destinationOf(event)
      const machine = destination && machineOf(view, event)
      if (!destination || !machine) continue
      const day = dayOf(event.at)
      const own = days.get(machine.key) ?? new Map<string, number>()
      days.set(machine.key, own.set(day, (own.get(day) ?? 0) + bytesSent))
      if (isEveryday(destination.name) && (processPath === '' || suspicionOf(processPath) === 'none'))
        continue
      const key = `${machine.key}|${destination.name}|${day}`
      let flow = flows.get(key)
      if (!flow) {
        flow = {
          machine,
          destination,
          day,
          sent: 0,
          received: 0,
          first: event.at,
          last: event.at,
          path: processPath,
          proof: [],
        }
        flows.set(key, flow)
      }
      flow.sent += bytesSent
      flow.received += bytesReceived
      flow.last = event.at
      if (flow.proof.length < MAX_PROOFS) flow.proof.push(event)
    }
    for (const flow of flows.values())
      yield* judge(flow, days.get(flow.machine.key) ?? new Map<string, number>())
  },
}
export default rule

function* judge(flow: Flow, days: ReadonlyMap<string, number>): Generator<DetectionDraft> {
  if (flow.sent < LEAST_BYTES || flow.sent < flow.received * ONE_WAY) return
  const others = [...days].flatMap(([day, sent]) => (day === flow.day ? [] : [sent])).sort((a, b) => a - b)
  const isKnown = others.length >= KNOWN_DAYS
  const usual = others[others.length >> 1] ?? 0
  if (isKnown ? flow.sent < usual * TIMES_USUAL : flow.sent < LEAST_UNKNOWN_BYTES) return
  const isForeign = flow.path !== '' && suspicionOf(flow.path) === 'strong'
  const level: DetectionLevel =
    isForeign || (isKnown && flow.sent >= VERY_MUCH_BYTES) ? 'high' : isKnown ? 'medium' : 'low'
  const megabytes = (bytes: number): number => Math.round(bytes / 1e6)
  yield {
    detection: 'upload-volume',
    level,
    subject: flow.machine.handle,
    involved: [flow.destination.handle],
    window: `${flow.day}|${flow.destination.name}`,
    at: flow.first,
    until: flow.last,
    confidence: isKnown ? 0.7 : 0.45,
    reason: isKnown ? 'usual' : 'unknown',
    params: {
      machine: flow.machine.name,
      destination: flow.destination.name,
      day: flow.day,
      megabytes: megabytes(flow.sent),
      received: megabytes(flow.received),
      usual: megabytes(usual),
      times: usual === 0 ? 999 : Math.round(flow.sent / usual),
    },
    proof: flow.proof.flatMap((event) => proofOf(event)),
  }
}

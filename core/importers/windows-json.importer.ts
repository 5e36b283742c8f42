import { type Envelope, firstRecords, readEnvelopedRecords } from './endpoint/envelope.ts'
import type { Importer, ParsedIssue, ParsedUnit, PartSource, RecordIssue } from './importer.ts'
import { toGenericEvent } from './json/generic-event.ts'
import { JSON_ISSUE_TEXTS } from './json/issue-texts.ts'
import type { JsonMeaning } from './json/json-records.ts'
import type { JsonObject } from './json/parse-object.ts'
import { toUtf8 } from './text-encoding.ts'
import type { Share } from './share.ts'
import { hasEventColumns, isAnalyticsAnswer, readAnalyticsAnswer } from './windows/analytics-answer.ts'
import type { Times } from './windows/dialects/dialect.ts'
import { settleRecordDates } from './windows/dialects/settle-records.ts'
import { fromJson } from './windows/json-dialects.ts'
import { OwnClocks } from './windows/own-clock.ts'
import { toMeaning } from './windows/render-item.ts'

/** Enough of a file to learn how its collector wrote times before its first record is read. */
const LEARNED_BYTES = 256 * 1024
const LEARNED_OBJECTS = 300
const SAMPLED_OBJECTS = 5
const UTC: Times = { zone: 'UTC', dateOrder: null }

/** Answers of Elasticsearch, Splunk, Azure and Wazuh keep their records in an array inside. */
const ANSWERS: Envelope = {
  arrays: new Set([
    'hits.hits',
    'rawResponse.hits.hits',
    'results',
    'Results',
    'value',
    'records',
    'events',
    'data.affected_items',
  ]),
  isRecord: (object) => fromJson(object, UTC) !== undefined,
}

/** Reads one object; times that Sysmon's own contradict are put right where enough of them agree. */
class Reading {
  readonly #times: Times
  readonly #clocks: OwnClocks
  readonly #share: Share | undefined

  constructor(times: Times, clocks: OwnClocks, share: Share | undefined) {
    this.#times = times
    this.#clocks = clocks
    this.#share = share
  }
  mean(object: JsonObject): JsonMeaning {
    const rendering = fromJson(object, this.#times)
    if (rendering === undefined)
      return { items: [toGenericEvent(object, this.#times.zone)], issues: [notAnEvent(object)] }
    const { event } = rendering
    const isSysmon = this.#clocks.learn(event)
    // How far a clock is off is learned record by record, in the order of the whole file.
    if (this.#clocks.isOff) this.#share?.refuse('start')
    // The record's identity stays that of the time as written: another export of the same collector says the same.
    const meaning = toMeaning(rendering)
    if (isSysmon) return meaning
    if (event.timeUs === null) return { ...meaning, issues: [NO_TIME] }
    const items = meaning.items.map((item) =>
      item.type === 'event' ? this.#clocks.correct(item, event) : item,
    )
    return { ...meaning, items }
  }
}
/** What it has instead: the names of its members tell where it comes from. */
const notAnEvent = (object: JsonObject): RecordIssue => ({
  code: 'windows-json.not_an_event',
  excerpt: Object.keys(object).join(', ').slice(0, EXCERPT_CHARS),
})
const EXCERPT_CHARS = 200
const NO_TIME: RecordIssue = { code: 'windows-json.time', excerpt: '' }

/** Windows events as JSON, by whichever tool: windows/json-dialects.ts lists them. */
const importer: Importer = {
  id: 'windows-json',
  texts: {
    en: {
      ...JSON_ISSUE_TEXTS.en,
      title: 'Windows events as JSON',
      description:
        'Windows and Sysmon events exported as JSON: Winlogbeat and Elastic Agent (nested, dotted, Kibana and Elasticsearch exports, Elastic Security alerts), evtx_dump, NXLog, Logstash, Graylog, fluentd and Fluent Bit, Splunk exports (fields, _raw as XML or text), Velociraptor event log artifacts, EvtxECmd, chainsaw, Wazuh alerts and archives, Azure Monitor and Sentinel tables (SecurityEvent, Event, WindowsEvent), Get-WinEvent and Get-EventLog. An event with record number, channel, computer and time is the same event as in the EVTX file; a finding about it (Wazuh, chainsaw, Elastic alert) is kept beside it.',
      limits:
        'Where only the rendered message is exported, it is read in English only. Groups of records behind other member names than those of Elasticsearch, Splunk, Azure and Wazuh answers are not taken apart. Values exported without names (insertion strings, properties) are named for the common Security events only and stay numbered otherwise. Times without a zone are read in the chosen zone, and such events are not matched with other exports; nor are those whose times were cut to seconds (fluentd, Splunk text, some Velociraptor artifacts).',
      'issue.not_an_event': 'This object is not a Windows event. It was kept as a plain record.',
      'issue.time': 'This event has no time that can be read. It was kept without one.',
      'issue.time_contradiction':
        "Sysmon's own UTC time and the exported time differ by more than half an hour: the collector probably wrote local time. Sysmon events use their own time; where two of them in a row agree, the other events of that computer are shifted by the difference and marked as assumed, else their times are doubtful.",
    },
    'zh-TW': {
      ...JSON_ISSUE_TEXTS['zh-TW'],
      title: 'JSON 格式的 Windows 事件',
      description:
        '匯出為 JSON 的 Windows 與 Sysmon 事件：Winlogbeat 與 Elastic Agent（巢狀、點號欄名、Kibana 與 Elasticsearch 匯出、Elastic Security 警示）、evtx_dump、NXLog、Logstash、Graylog、fluentd 與 Fluent Bit、Splunk 匯出（欄位，或 XML 與文字形式的 _raw）、Velociraptor 事件記錄 artifact、EvtxECmd、chainsaw、Wazuh 警示與封存、Azure Monitor 與 Sentinel 資料表（SecurityEvent、Event、WindowsEvent）、Get-WinEvent 與 Get-EventLog。具備紀錄編號、通道、電腦與時間的事件，會與 EVTX 檔中的同一事件視為相同；針對該事件的偵測結果（Wazuh、chainsaw、Elastic 警示）則另外保留。',
      limits:
        '若只匯出已轉譯的訊息文字，僅能讀取英文。只會拆開 Elasticsearch、Splunk、Azure 與 Wazuh 回應中的紀錄陣列，其他名稱下的紀錄群組不會拆開。匯出時沒有名稱的值（插入字串、屬性）僅對常見的安全性事件補上名稱，其餘以編號保留。沒有時區的時間以所選時區解讀，這類事件不會與其他匯出比對；時間被截到秒的匯出（fluentd、Splunk 文字、部分 Velociraptor artifact）亦同。',
      'issue.not_an_event': '這個物件不是 Windows 事件，已保留為一般紀錄。',
      'issue.time': '此事件沒有可讀取的時間，已保留但不帶時間。',
      'issue.time_contradiction':
        'Sysmon 自身的 UTC 時間與匯出的時間相差超過半小時，收集程式可能寫入了當地時間。Sysmon 事件採用自身時間；同一電腦若連續兩筆差距一致，其他事件即依該差距校正並標示為「推定」，否則其時間並不可靠。',
    },
    ja: {
      ...JSON_ISSUE_TEXTS.ja,
      title: 'JSON 形式の Windows イベント',
      description:
        'JSON で出力された Windows および Sysmon のイベント。Winlogbeat と Elastic Agent（入れ子、ドット区切り、Kibana・Elasticsearch の出力、Elastic Security のアラート）、evtx_dump、NXLog、Logstash、Graylog、fluentd と Fluent Bit、Splunk の出力（フィールド、XML またはテキストの _raw）、Velociraptor のイベントログ系アーティファクト、EvtxECmd、chainsaw、Wazuh のアラートとアーカイブ、Azure Monitor・Sentinel のテーブル（SecurityEvent、Event、WindowsEvent）、Get-WinEvent と Get-EventLog に対応します。レコード番号・チャネル・コンピューター・時刻がそろうイベントは EVTX 内の同じイベントとして扱い、それに対する検知（Wazuh、chainsaw、Elastic アラート）は別に残します。',
      limits:
        '表示用メッセージだけが出力されている場合は、英語のものだけを読み取ります。分解するのは Elasticsearch、Splunk、Azure、Wazuh の応答に含まれるレコードの配列だけで、ほかの名前の配列は分解しません。名前なしで出力された値（挿入文字列、プロパティ）は、よく使われるセキュリティイベントに限り名前を補い、それ以外は番号で残します。タイムゾーンのない時刻は選択したタイムゾーンで読み取り、そのイベントはほかの出力と照合しません。時刻が秒までしかない出力（fluentd、Splunk のテキスト、一部の Velociraptor アーティファクト）も同様です。',
      'issue.not_an_event':
        'このオブジェクトは Windows イベントではないため、一般のレコードとして保存しました。',
      'issue.time': 'このイベントには読み取れる時刻がありません。時刻なしで保存しました。',
      'issue.time_contradiction':
        'Sysmon 自身の UTC 時刻と出力された時刻が 30 分以上ずれています。収集ソフトが現地時刻を書いた可能性があります。Sysmon のイベントには自身の時刻を使います。同じコンピューターで 2 件続けてずれが一致すれば、ほかのイベントをその分だけ補正し「推定」と示します。一致しなければその時刻は信頼できません。',
    },
  },
  detect({ text }) {
    if (!/^\s*(?:[[{]|Record \d)/.test(text)) return 0
    if (isAnalyticsAnswer(text)) return hasEventColumns(text) ? 0.9 : 0
    const objects = firstRecords(text, ANSWERS, SAMPLED_OBJECTS)
    const events = objects.filter((object) => fromJson(object, UTC) !== undefined).length
    if (objects.length > 0) return events === 0 ? 0 : 0.6 + 0.3 * (events / objects.length)
    // The first object is longer than the sample: its names must do.
    return /"(?:EventID|event_id)"\s*:/.test(text) && /"(?:Channel|SourceName|winlog)"\s*:/.test(text)
      ? 0.6
      : 0
  },
  settle: settleRecordDates,
  async *parse(part, context, share) {
    const head = await headOf(part)
    const clocks = new OwnClocks()
    for (const object of firstRecords(head, ANSWERS, LEARNED_OBJECTS)) {
      const event = fromJson(object, context)?.event
      if (event !== undefined) clocks.learn(event)
    }
    clocks.contradictions = 0
    const reading = new Reading(context, clocks, share)
    const mean = (object: JsonObject): JsonMeaning => reading.mean(object)
    if (isAnalyticsAnswer(head)) {
      share?.refuse('start')
      yield* readAnalyticsAnswer(part.open(), 'windows-json', mean)
    } else yield* readEnvelopedRecords(part.open(), 'windows-json', ANSWERS, mean, share)
    if (clocks.contradictions > 0) yield contradiction(clocks.describe())
  },
  sharing: {},
}

async function headOf(part: PartSource): Promise<string> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of toUtf8(part.open())) {
    pieces.push(Buffer.from(piece))
    size += piece.length
    if (size >= LEARNED_BYTES) break
  }
  return Buffer.concat(pieces).toString('utf8', 0, LEARNED_BYTES)
}

function contradiction(excerpt: string): ParsedUnit[] {
  const issue: ParsedIssue = {
    kind: 'issue',
    locator: 'file',
    code: 'windows-json.time_contradiction',
    excerpt,
    records: 0,
  }
  return [issue]
}
export default importer

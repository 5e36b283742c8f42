import type { Importer, ParsedIssue, ParsedUnit, RecordIssue } from './importer.ts'
import { toGenericEvent } from './json/generic-event.ts'
import { JSON_ISSUE_TEXTS } from './json/issue-texts.ts'
import { firstObjects, type JsonMeaning, readJsonRecords } from './json/json-records.ts'
import type { JsonObject } from './json/parse-object.ts'
import { fromJson } from './windows/json-dialects.ts'
import { sysmonTime, toEvent } from './windows/to-event.ts'
import { eventKey } from './windows/windows-event.ts'

/** Sysmon's own UTC time and the collector's time differ by queue delay; by more than this, a zone was mistaken. */
const LARGEST_DELAY_US = 30 * 60 * 1_000_000
const SAMPLED_OBJECTS = 5

/** Reads one object; counts those whose two times contradict each other. */
class Reading {
  readonly #zone: string
  contradictions = 0
  /** Smallest and largest contradiction in minutes: one constant figure points at a zone. */
  #least = Infinity
  #most = -Infinity

  constructor(zone: string) {
    this.#zone = zone
  }
  mean(object: JsonObject): JsonMeaning {
    const event = fromJson(object, this.#zone)
    if (event === undefined) return { items: [toGenericEvent(object, this.#zone)], issues: [NOT_AN_EVENT] }
    const own = sysmonTime(event)
    if (own !== undefined && event.timeUs !== null && Math.abs(own - event.timeUs) > LARGEST_DELAY_US) {
      this.contradictions += 1
      const minutes = Math.round((own - event.timeUs) / 60_000_000)
      this.#least = Math.min(this.#least, minutes)
      this.#most = Math.max(this.#most, minutes)
    }
    return { items: [toEvent(event)], key: eventKey(event) }
  }
  describe(): string {
    return `${this.contradictions} x UtcTime - TimeCreated = ${this.#least}..${this.#most} min`
  }
}
const NOT_AN_EVENT: RecordIssue = { code: 'windows-json.not_an_event', excerpt: '' }

/** Windows events as JSON: NXLog (OTRF), Winlogbeat and Elastic, evtx_dump, Velociraptor, Wazuh, Sentinel. */
const importer: Importer = {
  id: 'windows-json',
  texts: {
    en: {
      ...JSON_ISSUE_TEXTS.en,
      title: 'Windows events as JSON',
      description:
        'Windows and Sysmon events exported as JSON by NXLog, Winlogbeat, Elastic, evtx_dump, Velociraptor or Wazuh.',
      'issue.not_an_event': 'This object is not a Windows event. It was kept as a plain record.',
      'issue.time_contradiction':
        "Sysmon's own UTC time and the exported time differ by more than half an hour: the collector probably wrote local time. Sysmon events use their own time; the times of all other events in this file are doubtful.",
    },
    'zh-TW': {
      ...JSON_ISSUE_TEXTS['zh-TW'],
      title: 'JSON 格式的 Windows 事件',
      description:
        '由 NXLog、Winlogbeat、Elastic、evtx_dump、Velociraptor 或 Wazuh 匯出為 JSON 的 Windows 與 Sysmon 事件。',
      'issue.not_an_event': '這個物件不是 Windows 事件，已保留為一般記錄。',
      'issue.time_contradiction':
        'Sysmon 自身的 UTC 時間與匯出的時間相差超過半小時，收集程式可能寫入了當地時間。Sysmon 事件採用自身時間；此檔案中其他事件的時間並不可靠。',
    },
    ja: {
      ...JSON_ISSUE_TEXTS.ja,
      title: 'JSON 形式の Windows イベント',
      description:
        'NXLog、Winlogbeat、Elastic、evtx_dump、Velociraptor、Wazuh が JSON で出力した Windows および Sysmon のイベント。',
      'issue.not_an_event':
        'このオブジェクトは Windows イベントではないため、一般のレコードとして保存しました。',
      'issue.time_contradiction':
        'Sysmon 自身の UTC 時刻と出力された時刻が 30 分以上ずれています。収集ソフトが現地時刻を書いた可能性があります。Sysmon のイベントには自身の時刻を使いますが、このファイルのほかのイベントの時刻は信頼できません。',
    },
  },
  detect({ text }) {
    if (!/^\s*(?:[[{]|Record \d)/.test(text)) return 0
    const objects = firstObjects(text, SAMPLED_OBJECTS)
    const events = objects.filter((object) => fromJson(object, 'UTC') !== undefined).length
    if (objects.length > 0) return events === 0 ? 0 : 0.6 + 0.35 * (events / objects.length)
    // The first object is longer than the sample: its names must do.
    return /"(?:EventID|event_id)"\s*:/.test(text) && /"(?:Channel|SourceName|winlog)"\s*:/.test(text)
      ? 0.6
      : 0
  },
  async *parse(part, { zone }) {
    const reading = new Reading(zone)
    yield* readJsonRecords(part.open(), 'windows-json', (object) => reading.mean(object))
    if (reading.contradictions > 0) yield contradiction(reading.describe())
  },
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

import {
  CSV_ISSUE_TEXTS,
  type CsvHeader,
  type CsvMeaning,
  CsvRow,
  readCsvRecords,
  sniffCsv,
} from './csv/csv-records.ts'
import { settleDates } from './csv/settle-dates.ts'
import type { Importer, ParsedUnit, RecordIssue } from './importer.ts'
import { toGenericEvent } from './json/generic-event.ts'
import type { JsonObject } from './json/parse-object.ts'
import { chainsawTable } from './windows/dialects/chainsaw-table.ts'
import type { Rendering, Times } from './windows/dialects/dialect.ts'
import { eventViewer, eventViewerColumns } from './windows/dialects/event-viewer.ts'
import { fromJson } from './windows/json-dialects.ts'
import { toMeaning } from './windows/render-item.ts'
import { toObject } from './windows/table-object.ts'

const ID = 'windows-csv'
const UTC: Times = { zone: 'UTC', dateOrder: null }
const SAMPLED_ROWS = 5
/** Columns that hold times in any of these tables. */
const TIME_COLUMNS = [
  'TimeCreated',
  'TimeGenerated',
  'TimeGenerated [UTC]',
  'TimeGenerated [Local Time]',
  'TimeWritten',
  'Date and Time',
  'EventTime',
  '@timestamp',
  'timestamp',
  '_time',
]
const NOT_AN_EVENT: RecordIssue = { code: `${ID}.not_an_event`, excerpt: '' }
const NO_TIME: RecordIssue = { code: `${ID}.time`, excerpt: '' }

function fromTable(object: JsonObject, times: Times): Rendering | undefined {
  return eventViewer(object, times) ?? chainsawTable(object, times) ?? fromJson(object, times)
}

/** Windows events as tables: the dialects of the JSON importer, row by row, and those that exist as tables only. */
const importer: Importer = {
  id: ID,
  isOfOneEndpoint: true,
  texts: {
    en: {
      ...CSV_ISSUE_TEXTS.en,
      title: 'Windows events as CSV',
      description:
        'Windows and Sysmon events exported as tables: EvtxECmd (also saved from Timeline Explorer), Event Viewer, Get-WinEvent and Get-EventLog with Export-Csv, Splunk search results (fields or _raw), Azure Monitor and Sentinel (SecurityEvent, Event, WindowsEvent), Kibana Discover, chainsaw. An event with record number, channel, computer and time is the same event as in the EVTX file.',
      limits:
        "Rendered messages (Event Viewer, Get-WinEvent, Splunk text) are read in English only. Event Viewer's CSV names no computer, no log and no record number; its column names are known in English, Chinese, Japanese and German. EvtxECmd rows without Payload keep only the columns its maps filled. chainsaw rows name rules, not their ATT&CK techniques.",
      'issue.not_an_event': 'This row is not a Windows event. It was kept as a plain record.',
    },
    'zh-TW': {
      ...CSV_ISSUE_TEXTS['zh-TW'],
      title: 'CSV 格式的 Windows 事件',
      description:
        '匯出為表格的 Windows 與 Sysmon 事件：EvtxECmd（包含由 Timeline Explorer 儲存者）、事件檢視器、以 Export-Csv 匯出的 Get-WinEvent 與 Get-EventLog、Splunk 搜尋結果（欄位或 _raw）、Azure Monitor 與 Sentinel（SecurityEvent、Event、WindowsEvent）、Kibana Discover、chainsaw。具備紀錄編號、通道、電腦與時間的事件，會與 EVTX 檔中的同一事件視為相同。',
      limits:
        '已轉譯的訊息文字（事件檢視器、Get-WinEvent、Splunk 文字）僅能讀取英文。事件檢視器的 CSV 沒有電腦名稱、記錄檔名稱與紀錄編號；欄名可為英文、中文、日文或德文。EvtxECmd 若沒有 Payload 欄，只保留其對應檔填入的欄位。chainsaw 的列只有規則名稱，沒有 ATT&CK 技術編號。',
      'issue.not_an_event': '這一列不是 Windows 事件，已保留為一般紀錄。',
    },
    ja: {
      ...CSV_ISSUE_TEXTS.ja,
      title: 'CSV 形式の Windows イベント',
      description:
        '表として出力された Windows および Sysmon のイベント。EvtxECmd（Timeline Explorer から保存したものを含む）、イベントビューアー、Export-Csv で出力した Get-WinEvent と Get-EventLog、Splunk の検索結果（フィールドまたは _raw）、Azure Monitor・Sentinel（SecurityEvent、Event、WindowsEvent）、Kibana Discover、chainsaw に対応します。レコード番号・チャネル・コンピューター・時刻がそろうイベントは EVTX 内の同じイベントとして扱います。',
      limits:
        '表示用メッセージ（イベントビューアー、Get-WinEvent、Splunk のテキスト）は英語のものだけを読み取ります。イベントビューアーの CSV にはコンピューター名、ログ名、レコード番号がありません。列名は英語、中国語、日本語、ドイツ語に対応します。Payload 列のない EvtxECmd の行は、マップが埋めた列だけを残します。chainsaw の行にあるのはルール名だけで、ATT&CK のテクニックの番号はありません。',
      'issue.not_an_event': 'この行は Windows イベントではないため、一般のレコードとして保存しました。',
    },
  },
  detect({ text }) {
    // Its rows have one cell more than its header: no table to anybody else.
    if (eventViewerColumns(head(text).split(/[,;\t]/)) !== undefined) return 0.9
    const sample = sniffCsv(text)
    if (sample === undefined || sample.header.has('RuleTitle')) return 0
    const read = toObject(sample.header)
    const rows = sample.rows.slice(0, SAMPLED_ROWS)
    const events = rows.filter((cells) => fromTable(read(new CsvRow(cells)), UTC) !== undefined).length
    return events === 0 ? 0 : 0.6 + 0.3 * (events / rows.length)
  },
  settle: (part, context) => settleDates(part, context, TIME_COLUMNS),
  async *parse(part, context, share) {
    let isViewer = false
    const meanTable = (header: CsvHeader) => {
      const viewer = eventViewerColumns(header.names)
      isViewer = viewer !== undefined
      const read = viewer === undefined ? toObject(header) : toObject({ names: viewer }, 'Message')
      return (row: CsvRow): CsvMeaning => {
        const object = read(row)
        const rendering = fromTable(object, context)
        if (rendering === undefined)
          return { items: [toGenericEvent(object, context.zone)], issues: [NOT_AN_EVENT] }
        const meaning = toMeaning(rendering)
        const [item] = meaning.items
        return item?.type === 'event' && item.at === null ? { ...meaning, issues: [NO_TIME] } : meaning
      }
    }
    const batches = readCsvRecords(part.open(), ID, meanTable, { share })
    for await (const batch of batches) yield isViewer ? batch.map(withoutColumnRemark) : batch
  },
  sharing: {},
}

/** The first line, without quotation marks. */
const head = (text: string): string =>
  (text.slice(0, 300).split(/\r?\n/, 1)[0] ?? '').replace(/["\ufeff]/g, '')

/** Event Viewer's message column has no name by design: that is nothing to remark on. */
function withoutColumnRemark(unit: ParsedUnit): ParsedUnit {
  if (unit.kind !== 'record' || unit.issues === undefined) return unit
  const issues = unit.issues.filter((issue) => issue.code !== `${ID}.columns`)
  return { ...unit, issues: issues.length === 0 ? undefined : issues }
}
export default importer

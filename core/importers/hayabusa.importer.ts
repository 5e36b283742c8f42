import { CSV_ISSUE_TEXTS, type CsvHeader, CsvRow, readCsvRecords, sniffCsv } from './csv/csv-records.ts'
import { settleDates } from './csv/settle-dates.ts'
import { isFinding, toFinding } from './hayabusa/finding.ts'
import type { Importer, RecordIssue } from './importer.ts'
import { toGenericEvent } from './json/generic-event.ts'
import { JSON_ISSUE_TEXTS } from './json/issue-texts.ts'
import { firstObjects, type JsonMeaning, readJsonRecords } from './json/json-records.ts'
import type { JsonObject } from './json/parse-object.ts'
import type { Times } from './windows/dialects/dialect.ts'
import { settleRecordDates } from './windows/dialects/settle-records.ts'
import { toObject } from './windows/table-object.ts'
import { isJsonPart } from './windows/is-json-part.ts'

const ID = 'hayabusa'
const SAMPLED = 5
const NOT_A_FINDING: RecordIssue = { code: `${ID}.not_a_finding`, excerpt: '' }
const NO_TIME: RecordIssue = { code: `${ID}.time`, excerpt: '' }

function mean(object: JsonObject, times: Times): JsonMeaning {
  if (!isFinding(object)) return { items: [toGenericEvent(object, times.zone)], issues: [NOT_A_FINDING] }
  const meaning = toFinding(object, times)
  const [item] = meaning.items
  return item?.type === 'event' && item.at === null ? { ...meaning, issues: [NO_TIME] } : meaning
}

/** Timelines of Hayabusa, which are findings of rules over event logs rather than the events. */
const importer: Importer = {
  id: ID,
  texts: {
    en: {
      ...CSV_ISSUE_TEXTS.en,
      ...JSON_ISSUE_TEXTS.en,
      title: 'Hayabusa timeline',
      description:
        'Timelines of Hayabusa as CSV, JSON or JSONL, all profiles (minimal to super-verbose, all field info, Timesketch). Every row is one finding of one rule: the rule, its severity and its ATT&CK techniques (tactics where no technique is named), with the facts of the event as far as the profile carries them. The same finding in two timelines is stored once; it stays beside the event itself.',
      limits:
        'A finding without readable facts is kept as an alert with its details as text. Fields with names of their own in rule-specific details stay text. Abbreviated channels that stand for several logs (AppLocker) stay abbreviated. GeoIP columns and rule authors are kept in the raw record only. Summaries (metrics, logon-summary, pivot lists) are other formats.',
      'issue.not_a_finding': 'This record is not a finding of Hayabusa. It was kept as a plain record.',
      'issue.time': 'This finding has no time that can be read. It was kept without one.',
    },
    'zh-TW': {
      ...CSV_ISSUE_TEXTS['zh-TW'],
      ...JSON_ISSUE_TEXTS['zh-TW'],
      title: 'Hayabusa 時間軸',
      description:
        'Hayabusa 的時間軸，CSV、JSON 或 JSONL，支援所有設定檔（minimal 至 super-verbose、all-field-info、Timesketch）。每一列是一條規則的一筆偵測結果：規則名稱、嚴重性與 ATT&CK 技術（未列技術時採用戰術），並盡設定檔所含帶入事件內容。兩份時間軸中的同一筆結果只存一次，並與事件本身並存。',
      limits:
        '沒有可讀內容的結果會保留為警示，細節以文字呈現。規則自訂的欄位名稱維持文字。代表多個記錄檔的縮寫通道（AppLocker）維持縮寫。GeoIP 欄位與規則作者僅保留在原始紀錄中。統計摘要（metrics、logon-summary、pivot 清單）屬於其他格式。',
      'issue.not_a_finding': '這筆紀錄不是 Hayabusa 的偵測結果，已保留為一般紀錄。',
      'issue.time': '這筆偵測結果沒有可讀取的時間，已保留但不帶時間。',
    },
    ja: {
      ...CSV_ISSUE_TEXTS.ja,
      ...JSON_ISSUE_TEXTS.ja,
      title: 'Hayabusa タイムライン',
      description:
        'Hayabusa のタイムライン（CSV、JSON、JSONL）。すべてのプロファイル（minimal から super-verbose、all-field-info、Timesketch）に対応します。1 行が 1 つのルールの 1 件の検知で、ルール名、重大度、ATT&CK のテクニック（テクニックがない場合は戦術）と、プロファイルに含まれる範囲のイベントの内容を読み取ります。2 つのタイムラインにある同じ検知は一度だけ保存し、イベント本体とは別に残します。',
      limits:
        '読み取れる内容のない検知は、詳細をテキストとしたアラートとして残します。ルール独自の項目名はテキストのままです。複数のログを表す略称のチャネル（AppLocker）は略称のままです。GeoIP の列とルールの作者は生レコードにのみ残ります。集計結果（metrics、logon-summary、pivot 一覧）は別の形式です。',
      'issue.not_a_finding': 'このレコードは Hayabusa の検知ではないため、一般のレコードとして保存しました。',
      'issue.time': 'この検知には読み取れる時刻がありません。時刻なしで保存しました。',
    },
  },
  detect({ text }) {
    if (/^\s*[[{]/.test(text)) {
      const objects = firstObjects(text, SAMPLED)
      return objects.length > 0 && objects.every(isFinding) ? 0.95 : 0
    }
    const sample = sniffCsv(text)
    if (sample === undefined) return 0
    const { header } = sample
    if (header.has('RuleTitle', 'Timestamp', 'Level', 'Computer', 'Channel', 'EventID')) return 0.95
    const read = toObject(header)
    return header.has('timestamp_desc', 'Level', 'Computer', 'Channel') &&
      sample.rows.slice(0, SAMPLED).some((cells) => isFinding(read(new CsvRow(cells))))
      ? 0.95
      : 0
  },
  async settle(part, context) {
    return (await isJsonPart(part))
      ? settleRecordDates(part, context)
      : settleDates(part, context, ['Timestamp', 'datetime'])
  },
  async *parse(part, context, share) {
    if (await isJsonPart(part)) {
      yield* readJsonRecords(part.open(), ID, (object) => mean(object, context), share)
      return
    }
    const meanTable = (header: CsvHeader) => {
      const read = toObject(header)
      return (row: CsvRow) => mean(read(row), context)
    }
    yield* readCsvRecords(part.open(), ID, meanTable, { share })
  },
  sharing: {},
}
export default importer

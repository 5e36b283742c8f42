import { CSV_ISSUE_TEXTS, type CsvHeader, type CsvRow, readCsvRecords, sniffCsv } from './csv/csv-records.ts'
import { settleDates } from './csv/settle-dates.ts'
import { firstRecords, readEnvelopedRecords } from './endpoint/envelope.ts'
import { isJsonPart } from './endpoint/first-character.ts'
import { RECORD_ISSUE_TEXTS } from './endpoint/issue-texts.ts'
import type { Importer } from './importer.ts'
import type { JsonMeaning } from './json/json-records.ts'
import { isObservedTechnique, TELEMETRY_ENVELOPE, telemetryLikeness } from './telemetry/recognise.ts'
import { fromHeader, fromObject, type TelemetryRecord } from './telemetry/telemetry-record.ts'
import { toTelemetryEvent } from './telemetry/to-event.ts'

const ID = 'endpoint-telemetry'
const SAMPLED = 5

/** Endpoint activity of Trend Vision One and Apex One as JSON (API, search export, data lake packages) and CSV. */
const importer: Importer = {
  id: ID,
  texts: {
    en: {
      ...CSV_ISSUE_TEXTS.en,
      ...RECORD_ISSUE_TEXTS.en,
      title: 'Endpoint telemetry (Trend Vision One, Apex One)',
      description:
        'Endpoint activity data of Trend Vision One Endpoint Sensor and Apex One as a Service: search results and data packages as JSON (API responses, one record per line) and CSV. Processes, files, registry, connections, DNS, web access, accounts, pipes, scripts and forwarded Windows events; hash ids join processes across records.',
      limits:
        'CSV must carry the field names, not translated column titles. Container, cloud, mobile and network sensor fields are kept as text only. Data-loss (DDR), hook, behaviour-monitoring and association records are kept as plain records. The numeric protocol of the vendor is not translated.',
    },
    'zh-TW': {
      ...CSV_ISSUE_TEXTS['zh-TW'],
      ...RECORD_ISSUE_TEXTS['zh-TW'],
      title: '端點遙測資料（Trend Vision One、Apex One）',
      description:
        'Trend Vision One Endpoint Sensor 與 Apex One as a Service 的端點活動資料：JSON（API 回應、每行一筆紀錄）與 CSV 格式的搜尋結果與資料封包。涵蓋處理程序、檔案、登錄、連線、DNS、網頁存取、帳號、具名管道、指令碼與轉送的 Windows 事件；以雜湊識別碼串連各紀錄中的處理程序。',
      limits:
        'CSV 必須使用欄位名稱，而非翻譯後的欄位標題。容器、雲端、行動裝置與網路感測器的欄位僅保留為文字。資料外洩（DDR）、掛鉤、行為監控與關聯紀錄保留為一般紀錄。廠商的數字通訊協定代碼不轉譯。',
    },
    ja: {
      ...CSV_ISSUE_TEXTS.ja,
      ...RECORD_ISSUE_TEXTS.ja,
      title: 'エンドポイントのテレメトリ（Trend Vision One、Apex One）',
      description:
        'Trend Vision One Endpoint Sensor と Apex One as a Service のエンドポイントのアクティビティデータ。検索結果とデータパッケージを JSON（API の応答、1 行 1 レコード）と CSV で読み取ります。プロセス、ファイル、レジストリ、通信、DNS、Web アクセス、アカウント、パイプ、スクリプト、転送された Windows イベントに対応し、ハッシュ ID でプロセスを結び付けます。',
      limits:
        'CSV は翻訳された見出しではなくフィールド名を使ったものに限ります。コンテナー、クラウド、モバイル、ネットワークセンサーの項目はテキストとしてのみ保存します。DDR、フック、挙動監視、関連付けのレコードは一般のレコードとして保存します。ベンダー独自の数値のプロトコルは変換しません。',
    },
  },
  detect({ text }) {
    if (/^\s*[[{]/.test(text)) {
      const objects = firstRecords(text, TELEMETRY_ENVELOPE, SAMPLED)
      const scores = objects.map((object) =>
        isObservedTechnique(object) ? 0 : telemetryLikeness(Object.keys(object)),
      )
      return scores.length === 0 ? 0 : scores.reduce((sum, score) => sum + score, 0) / scores.length
    }
    const sample = sniffCsv(text)
    return sample === undefined ? 0 : telemetryLikeness(sample.header.names)
  },
  async settle(part, context) {
    return (await isJsonPart(part)) ? context : settleDates(part, context, ['eventTime', 'eventTimeDT'])
  },
  async *parse(part, context, share) {
    const mean = (record: TelemetryRecord): JsonMeaning => {
      const { event, key, issues } = toTelemetryEvent(record, ID, context)
      return { items: [event], key, issues }
    }
    if (await isJsonPart(part)) {
      yield* readEnvelopedRecords(
        part.open(),
        ID,
        TELEMETRY_ENVELOPE,
        (object) => mean(fromObject(object)),
        share,
      )
      return
    }
    const meanTable = (header: CsvHeader) => {
      const toRecord = fromHeader(header)
      return (row: CsvRow) => mean(toRecord(row))
    }
    yield* readCsvRecords(part.open(), ID, meanTable, { share })
  },
  sharing: {},
}
export default importer

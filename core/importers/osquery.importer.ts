import { type Envelope, firstRecords, readEnvelopedRecords } from './endpoint/envelope.ts'
import { RECORD_ISSUE_TEXTS } from './endpoint/issue-texts.ts'
import type { Importer } from './importer.ts'
import type { JsonMeaning } from './json/json-records.ts'
import type { JsonObject } from './json/parse-object.ts'
import { resultOf, textOf } from './osquery/result.ts'
import { toOsqueryEvents, toStatusEvent } from './osquery/to-events.ts'

const ID = 'osquery'
const SAMPLED = 5

/** A result names its query, its host and its time; nothing else puts these beside `columns`, `snapshot` or `diffResults`. */
function likeness(object: JsonObject): number {
  if (textOf(object, 'hostIdentifier', 'hostname', 'host_identifier') === undefined) return 0
  if (textOf(object, 'unixTime', 'calendarTime') === undefined) return 0
  if (resultOf(object) !== undefined) return 0.92
  return isStatus(object) ? 0.8 : 0
}

const isStatus = (object: JsonObject): boolean =>
  textOf(object, 'severity') !== undefined &&
  textOf(object, 'message') !== undefined &&
  textOf(object, 'filename') !== undefined

const ENVELOPE: Envelope = {
  arrays: new Set(['data', 'logs', 'results']),
  isRecord: (object) => likeness(object) > 0,
}

/** Lines of osquery's results log (differential, batch, snapshot) and status log. */
const importer: Importer = {
  id: ID,
  isOfOneEndpoint: true,
  texts: {
    en: {
      ...RECORD_ISSUE_TEXTS.en,
      title: 'osquery results',
      description:
        'Results log of osquery and Fleet as JSON: differential events, batches and snapshots, with decorations. Rows of event tables (processes, sockets, files, logons, PowerShell, Windows events, YARA, hardware) become events at their own time; rows of all other tables become inventory. The columns tell the table, so renamed queries are read too.',
      limits:
        'A query that renames the columns of an event table is kept as inventory. Rows that expire from event tables and the first run of a query are inventory, not events. Numeric user ids are not resolved to names. Results of live queries exported as CSV are read with a mapping.',
      'issue.not_a_result': 'This object is no result of a query. It was kept as a plain record.',
      'issue.too_many_rows':
        'This snapshot has more rows than the limit; the others are in the raw record only.',
    },
    'zh-TW': {
      ...RECORD_ISSUE_TEXTS['zh-TW'],
      title: 'osquery 查詢結果',
      description:
        'osquery 與 Fleet 的結果記錄（JSON）：差異事件、批次與快照，含 decorations。事件資料表（處理程序、通訊端、檔案、登入、PowerShell、Windows 事件、YARA、硬體）的資料列依其自身時間成為事件；其他資料表的資料列成為清查資料。以欄位判斷資料表，因此改過名稱的查詢也能讀取。',
      limits:
        '若查詢更改了事件資料表的欄位名稱，則保留為清查資料。自事件資料表到期移除的資料列，以及查詢首次執行的結果，皆為清查資料而非事件。數字使用者 ID 不會轉換為名稱。以 CSV 匯出的即時查詢結果需以欄位對應讀取。',
      'issue.not_a_result': '這個物件不是查詢結果，已保留為一般紀錄。',
      'issue.too_many_rows': '這份快照的資料列超過上限，其餘僅存於原始紀錄。',
    },
    ja: {
      ...RECORD_ISSUE_TEXTS.ja,
      title: 'osquery の結果',
      description:
        'osquery と Fleet の結果ログ（JSON）。差分イベント、バッチ、スナップショットを decorations とともに読み取ります。イベントテーブル（プロセス、ソケット、ファイル、ログオン、PowerShell、Windows イベント、YARA、ハードウェア）の行はそれ自身の時刻のイベントになり、ほかのテーブルの行はインベントリになります。テーブルは列から判断するため、名前を変えたクエリも読み取れます。',
      limits:
        'イベントテーブルの列名を変えたクエリはインベントリとして保存します。期限切れでイベントテーブルから消えた行とクエリの初回実行の結果は、イベントではなくインベントリです。数値のユーザー ID は名前に変換しません。CSV で出力したライブクエリの結果はマッピングで読み取ります。',
      'issue.not_a_result': 'このオブジェクトはクエリの結果ではないため、一般のレコードとして保存しました。',
      'issue.too_many_rows':
        'このスナップショットの行数が上限を超えているため、残りは生レコードにのみ残ります。',
    },
  },
  detect({ text }) {
    if (!/^\s*[[{]/.test(text)) return 0
    const scores = firstRecords(text, ENVELOPE, SAMPLED).map(likeness)
    if (scores.length > 0) return scores.reduce((sum, score) => sum + score, 0) / scores.length
    // The first snapshot is longer than the sample, and may begin with its rows: its names must do.
    if (/^\s*\{\s*"(?:snapshot|diffResults)"\s*:\s*[[{]/.test(text)) return 0.6
    return /"(?:snapshot|diffResults)"\s*:\s*[[{]/.test(text) &&
      /"(?:hostIdentifier|calendarTime|unixTime|counter)"\s*:/.test(text)
      ? 0.7
      : 0
  },
  async *parse(part, context, share) {
    const mean = (object: JsonObject): JsonMeaning => {
      const result = resultOf(object)
      if (result === undefined) {
        const { events, issues } = toStatusEvent(object, ID, context)
        return {
          items: events,
          issues: isStatus(object) ? issues : [...issues, { code: `${ID}.not_a_result`, excerpt: '' }],
        }
      }
      const { events, key, issues } = toOsqueryEvents(object, result, ID, context)
      return {
        items: events,
        key,
        issues: result.hasMoreRows
          ? [...issues, { code: `${ID}.too_many_rows`, excerpt: result.name }]
          : issues,
      }
    }
    yield* readEnvelopedRecords(part.open(), ID, ENVELOPE, mean, share)
  },
  sharing: {},
}
export default importer

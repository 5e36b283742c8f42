import { CSV_ISSUE_TEXTS, type CsvMeaning } from './csv/csv-records.ts'
import { isActivity, isGmailRow, readActivity, readGmailRow } from './gmail/activity.ts'
import { CONSOLE_TIMES, isConsoleTable, readConsoleRow } from './gmail/console-row.ts'
import type { ImportContext, Importer } from './importer.ts'
import { JSON_ISSUE_TEXTS } from './json/issue-texts.ts'
import { type NamedRow, readNamedRows, sampleNames } from './log/named-row.ts'
import { settleRows } from './log/settle-rows.ts'

const ID = 'gmail-log'
const ARRAYS: ReadonlySet<string> = new Set(['items'])

/** Logs of Google Workspace: Gmail from the console, BigQuery and the Reports API; other applications from the latter. */
const importer: Importer = {
  id: ID,
  texts: {
    en: {
      ...JSON_ISSUE_TEXTS.en,
      ...CSV_ISSUE_TEXTS.en,
      title: 'Google Workspace logs',
      description:
        'Gmail logs as CSV of the Email Log Search and of the log events of the admin console, as JSON rows of BigQuery, and activities of the Reports API: gmail, login, saml, token, drive, admin, user_accounts and rules with typed events, all other applications as cloud activity. Deliveries, bounces and quarantine become messages, one per recipient; opens, clicks, downloads and deletions become events.',
      limits:
        'The headers of console exports are read in English; other languages need a mapping. Their times are in the zone of whoever exported unless they name one, and their rows have no id. BigQuery rows of other applications than Gmail are read as plain JSON.',
      'issue.not_an_entry': 'This record is no entry of a Google Workspace log.',
    },
    'zh-TW': {
      ...JSON_ISSUE_TEXTS['zh-TW'],
      ...CSV_ISSUE_TEXTS['zh-TW'],
      title: 'Google Workspace 記錄',
      description:
        'Gmail 記錄：管理控制台的電子郵件記錄搜尋與記錄事件 CSV、BigQuery 的 JSON 資料列，以及 Reports API 的活動：gmail、login、saml、token、drive、admin、user_accounts 與 rules 成為具類型的事件，其他應用程式為雲端活動。送達、退信與隔離成為郵件，每位收件者一封；開啟、點擊、下載與刪除成為事件。',
      limits:
        '控制台匯出檔的標題僅讀取英文，其他語言需要欄位對應。其時間若未載明時區，則為匯出者的時區；資料列沒有識別碼。Gmail 以外應用程式的 BigQuery 資料列以一般 JSON 讀取。',
      'issue.not_an_entry': '這筆紀錄不是 Google Workspace 記錄。',
    },
    ja: {
      ...JSON_ISSUE_TEXTS.ja,
      ...CSV_ISSUE_TEXTS.ja,
      title: 'Google Workspace ログ',
      description:
        'Gmail のログ。管理コンソールのメールログ検索とログイベントの CSV、BigQuery の JSON 行、Reports API のアクティビティに対応。gmail、login、saml、token、drive、admin、user_accounts、rules は種類のあるイベントに、そのほかのアプリケーションはクラウドの操作になります。配信・不達・隔離は受信者ごとのメールに、開封・クリック・ダウンロード・削除はイベントになります。',
      limits:
        'コンソールのエクスポートの見出しは英語だけを読み取り、ほかの言語ではマッピングが必要です。時刻はタイムゾーンの記載がなければエクスポートした人の地域の時刻で、行に識別子はありません。Gmail 以外の BigQuery の行は一般の JSON として読み取ります。',
      'issue.not_an_entry': 'このレコードは Google Workspace のログではありません。',
    },
  },
  detect({ text }) {
    const { names, rows, isTable } = sampleNames(text, ARRAYS)
    if (isTable) return names[0] !== undefined && isConsoleTable(names[0]) ? 0.85 : 0
    const known = rows.filter((row) => isActivity(row) || isGmailRow(row)).length
    return known === 0 ? 0 : 0.95 * (known / rows.length)
  },
  settle: (part, context) => settleRows(part, context, CONSOLE_TIMES),
  async *parse(part, context) {
    yield* readNamedRows(part, ID, (row) => mean(row, context), { arrays: ARRAYS })
  },
}

function mean(row: NamedRow, { zone, dateOrder }: ImportContext): CsvMeaning {
  if (isActivity(row)) return readActivity(row)
  return isGmailRow(row) ? readGmailRow(row) : readConsoleRow(row, zone, dateOrder)
}
export default importer

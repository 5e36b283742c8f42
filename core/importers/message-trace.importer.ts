import { CSV_ISSUE_TEXTS } from './csv/csv-records.ts'
import type { Importer, PartSource } from './importer.ts'
import { JSON_ISSUE_TEXTS } from './json/issue-texts.ts'
import { LINE_ISSUE_TEXTS } from './log/issue-texts.ts'
import { readLogLines } from './log/log-lines.ts'
import { readHead, readNamedRows, sampleNames } from './log/named-row.ts'
import { settleRows } from './log/settle-rows.ts'
import { shapeOfNames, TIMES_LOCAL, TIMES_UTC } from './trace/names.ts'
import { readTraceRow } from './trace/trace-row.ts'
import { TrackingLog } from './trace/tracking-log.ts'

const ID = 'message-trace'
const ARRAYS: ReadonlySet<string> = new Set(['value', 'results'])
const isTrackingLog = (text: string): boolean =>
  /^[\s\ufeff]*#/.test(text) && /^#Fields:\s*date-time,[^\r\n]*event-id[^\r\n]*message-id/im.test(text)

/** Exchange message trace of any kind, and the message tracking log of a server. */
const importer: Importer = {
  id: ID,
  texts: {
    en: {
      ...JSON_ISSUE_TEXTS.en,
      ...LINE_ISSUE_TEXTS.en,
      ...CSV_ISSUE_TEXTS.en,
      title: 'Exchange message trace',
      description:
        'Exchange Online message trace: summary, enhanced and extended reports (CSV), Get-MessageTrace, Get-MessageTraceV2 and their details (Export-Csv or ConvertTo-Json), Microsoft Graph message trace (JSON), and the message tracking log of an Exchange server. One message per recipient, with what became of it; the steps of extended reports and tracking logs become events.',
      limits:
        'Message traces hold neither links nor attachments nor headers. Times of the cmdlets, of Graph and of columns ending in UTC are UTC; the column "Date" of the admin centre takes the zone of the import. Whether a message left or entered the organisation is known only where the report says so.',
      'issue.no_fields': 'No #Fields line before this line: its columns have no names.',
      'issue.not_a_trace': 'This record has neither sender nor recipient nor event of a message trace.',
    },
    'zh-TW': {
      ...JSON_ISSUE_TEXTS['zh-TW'],
      ...LINE_ISSUE_TEXTS['zh-TW'],
      ...CSV_ISSUE_TEXTS['zh-TW'],
      title: 'Exchange 郵件追蹤',
      description:
        'Exchange Online 郵件追蹤：摘要、增強摘要與延伸報告（CSV）、Get-MessageTrace、Get-MessageTraceV2 及其詳細資料（Export-Csv 或 ConvertTo-Json）、Microsoft Graph 郵件追蹤（JSON），以及 Exchange 伺服器的郵件追蹤記錄檔。每位收件者一封郵件並載明處理結果；延伸報告與追蹤記錄檔的各步驟成為事件。',
      limits:
        '郵件追蹤不含連結、附件與標頭。Cmdlet、Graph 以及名稱以 UTC 結尾之欄位的時間為 UTC；管理中心的「Date」欄採用匯入時選擇的時區。郵件是寄出還是收進組織，只有報告載明時才能得知。',
      'issue.no_fields': '此行之前沒有 #Fields 行，欄位沒有名稱。',
      'issue.not_a_trace': '這筆紀錄沒有郵件追蹤的寄件者、收件者或事件。',
    },
    ja: {
      ...JSON_ISSUE_TEXTS.ja,
      ...LINE_ISSUE_TEXTS.ja,
      ...CSV_ISSUE_TEXTS.ja,
      title: 'Exchange メッセージ追跡',
      description:
        'Exchange Online のメッセージ追跡。概要・拡張概要・詳細レポート（CSV）、Get-MessageTrace、Get-MessageTraceV2 とその詳細（Export-Csv または ConvertTo-Json）、Microsoft Graph のメッセージ追跡（JSON）、Exchange サーバーのメッセージ追跡ログに対応。受信者ごとに 1 通とし、その結果を示します。詳細レポートと追跡ログの各段階はイベントになります。',
      limits:
        'メッセージ追跡にはリンク、添付ファイル、ヘッダーが含まれません。コマンドレット、Graph、名前が UTC で終わる列の時刻は UTC で、管理センターの「Date」列には取り込み時のタイムゾーンを使います。組織外への送信か組織内への受信かは、レポートに記載がある場合にだけ分かります。',
      'issue.no_fields': 'この行より前に #Fields 行がなく、列名が分かりません。',
      'issue.not_a_trace': 'このレコードには、メッセージ追跡の差出人、受信者、イベントのいずれもありません。',
    },
  },
  detect({ text }) {
    if (isTrackingLog(text)) return 0.95
    const { names } = sampleNames(text, ARRAYS)
    const known = names.filter((set) => shapeOfNames(set) !== undefined)
    const best = known[0]
    if (best === undefined) return 0
    const isSure = ['messagetraceid', 'networkmessageid', 'recipientstatus', 'fromip'].some((name) =>
      best.has(name),
    )
    return (isSure ? 0.9 : 0.65) * (known.length / names.length)
  },
  async settle(part, context) {
    return (await beginsAsTrackingLog(part))
      ? context
      : settleRows(part, context, [...TIMES_UTC, ...TIMES_LOCAL, 'StartDate', 'EndDate'])
  },
  async *parse(part, { zone, dateOrder }) {
    if (await beginsAsTrackingLog(part)) {
      const log = new TrackingLog()
      yield* readLogLines(part.open(), ID, (line) => log.read(line))
    } else yield* readNamedRows(part, ID, (row) => readTraceRow(row, { zone, dateOrder }), { arrays: ARRAYS })
  },
}

/** PowerShell's own tables may begin with `#TYPE`. */
const beginsAsTrackingLog = async (part: PartSource): Promise<boolean> =>
  /^[\s\ufeff]*#(?!TYPE)/.test(await readHead(part))

export default importer

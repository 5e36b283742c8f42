import { toAuditEntry } from './audit/audit-record.ts'
import { readOperation } from './audit/operations.ts'
import { CSV_ISSUE_TEXTS, type CsvMeaning } from './csv/csv-records.ts'
import type { Importer, RecordIssue } from './importer.ts'
import { JSON_ISSUE_TEXTS } from './json/issue-texts.ts'
import { type NamedRow, readNamedRows, sampleNames } from './log/named-row.ts'

const ID = 'audit-log'
const ARRAYS: ReadonlySet<string> = new Set(['value'])

/** Microsoft 365 unified audit log from wherever it was exported. */
const importer: Importer = {
  id: ID,
  texts: {
    en: {
      ...JSON_ISSUE_TEXTS.en,
      ...CSV_ISSUE_TEXTS.en,
      title: 'Microsoft 365 unified audit log',
      description:
        'Unified audit log as CSV of the Purview portal, Search-UnifiedAuditLog (CSV or JSON), Office 365 Management API JSON, and the Sentinel table OfficeActivity (CSV or JSON): mail read, sent and removed with one event per message, inbox and transport rules with forward targets, mailbox settings and permissions, sign-ins, role, group and account changes, consent, files and sharing, chats, Defender verdicts, clicks and alerts. Every other operation is kept as cloud activity.',
      limits:
        'Of one entry at most 1,000 messages become events of their own; the raw text has all. A sync access names folders only. The export limits of the portal (50,000 rows) and of Search-UnifiedAuditLog cannot be seen in the file.',
      'issue.audit_data':
        'The AuditData of this row is not valid JSON. Only the columns beside it were read.',
      'issue.not_an_entry': 'This record names no operation of the audit log.',
      'issue.too_many_items':
        'This entry names more messages than the limit; the others were not made events.',
    },
    'zh-TW': {
      ...JSON_ISSUE_TEXTS['zh-TW'],
      ...CSV_ISSUE_TEXTS['zh-TW'],
      title: 'Microsoft 365 整合稽核記錄',
      description:
        '整合稽核記錄：Purview 入口網站的 CSV、Search-UnifiedAuditLog（CSV 或 JSON）、Office 365 Management API 的 JSON，以及 Sentinel 資料表 OfficeActivity（CSV 或 JSON）。讀取、寄送與移除郵件（每封郵件一個事件）、收件匣規則與傳輸規則及其轉寄目標、信箱設定與權限、登入、角色、群組與帳號變更、應用程式同意、檔案與共用、聊天、Defender 判定、點擊與警示。其他操作保留為雲端活動。',
      limits:
        '單一紀錄最多 1,000 封郵件成為個別事件，原始文字保留全部。Sync 存取僅載明資料夾。入口網站（50,000 列）與 Search-UnifiedAuditLog 的匯出上限無法從檔案得知。',
      'issue.audit_data': '這一列的 AuditData 不是有效的 JSON，僅讀取其他欄位。',
      'issue.not_an_entry': '這筆紀錄沒有稽核記錄的操作名稱。',
      'issue.too_many_items': '這筆紀錄列出的郵件超過上限，其餘未成為事件。',
    },
    ja: {
      ...JSON_ISSUE_TEXTS.ja,
      ...CSV_ISSUE_TEXTS.ja,
      title: 'Microsoft 365 統合監査ログ',
      description:
        '統合監査ログ。Purview ポータルの CSV、Search-UnifiedAuditLog（CSV・JSON）、Office 365 Management API の JSON、Sentinel の OfficeActivity テーブル（CSV・JSON）に対応。メールの閲覧・送信・削除（メールごとに 1 イベント）、受信トレイルールとトランスポートルールおよび転送先、メールボックスの設定と権限、サインイン、ロール・グループ・アカウントの変更、アプリへの同意、ファイルと共有、チャット、Defender の判定・クリック・アラートを読み取ります。そのほかの操作はクラウドの操作として保存します。',
      limits:
        '1 件の記録から個別のイベントになるメールは最大 1,000 件で、元のテキストにはすべて残ります。Sync のアクセスはフォルダーだけを示します。ポータル（50,000 行）や Search-UnifiedAuditLog のエクスポート上限に達したかどうかは、ファイルからは分かりません。',
      'issue.audit_data': 'この行の AuditData は正しい JSON ではありません。ほかの列だけを読み取りました。',
      'issue.not_an_entry': 'このレコードには監査ログの操作名がありません。',
      'issue.too_many_items': 'この記録のメール数が上限を超えているため、残りはイベントにしていません。',
    },
  },
  detect({ text }) {
    const { names } = sampleNames(text, ARRAYS)
    const known = names.filter(isAudit).length
    // among other tables of Sentinel the entries belong to the importer of all its tables
    return known === 0 ? 0 : known === names.length ? 0.97 : 0.5 * (known / names.length)
  },
  async *parse(part) {
    yield* readNamedRows(part, ID, mean, { arrays: ARRAYS })
  },
}

/** An export wraps the entry in AuditData, or it is the entry itself. */
function isAudit(names: ReadonlySet<string>): boolean {
  if (names.has('auditdata'))
    return names.has('operations') || names.has('operation') || names.has('recordtype')
  if (!names.has('operation') || !names.has('recordtype')) return false
  return (
    (names.has('workload') && names.has('creationtime')) ||
    (names.has('officeworkload') && (names.has('timegenerated') || names.has('officeid')))
  )
}

function mean(row: NamedRow): CsvMeaning {
  const { record, isBroken } = toAuditEntry(row)
  const issues: RecordIssue[] = []
  const remark = (what: string, excerpt = ''): void => {
    issues.push({ code: `${ID}.${what}`, excerpt })
  }
  if (isBroken) remark('audit_data', row.text('AuditData')?.slice(0, 200))
  if (record === undefined) {
    remark('not_an_entry')
    return { items: [], issues }
  }
  if (record.when.isOdd) remark('time')
  const { items, isCut } = readOperation(record)
  if (isCut === true) remark('too_many_items')
  return {
    items,
    key: record.id === undefined ? undefined : JSON.stringify(['m365-audit', record.id.toLowerCase()]),
    issues,
  }
}
export default importer

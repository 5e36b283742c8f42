import { CSV_ISSUE_TEXTS } from './csv/csv-records.ts'
import { entraCategory, entraShape, readEntraRow } from './entra/entra-row.ts'
import type { Importer } from './importer.ts'
import { JSON_ISSUE_TEXTS } from './json/issue-texts.ts'
import { foldName, inner, readNamedRows, sampleNames } from './log/named-row.ts'

const ID = 'entra-log'
const ARRAYS: ReadonlySet<string> = new Set(['value', 'records'])

/** Sign-in and audit logs of Entra ID. */
const importer: Importer = {
  id: ID,
  texts: {
    en: {
      ...JSON_ISSUE_TEXTS.en,
      ...CSV_ISSUE_TEXTS.en,
      title: 'Entra ID sign-in and audit logs',
      description:
        'Sign-ins (interactive, non-interactive, of service principals and managed identities), directory audit entries and risk detections of Entra ID (Azure AD), as JSON or CSV of the portal, JSON of Graph (signIns, directoryAudits, riskDetections), and JSON records of diagnostic settings.',
      limits:
        'Tables of Sentinel and Log Analytics (SigninLogs, AuditLogs) are read by the importer of advanced hunting. Audit entries of the portal CSV have no id, so the same entry in another export is not recognised. A portal CSV in another language than English is read by a mapping.',
      'issue.not_an_entry': 'This record is neither a sign-in nor an audit entry nor a risk detection.',
    },
    'zh-TW': {
      ...JSON_ISSUE_TEXTS['zh-TW'],
      ...CSV_ISSUE_TEXTS['zh-TW'],
      title: 'Entra ID 登入與稽核記錄',
      description:
        'Entra ID（Azure AD）的登入（互動式、非互動式、服務主體與受控識別）、目錄稽核記錄與風險偵測：入口網站的 JSON 或 CSV、Graph 的 JSON（signIns、directoryAudits、riskDetections），以及診斷設定的 JSON 紀錄。',
      limits:
        'Sentinel 與 Log Analytics 的資料表（SigninLogs、AuditLogs）由進階搜捕的匯入器讀取。入口網站 CSV 的稽核記錄沒有識別碼，因此無法辨識其他匯出檔中的同一筆。非英文的入口網站 CSV 以欄位對應讀取。',
      'issue.not_an_entry': '這筆紀錄不是登入、稽核或風險偵測紀錄。',
    },
    ja: {
      ...JSON_ISSUE_TEXTS.ja,
      ...CSV_ISSUE_TEXTS.ja,
      title: 'Entra ID のサインインログと監査ログ',
      description:
        'Entra ID（Azure AD）のサインイン（対話型、非対話型、サービスプリンシパル、マネージド ID）、ディレクトリの監査記録、リスク検出。ポータルの JSON・CSV、Graph の JSON（signIns、directoryAudits、riskDetections）、診断設定の JSON レコードに対応します。',
      limits:
        'Sentinel や Log Analytics のテーブル（SigninLogs、AuditLogs）は高度なハンティングのインポーターが読み取ります。ポータルの CSV の監査記録には識別子がないため、別のエクスポートにある同じ記録とは判定できません。英語以外のポータルの CSV はマッピングで読み取ります。',
      'issue.not_an_entry': 'このレコードはサインイン、監査記録、リスク検出のいずれでもありません。',
    },
  },
  detect({ text }) {
    const { names, rows, isTable } = sampleNames(text, ARRAYS)
    if (isTable) return names[0] !== undefined && entraShape(names[0]) !== undefined ? 0.9 : 0
    const known = rows.filter((row, at) => {
      const set = names[at] ?? new Set()
      const properties = inner(row.value('properties'))
      return set.has('properties')
        ? set.has('category') &&
            entraCategory(row.text('category')) !== undefined &&
            properties.names.some((name) => /^(?:id|createdDateTime|activityDateTime)$/i.test(foldName(name)))
        : entraShape(set) !== undefined
    }).length
    return known === 0 ? 0 : 0.6 + 0.3 * (known / rows.length)
  },
  async *parse(part, { zone }) {
    yield* readNamedRows(part, ID, (row) => readEntraRow(row, zone), { arrays: ARRAYS })
  },
}
export default importer

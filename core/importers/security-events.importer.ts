import { CSV_ISSUE_TEXTS, type CsvMeaning } from './csv/csv-records.ts'
import type { Importer } from './importer.ts'
import { JSON_ISSUE_TEXTS } from './json/issue-texts.ts'
import { type NamedRow, readNamedRows, sampleNames } from './log/named-row.ts'
import { inner } from './log/named-row.ts'
import { readSecurityEvent } from './mail/security-event.ts'

const ID = 'security-events'
const ARRAYS: ReadonlySet<string> = new Set(['security_events'])
const SIGNS = [
  'log_item_id',
  'detection_time',
  'triggered_policy_name',
  'triggered_security_filter',
  'security_risk_name',
  'action_result',
  'affected_user',
]

/** Detections of the cloud mail scanner, as its log retrieval answers them. */
const importer: Importer = {
  id: ID,
  texts: {
    en: {
      ...JSON_ISSUE_TEXTS.en,
      ...CSV_ISSUE_TEXTS.en,
      title: 'Mail scanner detections (security_events)',
      description:
        'Detections of a cloud mail and file scanner as its log retrieval answers them: Web Reputation, malware, file blocking, spam, sandbox, ransomware and data loss, of mailboxes and file services. Each one is an alert with policy, action and risk level; those of mail are also a message with the action that was taken.',
      limits:
        'The log names one file and one URL per detection, never all of the message. CSV exports of the console are read only where their columns have the names of the log.',
      'issue.not_a_detection': 'This record has neither an id nor a detection time of a detection.',
    },
    'zh-TW': {
      ...JSON_ISSUE_TEXTS['zh-TW'],
      ...CSV_ISSUE_TEXTS['zh-TW'],
      title: '郵件掃描偵測記錄（security_events）',
      description:
        '雲端郵件與檔案掃描服務的偵測記錄（記錄擷取的回應）：網頁信譽、惡意軟體、檔案封鎖、垃圾郵件、沙箱、勒索軟體與資料外洩，涵蓋信箱與檔案服務。每筆皆為含政策、處置與風險等級的警示；郵件的偵測另成為載明處置的郵件。',
      limits:
        '每筆偵測只記載一個檔案與一個網址，並非整封郵件的全部。主控台匯出的 CSV 僅在欄位名稱與記錄相同時讀取。',
      'issue.not_a_detection': '這筆紀錄沒有偵測的識別碼與偵測時間。',
    },
    ja: {
      ...JSON_ISSUE_TEXTS.ja,
      ...CSV_ISSUE_TEXTS.ja,
      title: 'メールスキャナーの検出ログ（security_events）',
      description:
        'クラウドのメール・ファイルスキャナーがログ取得に返す検出記録。Web レピュテーション、マルウェア、ファイルブロック、スパム、サンドボックス、ランサムウェア、情報漏えいの検出を、メールボックスとファイルサービスについて読み取ります。いずれもポリシー、処置、リスクレベルを持つアラートになり、メールの検出は処置の結果を持つメールにもなります。',
      limits:
        'ログに載るのは検出ごとに 1 つのファイルと 1 つの URL だけで、メール全体ではありません。コンソールの CSV は、列名がログと同じ場合にだけ読み取ります。',
      'issue.not_a_detection': 'このレコードには検出の識別子も検出日時もありません。',
    },
  },
  detect({ text }) {
    const { rows, names, isTable } = sampleNames(text, ARRAYS)
    if (isTable) return countSigns(names[0]) >= 3 ? 0.9 : 0
    const known = rows.filter((row, at) => {
      const message = row.value('message')
      return countSigns(names[at]) >= 3 || countSigns(new Set(inner(message).names.map(fold))) >= 3
    }).length
    if (known > 0) return 0.98 * (known / rows.length)
    return /"security_events"\s*:\s*\[/.test(text) &&
      /"(?:last_log_item_generation_time|traceId)"\s*:/.test(text)
      ? 0.9
      : 0
  },
  async *parse(part) {
    yield* readNamedRows(part, ID, mean, { arrays: ARRAYS })
  },
}

const fold = (name: string): string => name.toLowerCase().replaceAll('_', '')
const countSigns = (names: ReadonlySet<string> | undefined): number =>
  SIGNS.filter((sign) => names?.has(fold(sign)) === true).length

function mean(row: NamedRow): CsvMeaning {
  const event = readSecurityEvent(row)
  if (event === undefined) return { items: [], issues: [{ code: `${ID}.not_a_detection`, excerpt: '' }] }
  return {
    items: event.items,
    key: event.key,
    issues: event.remarks.map((what) => ({ code: `${ID}.${what}`, excerpt: '' })),
  }
}
export default importer

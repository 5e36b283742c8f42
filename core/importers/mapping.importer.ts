import { WorkbenchError } from '../model/errors.ts'
import type { Mapping } from '../model/mapping.ts'
import type { Importer } from './importer.ts'
import { checkMapping } from './mapping/check-mapping.ts'
import { findMissingColumns, type MissingColumns } from './mapping/missing-columns.ts'
import { readMapped, CSV_ISSUE_TEXTS, JSON_ISSUE_TEXTS } from './mapping/read-mapped.ts'
import { settleMappedDates } from './mapping/settle-mapped-dates.ts'

/** @throws WorkbenchError `mapping.invalid` naming the first thing that is wrong */
function assertUsable(mapping: Mapping, missing: MissingColumns | null): void {
  const [problem] = checkMapping(mapping, missing)
  if (problem !== undefined) {
    throw new WorkbenchError('mapping.invalid', {
      name: mapping.name,
      field: problem.what,
      problem: problem.code,
    })
  }
}

/** Tables and JSON records of any product, read as the analyst's mapping says. Never detected: it is chosen. */
const importer: Importer = {
  id: 'mapping',
  isOfOneEndpoint: true,
  texts: {
    en: {
      ...JSON_ISSUE_TEXTS.en,
      ...CSV_ISSUE_TEXTS.en,
      title: 'Table with a mapping (any product)',
      description:
        'CSV tables and JSON lines of any product, read as a mapping says: which column is which fact, how times are written, what a row is (message, click, process, file, logon, network, DNS, user, endpoint or generic).',
      limits:
        'One kind of row per file. A mapping reads values as they are written; it does not split or compute them. Columns that are not mapped stay in the raw record. The direction of a message is kept in the raw record only.',
      'issue.nothing': 'This row names nobody and nothing that the mapping looks for. Its raw text is kept.',
      'issue.missing_column':
        'The mapping names columns that this file does not have. What they would say is missing in every row.',
      'issue.time_order':
        'Which number is the day is not settled here: the import decides it from the whole file, and asks where nothing in it tells.',
      'issue.time_skipped':
        'The zone has no such time: clocks were put forward over it. It was read with the offset from before that.',
      'issue.time_repeated':
        'The zone had this time twice: clocks were put back. The first was taken; the row may be from an hour later.',
    },
    'zh-TW': {
      ...JSON_ISSUE_TEXTS['zh-TW'],
      ...CSV_ISSUE_TEXTS['zh-TW'],
      title: '以欄位對應讀取的表格（任何產品）',
      description:
        '任何產品的 CSV 表格與 JSON Lines，依欄位對應讀取：哪一欄是什麼事實、時間的寫法、每一列是什麼（郵件、點擊、處理程序、檔案、登入、網路、DNS、使用者、端點或一般）。',
      limits:
        '每個檔案只能有一種列。欄位對應依原樣讀取值，不拆分也不計算。未對應的欄位只保留在原始紀錄中，郵件方向亦然。',
      'issue.nothing': '這一列沒有欄位對應所要找的人或物。原始文字已保留。',
      'issue.missing_column': '欄位對應所指的部分欄位不在此檔案中，每一列都缺少這些欄位的內容。',
      'issue.time_order': '此處尚無法確定哪個數字是日：匯入時依整個檔案判定，若檔案中沒有依據則會詢問。',
      'issue.time_skipped': '該時區沒有這個時間：時鐘撥快時跳過了它。已以撥快前的時差讀取。',
      'issue.time_repeated': '該時區有兩次這個時間：時鐘曾撥慢。已採用第一次，該列也可能發生在一小時後。',
    },
    ja: {
      ...JSON_ISSUE_TEXTS.ja,
      ...CSV_ISSUE_TEXTS.ja,
      title: 'マッピングで読む表（製品を問わない）',
      description:
        '任意の製品の CSV 表と JSON Lines を、マッピングに従って読み取ります。どの列が何の事実か、日時の書き方、行の種類（メール、クリック、プロセス、ファイル、ログオン、ネットワーク、DNS、ユーザー、エンドポイント、汎用）を指定します。',
      limits:
        'ファイルごとに行の種類は一つです。値は書かれたとおりに読み、分割や計算はしません。マッピングしていない列は生レコードにだけ残ります。メールの方向も同様です。',
      'issue.nothing': 'この行には、マッピングが探す人や物の名前がありません。元のテキストは保存しました。',
      'issue.missing_column':
        'マッピングが指す列の一部がこのファイルにありません。どの行でもその内容が欠けています。',
      'issue.time_order':
        'どの数字が日かはここでは決まりません。インポート時にファイル全体から判断し、手掛かりがなければ確認します。',
      'issue.time_skipped':
        'このタイムゾーンには存在しない時刻です。時計を進めたときに飛ばされました。進める前の時差で読み取りました。',
      'issue.time_repeated':
        'このタイムゾーンでは二度あった時刻です。時計を戻したためです。最初のほうとしましたが、実際は一時間後かもしれません。',
    },
  },
  detect: () => 0,
  async settle(part, context) {
    const { mapping } = context
    if (mapping === null) throw new WorkbenchError('evidence.needs_mapping', { name: part.name })
    assertUsable(mapping, null)
    assertUsable(mapping, await findMissingColumns(part.open(), mapping))
    return settleMappedDates(part, context, mapping)
  },
  async *parse(part, context) {
    if (context.mapping !== null) yield* readMapped(() => part.open(), context.mapping, context)
  },
}
export default importer

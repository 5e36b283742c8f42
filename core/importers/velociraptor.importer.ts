import { CSV_ISSUE_TEXTS, type CsvHeader, CsvRow, readCsvRecords, sniffCsv } from './csv/csv-records.ts'
import type { ImportContext, Importer } from './importer.ts'
import { JSON_ISSUE_TEXTS } from './json/issue-texts.ts'
import { firstObjects, type JsonMeaning, readJsonRecords } from './json/json-records.ts'
import type { JsonObject } from './json/parse-object.ts'
import { artifactOf, hasOrigin, readArtifact } from './velociraptor/artifacts.ts'
import { settleCollectedFrom } from './velociraptor/collected-from.ts'
import type { Times } from './windows/dialects/dialect.ts'
import { isJsonPart } from './windows/is-json-part.ts'
import { fromJson } from './windows/json-dialects.ts'
import { toMeaning } from './windows/render-item.ts'
import { toObject } from './windows/table-object.ts'

const ID = 'velociraptor'
const SAMPLED = 5
const UTC: Times = { zone: 'UTC', dateOrder: null }

function mean(object: JsonObject, context: ImportContext): JsonMeaning {
  const rendering = fromJson(object, context)
  if (rendering !== undefined) return toMeaning(rendering)
  const { items, oddTime } = readArtifact(object, context)
  return oddTime === undefined ? { items } : { items, issues: [{ code: `${ID}.time`, excerpt: oddTime }] }
}

/** Windows events are windows-json's; a table or file without Velociraptor's columns is nobody's here. */
function score(objects: readonly JsonObject[], name: string): number {
  const rows = objects.filter((object) => fromJson(object, UTC) === undefined)
  if (rows.length === 0 || rows.length < objects.length) return 0
  const share = (test: (object: JsonObject) => boolean): number => rows.filter(test).length / rows.length
  const origin = share(hasOrigin)
  const known = share((object) => artifactOf(object, UTC) !== undefined)
  const isNamed =
    /(?:^|[/\\])(?:All )?(?:Windows|Generic|Exchange|Custom)(?:\.|%2F)[\w.%-]+\.(?:jsonl?|csv)$/i.test(name)
  const base = known > 0.5 ? 0.6 : origin > 0.5 ? 0.5 : 0
  return base === 0 ? 0 : base + (origin > 0.5 ? 0.2 : 0) + (isNamed ? 0.05 : 0)
}

/** Results of Velociraptor artifacts other than event logs, as JSONL, JSON or CSV. */
const importer: Importer = {
  id: ID,
  isOfOneEndpoint: true,
  texts: {
    en: {
      ...CSV_ISSUE_TEXTS.en,
      ...JSON_ISSUE_TEXTS.en,
      title: 'Velociraptor artifacts',
      description:
        'Results of Velociraptor collections and hunts as JSONL, JSON or CSV: processes (Pslist, Pstree), sockets (Netstat), services, scheduled tasks, autoruns, accounts, DNS cache, prefetch, UserAssist, BAM, shimcache, amcache, USN journal, MFT, recycle bin, browser history, Yara hits, client information. State without a time of its own is inventory. Rows of other artifacts keep what stands under well-known names. Event log artifacts are read as Windows events.',
      limits:
        'Artifacts are recognised by their columns; renamed columns make a row generic. Rows carry no identity, so the same collection exported twice in different forms is stored twice. Of an MFT row only its creation time becomes the time of the row. SRUM, shellbags, jump lists, link files and registry artifacts are kept as plain rows. Uploaded files of a collection are read by their own formats. Which machine a collection is of is taken from client_info.json in its ZIP, or in its folder when the folder is imported; a file of results on its own does not say it.',
      'issue.machine_taken':
        'Rows that name no machine are of this one, as client_info.json of the collection or the analyst says.',
    },
    'zh-TW': {
      ...CSV_ISSUE_TEXTS['zh-TW'],
      ...JSON_ISSUE_TEXTS['zh-TW'],
      title: 'Velociraptor artifact 結果',
      description:
        'Velociraptor 採集與 hunt 的結果，JSONL、JSON 或 CSV：處理程序（Pslist、Pstree）、網路連線（Netstat）、服務、排程工作、自動執行項目、帳號、DNS 快取、Prefetch、UserAssist、BAM、Shimcache、Amcache、USN 日誌、MFT、資源回收筒、瀏覽紀錄、Yara 命中與用戶端資訊。本身沒有時間的狀態列為清查項目。其他 artifact 的列保留常見名稱下的內容。事件記錄類 artifact 以 Windows 事件讀取。',
      limits:
        '依欄位辨識 artifact；若欄位改名，該列只能作為一般紀錄。各列沒有身分識別，同一次採集以不同形式匯出兩次會存成兩份。MFT 的列只採用建立時間。SRUM、Shellbags、跳躍清單、捷徑檔與登錄類 artifact 以一般列保留。採集所上傳的檔案依其各自格式讀取。採集屬於哪部機器取自其 ZIP 內的 client_info.json，匯入資料夾時則取自該資料夾；單獨的結果檔不會載明。',
      'issue.machine_taken': '未載明機器的列均屬於這部機器，依採集內的 client_info.json 或分析師所述。',
    },
    ja: {
      ...CSV_ISSUE_TEXTS.ja,
      ...JSON_ISSUE_TEXTS.ja,
      title: 'Velociraptor のアーティファクト',
      description:
        'Velociraptor の収集・ハントの結果（JSONL、JSON、CSV）。プロセス（Pslist、Pstree）、ソケット（Netstat）、サービス、スケジュールタスク、自動起動、アカウント、DNS キャッシュ、Prefetch、UserAssist、BAM、Shimcache、Amcache、USN ジャーナル、MFT、ごみ箱、ブラウザー履歴、Yara の検知、クライアント情報に対応します。固有の時刻を持たない状態はインベントリとして扱います。そのほかのアーティファクトは一般的な項目名の内容を残します。イベントログのアーティファクトは Windows イベントとして読み取ります。',
      limits:
        'アーティファクトは列で判別するため、列名が変えられた行は一般の行になります。行には識別子がないので、同じ収集を別の形式で二度出力すると二重に保存されます。MFT の行は作成時刻だけを行の時刻とします。SRUM、シェルバッグ、ジャンプリスト、リンクファイル、レジストリのアーティファクトは一般の行として残します。収集でアップロードされたファイルは、それぞれの形式として読み取ります。どのコンピューターの収集かは ZIP 内の client_info.json から取り、フォルダーを取り込むときはそのフォルダーから取ります。結果のファイルだけでは分かりません。',
      'issue.machine_taken':
        'コンピューターの記載がない行は、収集の client_info.json または分析者が示すこのコンピューターのものです。',
    },
  },
  detect({ name, text }) {
    if (/^\s*[[{]/.test(text)) return score(firstObjects(text, SAMPLED), name)
    const sample = sniffCsv(text)
    if (sample === undefined) return 0
    const read = toObject(sample.header)
    return score(
      sample.rows.slice(0, SAMPLED).map((cells) => read(new CsvRow(cells))),
      name,
    )
  },
  settle: settleCollectedFrom,
  async *parse(part, context, share) {
    const excerpt = context.collectedFrom
    if (excerpt !== undefined && share?.isOwn !== false)
      yield [{ kind: 'issue', locator: 'file', code: `${ID}.machine_taken`, excerpt, records: 0 }]
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

import { ArtifactRow } from './artifact/row.ts'
import { CSV_ISSUE_TEXTS, type CsvHeader, type CsvRow, readCsvRecords, sniffCsv } from './csv/csv-records.ts'
import { tableOf } from './ez-tools/tables.ts'
import type { Importer } from './importer.ts'
import type { JsonMeaning } from './json/json-records.ts'
import { toObject } from './windows/table-object.ts'

const ID = 'ez-tools'
/** The tools write every time in UTC and say so nowhere. */
const UTC = { zone: 'UTC', dateOrder: null, isZoneSure: true } as const

/** Tables of Eric Zimmerman's tools, as KAPE modules leave them. */
const importer: Importer = {
  id: ID,
  isOfOneEndpoint: true,
  texts: {
    en: {
      ...CSV_ISSUE_TEXTS.en,
      title: 'Eric Zimmerman’s tools (KAPE modules)',
      description:
        'CSV tables of Eric Zimmerman’s tools, as KAPE modules write them: prefetch (PECmd), amcache (AmcacheParser), shimcache (AppCompatCacheParser), $MFT and USN journal with the marks of downloads (MFTECmd), recycle bin (RBCmd), shortcuts and jump lists (LECmd, JLECmd), shellbags (SBECmd), timeline of Windows (WxTCmd), registry with UserAssist, BAM and the Run dialog (RECmd), SRUM (SrumECmd). State without a time of its own is inventory. Event logs of EvtxECmd are read as Windows events.',
      limits:
        'Only CSV is read, and tables are told by their columns: with other columns a row stays searchable at most. Times are UTC, as the tools write them unless told otherwise (--dt). No table says which endpoint it is from: say it when importing. A file of $MFT or journal names no drive; it is taken from the folder of the collection, else the folders of Windows count as C:. Of an MFT row only its creation time becomes the time of the row. A profile folder is not taken for an account. The timeline PECmd writes beside its table repeats the same runs and starts nothing. Browser databases (SQLECmd) and the output as JSON are not read here.',
      'issue.no_endpoint':
        'These rows do not say which endpoint they are from, so nothing in them is tied to one. To tie them, remove this item and import it again with its endpoint.',
      'issue.time': 'The time of this row cannot be read or is impossible. The row is kept without a time.',
    },
    'zh-TW': {
      ...CSV_ISSUE_TEXTS['zh-TW'],
      title: 'Eric Zimmerman 工具（KAPE 模組）',
      description:
        'Eric Zimmerman 工具的 CSV 表格，即 KAPE 模組的輸出：Prefetch（PECmd）、Amcache（AmcacheParser）、Shimcache（AppCompatCacheParser）、$MFT 與 USN 日誌及下載標記（MFTECmd）、資源回收筒（RBCmd）、捷徑與跳躍清單（LECmd、JLECmd）、Shellbags（SBECmd）、Windows 時間軸（WxTCmd）、登錄檔及其 UserAssist、BAM 與「執行」對話方塊（RECmd）、SRUM（SrumECmd）。本身沒有時間的狀態列為清查項目。EvtxECmd 的事件記錄以 Windows 事件讀取。',
      limits:
        '只讀取 CSV，並依欄位辨識表格；欄位不同的列最多只能供搜尋。時間為 UTC，即工具的預設（除非以 --dt 另行指定）。表格均未載明來自哪個端點，請於匯入時指定。$MFT 與日誌的檔案不含磁碟機代號，取自採集的資料夾，否則 Windows 的資料夾視為 C:。MFT 的列只採用建立時間。使用者設定檔資料夾不視為帳號。PECmd 另附的時間軸重複相同的執行，不計為啟動。此處不讀取瀏覽器資料庫（SQLECmd）與 JSON 輸出。',
      'issue.no_endpoint':
        '這些列未載明來自哪個端點，因此其內容未與任何端點關聯。若要關聯，請移除此項目，並指定端點後重新匯入。',
      'issue.time': '這一列的時間無法讀取或不可能存在，已保留但不帶時間。',
    },
    ja: {
      ...CSV_ISSUE_TEXTS.ja,
      title: 'Eric Zimmerman のツール（KAPE モジュール）',
      description:
        'KAPE モジュールが出力する、Eric Zimmerman のツールの CSV 表。プリフェッチ（PECmd）、Amcache（AmcacheParser）、Shimcache（AppCompatCacheParser）、$MFT と USN ジャーナルおよびダウンロードの印（MFTECmd）、ごみ箱（RBCmd）、ショートカットとジャンプリスト（LECmd、JLECmd）、シェルバッグ（SBECmd）、Windows のタイムライン（WxTCmd）、レジストリと UserAssist・BAM・「ファイル名を指定して実行」（RECmd）、SRUM（SrumECmd）に対応します。固有の時刻を持たない状態はインベントリとして扱います。EvtxECmd のイベントログは Windows イベントとして読み取ります。',
      limits:
        '読み取るのは CSV だけで、表は列で判別します。列が異なる行は検索できるだけになります。時刻は、ツールの既定（--dt で変えない限り）どおり UTC です。どの表もエンドポイントを示さないため、取り込むときに指定してください。$MFT とジャーナルのファイルにはドライブがなく、収集のフォルダーから取ります。分からないときは Windows のフォルダーを C: とみなします。MFT の行は作成時刻だけを行の時刻とします。プロファイルのフォルダーはアカウントとみなしません。PECmd が添えるタイムラインは同じ実行の繰り返しで、起動とは数えません。ブラウザーのデータベース（SQLECmd）と JSON 出力はここでは読み取りません。',
      'issue.no_endpoint':
        'これらの行はどのエンドポイントのものかを示さないため、内容はどのエンドポイントにも結び付きません。結び付けるには、この項目を削除し、エンドポイントを指定して取り込み直してください。',
      'issue.time': 'この行の時刻は読み取れないか、ありえないものです。時刻なしで残しました。',
    },
  },
  detect({ text }) {
    const sample = sniffCsv(text)
    return sample !== undefined && tableOf(sample.header) !== undefined ? 0.9 : 0
  },
  async *parse(part, context, share) {
    if (context.collectedFrom === undefined && share?.isOwn !== false)
      yield [{ kind: 'issue', locator: 'file', code: `${ID}.no_endpoint`, excerpt: '', records: 0 }]
    const meanTable = (header: CsvHeader) => {
      const table = tableOf(header)
      const read = toObject(header)
      return (cells: CsvRow): JsonMeaning => {
        const row = new ArtifactRow(read(cells), UTC)
        const items = table?.read(row) ?? []
        return row.oddTime === undefined
          ? { items }
          : { items, issues: [{ code: `${ID}.time`, excerpt: row.oddTime }] }
      }
    }
    yield* readCsvRecords(part.open(), ID, meanTable, { share })
  },
  sharing: {},
}
export default importer

import { ForeignDatabase, isDatabaseError } from '../store/foreign-database.ts'
import { isChromium, readChromium } from './browser/chromium.ts'
import { isFirefox, readFirefox } from './browser/firefox.ts'
import { profileOf } from './browser/record.ts'
import type { Importer, ParsedIssue, ParsedRecord, ParsedUnit, PartSource } from './importer.ts'
import { settleCollectedFrom } from './velociraptor/collected-from.ts'

const ID = 'browser-history'
const MAGIC = Buffer.from('SQLite format 3\0', 'latin1')
/** A history of years has 200 MB. It is read from memory, so that nothing is made beside the evidence. */
const MAX_BYTES = 512 << 20
const BATCH = 500

const issue = (what: string, excerpt = ''): ParsedIssue => ({
  kind: 'issue',
  locator: 'file',
  code: `${ID}.${what}`,
  excerpt,
  records: 0,
})

/** The whole part; undefined when it is larger than what is kept in memory. */
async function bytesOf(part: PartSource): Promise<Buffer | undefined> {
  const pieces: Uint8Array[] = []
  let size = 0
  let isTooLarge = false
  // Read to the end all the same: what was read is counted.
  for await (const piece of part.open()) {
    size += piece.length
    isTooLarge ||= size > MAX_BYTES
    if (isTooLarge) pieces.length = 0
    else pieces.push(Buffer.from(piece))
  }
  return isTooLarge ? undefined : Buffer.concat(pieces)
}

/** Histories of browsers, as they lie in a profile. */
const importer: Importer = {
  id: ID,
  hasOwnEncoding: true,
  isOfOneEndpoint: true,
  texts: {
    en: {
      title: 'Browser history',
      description:
        'The History file of Chromium browsers (Chrome, Edge, Brave, Opera, Vivaldi) and places.sqlite of Firefox, as they lie in a profile or in a collection: every visit with the page it came from, every download with the address that was asked for, the one it came from in the end, and whether it was opened from the browser. Nothing is written beside the file. The same visit in two copies of a history is stored once.',
      limits:
        'Visits that are still in a journal beside the file (-wal, -journal) and deleted ones are not read. Private windows leave none. The history does not say which endpoint it is from: a Velociraptor collection does, else say it when importing. The person is the name of the profile folder, where the path is known. Visits of a person’s other devices that were synchronised are kept and tied to no link of mail. Searches, form entries, cookies and cache are not read. Files above 512 MiB are not read.',
      'issue.damaged':
        'The database is damaged here. What was read before is kept; the rest of its rows may be missing.',
      'issue.no_history':
        'This is a database without the tables of a browser history. Nothing of it was read.',
      'issue.no_endpoint':
        'A history does not say which endpoint it is from, so nothing in it is tied to one. To tie it, remove this item and import it again with its endpoint.',
      'issue.too_large': 'The history is larger than 512 MiB. Nothing of it was read.',
    },
    'zh-TW': {
      title: '瀏覽器紀錄',
      description:
        'Chromium 系瀏覽器（Chrome、Edge、Brave、Opera、Vivaldi）的 History 檔與 Firefox 的 places.sqlite，可直接取自設定檔或採集：每次造訪及其來源頁面，每次下載及當初要求的位址、最終來源位址，以及是否由瀏覽器開啟。不會在檔案旁寫入任何內容。同一次造訪若在兩份副本中，只儲存一次。',
      limits:
        '不讀取仍在旁側日誌（-wal、-journal）中的造訪與已刪除的造訪；私密視窗不留下紀錄。紀錄本身不載明來自哪個端點：Velociraptor 採集會載明，否則請於匯入時指定。使用者為設定檔資料夾的名稱（路徑可知時）。同一人其他裝置同步而來的造訪會保留，但不與郵件連結關聯。不讀取搜尋、表單輸入、Cookie 與快取。不讀取超過 512 MiB 的檔案。',
      'issue.damaged': '資料庫在此處損毀。先前讀取的內容已保留，其餘的列可能缺漏。',
      'issue.no_history': '這個資料庫沒有瀏覽器紀錄的表格，未讀取任何內容。',
      'issue.no_endpoint':
        '瀏覽器紀錄未載明來自哪個端點，因此其內容未與任何端點關聯。若要關聯，請移除此項目，並指定端點後重新匯入。',
      'issue.too_large': '瀏覽器紀錄超過 512 MiB，未讀取任何內容。',
    },
    ja: {
      title: 'ブラウザーの履歴',
      description:
        'Chromium 系ブラウザー（Chrome、Edge、Brave、Opera、Vivaldi）の History ファイルと Firefox の places.sqlite。プロファイルや収集にあるままで読み取ります。すべてのアクセスとその参照元、すべてのダウンロードと最初に要求したアドレス・最終的な入手元、ブラウザーから開いたかどうかが対象です。ファイルの隣には何も書き込みません。履歴の二つのコピーにある同じアクセスは一度だけ保存します。',
      limits:
        '隣のジャーナル（-wal、-journal）に残っているアクセスと削除されたアクセスは読み取りません。プライベートウィンドウは履歴を残しません。履歴はどのエンドポイントのものかを示しません。Velociraptor の収集なら分かり、そうでなければ取り込むときに指定してください。利用者は、パスが分かる場合にプロファイルのフォルダー名とします。同じ人のほかの端末から同期されたアクセスは残しますが、メールのリンクには結び付けません。検索、フォーム入力、Cookie、キャッシュは読み取りません。512 MiB を超えるファイルは読み取りません。',
      'issue.damaged':
        'データベースがここで壊れています。それまでに読み取ったものは残りますが、残りの行は欠けているおそれがあります。',
      'issue.no_history': 'ブラウザーの履歴の表がないデータベースです。何も読み取っていません。',
      'issue.no_endpoint':
        '履歴はどのエンドポイントのものかを示さないため、内容はどのエンドポイントにも結び付きません。結び付けるには、この項目を削除し、エンドポイントを指定して取り込み直してください。',
      'issue.too_large': '履歴が 512 MiB を超えています。何も読み取っていません。',
    },
  },
  detect({ head, name }) {
    const bytes = Buffer.from(head.buffer, head.byteOffset, head.length)
    if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return 0
    const hasSchema =
      (bytes.includes('visit_time') && bytes.includes('urls')) || bytes.includes('moz_historyvisits')
    if (hasSchema) return 0.9
    // Chromium writes its schema behind the first 64 KiB; its version and the counters of its tables stand before.
    if (bytes.includes('last_compatible_version') && bytes.includes('visits')) return 0.8
    return /(?:^|[\\/])(?:History|places\.sqlite)$/i.test(name) ? 0.55 : 0
  },
  settle: settleCollectedFrom,
  async *parse(part, context) {
    const bytes = await bytesOf(part)
    if (bytes === undefined) {
      yield [issue('too_large')]
      return
    }
    if (context.collectedFrom === undefined) yield [issue('no_endpoint')]
    let database: ForeignDatabase | undefined
    let batch: ParsedUnit[] = []
    try {
      database = new ForeignDatabase(bytes)
      for (const unit of readHistory(database, part)) {
        batch.push(unit)
        if (batch.length < BATCH) continue
        yield batch
        batch = []
      }
    } catch (thrown) {
      if (!isDatabaseError(thrown)) throw thrown
      batch.push(issue('damaged', (thrown as Error).message))
    } finally {
      database?.close()
    }
    if (batch.length > 0) yield batch
  },
}
export default importer

function* readHistory(database: ForeignDatabase, part: PartSource): Generator<ParsedRecord | ParsedIssue> {
  const profile = profileOf(part.file ?? part.name)
  if (isChromium(database)) yield* readChromium(database, profile)
  else if (isFirefox(database)) yield* readFirefox(database, profile)
  else yield issue('no_history')
}

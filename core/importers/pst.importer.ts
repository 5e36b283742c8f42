import { toAddressKey } from '../normalise/mail.ts'
import type { ImportContext, Importer, ParsedUnit, PartSource } from './importer.ts'
import { readMapiMessage } from './mail/mapi/record.ts'
import { findLayout, isPst } from './mail/pst/layout.ts'
import { NodeDatabase, type PstNode } from './mail/pst/node-database.ts'
import { openRandomAccess, type RandomAccess } from './mail/pst/random-access.ts'
import { NODE, nodeType, PstStore } from './mail/pst/store.ts'
import { MAIL_LIMITS, messageIssueTexts } from './mail/texts.ts'

const ID = 'pst'
const HEADER_BYTES = 564
/** Messages handed over at once, and raw characters of them: the reader's memory stays near one batch. */
const BATCH_MESSAGES = 50
const BATCH_CHARACTERS = 4 << 20
/** Lost pages told one by one; a destroyed tree has thousands. */
const MAX_LOST_PAGES = 100

/** Outlook data files (MS-PST): all items of all folders of one mailbox. */
const importer: Importer = {
  id: ID,
  hasOwnEncoding: true,
  texts: {
    en: {
      ...messageIssueTexts.en,
      title: 'Outlook data file (.pst, .ost)',
      description:
        'A mailbox or archive as Outlook and Exchange export it: every message of every folder with headers, recipients, text, links, attachment hashes and attached messages. Read in place, whatever its size; the folder stands in the locator. ANSI and Unicode files, also with 4 KiB pages (Outlook 2013 and later), also "high encryption".',
      limits: `Items deleted for good and free space are not carved; only when the index is damaged the file is searched for its pages. Hidden items (rules, views, settings) and search folders are not read. Contacts, appointments and tasks are kept as raw text only. Files protected by Windows Information Protection cannot be read. Copies of one message in several folders count once. Block checksums are not verified. ${MAIL_LIMITS.en}`,
      'issue.not_a_store':
        'The header of the data file is damaged or of an unknown version; nothing was read.',
      'issue.protected': 'The data file is encrypted with a key that is not in it; nothing was read.',
      'issue.lost_page': 'A page of the index cannot be read; the items listed there are missing.',
      'issue.more_lost': 'Further pages of the index cannot be read; they are not listed one by one.',
      'issue.salvaged':
        'The index of the file is damaged. Items were found by searching the whole file for its pages; items that had been deleted may be among them.',
      'issue.unreadable_item': 'This item cannot be read; its blocks are missing or damaged.',
      'issue.exhausted':
        'The file makes the reader go over the same bytes again and again; reading was stopped at the limit.',
    },
    'zh-TW': {
      ...messageIssueTexts['zh-TW'],
      title: 'Outlook 資料檔（.pst、.ost）',
      description:
        '由 Outlook 與 Exchange 匯出的信箱或封存檔：所有資料夾的每封郵件，含標頭、收件者、內文、連結、附件雜湊值與附加的郵件。不論檔案多大都直接就地讀取，資料夾顯示於位置欄。支援 ANSI 與 Unicode 檔案，包括 4 KiB 頁面（Outlook 2013 以後）與「高度加密」。',
      limits: `不還原已永久刪除的項目與未使用空間；只有索引損毀時才會搜尋檔案中的索引頁。不讀取隱藏項目（規則、檢視、設定）與搜尋資料夾。連絡人、約會與工作只保留原始文字。無法讀取受 Windows 資訊保護的檔案。同一封郵件若在多個資料夾，只計一次。不驗證區塊檢查碼。${MAIL_LIMITS['zh-TW']}`,
      'issue.not_a_store': '資料檔標頭損毀或版本不明，未讀取任何內容。',
      'issue.protected': '資料檔以檔案外的金鑰加密，未讀取任何內容。',
      'issue.lost_page': '無法讀取索引的一頁，該頁列出的項目因此缺漏。',
      'issue.more_lost': '還有其他索引頁無法讀取，不逐一列出。',
      'issue.salvaged': '檔案的索引已損毀，已搜尋整個檔案的索引頁以找出項目，其中可能包含先前已刪除的項目。',
      'issue.unreadable_item': '無法讀取此項目，其資料區塊遺失或損毀。',
      'issue.exhausted': '此檔案會使讀取程式反覆讀取相同的資料，已在上限處停止。',
    },
    ja: {
      ...messageIssueTexts.ja,
      title: 'Outlook データファイル（.pst、.ost）',
      description:
        'Outlook や Exchange がエクスポートしたメールボックスまたはアーカイブ。すべてのフォルダーの全メールについて、ヘッダー、宛先、本文、リンク、添付ファイルのハッシュ値、添付されたメールを読み取ります。サイズにかかわらずその場で読み取り、フォルダーは位置に表示します。ANSI と Unicode、4 KiB ページ（Outlook 2013 以降）、「高暗号化」に対応しています。',
      limits: `完全に削除されたアイテムや空き領域は復元しません。インデックスが壊れている場合に限り、ファイル内のページを探します。非表示のアイテム（ルール、ビュー、設定）と検索フォルダーは読み取りません。連絡先、予定、タスクは生のテキストのみ保存します。Windows 情報保護で保護されたファイルは読み取れません。複数のフォルダーにある同じメールは 1 件として数えます。ブロックのチェックサムは検証しません。${MAIL_LIMITS.ja}`,
      'issue.not_a_store':
        'データファイルのヘッダーが壊れているか、バージョンが不明なため、何も読み取っていません。',
      'issue.protected': 'データファイルが外部の鍵で暗号化されているため、何も読み取っていません。',
      'issue.lost_page': 'インデックスの 1 ページを読み取れません。そこに記載されたアイテムは欠けています。',
      'issue.more_lost': 'ほかにも読み取れないインデックスのページがあります。個別には表示しません。',
      'issue.salvaged':
        'ファイルのインデックスが壊れているため、ファイル全体からインデックスのページを探してアイテムを見つけました。以前に削除されたアイテムが含まれている可能性があります。',
      'issue.unreadable_item': 'このアイテムは読み取れません。データブロックが欠けているか壊れています。',
      'issue.exhausted':
        'このファイルは同じデータを何度も読み取らせる構造になっているため、上限で読み取りを中止しました。',
    },
  },

  detect: ({ head }) => (isPst(head) ? 0.95 : 0),

  async *parse(part, context) {
    const file = await openRandomAccess(part)
    try {
      yield* readStore(file, part, context)
      part.progress?.(file.size)
    } finally {
      file.close()
    }
  },
}

const issue = (locator: string, what: string, excerpt: string, records: number): ParsedUnit => ({
  kind: 'issue',
  locator,
  code: `${ID}.${what}`,
  excerpt,
  records,
})

async function* readStore(
  file: RandomAccess,
  part: PartSource,
  context: ImportContext,
): AsyncGenerator<readonly ParsedUnit[]> {
  const header = file.read(0, HEADER_BYTES)
  const layout = findLayout(header)
  if (layout === undefined) {
    yield [issue('bytes 0-563', 'not_a_store', header.toString('hex', 0, 24), 0)]
    return
  }
  const database = new NodeDatabase(file, header, layout)
  if (database.cipher > 2) {
    yield [issue('bytes 0-563', 'protected', String(database.cipher), 0)]
    return
  }
  const lost: number[] = []
  const folders: PstNode[] = []
  let messages = 0
  const look = (node: PstNode): void => {
    if (isFolder(node)) folders.push(node)
    else if (nodeType(node.id) === NODE.message) messages += 1
  }
  for (const node of database.nodes((offset) => lost.push(offset))) look(node)
  if (lost.length > 0 || !database.hasRoots) {
    database.salvage()
    for (const node of database.salvagedNodes()) look(node)
  }
  const store = new PstStore(database)
  for (const folder of folders) store.addFolder(folder)
  const lostUnits = lost.slice(0, MAX_LOST_PAGES).map((offset) => issue(`byte ${offset}`, 'lost_page', '', 0))
  if (lost.length > MAX_LOST_PAGES)
    lostUnits.push(issue('index', 'more_lost', String(lost.length - MAX_LOST_PAGES), 0))
  if (lostUnits.length > 0) yield lostUnits

  const mailbox = findMailbox(store.name, part.name)
  let batch: ParsedUnit[] = []
  let characters = 0
  let salvaged = 0
  let done = 0
  for (const { node, isSalvaged } of allNodes(database)) {
    if (nodeType(node.id) !== NODE.message) continue
    if (isSalvaged) salvaged++
    done += 1
    const unit = await readItem(store, database, node, mailbox, context.zone)
    batch.push(unit)
    characters += unit.kind === 'record' ? unit.raw.length : 0
    if (database.isExhausted) break
    if (batch.length < BATCH_MESSAGES && characters < BATCH_CHARACTERS) continue
    // By messages: which bytes of the trees are done with, nobody knows.
    part.progress?.(Math.floor(file.size * Math.min(1, done / messages)))
    yield batch
    batch = []
    characters = 0
  }
  if (database.isExhausted) batch.push(issue('index', 'exhausted', '', 0))
  if (salvaged > 0) batch.push(issue('index', 'salvaged', String(salvaged), 0))
  if (batch.length > 0) yield batch
}

const isFolder = (node: PstNode): boolean => nodeType(node.id) === NODE.folder

/** Nodes of the tree, then those that only a search through the file finds. */
function* allNodes(database: NodeDatabase): Generator<{ node: PstNode; isSalvaged: boolean }> {
  for (const node of database.nodes(() => undefined)) yield { node, isSalvaged: false }
  for (const node of database.salvagedNodes()) yield { node, isSalvaged: true }
}

async function readItem(
  store: PstStore,
  database: NodeDatabase,
  node: PstNode,
  mailbox: string | undefined,
  zone: string,
): Promise<ParsedUnit> {
  const folder = store.pathOf(node.parent)
  const locator = `${folder === '' ? '' : `${folder} · `}item ${node.id}`
  let message = store.openMessage(node)
  if (message === undefined) {
    // the tree of blocks has lost something: its pages may lie elsewhere in the file
    database.salvage()
    message = store.openMessage(node)
  }
  if (message === undefined) return issue(locator, 'unreadable_item', '', 1)
  return readMapiMessage(message, { importerId: ID, locator, zone, mailbox })
}

/** Exports name the store after the mailbox, and Outlook names the cache file after the account. */
function findMailbox(storeName: string | undefined, fileName: string): string | undefined {
  const stem = (fileName.split(/[\\/]/).at(-1) ?? '').replace(/(?: - \S.*)?\.(?:pst|ost)$/i, '')
  return toAddressKey(storeName ?? '') ?? toAddressKey(stem)
}

export default importer

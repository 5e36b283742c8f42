import type { Importer, ParsedUnit } from './importer.ts'
import { parseJson, splitJson, type JsonUnit } from './json-elements.ts'
import { toSweepMessage, toSweepRow } from './mail/sweep-row.ts'

const ID = 'mail-sweep'
const BATCH = 200
const MAX_EXCERPT = 200
const ARRAYS: ReadonlySet<string> = new Set(['value'])

const FIELDS = [
  'mail_message_id',
  'mail_unique_id',
  'mail_message_sender',
  'mail_message_recipient',
  'mail_message_subject',
  'mail_message_delivery_time',
  'mail_urls',
  'mail_attachments',
  'mail_internet_headers',
  'mailbox',
]

/** Rows of the cloud mail scanner's sweep, one per mailbox copy: whole answers, several pages, or JSON lines. */
const importer: Importer = {
  id: ID,
  texts: {
    en: {
      title: 'Mail scanner sweep (JSON)',
      description:
        'Mail metadata swept from a cloud mail scanner: one row per mailbox copy, with links, attachment hashes and headers.',
      limits:
        'The scanner exports metadata only: no body text and no attachments, and of the links only those it found itself. A row without a delivery time has no place in the timeline. Pages that were not exported are not missed by the importer.',
      'issue.syntax': 'This part of the file is not valid JSON.',
      'issue.truncated': 'The file ends in the middle of a record.',
      'issue.too_large': 'One record is larger than the limit and was not read.',
      'issue.not_a_message': 'This entry has none of the fields of a swept message.',
      'issue.date': 'The delivery time cannot be read.',
      'issue.too_many_urls': 'The message has more links than the limit; the others were not stored.',
    },
    'zh-TW': {
      title: '郵件掃描清查結果（JSON）',
      description: '雲端郵件掃描服務清查所得的郵件中繼資料：每個信箱副本一列，含連結、附件雜湊值與標頭。',
      limits:
        '掃描服務只匯出中繼資料：沒有內文與附件，連結也只有它自己找到的。沒有送達時間的列不會出現在時間軸上。若有頁面未匯出，匯入時無從得知。',
      'issue.syntax': '檔案的這個部分不是有效的 JSON。',
      'issue.truncated': '檔案在一筆紀錄中間就結束了。',
      'issue.too_large': '有一筆紀錄超過大小上限，未讀取。',
      'issue.not_a_message': '此項目沒有任何郵件清查欄位。',
      'issue.date': '無法讀取送達時間。',
      'issue.too_many_urls': '郵件中的連結超過上限，其餘未儲存。',
    },
    ja: {
      title: 'メールスキャナーの検索結果（JSON）',
      description:
        'クラウドメールスキャナーから取得したメールのメタデータ。メールボックスのコピーごとに 1 行で、リンク、添付ファイルのハッシュ値、ヘッダーを含みます。',
      limits:
        'スキャナーがエクスポートするのはメタデータのみです。本文と添付ファイルはなく、リンクもスキャナーが見つけたものに限られます。配信日時のない行はタイムラインに表示されません。エクスポートされていないページがあっても、取り込み時には分かりません。',
      'issue.syntax': 'ファイルのこの部分は有効な JSON ではありません。',
      'issue.truncated': 'ファイルがレコードの途中で終わっています。',
      'issue.too_large': '1 件のレコードがサイズの上限を超えているため、読み取っていません。',
      'issue.not_a_message': 'この項目には、検索されたメールのフィールドがありません。',
      'issue.date': '配信日時を読み取れません。',
      'issue.too_many_urls': 'リンクの数が上限を超えているため、残りは保存していません。',
    },
  },

  detect({ text }) {
    const start = text.replace(/^[\s\ufeff]+/, '')
    if (!/^[{[]/.test(start)) return 0
    const known = FIELDS.filter((field) => new RegExp(`"${field}"\\s*:`).test(start)).length
    if (known >= 4 && /"mail_(?:message|unique)_id"\s*:/.test(start)) return 0.95
    if (known >= 2) return 0.7
    return /"value"\s*:\s*\[\s*\]/.test(start) && /"(?:current|next)_link"\s*:/.test(start) ? 0.6 : 0
  },

  async *parse(part, context) {
    let batch: ParsedUnit[] = []
    let row = 0
    for await (const unit of splitJson(part.open(), ARRAYS)) {
      if (unit.kind === 'rest') continue
      if (unit.kind === 'element' || unit.isRecord) row++
      batch.push(readUnit(unit, row, context.zone))
      if (batch.length < BATCH) continue
      yield batch
      batch = []
    }
    if (batch.length > 0) yield batch
  },
}

function readUnit(unit: Exclude<JsonUnit, { kind: 'rest' }>, row: number, zone: string): ParsedUnit {
  const bytes = `bytes ${unit.start}-${Math.max(unit.start, unit.end - 1)}`
  if (unit.kind === 'broken') {
    const locator = unit.isRecord ? `row ${row}, ${bytes}` : bytes
    return {
      kind: 'issue',
      locator,
      code: `${ID}.${unit.what}`,
      excerpt: unit.excerpt,
      records: unit.isRecord ? 1 : 0,
    }
  }
  const locator = `row ${row}, ${bytes}`
  const excerpt = unit.text.slice(0, MAX_EXCERPT)
  const value = parseJson(unit.text)
  if (value === undefined) return { kind: 'issue', locator, code: `${ID}.syntax`, excerpt, records: 1 }
  const fields = toSweepRow(value)
  if (fields === undefined)
    return { kind: 'issue', locator, code: `${ID}.not_a_message`, excerpt, records: 1 }
  const { item, key, remarks } = toSweepMessage(fields, zone)
  return {
    kind: 'record',
    locator,
    raw: unit.text,
    key,
    items: [item],
    ...(remarks.length === 0
      ? {}
      : { issues: remarks.map((what) => ({ code: `${ID}.${what}`, excerpt: '' })) }),
  }
}

export default importer

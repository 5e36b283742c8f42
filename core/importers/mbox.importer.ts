import type { Importer, ParsedIssue, ParsedUnit } from './importer.ts'
import { readMailMessage } from './mail/message.ts'
import { isSeparator, splitMbox } from './mail/mbox-split.ts'
import { MAIL_LIMITS, messageIssueTexts } from './mail/texts.ts'

const ID = 'mbox'

/** Messages and bytes handed over at once: the reader's memory stays near one batch. */
const BATCH_MESSAGES = 64
const BATCH_BYTES = 8 << 20

/** Many messages in one file, separated by `From ` lines (mboxo, mboxrd, Google Takeout). */
const importer: Importer = {
  id: ID,
  hasOwnEncoding: true,
  texts: {
    en: {
      ...messageIssueTexts.en,
      title: 'Mailbox (mbox)',
      description:
        'A mail folder in one file, as Thunderbird, Google Takeout and Unix mail systems export it.',
      limits: `The separator style with Content-Length (mboxcl) is read like the others, so an unquoted “From ” line after an empty line can split a message. Labels and flags of the mail program are kept as header fields only. ${MAIL_LIMITS.en}`,
      'issue.before_first': 'Text stands before the first message; it belongs to no message and was skipped.',
    },
    'zh-TW': {
      ...messageIssueTexts['zh-TW'],
      title: '信箱（mbox）',
      description: '存成單一檔案的郵件資料夾，例如由 Thunderbird、Google Takeout 或 Unix 郵件系統匯出。',
      limits: `以 Content-Length 分隔的格式（mboxcl）與其他格式的讀法相同，因此空白行之後未加引號的「From 」行可能會把一封郵件切成兩封。郵件軟體的標籤與旗標只保留為標頭欄位。${MAIL_LIMITS['zh-TW']}`,
      'issue.before_first': '第一封郵件之前有其他文字，不屬於任何郵件，已略過。',
    },
    ja: {
      ...messageIssueTexts.ja,
      title: 'メールボックス（mbox）',
      description:
        '1 つのファイルにまとめたメールフォルダー。Thunderbird、Google Takeout、Unix のメールシステムがエクスポートする形式です。',
      limits: `Content-Length で区切る形式（mboxcl）もほかと同様に読むため、空行の後に引用されていない「From 」行があるとメールが分割される場合があります。メールソフトのラベルやフラグはヘッダーフィールドとしてのみ保存します。${MAIL_LIMITS.ja}`,
      'issue.before_first':
        '最初のメールより前にテキストがあります。どのメールにも属さないため読み飛ばしました。',
    },
  },

  detect({ text }) {
    const [first = '', second = ''] = text
      .replace(/^[\r\n\ufeff]+/, '')
      .slice(0, 16_384)
      .split(/\r?\n/, 2)
    if (!isSeparator(first)) return 0
    return second === '' || /^(?:[!-9;-~]{1,100}[ \t]*:|>From )/.test(second) ? 0.95 : 0.3
  },

  async *parse(part, context) {
    let batch: ParsedUnit[] = []
    let bytes = 0
    let number = 0
    let before: Omit<ParsedIssue, 'records'> | undefined
    for await (const message of splitMbox(part.open())) {
      if (message.envelope === '' && number === 0) {
        const excerpt = new TextDecoder('windows-1252').decode(message.bytes.subarray(0, 200)).trim()
        const locator = `bytes ${message.start}-${message.end - 1}`
        if (excerpt !== '') before = { kind: 'issue', locator, code: `${ID}.before_first`, excerpt }
        continue
      }
      if (before !== undefined && number === 0) batch.push({ ...before, records: 0 })
      number++
      const locator = `message ${number}, bytes ${message.start}-${message.end - 1}`
      batch.push(await readMailMessage({ locator, ...message }, ID, context.zone))
      bytes += message.bytes.length
      if (batch.length < BATCH_MESSAGES && bytes < BATCH_BYTES) continue
      yield batch
      batch = []
      bytes = 0
    }
    // No message at all: whatever it is, it was lost.
    if (before !== undefined && number === 0) batch.push({ ...before, records: 1 })
    if (batch.length > 0) yield batch
  },
}

export default importer

import type { MailHeader } from '../model/message.ts'
import type { Importer } from './importer.ts'
import { splitHeaders } from './mail/headers.ts'
import { countMailFields, MAX_MESSAGE_BYTES, readMailMessage } from './mail/message.ts'
import { isSeparator } from './mail/mbox-split.ts'
import { readWhole } from './mail/read-whole.ts'
import { MAIL_LIMITS, messageIssueTexts } from './mail/texts.ts'
import { sniffEncoding } from './text-encoding.ts'

const ID = 'eml'

/** Fields that only mail has; `Date`, `References`, `Status` and the like also begin YAML and other texts. */
const TRACE_FIELDS =
  /^(?:received|x-received|message-id|return-path|mime-version|delivered-to|dkim-signature|authentication-results)$/i

/** A field of mail alone, or a sender or recipient with an address. */
const isMailOnly = ({ name, value }: MailHeader): boolean =>
  TRACE_FIELDS.test(name) || (/^(?:from|to|sender|resent-from)$/i.test(name) && value.includes('@'))

/** One message as a file (RFC 5322): what mail clients and gateways save as `.eml`. */
const importer: Importer = {
  id: ID,
  hasOwnEncoding: true,
  texts: {
    en: {
      ...messageIssueTexts.en,
      title: 'Mail message (.eml)',
      description:
        'One mail message as saved by a mail client or gateway: headers, text, links and attachment hashes.',
      limits: MAIL_LIMITS.en,
    },
    'zh-TW': {
      ...messageIssueTexts['zh-TW'],
      title: '電子郵件（.eml）',
      description: '由郵件軟體或閘道儲存的單封郵件：標頭、內文、連結與附件雜湊值。',
      limits: MAIL_LIMITS['zh-TW'],
    },
    ja: {
      ...messageIssueTexts.ja,
      title: 'メール（.eml）',
      description:
        'メールソフトやゲートウェイが保存した 1 通のメール。ヘッダー、本文、リンク、添付ファイルのハッシュ値を読み取ります。',
      limits: MAIL_LIMITS.ja,
    },
  },

  detect({ name, head, text }) {
    const start = text.replace(/^[\s\ufeff]+/, '')
    if (isSeparator(start.slice(0, 4_096).split(/\r?\n/, 1)[0] ?? '')) return 0
    if (head.length === 0 || text.slice(0, 1_024).includes('\0')) return 0
    const isText = !/[^\P{Cc}\r\n\t\f\x1b]/u.test(text.slice(0, 1_024))
    const hint = /\.(?:eml|mht|mime)$/i.test(name) ? 0.05 : 0
    // the first line of a message is a field; prose, logs and markup begin otherwise
    if (!/^[!-9;-~]{1,100}[ \t]*:/.test(start)) return isText ? hint * 3 : 0
    const { fields } = splitHeaders(new TextEncoder().encode(start.slice(0, 32_768)))
    const known = countMailFields(fields)
    // A control character in a header hides no mail from us: the fields decide.
    if (known < 2 || !fields.some(isMailOnly)) return isText ? hint * 3 : 0
    return Math.min(0.9, 0.65 + 0.05 * Math.min(known, 4) + hint)
  },

  async *parse(part, context) {
    const { bytes: whole, size, isCut } = await readWhole(part, MAX_MESSAGE_BYTES)
    const locator = size === 0 ? 'message 1' : `message 1, bytes 0-${size - 1}`
    // shells that redirect text write UTF-16
    const encoding = sniffEncoding(whole)
    const bytes = encoding === 'utf-8' ? whole : Buffer.from(new TextDecoder(encoding).decode(whole), 'utf8')
    yield [await readMailMessage({ locator, bytes, isCut }, ID, context.zone)]
  },
}

export default importer

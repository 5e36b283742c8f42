import type { Importer } from './importer.ts'
import { CFB_PROPERTY_NAME, isCfb } from './mail/mapi/cfb.ts'
import { openMsg } from './mail/mapi/msg.ts'
import { readMapiMessage } from './mail/mapi/record.ts'
import { MAX_MESSAGE_BYTES } from './mail/message.ts'
import { readWhole } from './mail/read-whole.ts'
import { MAIL_LIMITS, messageIssueTexts } from './mail/texts.ts'

const ID = 'msg'

/** One message as Outlook saves it (MS-OXMSG). */
const importer: Importer = {
  id: ID,
  hasOwnEncoding: true,
  texts: {
    en: {
      ...messageIssueTexts.en,
      title: 'Outlook message (.msg)',
      description:
        'One item as Outlook saves it by drag and drop or "Save as": sender and recipients with mail addresses, transport headers, text, HTML and rich text body, links, attachment hashes, attached messages.',
      limits: `Named properties, categories, voting and recurrence are not read. Contacts, appointments and tasks are kept as raw text only. Sender and recipients that the file names only by an Exchange directory name have no mail address. ${MAIL_LIMITS.en}`,
      'issue.damaged': 'Parts of the file are missing or damaged; what could be read is shown.',
      'issue.not_a_message': 'The file is a compound document, but no Outlook message is in it.',
    },
    'zh-TW': {
      ...messageIssueTexts['zh-TW'],
      title: 'Outlook 郵件（.msg）',
      description:
        'Outlook 以拖放或「另存新檔」儲存的單一項目：寄件者與收件者的電子郵件地址、傳輸標頭、純文字、HTML 與 RTF 內文、連結、附件雜湊值及附加的郵件。',
      limits: `不讀取具名屬性、類別、投票與週期性設定。連絡人、約會與工作只保留原始文字。若檔案只記錄 Exchange 目錄名稱，寄件者與收件者就沒有電子郵件地址。${MAIL_LIMITS['zh-TW']}`,
      'issue.damaged': '檔案有部分遺失或損毀，僅顯示能讀取的內容。',
      'issue.not_a_message': '此檔案是複合文件，但其中沒有 Outlook 郵件。',
    },
    ja: {
      ...messageIssueTexts.ja,
      title: 'Outlook メッセージ（.msg）',
      description:
        'Outlook がドラッグアンドドロップや「名前を付けて保存」で保存した 1 件のアイテム。差出人と宛先のメールアドレス、転送ヘッダー、テキスト・HTML・リッチテキストの本文、リンク、添付ファイルのハッシュ値、添付されたメールを読み取ります。',
      limits: `名前付きプロパティ、分類項目、投票、定期的な予定の設定は読み取りません。連絡先、予定、タスクは生のテキストのみ保存します。Exchange のディレクトリ名しか記録されていない差出人や宛先には、メールアドレスがありません。${MAIL_LIMITS.ja}`,
      'issue.damaged': 'ファイルの一部が欠けているか壊れています。読み取れた内容のみを表示します。',
      'issue.not_a_message': 'ファイルは複合文書ですが、Outlook メッセージが含まれていません。',
    },
  },

  detect({ name, head }) {
    if (!isCfb(head)) return 0
    // other Office files are compound documents too; their directory has other names
    if (Buffer.from(head).includes(CFB_PROPERTY_NAME)) return 0.95
    return /\.msg$/i.test(name) ? 0.7 : 0.1
  },

  async *parse(part, context) {
    const { bytes, isCut } = await readWhole(part, MAX_MESSAGE_BYTES)
    const locator = 'message 1'
    const msg = openMsg(bytes)
    if (msg === undefined) {
      yield [{ kind: 'issue', locator, code: `${ID}.not_a_message`, excerpt: '', records: 1 }]
      return
    }
    const record = await readMapiMessage(msg.message, { importerId: ID, locator, zone: context.zone })
    const odd = [...(record.issues ?? [])]
    if (isCut) odd.push({ code: `${ID}.cut`, excerpt: '' })
    else if (msg.isDamaged()) odd.push({ code: `${ID}.damaged`, excerpt: '' })
    yield [odd.length === 0 ? record : { ...record, issues: odd }]
  },
}

export default importer

import type { Texts } from '../../model/text.ts'

/** Issues that reading one message can have, shared by the importers that read messages. */
export const messageIssueTexts = {
  en: {
    'issue.no_headers': 'No mail header was found: this is not a mail message, or its beginning is missing.',
    'issue.truncated':
      'The message ends before its last part is complete; attachments may be missing or shortened.',
    'issue.cut': 'The message is larger than the limit; only its beginning was read.',
    'issue.too_many_headers': 'The header block is too large; the fields beyond the limit were not read.',
    'issue.too_many_parts': 'The message has too many or too deeply nested parts; some were not opened.',
    'issue.too_many_urls': 'The message has more links than the limit; the others were not stored.',
    'issue.nested_too_deep':
      'Messages are attached inside messages too deeply; the innermost were not opened.',
    'issue.date_without_zone':
      'A date in the header has no time zone, or one that does not exist; the zone chosen for this import was used.',
    'issue.date': 'The date in the header cannot be read.',
    'issue.transfer': 'Some encoded bytes of a part are damaged; its text or attachment may be incomplete.',
    'issue.expansion':
      'Archives and documents in the message unpack to more than the limit; the rest was not opened.',
    'issue.rtf': 'The rich text body cannot be unpacked; it is missing.',
    'issue.attachment_missing': 'An attachment has no content in this file; only its name is known.',
    'issue.exchange_address':
      'The sender or a recipient is known by a directory name of the mail server only, not by a mail address.',
    'issue.attachment_damaged':
      'An attached message, archive or document is damaged; links in it may be missing.',
    'issue.attachment_locked':
      'An attached archive or document is protected by a password and was not opened.',
  },
  'zh-TW': {
    'issue.no_headers': '找不到郵件標頭：這不是郵件，或開頭部分已遺失。',
    'issue.truncated': '郵件在最後一個部分結束前就中斷，附件可能遺失或不完整。',
    'issue.cut': '郵件超過大小上限，只讀取了開頭部分。',
    'issue.too_many_headers': '標頭區塊過大，超出上限的欄位未讀取。',
    'issue.too_many_parts': '郵件的部分過多或巢狀過深，有些未開啟。',
    'issue.too_many_urls': '郵件中的連結超過上限，其餘未儲存。',
    'issue.nested_too_deep': '郵件中層層夾帶其他郵件，最內層的未開啟。',
    'issue.date_without_zone': '標頭中的日期沒有時區，或時區並不存在，已套用此次匯入所選的時區。',
    'issue.date': '無法讀取標頭中的日期。',
    'issue.transfer': '某個部分的編碼資料已損毀，內文或附件可能不完整。',
    'issue.expansion': '郵件內的壓縮檔與文件解開後超過上限，其餘未開啟。',
    'issue.rtf': '無法解開 RTF 格式的內文，因此內文缺漏。',
    'issue.attachment_missing': '此檔案內沒有某個附件的內容，只知道名稱。',
    'issue.exchange_address': '寄件者或收件者只有郵件伺服器的目錄名稱，沒有電子郵件地址。',
    'issue.attachment_damaged': '附加的郵件、壓縮檔或文件已損毀，其中的連結可能缺漏。',
    'issue.attachment_locked': '附加的壓縮檔或文件有密碼保護，未開啟。',
  },
  ja: {
    'issue.no_headers': 'メールヘッダーがありません。メールではないか、先頭部分が欠けています。',
    'issue.truncated':
      '最後のパートが完結する前にメールが途切れています。添付ファイルが欠けているか不完全な可能性があります。',
    'issue.cut': 'メールがサイズの上限を超えているため、先頭部分のみを読み取りました。',
    'issue.too_many_headers': 'ヘッダーが大きすぎるため、上限を超えたフィールドは読み取っていません。',
    'issue.too_many_parts': 'パートの数が多すぎるか入れ子が深すぎるため、一部を開いていません。',
    'issue.too_many_urls': 'リンクの数が上限を超えているため、残りは保存していません。',
    'issue.nested_too_deep': 'メールの中に添付されたメールの入れ子が深すぎるため、最も内側は開いていません。',
    'issue.date_without_zone':
      'ヘッダーの日付にタイムゾーンがないか、存在しないタイムゾーンのため、この取り込みで選択したタイムゾーンを適用しました。',
    'issue.date': 'ヘッダーの日付を読み取れません。',
    'issue.transfer':
      'エンコードされたデータの一部が壊れています。本文や添付ファイルが不完全な可能性があります。',
    'issue.expansion': 'メール内のアーカイブや文書を展開したサイズが上限を超えたため、残りは開いていません。',
    'issue.rtf': 'リッチテキスト形式の本文を展開できないため、本文がありません。',
    'issue.attachment_missing': '添付ファイルの内容がこのファイルに含まれておらず、名前しか分かりません。',
    'issue.exchange_address':
      '差出人または宛先がメールサーバーのディレクトリ名でのみ記録されており、メールアドレスがありません。',
    'issue.attachment_damaged':
      '添付されたメール、アーカイブ、文書が壊れています。中のリンクが欠けている可能性があります。',
    'issue.attachment_locked':
      '添付されたアーカイブまたは文書がパスワードで保護されているため、開いていません。',
  },
} as const satisfies Texts

/** The last part of an issue code that reading a message can have. */
export type MessageIssue =
  Extract<keyof (typeof messageIssueTexts)['en'], `issue.${string}`> extends `issue.${infer W}` ? W : never

/** What no importer of messages reads; each adds what its own container withholds. */
export const MAIL_LIMITS = {
  en: 'Links are read from text, HTML, calendar, PDF, Office (also before 2007), OpenDocument, OneNote, shortcut, .eml, .msg, winmail.dat and ZIP attachments, and from QR codes in pictures (PNG, JPEG, GIF and BMP up to 9 megapixels, the first 12 of a message; in PDF only JPEG). Not read: other text in pictures, QR codes drawn with characters or tables, PDF text in fonts with an own encoding, attachments protected by a password (also password-protected ZIP), 7z, RAR, tar, gzip and disk images, links that a script puts together. S/MIME and PGP content is hashed, not opened. Rewritten links whose address stays on the server of the gateway cannot be undone; of Mimecast links only the domain is known.',
  'zh-TW':
    '會從下列附件讀取連結：文字、HTML、行事曆、PDF、Office（含 2007 以前版本）、OpenDocument、OneNote、捷徑、.eml、.msg、winmail.dat、ZIP，以及圖片中的 QR 碼（PNG、JPEG、GIF、BMP，900 萬像素以內，每封郵件前 12 張；PDF 內僅限 JPEG）。不讀取：圖片中的其他文字、以字元或表格拼成的 QR 碼、使用自訂字型編碼的 PDF 文字、有密碼保護的附件（含加密的 ZIP）、7z、RAR、tar、gzip 與磁碟映像、由指令碼組成的連結。S/MIME 與 PGP 內容只計算雜湊值，不會開啟。若改寫後的連結把原網址留在閘道伺服器上，就無法還原；Mimecast 的連結只能得知網域。',
  ja: 'テキスト、HTML、カレンダー、PDF、Office（2007 より前の形式を含む）、OpenDocument、OneNote、ショートカット、.eml、.msg、winmail.dat、ZIP の添付ファイルと、画像内の QR コード（900 万画素までの PNG、JPEG、GIF、BMP、1 通につき最初の 12 枚。PDF 内は JPEG のみ）からリンクを読み取ります。画像内のその他の文字、文字や表で描いた QR コード、独自エンコードのフォントを使う PDF の文字、パスワードで保護された添付ファイル（暗号化 ZIP を含む）、7z、RAR、tar、gzip、ディスクイメージ、スクリプトが組み立てるリンクは読み取りません。S/MIME と PGP の内容はハッシュ値を計算するだけで、開きません。元の URL がゲートウェイのサーバー側に保存される書き換えリンクは復元できません。Mimecast のリンクで分かるのはドメインのみです。',
} as const

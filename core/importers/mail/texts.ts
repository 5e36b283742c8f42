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
      'A date in the header has no time zone; the zone chosen for this import was used.',
    'issue.date': 'The date in the header cannot be read.',
  },
  'zh-TW': {
    'issue.no_headers': '找不到郵件標頭：這不是郵件，或開頭部分已遺失。',
    'issue.truncated': '郵件在最後一個部分結束前就中斷，附件可能遺失或不完整。',
    'issue.cut': '郵件超過大小上限，只讀取了開頭部分。',
    'issue.too_many_headers': '標頭區塊過大，超出上限的欄位未讀取。',
    'issue.too_many_parts': '郵件的部分過多或巢狀過深，有些未開啟。',
    'issue.too_many_urls': '郵件中的連結超過上限，其餘未儲存。',
    'issue.nested_too_deep': '郵件中層層夾帶其他郵件，最內層的未開啟。',
    'issue.date_without_zone': '標頭中的日期沒有時區，已套用此次匯入所選的時區。',
    'issue.date': '無法讀取標頭中的日期。',
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
      'ヘッダーの日付にタイムゾーンがないため、このインポートで選択したタイムゾーンを適用しました。',
    'issue.date': 'ヘッダーの日付を読み取れません。',
  },
} as const satisfies Texts

/** The last part of an issue code that reading a message can have. */
export type MessageIssue =
  Extract<keyof (typeof messageIssueTexts)['en'], `issue.${string}`> extends `issue.${infer W}` ? W : never

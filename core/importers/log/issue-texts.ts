import type { Texts } from '../../model/text.ts'

/** The words for what can be wrong with lines of a text log; every importer built on readLogLines brings them along. */
export const LINE_ISSUE_TEXTS = {
  en: {
    'issue.line': 'This line does not have the form of a line of this log.',
    'issue.truncated': 'The file ends in the middle of this record.',
    'issue.too_long': 'This record is longer than any real record and was left out.',
    'issue.encoding':
      'This record is not valid UTF-8. It was read in the code page it fits best (Shift_JIS, Big5, else Windows-1252), so some characters may be wrong.',
    'issue.time': 'The time of this record cannot be read. The record is kept without a time.',
  },
  'zh-TW': {
    'issue.line': '這一行不符合此記錄檔的格式。',
    'issue.truncated': '檔案在這筆紀錄中途結束。',
    'issue.too_long': '這筆紀錄比任何真實紀錄都長，已略過。',
    'issue.encoding':
      '這筆紀錄不是有效的 UTF-8，改以最相符的字碼頁（Shift_JIS、Big5，否則 Windows-1252）讀取，部分字元可能有誤。',
    'issue.time': '無法讀取這筆紀錄的時間，紀錄已保留但不含時間。',
  },
  ja: {
    'issue.line': 'この行はこのログの形式と異なります。',
    'issue.truncated': 'このレコードの途中でファイルが終わっています。',
    'issue.too_long': 'このレコードは実際の記録ではありえない長さのため、読み飛ばしました。',
    'issue.encoding':
      'このレコードは正しい UTF-8 ではないため、最も適合するコードページ（Shift_JIS、Big5、該当しなければ Windows-1252）で読み取りました。一部の文字が誤っている可能性があります。',
    'issue.time': 'このレコードの日時を読み取れません。日時なしで保存しました。',
  },
} as const satisfies Texts

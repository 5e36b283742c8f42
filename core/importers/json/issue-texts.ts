import type { Texts } from '../../model/text.ts'

/** The words for what can be wrong with JSON records; every importer built on readJsonRecords brings them along. */
export const JSON_ISSUE_TEXTS = {
  en: {
    'issue.syntax': 'This record is not valid JSON.',
    'issue.truncated': 'The file ends in the middle of this record.',
    'issue.too_long': 'This record is longer than any real record and was left out.',
    'issue.not_object': 'This line is JSON but not an object.',
    'issue.nesting': 'This record is nested too deeply and was left out.',
    'issue.duplicate_key':
      'A name occurs twice in this record. The last value was used; the raw text keeps both.',
    'issue.encoding':
      'This record is not valid UTF-8. It was read in the code page it fits best (Shift_JIS, Big5, else Windows-1252), so some characters may be wrong.',
  },
  'zh-TW': {
    'issue.syntax': '這筆紀錄不是有效的 JSON。',
    'issue.truncated': '檔案在這筆紀錄中途結束。',
    'issue.too_long': '這筆紀錄比任何真實紀錄都長，已略過。',
    'issue.not_object': '這一行是 JSON，但不是物件。',
    'issue.nesting': '這筆紀錄的巢狀層數過深，已略過。',
    'issue.duplicate_key': '這筆紀錄中有名稱重複出現。採用最後一個值；原始文字保留兩者。',
    'issue.encoding':
      '這筆紀錄不是有效的 UTF-8，改以最相符的字碼頁（Shift_JIS、Big5，否則 Windows-1252）讀取，部分字元可能有誤。',
  },
  ja: {
    'issue.syntax': 'このレコードは正しい JSON ではありません。',
    'issue.truncated': 'このレコードの途中でファイルが終わっています。',
    'issue.too_long': 'このレコードは実際の記録ではありえない長さのため、読み飛ばしました。',
    'issue.not_object': 'この行は JSON ですが、オブジェクトではありません。',
    'issue.nesting': 'このレコードは入れ子が深すぎるため、読み飛ばしました。',
    'issue.duplicate_key':
      'このレコードでは同じ名前が二度使われています。最後の値を使用し、元のテキストには両方を残しています。',
    'issue.encoding':
      'このレコードは正しい UTF-8 ではないため、最も適合するコードページ（Shift_JIS、Big5、該当しなければ Windows-1252）で読み取りました。一部の文字が誤っている可能性があります。',
  },
} as const satisfies Texts

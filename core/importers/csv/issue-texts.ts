import type { Texts } from '../../model/text.ts'

/** The words for what can be wrong with the rows of a table; every importer built on readCsvRecords brings them along. */
export const CSV_ISSUE_TEXTS = {
  en: {
    'issue.quote':
      'A quotation mark in this row is never closed, or stands where none should. The row was read as far as it goes.',
    'issue.columns': 'This row has more or fewer cells than the table has columns.',
    'issue.too_long': 'This row is longer than any real row and was left out.',
    'issue.encoding':
      'This row is not valid UTF-8. It was read in the code page it fits best (Shift_JIS, Big5, else Windows-1252), so some characters may be wrong.',
    'issue.duplicate_header': 'A column name occurs twice. The second is read as "name_2".',
    'issue.time': 'The time of this row cannot be read or is impossible. The row is kept without a time.',
  },
  'zh-TW': {
    'issue.quote': '這一列的引號沒有結尾，或出現在不該出現的位置。已盡可能讀取該列。',
    'issue.columns': '這一列的儲存格數與表格欄數不符。',
    'issue.too_long': '這一列比任何真實資料列都長，已略過。',
    'issue.encoding':
      '這一列不是有效的 UTF-8，改以最相符的字碼頁（Shift_JIS、Big5，否則 Windows-1252）讀取，部分字元可能有誤。',
    'issue.duplicate_header': '欄位名稱重複出現。第二個以「名稱_2」讀取。',
    'issue.time': '這一列的時間無法讀取或不可能存在。該列保留，但不帶時間。',
  },
  ja: {
    'issue.quote':
      'この行の引用符は閉じられていないか、あるべきでない位置にあります。読める範囲で読み取りました。',
    'issue.columns': 'この行のセル数が表の列数と一致しません。',
    'issue.too_long': 'この行は実際の行ではありえない長さのため、読み飛ばしました。',
    'issue.encoding':
      'この行は正しい UTF-8 ではないため、最も適合するコードページ（Shift_JIS、Big5、該当しなければ Windows-1252）で読み取りました。一部の文字が誤っている可能性があります。',
    'issue.duplicate_header': '同じ列名が二度使われています。二つ目は「名前_2」として読み取ります。',
    'issue.time': 'この行の日時は読み取れないか、ありえない値です。日時なしで保存しました。',
  },
} as const satisfies Texts

import type { Words } from '../model/words.ts'

/** Issues of evidence as a whole, whatever its format. */
const words: Words = {
  prefix: 'importer.evidence.issue',
  texts: {
    en: {
      time_ahead:
        'Records state a time that lies behind the import: a wrong clock, zone or field. They are kept with it; number, first record and furthest time',
      time_ancient:
        'Records state a time before 1995: a clock that was reset or an empty date. They are kept with it; number, first record and furthest time',
    },
    'zh-TW': {
      time_ahead:
        '記錄的時間晚於匯入時間，可能是時鐘、時區或欄位有誤。記錄與時間均保留；列出筆數、首筆記錄與偏差最大的時間',
      time_ancient:
        '記錄的時間早於 1995 年，可能是時鐘遭重設或日期為空值。記錄與時間均保留；列出筆數、首筆記錄與偏差最大的時間',
    },
    ja: {
      time_ahead:
        '取り込みより後の日時を持つレコードがあります。時計、タイムゾーン、または項目の誤りと考えられます。日時はそのまま保持しています。件数、最初のレコード、最も離れた日時を示します',
      time_ancient:
        '1995年より前の日時を持つレコードがあります。時計の初期化または空の日付と考えられます。日時はそのまま保持しています。件数、最初のレコード、最も離れた日時を示します',
    },
  },
}
export default words

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
      time_skipped:
        'The zone assumed for this record has no such time: clocks were put forward over it. It was read with the offset from before that; the zone may be the wrong one. The first 1000 such records are listed',
      time_repeated:
        'The zone assumed for this record had this time twice: clocks were put back. The first was taken; it may have been an hour later. The first 1000 such records are listed',
    },
    'zh-TW': {
      time_ahead:
        '有紀錄的時間晚於匯入時間，可能是時鐘、時區或欄位有誤。紀錄與時間均保留；列出筆數、首筆紀錄與偏差最大的時間',
      time_ancient:
        '有紀錄的時間早於 1995 年，可能是時鐘遭重設或日期為空值。紀錄與時間均保留；列出筆數、首筆紀錄與偏差最大的時間',
      time_skipped:
        '此紀錄所採用的時區沒有這個時間：時鐘撥快時跳過了它。已以撥快前的時差讀取；時區可能選錯。只列出前 1000 筆這類紀錄',
      time_repeated:
        '此紀錄所採用的時區有兩次這個時間：時鐘曾撥慢。已採用第一次，也可能發生在一小時後。只列出前 1000 筆這類紀錄',
    },
    ja: {
      time_ahead:
        '取り込みより後の日時を持つレコードがあります。時計、タイムゾーン、または項目の誤りと考えられます。日時はそのまま保持しています。件数、最初のレコード、最も離れた日時を示します',
      time_ancient:
        '1995 年より前の日時を持つレコードがあります。時計の初期化または空の日付と考えられます。日時はそのまま保持しています。件数、最初のレコード、最も離れた日時を示します',
      time_skipped:
        'このレコードに仮定したタイムゾーンには存在しない時刻です。時計を進めたときに飛ばされました。進める前の時差で読み取りました。タイムゾーンの選択が誤っている可能性があります。先頭の 1000 件だけを示します',
      time_repeated:
        'このレコードに仮定したタイムゾーンでは二度あった時刻です。時計を戻したためです。最初のほうとしましたが、実際は一時間後かもしれません。先頭の 1000 件だけを示します',
    },
  },
}
export default words

import type { Texts } from '../../model/text.ts'

/** What the importer windows-xml says. */
export const XML_TEXTS = {
  en: {
    title: 'Windows events as XML',
    description:
      'Windows events as XML text: wevtutil (/f:xml), Event Viewer "Save as XML", Get-WinEvent with ToXml(), and Sysmon for Linux in syslog; with or without a wrapper, UTF-8 or UTF-16. The same event in an EVTX file is recognised.',
    limits:
      'The rendered message is only kept in the raw record when the event has data of its own. Code pages other than UTF-8, UTF-16 and Windows-1252 are read only if the XML declaration names them. Entities declared in the file are never resolved. wevtutil leaves out the binary types: whether a value was a number or a text is not known.',
    'issue.truncated': 'The export ends before this is complete. What was written was read.',
    'issue.not_an_event': 'This element is named Event but holds no System section with an event id.',
    'issue.syntax':
      'The tags of this event do not match, so that values may be missing or stand in the wrong place.',
    'issue.too_long': 'This event is longer than any real event and was left out.',
    'issue.time': 'This event has no usable time.',
    'issue.encoding':
      'This event is not valid UTF-8. It was read in the code page named here; some characters may be wrong.',
    'issue.doctype':
      'The file contains a document type declaration, which no Windows export has. It was ignored: nothing it defines was resolved or fetched.',
    'issue.between': 'Text stands between the events that belongs to none of them. It was not read.',
  },
  'zh-TW': {
    title: 'XML 格式的 Windows 事件',
    description:
      'XML 文字形式的 Windows 事件：wevtutil（/f:xml）、事件檢視器「另存為 XML」、Get-WinEvent 的 ToXml()，以及 syslog 中的 Sysmon for Linux；有無外層元素皆可，支援 UTF-8 與 UTF-16。若同一事件也在 EVTX 檔中，會辨識為同一筆。',
    limits:
      '事件本身有資料時，轉譯後的訊息只保留在原始紀錄中。UTF-8、UTF-16 與 Windows-1252 以外的字碼頁，須由 XML 宣告載明才會採用。絕不解析檔案中宣告的實體。wevtutil 不輸出二進位型別，因此無法得知某個值原為數字或文字。',
    'issue.truncated': '匯出內容在此處完成前便已結束。已寫出的部分均已讀取。',
    'issue.not_an_event': '此元素名為 Event，但沒有含事件識別碼的 System 區段。',
    'issue.syntax': '此事件的標籤未正確成對，部分值可能缺漏或位置有誤。',
    'issue.too_long': '此事件比任何真實事件都長，已略過。',
    'issue.time': '此事件沒有可用的時間。',
    'issue.encoding': '此事件不是有效的 UTF-8，改以此處所列的字碼頁讀取，部分字元可能有誤。',
    'issue.doctype':
      '檔案含有文件類型宣告，Windows 匯出的檔案不會有此內容。已忽略：其中定義的一切皆未解析，也未取得外部資料。',
    'issue.between': '事件之間有不屬於任何事件的文字，未予讀取。',
  },
  ja: {
    title: 'XML 形式の Windows イベント',
    description:
      'XML テキストの Windows イベント。wevtutil（/f:xml）、イベントビューアーの「XML で保存」、Get-WinEvent の ToXml()、syslog 中の Sysmon for Linux に対応します。外側の要素の有無を問わず、UTF-8 と UTF-16 を読み取ります。同じイベントが EVTX ファイルにもある場合は同一と認識します。',
    limits:
      'イベント自体にデータがある場合、表示用メッセージは生レコードにのみ残ります。UTF-8、UTF-16、Windows-1252 以外のコードページは、XML 宣言に書かれている場合だけ使います。ファイル内で宣言された実体は一切展開しません。wevtutil は型を出力しないため、値が数値だったか文字列だったかは分かりません。',
    'issue.truncated': 'エクスポートが途中で終わっています。書き出された部分は読み取りました。',
    'issue.not_an_event': 'Event という名前の要素ですが、イベント ID を含む System セクションがありません。',
    'issue.syntax': 'このイベントのタグが正しく対応していないため、値の欠落や位置の誤りがありえます。',
    'issue.too_long': 'このイベントは実際のイベントではありえない長さのため、読み飛ばしました。',
    'issue.time': 'このイベントには使える時刻がありません。',
    'issue.encoding':
      'このイベントは正しい UTF-8 ではないため、ここに示すコードページで読み取りました。一部の文字が誤っている可能性があります。',
    'issue.doctype':
      'ファイルに文書型宣言があります。Windows のエクスポートには存在しないものです。無視し、そこで定義されたものは展開も取得もしていません。',
    'issue.between':
      'イベントとイベントの間に、どのイベントにも属さないテキストがあります。読み取っていません。',
  },
} as const satisfies Texts

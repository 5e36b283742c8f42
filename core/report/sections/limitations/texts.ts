import type { Texts } from '../../../model/text.ts'

const en = {
  title: 'Limitations and gaps',
  description: 'What was missing, assumed or unreadable, and what that means for this report.',
  'option.readiness': 'Print the conditions for linking',
  'option.endpoints': 'Endpoints without sensor named at most',
  'option.reading': 'Print how to read this report',
  readiness: 'Conditions for linking mail, users and endpoints',
  state: 'State',
  condition: 'Condition',
  meaning: 'What it means here',
  'state.met': 'met',
  'state.partly': 'partly met',
  'state.unmet': 'not met',
  noReadiness: 'No conditions were checked.',
  gaps: 'Gaps in the evidence',
  sensors:
    '{count} endpoint known from the directory or from mail has no sensor events: what happened on it is not in this case: | {count} endpoints known from the directory or from mail have no sensor events: what happened on them is not in this case:',
  stale:
    'The directory export {name} is older than another one of the same domain; rights taken from it may no longer hold.',
  assumed: 'The times of {name} carry no zone; {zone} was assumed.',
  rejected: '{name}: {count} record could not be read. | {name}: {count} records could not be read.',
  unfinished: 'The import of {name} did not finish; the rest of it is not in this case.',
  undated:
    '{count} event carries no usable time and stands in no timeline. | {count} events carry no usable time and stand in no timeline.',
  staleLinks:
    'Evidence, or what was decided about who is who, changed after the relations were last computed: the paths of this report may be incomplete.',
  notTaken: '{name} was handed over and not taken into the case:',
  notTakenMore:
    '{count} more item was handed over and not taken. | {count} more items were handed over and not taken.',
  'why.unknown': 'no format fits it with certainty.',
  'why.question': 'a question about it was not answered (format, columns, order of dates or password).',
  'why.unreadable': 'it could not be read.',
  'why.broken': 'it is damaged.',
  'why.empty': 'it is empty.',
  'why.link': 'it is no plain file (a link, a pipe, folders without end).',
  'why.other': 'see the chain of custody.',
  unread:
    '{name}: {count} part of the archive was not read; the case lists it under Issues. | {name}: {count} parts of the archive were not read; the case lists them under Issues.',
  ruleFailed:
    'The rule {rule} failed when relations were last computed: what it finds is missing from this report.',
  noGaps: 'No gap was found by the tool. That is no proof that there is none.',
  method: 'How to read this report',
  'method.candidate':
    'Relations and paths are made by rules from records. They show what fits together, not intent.',
  'method.absence':
    'What is not in the evidence is not in the report. The absence of an event proves nothing by itself.',
  'method.clock': 'Times are those that the sources recorded; clocks of different machines may differ.',
  'method.risk':
    'Risk levels are those of the loaded pattern packs at the stated time; the tool asks no service.',
  'method.chain':
    'The audit chain shows edits and removals inside it. That nothing was cut off its end is shown by comparing its head with the one printed here.',
} as const

/** Words of the section Limitations and gaps. */
export const limitationTexts: Texts<keyof typeof en> = {
  en,
  'zh-TW': {
    title: '限制與缺口',
    description: '缺少、假定或無法讀取的內容，以及對本報告的影響。',
    'option.readiness': '列印串連所需的條件',
    'option.endpoints': '列出無感測器端點的上限',
    'option.reading': '列印如何解讀本報告',
    readiness: '串連郵件、使用者與端點的條件',
    state: '狀態',
    condition: '條件',
    meaning: '在此的意義',
    'state.met': '符合',
    'state.partly': '部分符合',
    'state.unmet': '不符合',
    noReadiness: '未檢查任何條件。',
    gaps: '證據的缺口',
    sensors: '有 {count} 個見於目錄或郵件的端點沒有感測器事件，其上發生的事不在本案件中：',
    stale: '目錄匯出 {name} 較同一網域的另一份為舊，其中的權限可能已不適用。',
    assumed: '{name} 的時間未標示時區，假定為 {zone}。',
    rejected: '{name}：有 {count} 筆紀錄無法讀取。',
    unfinished: '{name} 的匯入未完成，其餘內容不在本案件中。',
    undated: '有 {count} 筆事件沒有可用的時間，未列入任何時間軸。',
    staleLinks: '上次計算關聯之後，證據或身分判定已有變動，本報告的路徑可能不完整。',
    notTaken: '已交付但未納入案件：{name}。',
    notTakenMore: '另有 {count} 項已交付但未納入。',
    'why.unknown': '沒有可確定符合的格式。',
    'why.question': '相關問題未獲回答（格式、欄位、日期順序或密碼）。',
    'why.unreadable': '無法讀取。',
    'why.broken': '檔案已損壞。',
    'why.empty': '檔案是空的。',
    'why.link': '不是一般檔案（連結、管道或無止境的資料夾）。',
    'why.other': '請見監管鏈。',
    unread: '{name}：封存檔中有 {count} 個部分未讀取，列於案件的「問題」。',
    ruleFailed: '上次計算關聯時規則 {rule} 執行失敗，該規則所能發現的內容未列入本報告。',
    noGaps: '工具未發現缺口，但這並不證明沒有缺口。',
    method: '如何解讀本報告',
    'method.candidate': '關聯與路徑由規則依紀錄產生，呈現的是相互吻合之處，而非意圖。',
    'method.absence': '證據中沒有的，報告中也不會有。未見某事件本身並不能證明什麼。',
    'method.clock': '時間為各來源所記錄的時間；不同機器的時鐘可能有差異。',
    'method.risk': '風險等級為所載入特徵碼套件在所述時間的判定；工具不查詢任何外部服務。',
    'method.chain': '稽核鏈可顯示其中的修改與刪除；其尾端是否遭截斷，須與此處所印的鏈末端比對。',
  },
  ja: {
    title: '制約と欠落',
    description: '不足、仮定、読み取れなかったものと、本報告書への影響を示します。',
    'option.readiness': '結び付けるための条件を印字する',
    'option.endpoints': 'センサーのないエンドポイントを挙げる上限',
    'option.reading': '本報告書の読み方を印字する',
    readiness: 'メール・ユーザー・エンドポイントを結び付けるための条件',
    state: '状態',
    condition: '条件',
    meaning: 'このケースでの意味',
    'state.met': '満たす',
    'state.partly': '一部満たす',
    'state.unmet': '満たさない',
    noReadiness: '条件は確認されていません。',
    gaps: '証拠の欠落',
    sensors:
      'ディレクトリまたはメールから判明しているエンドポイント {count} 台にはセンサーのイベントがなく、そこで起きたことはこのケースに含まれません：',
    stale:
      'ディレクトリのエクスポート {name} は同じドメインの別のものより古く、そこから得た権限は現在と異なる可能性があります。',
    assumed: '{name} の日時にはタイムゾーンがなく、{zone} と仮定しました。',
    rejected: '{name}：{count} 件のレコードを読み取れませんでした。',
    unfinished: '{name} の取り込みは完了しておらず、残りはこのケースに含まれません。',
    undated: '{count} 件のイベントには使える日時がなく、タイムラインに現れません。',
    staleLinks:
      '関係を最後に計算した後に、証拠または同一性の判断が変わっています。本報告書の経路は不完全な可能性があります。',
    notTaken: '渡されましたがケースに取り込まれていません：{name}。',
    notTakenMore: 'ほか {count} 件も渡されましたが取り込まれていません。',
    'why.unknown': '確実に当てはまる形式がありません。',
    'why.question': '質問（形式、列、日付の順序、パスワード）に回答されていません。',
    'why.unreadable': '読み取れませんでした。',
    'why.broken': '破損しています。',
    'why.empty': '空のファイルです。',
    'why.link': '通常のファイルではありません（リンク、パイプ、終わりのないフォルダー）。',
    'why.other': '証拠の保管履歴を参照してください。',
    unread: '{name}：アーカイブの {count} 個の部分は読み取られていません。ケースの「問題」に一覧があります。',
    ruleFailed:
      '関係を最後に計算したときルール {rule} が失敗しました。そのルールが見つける内容は本報告書にありません。',
    noGaps: 'ツールは欠落を検出しませんでした。欠落がないことの証明ではありません。',
    method: '本報告書の読み方',
    'method.candidate':
      '関係と経路は、ルールがレコードから作ったものです。整合することを示し、意図を示すものではありません。',
    'method.absence':
      '証拠にないものは報告書にもありません。イベントがないこと自体は何の証明にもなりません。',
    'method.clock': '日時は各記録元のものです。機器ごとに時計がずれていることがあります。',
    'method.risk':
      '評価は、示された時点で読み込まれていたパターンパックによります。ツールは外部サービスに問い合わせません。',
    'method.chain':
      '監査チェーンは内部の編集や削除を示します。末尾が切り取られていないことは、ここに印字した末尾の値との照合で示されます。',
  },
}

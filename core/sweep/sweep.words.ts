import type { Words } from '../model/words.ts'

/** Why an indicator is not looked for, or how it is. */
const words: Words = {
  prefix: 'sweep',
  texts: {
    en: {
      'why.kind': 'Exports hold nothing of this kind',
      'why.unrecognised':
        'Not recognised as an indicator. Accepted are hashes, addresses, networks, domains, URLs, mail addresses, file names, paths and registry keys; other kinds are named before the value, such as account:name or service:name',
      'why.unmarked': 'Its author has not marked it for detection',
      'why.value': 'This is not a value of its kind',
      'why.operator': 'This comparison is not made for this kind',
      'why.short': 'Too short: it would be in every text',
      'why.expression':
        'This is no regular expression that can be evaluated (look-around and back references are not)',
      'why.negated': 'What is not there cannot be sighted',
      'why.sigma': 'Not evaluated: {what}',
      'why.pattern': 'The pattern asks for an order, a number of times, or is not understood',
      'why.companion':
        'What must come together with it is partly not looked for; it is searched without that part',
      'step.strings': 'Looking through texts',
      'step.mail': 'Looking through mail',
      'step.rules': 'Evaluating rules',
    },
    'zh-TW': {
      'why.kind': '匯出資料中沒有這類資訊',
      'why.unrecognised':
        '無法辨識為指標。可接受雜湊、位址、網路、網域、URL、電子郵件地址、檔名、路徑與登錄機碼；其他種類請在值之前註明，例如 account:名稱 或 service:名稱',
      'why.unmarked': '作者未將其標記為用於偵測',
      'why.value': '此值不符合其種類',
      'why.operator': '這類指標不支援此比較方式',
      'why.short': '太短：任何文字中都會出現',
      'why.expression': '無法評估的規則運算式（不支援環視與反向參照）',
      'why.negated': '不存在的事物無法被找到',
      'why.sigma': '未評估：{what}',
      'why.pattern': '樣式要求順序或次數，或無法理解',
      'why.companion': '必須同時出現的條件有一部分無法搜尋；已略過該部分進行搜尋',
      'step.strings': '搜尋文字',
      'step.mail': '搜尋郵件',
      'step.rules': '評估規則',
    },
    ja: {
      'why.kind': 'エクスポートにはこの種の情報がありません',
      'why.unrecognised':
        'インジケーターとして認識できません。受け付けるのはハッシュ、アドレス、ネットワーク、ドメイン、URL、メールアドレス、ファイル名、パス、レジストリキーです。その他の種類は account:名前 や service:名前 のように値の前に種類を書いてください',
      'why.unmarked': '作成者が検知用の印を付けていません',
      'why.value': 'この種類の値として正しくありません',
      'why.operator': 'この種類ではこの比較は行いません',
      'why.short': '短すぎるため、あらゆる文字列に含まれてしまいます',
      'why.expression': '評価できない正規表現です（先読み・後読みと後方参照は使えません）',
      'why.negated': '存在しないものは見つけられません',
      'why.sigma': '評価しません：{what}',
      'why.pattern': '順序や回数を求めるパターン、または理解できないパターンです',
      'why.companion': '同時に満たすべき条件の一部を検索できないため、その部分を除いて検索します',
      'step.strings': '文字列を調べています',
      'step.mail': 'メールを調べています',
      'step.rules': 'ルールを評価しています',
    },
  },
}
export default words

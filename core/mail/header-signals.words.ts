import type { Words } from '../model/words.ts'

/** What the header of a mail gives away (header-signals.ts) and remarks on its hops (hops.ts). */
const words: Words = {
  prefix: 'mail.signal',
  texts: {
    en: {
      'name-holds-address': 'The display name shows the address {name}, but the mail comes from {address}.',
      'name-is-internal':
        'The display name “{name}” is one of your own people, but the mail comes from outside: {address}.',
      'name-is-brand': 'The display name uses “{name}”, but {address} is not an address of that company.',
      'hidden-characters':
        'The field {field} holds invisible characters or direction marks that change what a reader sees.',
      'reply-to-differs': 'Replies go to another domain than the sender’s: {to} instead of {from}.',
      'return-path-differs':
        'Undeliverable mail goes to another domain than the sender’s: {path} instead of {from}. Usual for mailing services.',
      'sender-differs': 'It was sent by {sender} in the name of {from}.',
      'lookalike-domain': 'The sender’s domain {domain} looks like your {like}.',
      'repeated-field':
        'The field {field} stands {count} times in the header; mail programs disagree about which one they show.',
      'broken-from': 'The sender field names {count} senders: {value}',
      'authentication-failed': 'Sender checks failed: {methods}.',
      'forged-results':
        '{count} results of sender checks were not written by the receiving server {server} and do not count.',
      'clock-skew':
        'The clock of {server} is {seconds} seconds behind the server before it, or the trace is forged.',
      'date-differs': 'The date of the mail and its first hop are {hours} hours apart.',
      'hop.backwards': 'Earlier than the hop before',
      'hop.slow': 'Took more than 15 minutes',
      'hop.undated': 'No readable time',
      'hop.zoneless': 'Time without a zone, read as UTC',
    },
    'zh-TW': {
      'name-holds-address': '顯示名稱含有地址 {name}，但郵件實際來自 {address}。',
      'name-is-internal': '顯示名稱「{name}」是貴組織的人員，但郵件來自外部：{address}。',
      'name-is-brand': '顯示名稱使用「{name}」，但 {address} 不是該公司的地址。',
      'hidden-characters': '欄位 {field} 含有看不見的字元或文字方向標記，會改變收件者所見內容。',
      'reply-to-differs': '回覆會寄到與寄件者不同的網域：{to}，而非 {from}。',
      'return-path-differs': '退信會寄到與寄件者不同的網域：{path}，而非 {from}。使用郵件代發服務時很常見。',
      'sender-differs': '由 {sender} 以 {from} 的名義寄出。',
      'lookalike-domain': '寄件者網域 {domain} 與貴組織的 {like} 相似。',
      'repeated-field': '標頭中有 {count} 個 {field} 欄位，各郵件軟體顯示的可能不同。',
      'broken-from': '寄件者欄位列出 {count} 個寄件者：{value}',
      'authentication-failed': '寄件者驗證失敗：{methods}。',
      'forged-results': '有 {count} 筆寄件者驗證結果不是由收件伺服器 {server} 寫入，不予採計。',
      'clock-skew': '{server} 的時鐘比前一部伺服器慢 {seconds} 秒，或傳送路徑遭偽造。',
      'date-differs': '郵件日期與第一個轉送點的時間相差 {hours} 小時。',
      'hop.backwards': '早於前一個轉送點',
      'hop.slow': '耗時超過 15 分鐘',
      'hop.undated': '沒有可讀取的時間',
      'hop.zoneless': '時間沒有時區，視為 UTC',
    },
    ja: {
      'name-holds-address': '表示名にアドレス {name} が含まれていますが、実際の送信元は {address} です。',
      'name-is-internal': '表示名「{name}」は組織内の人物ですが、メールは外部から届いています：{address}',
      'name-is-brand': '表示名に「{name}」が使われていますが、{address} はその企業のアドレスではありません。',
      'hidden-characters':
        'フィールド {field} に、見え方を変える不可視文字または文字方向の制御文字が含まれています。',
      'reply-to-differs': '返信先が差出人と異なるドメインです：{from} ではなく {to}',
      'return-path-differs':
        'エラーメールの送り先が差出人と異なるドメインです：{from} ではなく {path}。配信サービスではよくあります。',
      'sender-differs': '{from} の名義で {sender} が送信しました。',
      'lookalike-domain': '差出人のドメイン {domain} は、組織の {like} に似せられています。',
      'repeated-field':
        'ヘッダーに {field} フィールドが {count} 個あります。どれを表示するかはメールソフトによって異なります。',
      'broken-from': '差出人フィールドに {count} 人の差出人があります：{value}',
      'authentication-failed': '送信者の検証に失敗しました：{methods}',
      'forged-results':
        '送信者検証の結果のうち {count} 件は受信サーバー {server} が書いたものではないため、採用していません。',
      'clock-skew': '{server} の時計が直前のサーバーより {seconds} 秒遅れているか、経路が偽装されています。',
      'date-differs': 'メールの日付と最初の中継の時刻が {hours} 時間ずれています。',
      'hop.backwards': '直前の中継より早い時刻',
      'hop.slow': '15 分以上かかりました',
      'hop.undated': '読み取れる時刻がありません',
      'hop.zoneless': 'タイムゾーンのない時刻のため UTC として扱いました',
    },
  },
}

export default words

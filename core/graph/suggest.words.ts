import type { Words } from '../model/words.ts'

/** What speaks for a suggested attack path. */
const words: Words = {
  prefix: 'suggest',
  texts: {
    en: {
      risk: 'A link of the message is rated {level} now',
      executed: 'A file from the message was run',
      clicked: 'A recipient opened the link',
      credentials: 'Credentials were read on the way',
      remote_execution: 'Code was run on another endpoint',
      remote_logon: 'Another endpoint was reached by logon',
      not_rated: 'No pattern pack speaks against its links now: ranked lower',
      no_effect: 'Nothing further was seen to follow: ranked lower',
      high_value: 'It ends at a high-value system',
    },
    'zh-TW': {
      risk: '郵件中的連結目前評等為 {level}',
      executed: '執行了郵件中的檔案',
      clicked: '收件者開啟了連結',
      credentials: '途中讀取了認證資訊',
      remote_execution: '在另一個端點上執行了程式碼',
      remote_logon: '透過登入抵達另一個端點',
      not_rated: '目前沒有特徵碼套件指出其連結有風險，因此排名較低',
      no_effect: '未發現後續行為，因此排名較低',
      high_value: '終點為高價值系統',
    },
    ja: {
      risk: 'メッセージ内のリンクの現在の評価は {level}',
      executed: 'メッセージのファイルが実行された',
      clicked: '受信者がリンクを開いた',
      credentials: '途中で資格情報が読み取られた',
      remote_execution: '別のエンドポイントでコードが実行された',
      remote_logon: 'ログオンにより別のエンドポイントに到達',
      not_rated: '現在、リンクを危険とするパターンパックがないため、順位は低くなります',
      no_effect: 'その後の動きが確認されていないため、順位は低くなります',
      high_value: '終点は重要度の高いシステム',
    },
  },
}
export default words

import type { Words } from '../model/words.ts'

/** What speaks for a suggested attack path. */
const words: Words = {
  prefix: 'suggest',
  texts: {
    en: {
      'risk.dangerous': 'A link of the message is rated dangerous now',
      'risk.highly-suspicious': 'A link of the message is rated highly suspicious now',
      'risk.suspicious': 'A link of the message is rated suspicious now',
      executed: 'A file from the message was run',
      clicked: 'A recipient opened the link',
      credentials: 'Credentials were read on the way',
      remote_execution: 'Code was run on another endpoint',
      remote_logon: 'Another endpoint was reached by logon',
      no_mail: 'No mail in this case leads into it: it begins where the activity was first seen',
      not_rated: 'No pattern pack speaks against its links now: ranked lower',
      no_effect: 'Nothing further was seen to follow: ranked lower',
      high_value: 'It ends at a high-value system',
    },
    'zh-TW': {
      'risk.dangerous': '郵件中的連結目前評等為「危險」',
      'risk.highly-suspicious': '郵件中的連結目前評等為「高度可疑」',
      'risk.suspicious': '郵件中的連結目前評等為「可疑」',
      executed: '執行了郵件中的檔案',
      clicked: '收件者開啟了連結',
      credentials: '途中讀取了認證',
      remote_execution: '在另一個端點上執行了程式碼',
      remote_logon: '透過登入抵達另一個端點',
      no_mail: '案件中沒有郵件通往此處：自最早見到該活動之處開始',
      not_rated: '目前沒有特徵碼套件指出其連結有風險，因此排名較低',
      no_effect: '未發現後續行為，因此排名較低',
      high_value: '終點為高價值系統',
    },
    ja: {
      'risk.dangerous': 'メール内のリンクは現在「危険」と評価されています',
      'risk.highly-suspicious': 'メール内のリンクは現在「非常に疑わしい」と評価されています',
      'risk.suspicious': 'メール内のリンクは現在「疑わしい」と評価されています',
      executed: 'メールのファイルが実行された',
      clicked: '受信者がリンクを開いた',
      credentials: '途中で資格情報が読み取られた',
      remote_execution: '別のエンドポイントでコードが実行された',
      remote_logon: 'ログオンにより別のエンドポイントに到達した',
      no_mail: 'このケースには、ここに至るメールがありません。活動が最初に見られた所から始まります',
      not_rated: '現在、リンクを危険とするパターンパックがないため、順位は低くなります',
      no_effect: 'その後の動きが確認されていないため、順位は低くなります',
      high_value: '終点は重要度の高いシステム',
    },
  },
}
export default words

import type { Texts } from '../../../model/text.ts'

const en = {
  acts: 'What else was done from the path’s processes and endpoints',
  actsNote:
    'Recorded facts: acts of the processes on the path, of the programs these started, and on the endpoints they ran on, from the first step of the path to one day after its last. The path itself is not repeated.',
  actsNone:
    'No other act of these kinds is recorded of the path’s processes and endpoints in its time: credentials read, programs run or logons on other endpoints, services, tasks, autostart entries, connections to the outside. Other acts were not looked for.',
  actsLeft:
    '{count} more act is not printed; the chain in the workbench shows it. | {count} more acts are not printed; the chain in the workbench shows them.',
  act: 'What was done',
  reading: 'How this may be read (candidate, not a finding):',
  'reading.accessed-credentials':
    'Credentials may have been taken: passwords, hashes and tickets of every account with a session on that endpoint at that time may be known to whoever ran the program. Programs of protection and of support read the same memory.',
  'reading.remote-execution':
    'Somebody may have gone on to another endpoint by running a program there. Administrators and management tools do the same.',
  'reading.remote-logon':
    'Somebody may have gone on to another endpoint. Administrators, file shares and management tools log on remotely all day.',
  'reading.installed-service':
    'A service may have been set up to run code remotely or to come back after a restart. Administrators install services the same way.',
  'reading.created-task':
    'A task may have been set up to come back later. Programs that update themselves create tasks too.',
  'reading.wrote-registry':
    'A value that starts programs was written: it may serve to come back after a sign-in. Installers write such values too.',
  'reading.connected-to':
    'An address outside may have given commands or taken data. A connection alone does not say what went through it.',
  attempts: 'Attempts that failed',
  attemptsNote:
    'Recorded facts: logons that failed from an endpoint of the path against another one, or for an account of the path, from one day before its first step to one day after its last. The same attempt may stand in two logs; a check of credentials is recorded by the domain controller that made it.',
  attemptsNone:
    'No logon that failed from an endpoint of the path against another one, or for an account of the path, is recorded from one day before its first step to one day after its last.',
  attemptsLeft:
    '{count} more group of failed logons is not printed; the timeline in the workbench holds it. | {count} more groups of failed logons are not printed; the timeline in the workbench holds them.',
  attemptsReading:
    'How this may be read (candidate, not a finding): attempts to get in or further that did not succeed, or a password being guessed before the right one was found. A mistyped or expired password leaves the same records.',
  account: 'Account',
  source: 'From endpoint',
  target: 'Recorded at',
  status: 'Result',
  counted: '{kind}: {count}',
  span: 'to {at}',
  notNamed: 'not named',
  'status.0xc0000064': 'no such account',
  'status.0xc000006a': 'wrong password',
  'status.0xc000006d': 'wrong account or password',
  'status.0xc000006e': 'restricted account',
  'status.0xc000006f': 'outside the permitted hours',
  'status.0xc0000070': 'not permitted from this computer',
  'status.0xc0000071': 'password expired',
  'status.0xc0000072': 'account disabled',
  'status.0xc000015b': 'right password, but this kind of logon is not granted there',
  'status.0xc0000193': 'account expired',
  'status.0xc0000224': 'password must be changed',
  'status.0xc0000234': 'account locked out',
  'kerberos.0x6': 'no such account',
  'kerberos.0x12': 'account disabled, expired or locked out',
  'kerberos.0x17': 'password expired',
  'kerberos.0x18': 'wrong password',
} as const

/** Words of the tables beside the path: other acts, failed attempts, and the meaning of result codes (NTSTATUS; RFC 4120 7.5.9). */
export const besideTexts: Texts<keyof typeof en> = {
  en,
  'zh-TW': {
    acts: '路徑上的處理程序與端點另外做了什麼',
    actsNote:
      '已記錄的事實：路徑上的處理程序、其所啟動的程式，以及它們所在端點上的行為，時間自路徑第一步起，至最後一步後一天止。路徑本身的步驟不重複列出。',
    actsNone:
      '在路徑的時間內，路徑上的處理程序與端點沒有下列種類的其他行為紀錄：讀取認證、在其他端點執行程式或登入、服務、排程工作、自動啟動項目、對外連線。未查找其他種類的行為。',
    actsLeft: '另有 {count} 項行為未列印；可於工作台的關聯鏈中查看。',
    act: '行為',
    reading: '可能的解讀（候選，並非定論）：',
    'reading.accessed-credentials':
      '認證可能已遭竊取：當時在該端點上有工作階段的每個帳號，其密碼、雜湊值與票證可能已為執行該程式者所知。防護與支援軟體也會讀取同一塊記憶體。',
    'reading.remote-execution':
      '可能有人藉由在另一台端點執行程式而進一步入侵。系統管理員與管理工具也會如此。',
    'reading.remote-logon': '可能有人進一步到達另一台端點。系統管理員、檔案共用與管理工具整日都會遠端登入。',
    'reading.installed-service':
      '可能為了遠端執行程式碼，或在重新啟動後再度執行，而安裝服務。系統管理員也以相同方式安裝服務。',
    'reading.created-task': '可能為了日後再度執行而建立排程工作。會自行更新的程式也會建立排程工作。',
    'reading.wrote-registry': '寫入了會啟動程式的值，可能用於登入後再度執行。安裝程式也會寫入這類值。',
    'reading.connected-to': '外部位址可能曾下達命令或取走資料。單憑連線無法得知傳輸的內容。',
    attempts: '失敗的嘗試',
    attemptsNote:
      '已記錄的事實：從路徑上的端點對另一端點的登入失敗，或路徑上帳號的登入失敗，時間自路徑第一步前一天起，至最後一步後一天止。同一次嘗試可能出現在兩份記錄中；認證檢查由執行檢查的網域控制站記錄。',
    attemptsNone:
      '自路徑第一步前一天至最後一步後一天，沒有從路徑上端點對另一端點、或路徑上帳號的登入失敗紀錄。',
    attemptsLeft: '另有 {count} 組登入失敗未列印；可於工作台的時間軸中查看。',
    attemptsReading:
      '可能的解讀（候選，並非定論）：曾試圖入侵或進一步入侵但未成功，或在找到正確密碼之前猜測密碼。密碼輸入錯誤或過期也會留下相同的紀錄。',
    account: '帳號',
    source: '來源端點',
    target: '記錄於',
    status: '結果',
    counted: '{kind}：{count}',
    span: '至 {at}',
    notNamed: '未記載',
    'status.0xc0000064': '無此帳號',
    'status.0xc000006a': '密碼錯誤',
    'status.0xc000006d': '帳號或密碼錯誤',
    'status.0xc000006e': '帳號受限制',
    'status.0xc000006f': '不在允許的時段',
    'status.0xc0000070': '不允許從此電腦登入',
    'status.0xc0000071': '密碼已過期',
    'status.0xc0000072': '帳號已停用',
    'status.0xc000015b': '密碼正確，但未獲准在該處以此方式登入',
    'status.0xc0000193': '帳號已過期',
    'status.0xc0000224': '必須變更密碼',
    'status.0xc0000234': '帳號已鎖定',
    'kerberos.0x6': '無此帳號',
    'kerberos.0x12': '帳號已停用、過期或鎖定',
    'kerberos.0x17': '密碼已過期',
    'kerberos.0x18': '密碼錯誤',
  },
  ja: {
    acts: '経路上のプロセスとエンドポイントから他に行われたこと',
    actsNote:
      '記録された事実：経路上のプロセス、それらが起動したプログラム、およびその実行場所のエンドポイントでの行動。期間は経路の最初の段階から最後の段階の 1 日後まで。経路自体の段階は再掲しません。',
    actsNone:
      '経路の期間に、経路上のプロセスとエンドポイントについて、次の種類の他の行動は記録されていません：資格情報の読み取り、他のエンドポイントでのプログラム実行やログオン、サービス、タスク、自動起動の項目、外部への接続。その他の種類の行動は調べていません。',
    actsLeft: 'ほか {count} 件の行動は印刷していません。ワークベンチのチェーンで確認できます。',
    act: '行動',
    reading: '考えられる解釈（候補であり、所見ではありません）：',
    'reading.accessed-credentials':
      '資格情報が窃取された可能性があります。その時点で当該エンドポイントにセッションを持っていた全アカウントのパスワード、ハッシュ、チケットが、プログラムの実行者に知られた可能性があります。保護製品やサポート用のプログラムも同じメモリを読み取ります。',
    'reading.remote-execution':
      '別のエンドポイントでプログラムを実行し、さらに侵入を進めた可能性があります。管理者や管理ツールも同じことを行います。',
    'reading.remote-logon':
      '別のエンドポイントへ進んだ可能性があります。管理者、ファイル共有、管理ツールは日常的にリモートでログオンします。',
    'reading.installed-service':
      'コードのリモート実行、または再起動後の再実行のためにサービスが設定された可能性があります。管理者も同じ方法でサービスをインストールします。',
    'reading.created-task':
      '後で再び実行するためにタスクが設定された可能性があります。自動更新を行うプログラムもタスクを作成します。',
    'reading.wrote-registry':
      'プログラムを起動する値が書き込まれました。サインイン後の再実行に使われる可能性があります。インストーラーもこのような値を書き込みます。',
    'reading.connected-to':
      '外部のアドレスが指示を与えたか、データを受け取った可能性があります。接続だけでは、何が送受信されたかは分かりません。',
    attempts: '失敗した試み',
    attemptsNote:
      '記録された事実：経路上のエンドポイントから別のエンドポイントへの、または経路上のアカウントでのログオン失敗。期間は経路の最初の段階の 1 日前から最後の段階の 1 日後まで。同じ試みが 2 つのログに現れることがあり、資格情報の確認は、確認を行ったドメインコントローラーが記録します。',
    attemptsNone:
      '経路の最初の段階の 1 日前から最後の段階の 1 日後まで、経路上のエンドポイントから別のエンドポイントへの、または経路上のアカウントでのログオン失敗は記録されていません。',
    attemptsLeft:
      'ほか {count} 組のログオン失敗は印刷していません。ワークベンチのタイムラインで確認できます。',
    attemptsReading:
      '考えられる解釈（候補であり、所見ではありません）：侵入または、さらに侵入を進めようとして成功しなかった試み、あるいは正しいパスワードに至るまでの推測。パスワードの入力誤りや期限切れでも同じ記録が残ります。',
    account: 'アカウント',
    source: '接続元エンドポイント',
    target: '記録された場所',
    status: '結果',
    counted: '{kind}：{count}',
    span: '{at} まで',
    notNamed: '記載なし',
    'status.0xc0000064': '存在しないアカウント',
    'status.0xc000006a': 'パスワードの誤り',
    'status.0xc000006d': 'アカウントまたはパスワードの誤り',
    'status.0xc000006e': '制限されたアカウント',
    'status.0xc000006f': '許可された時間外',
    'status.0xc0000070': 'このコンピューターからは許可されていない',
    'status.0xc0000071': 'パスワードの期限切れ',
    'status.0xc0000072': '無効なアカウント',
    'status.0xc000015b': 'パスワードは正しいが、この種類のログオンは許可されていない',
    'status.0xc0000193': 'アカウントの期限切れ',
    'status.0xc0000224': 'パスワードの変更が必要',
    'status.0xc0000234': 'アカウントのロックアウト',
    'kerberos.0x6': '存在しないアカウント',
    'kerberos.0x12': 'アカウントの無効、期限切れまたはロックアウト',
    'kerberos.0x17': 'パスワードの期限切れ',
    'kerberos.0x18': 'パスワードの誤り',
  },
}

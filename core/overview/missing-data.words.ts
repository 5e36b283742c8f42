import type { Words } from '../model/words.ts'

/** What the case lacks, which correlations that rules out, and which export would make them possible (S3). */
const words: Words = {
  prefix: 'readiness.missing',
  texts: {
    en: {
      'network.title': 'Network records',
      'network.unmet':
        'No connections, name queries or web requests. Beacons, tunnels, uploads and the servers programs talked to cannot be found. Import proxy, DNS or Zeek logs, or Sysmon with events 3 and 22.',
      'network.volume':
        'Network records: {count}; none that was looked at says how many bytes were sent. Unusual uploads cannot be found. Import logs with volumes, of a proxy, Zeek or a network product.',
      'clicks.title': 'Click log',
      'clicks.unmet':
        'Links in mail: {links}. No click log, and no process or network records either: who opened a link cannot be told. Import the click log of the mail protection (UrlClickEvents), proxy logs or endpoint records.',
      'clicks.partly':
        'Links in mail: {links}, no click log. Who opened a link is inferred from processes and network records and stays unseen on devices without them. Import the click log of the mail protection (UrlClickEvents).',
      'cloud.title': 'Sign-ins and mailbox audit',
      'cloud.unmet':
        'No cloud sign-ins and no audit of mailboxes. Odd sign-ins, mailbox rules, forwarding, access by others, changed applications and mass downloads cannot be found. Import the sign-in log of Entra ID and the unified audit log.',
      'cloud.signIns':
        'Cloud sign-ins: {signIns}, but no audit of mailboxes or the cloud. Mailbox rules, forwarding, access by others and mass downloads cannot be found. Import the unified audit log.',
      'cloud.mailboxes':
        'Audit records of mailboxes and the cloud: {records}, but no sign-ins. Whether an odd sign-in came before cannot be told. Import the sign-in log of Entra ID.',
      'commands.title': 'Command lines',
      'commands.unmet':
        'Process starts: {processes}; none that was looked at has its command line. Misused system programs, opened files, downloads and theft of credentials by command cannot be found. Import Sysmon 1 or sensor data; Security 4688 has command lines only where their auditing is on.',
      'scripts.title': 'Script blocks',
      'scripts.unmet':
        'No PowerShell script blocks. What scripts did is seen only where a command line says it. Import the PowerShell log (4103, 4104).',
      'changes.title': 'Files, registry, services and tasks',
      'changes.unmet':
        'No records of files, registry, services or scheduled tasks. Saved attachments, dropped programs and persistence cannot be found. Import Sysmon (11 to 15, 19 to 21), System (7045), Security (4697, 4698) or sensor data.',
      'changes.settings':
        'No records of files. Saved attachments, dropped programs and download marks cannot be found. Import Sysmon 11 and 15 or sensor data.',
      'changes.files':
        'No registry changes, new services or scheduled tasks are recorded. Whether anything was made persistent cannot be told. Import Sysmon 12 to 14 and 19 to 21, System (7045) and Security (4697, 4698).',
      'memory.title': 'Access between processes',
      'memory.unmet':
        'No records of access to other processes or of pipes. Credentials read from lsass.exe and injected code cannot be found. Import Sysmon 8, 10, 17, 18 and 25 or sensor data.',
      'controllers.title': 'Records of domain controllers',
      'controllers.unmet':
        'No Kerberos or directory access records. Kerberoasting, AS-REP roasting, DCSync and forged tickets cannot be found. Import the Security log of the domain controllers (4662, 4768, 4769, 4771, 5136).',
      'trusts.title': 'Trusted domains',
      'trusts.partly':
        'Domains that are known from a trust only: {count} ({domains}). What accounts may do across the trust cannot be told. Import a directory export of them.',
    },
    'zh-TW': {
      'network.title': '網路紀錄',
      'network.unmet':
        '沒有連線、名稱查詢或網頁要求，無法找出信標通訊、通道、上傳，以及程式與哪些伺服器通訊。請匯入代理伺服器、DNS 或 Zeek 記錄，或含事件 3 與 22 的 Sysmon。',
      'network.volume':
        '網路紀錄 {count} 筆，但檢視過的紀錄均未載明傳送的位元組數，無法找出異常上傳。請匯入載有流量的記錄（代理伺服器、Zeek 或網路產品）。',
      'clicks.title': '點擊記錄',
      'clicks.unmet':
        '郵件中有 {links} 個連結，但既無點擊記錄，也無處理程序或網路紀錄，無從得知誰開啟了連結。請匯入郵件防護的點擊記錄（UrlClickEvents）、代理伺服器記錄或端點紀錄。',
      'clicks.partly':
        '郵件中有 {links} 個連結，但沒有點擊記錄。誰開啟了連結是由處理程序與網路紀錄推定，沒有這些紀錄的裝置上便看不到。請匯入郵件防護的點擊記錄（UrlClickEvents）。',
      'cloud.title': '登入與信箱稽核',
      'cloud.unmet':
        '沒有雲端登入，也沒有信箱稽核，無法找出異常登入、信箱規則、轉寄、他人存取、應用程式異動與大量下載。請匯入 Entra ID 登入記錄與整合稽核記錄。',
      'cloud.signIns':
        '有 {signIns} 筆雲端登入，但沒有信箱或雲端的稽核，無法找出信箱規則、轉寄、他人存取與大量下載。請匯入整合稽核記錄。',
      'cloud.mailboxes':
        '有 {records} 筆信箱與雲端的稽核紀錄，但沒有登入，無從得知之前是否有異常登入。請匯入 Entra ID 登入記錄。',
      'commands.title': '命令列',
      'commands.unmet':
        '有 {processes} 筆處理程序啟動，但檢視過的均無命令列，無法找出遭濫用的系統程式、開啟的檔案、下載與以命令竊取認證。請匯入 Sysmon 1 或感測器資料；安全性 4688 僅在啟用命令列稽核時才含命令列。',
      'scripts.title': '指令碼區塊',
      'scripts.unmet':
        '沒有 PowerShell 指令碼區塊，指令碼做了什麼只有在命令列寫明時才看得到。請匯入 PowerShell 記錄（4103、4104）。',
      'changes.title': '檔案、登錄、服務與工作',
      'changes.unmet':
        '沒有檔案、登錄、服務或排程工作的紀錄，無法找出儲存的附件、植入的程式與持續性手法。請匯入 Sysmon（11 至 15、19 至 21）、系統（7045）、安全性（4697、4698）或感測器資料。',
      'changes.settings':
        '沒有檔案的紀錄，無法找出儲存的附件、植入的程式與下載標記。請匯入 Sysmon 11 與 15 或感測器資料。',
      'changes.files':
        '沒有登錄變更、新服務或排程工作的紀錄，無從得知是否有持續性手法。請匯入 Sysmon 12 至 14 與 19 至 21、系統（7045）及安全性（4697、4698）。',
      'memory.title': '處理程序之間的存取',
      'memory.unmet':
        '沒有存取其他處理程序或具名管道的紀錄，無法找出自 lsass.exe 讀取的認證與注入的程式碼。請匯入 Sysmon 8、10、17、18、25 或感測器資料。',
      'controllers.title': '網域控制站的紀錄',
      'controllers.unmet':
        '沒有 Kerberos 或目錄存取的紀錄，無法找出 Kerberoasting、AS-REP Roasting、DCSync 與偽造的票證。請匯入網域控制站的安全性記錄（4662、4768、4769、4771、5136）。',
      'trusts.title': '受信任的網域',
      'trusts.partly':
        '僅從信任關係得知的網域有 {count} 個（{domains}），帳號跨越信任能做什麼無從得知。請匯入這些網域的目錄匯出檔。',
    },
    ja: {
      'network.title': 'ネットワークの記録',
      'network.unmet':
        '接続、名前解決、Web 要求の記録がなく、ビーコン、トンネル、アップロード、プログラムの通信先を見つけられません。プロキシ、DNS、Zeek のログ、またはイベント 3 と 22 を含む Sysmon を取り込んでください。',
      'network.volume':
        'ネットワークの記録は {count} 件ありますが、調べた範囲に送信バイト数がなく、異常なアップロードを見つけられません。通信量を含むログ（プロキシ、Zeek、ネットワーク製品）を取り込んでください。',
      'clicks.title': 'クリックログ',
      'clicks.unmet':
        'メールのリンクは {links} 件ありますが、クリックログもプロセスやネットワークの記録もなく、誰が開いたか分かりません。メール保護のクリックログ（UrlClickEvents）、プロキシのログ、エンドポイントの記録を取り込んでください。',
      'clicks.partly':
        'メールのリンクは {links} 件ありますが、クリックログがありません。誰が開いたかはプロセスとネットワークの記録から推定しており、それらのない機器では分かりません。メール保護のクリックログ（UrlClickEvents）を取り込んでください。',
      'cloud.title': 'サインインとメールボックスの監査',
      'cloud.unmet':
        'クラウドのサインインもメールボックスの監査もなく、不審なサインイン、メールボックスのルール、転送、他者によるアクセス、アプリケーションの変更、大量ダウンロードを見つけられません。Entra ID のサインインログと統合監査ログを取り込んでください。',
      'cloud.signIns':
        'クラウドのサインインは {signIns} 件ありますが、メールボックスやクラウドの監査がなく、メールボックスのルール、転送、他者によるアクセス、大量ダウンロードを見つけられません。統合監査ログを取り込んでください。',
      'cloud.mailboxes':
        'メールボックスとクラウドの監査記録は {records} 件ありますが、サインインがなく、事前に不審なサインインがあったか分かりません。Entra ID のサインインログを取り込んでください。',
      'commands.title': 'コマンドライン',
      'commands.unmet':
        'プロセス開始は {processes} 件ありますが、調べた範囲にコマンドラインがなく、悪用されたシステムプログラム、開かれたファイル、ダウンロード、コマンドによる資格情報の窃取を見つけられません。Sysmon 1 またはセンサーデータを取り込んでください。セキュリティ 4688 は監査が有効な場合だけコマンドラインを含みます。',
      'scripts.title': 'スクリプトブロック',
      'scripts.unmet':
        'PowerShell のスクリプトブロックがなく、スクリプトが何をしたかはコマンドラインに書かれている場合しか分かりません。PowerShell のログ（4103、4104）を取り込んでください。',
      'changes.title': 'ファイル、レジストリ、サービス、タスク',
      'changes.unmet':
        'ファイル、レジストリ、サービス、スケジュールタスクの記録がなく、保存された添付ファイル、置かれたプログラム、永続化を見つけられません。Sysmon（11～15、19～21）、システム（7045）、セキュリティ（4697、4698）、またはセンサーデータを取り込んでください。',
      'changes.settings':
        'ファイルの記録がなく、保存された添付ファイル、置かれたプログラム、ダウンロードの印を見つけられません。Sysmon 11 と 15、またはセンサーデータを取り込んでください。',
      'changes.files':
        'レジストリの変更、新しいサービス、スケジュールタスクの記録がなく、永続化の有無が分かりません。Sysmon 12～14 と 19～21、システム（7045）、セキュリティ（4697、4698）を取り込んでください。',
      'memory.title': 'プロセス間のアクセス',
      'memory.unmet':
        '他のプロセスへのアクセスやパイプの記録がなく、lsass.exe から読み取られた資格情報や注入されたコードを見つけられません。Sysmon 8、10、17、18、25、またはセンサーデータを取り込んでください。',
      'controllers.title': 'ドメインコントローラーの記録',
      'controllers.unmet':
        'Kerberos やディレクトリアクセスの記録がなく、Kerberoasting、AS-REP Roasting、DCSync、偽造チケットを見つけられません。ドメインコントローラーのセキュリティログ（4662、4768、4769、4771、5136）を取り込んでください。',
      'trusts.title': '信頼関係のあるドメイン',
      'trusts.partly':
        '信頼関係からだけ分かるドメインが {count} 個あります（{domains}）。信頼を越えてアカウントに何ができるか分かりません。それらのディレクトリのエクスポートを取り込んでください。',
    },
  },
}
export default words

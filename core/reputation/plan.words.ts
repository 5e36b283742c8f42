import type { Words } from '../model/words.ts'

/** Why a step is in the plan. */
export default {
  prefix: 'plan',
  texts: {
    en: {
      'reason.newly': '{url} is rated {level} by {pack}; the message matches the policy now.',
      'reason.block': '{url} is rated {level} by {pack} and stands in delivered mail.',
      'reason.newlyUnrated':
        'No pack rates {url} any more (the last was {pack}); under this policy that matches.',
      'reason.notTaken':
        '{url} is rated {level} by {pack}; the message matched the policy before, too, and no record shows that the action is in force on this copy.',
      'reason.blockGone':
        '{url} is rated {level} by {pack} and came by mail; no copy that matches the policy lies in a mailbox, as far as the records go.',
      'reason.blockUnrated':
        'No pack rates {url} any more (the last was {pack}); it stands in mail that matches the policy.',
      'reason.restore':
        '{url} speaks against the message no longer, and that is what it was put into quarantine for ({cause}).',
      'reason.restoreUnknown':
        '{url} speaks against the message no longer. What put it into quarantine is not on record: find out before it is let out.',
      'reason.clickedOutside':
        '{recipient} opened a link of “{message}” at {at} without being among its recipients.',
      'reason.clicked': '{recipient} opened a link of “{message}” at {at}.',
      'reason.clickedPerhaps':
        '{recipient} asked for the host of a link of “{message}” at {at}: perhaps that link was opened.',
      'reason.ranPerhaps':
        'A file named like one out of “{message}” ran on {endpoint} at {at}; that it is the same is not known.',
      'reason.ran': 'Something out of “{message}” ran on {endpoint} at {at}.',
      'reason.touched': '{recipient} followed “{message}” and should know.',
      'reason.passedOn': '{recipient} passed “{message}” on and should know.',
      'reason.notify': 'The policy tells recipients: {recipient} got “{message}”.',
      'reason.inboxRule': 'The inbox rule “{rule}” was made at {at}, after a link was opened.',
      'reason.takenSignIn': '{account} signed in from an odd place at {at}.',
      'reason.takenRead': 'Mail was read as {account} after an odd sign-in, at {at}.',
      'reason.takenChange': '{account} changed a mailbox or an application at {at} the way intruders do.',
      'reason.takenDownload': '{account} downloaded files in mass after an odd sign-in, at {at}.',
      'reason.takenSentOn': 'Phishing went out from the mailbox of {account} at {at}.',
      'reason.takenJudged':
        '{account} opened a link of mail that came at {at} and that the mail product calls malicious.',
      'reason.undoForwarding':
        'A new password does not end this: mail of {mailbox} goes to {what} since {at}. Remove the forwarding, or the rule that does it.',
      'reason.undoAccess':
        'A new password does not end this: rights to {mailbox} were given at {at} ({what}). Take them back.',
      'reason.undoConsent':
        'A new password does not end this: the application “{what}” got rights at {at}. Remove the consent.',
      'reason.undoSecret':
        'A new password does not end this: the application “{what}” got new credentials at {at}. Remove them.',
      'reason.undoApp': 'The application “{what}” was made at {at}. Remove it unless it is known.',
      'reason.undoOwner': 'The application “{what}” got an owner at {at}. Remove the owner unless known.',
      'reason.undoMethod':
        'The protection of sign-ins was changed at {at} ({what}). Remove sign-in methods that the person does not know.',
      'reason.undoDevice':
        'A new password does not end this: the device “{what}” was registered at {at}. Remove it unless the person knows it.',
      'reason.inboxRuleTaken':
        'The inbox rule “{rule}” was made at {at}; from {since} on the account was perhaps in other hands.',
      'reason.endpointCredentials':
        'Credentials were read on {endpoint}, which has a part in an attack since {at}.',
      'reason.endpointRan': 'Programs of an attack ran on {endpoint}, which has a part in it since {at}.',
      'reason.endpointSource':
        'Other machines were reached from {endpoint}, which has a part in an attack since {at}.',
      'reason.endpointChanged':
        'Something was changed on {endpoint}, which has a part in an attack since {at}.',
      'reason.endpointDetected':
        'Rules found signs of an attack on {endpoint}, which has a part in it since {at}.',
      'reason.endpointReached':
        '{endpoint} was reached by an account or a machine of an attack; it has a part in it since {at}.',
      'reason.endpointController':
        '{endpoint} is a domain controller: cutting it off stops sign-ins. Decide how before doing it.',
      'reason.blockControl':
        'Programs of an attack were controlled from {address}, or reported to it, from {at} on. Block it at proxy and firewall, too.',
      'reason.blockControlPage':
        'Programs of an attack fetched {address} at {at}. Block it at the proxy, too.',
      'reason.blockControlName':
        '{address} is the name under which programs of an attack reached {of}, from which they were controlled. Block it at proxy and name service, too.',
      'reason.leftService': 'Left on it: the service “{name}” ({at}). Isolation does not remove it.',
      'reason.leftTask': 'Left on it: the scheduled task “{name}” ({at}). Isolation does not remove it.',
      'reason.leftRegistry': 'Left on it: the registry value “{name}” ({at}). Isolation does not remove it.',
      'reason.leftSubscription':
        'Left on it: the WMI subscription “{name}” ({at}). Isolation does not remove it.',
      'reason.accountCredentials':
        'Credentials of {account} were read or given away; the account has a part in an attack since {at}.',
      'reason.accountUsed':
        '{account} was used by somebody else; the account has a part in an attack since {at}.',
      'reason.accountRan':
        'Programs of an attack ran as {account}, which has a part in it since {at}: what the account could read is known to them.',
      'reason.accountPerhaps':
        '{account} was within reach of an attack since {at}. No act proves that it was used: look at it first.',
      'reason.ticketAccount':
        'Password hashes of the domain were replicated at {at}. Reset krbtgt twice, more than ten hours apart, or tickets can still be forged.',
    },
    'zh-TW': {
      'reason.newly': '{pack} 將 {url} 評為「{level}」；此郵件現在符合政策。',
      'reason.block': '{pack} 將 {url} 評為「{level}」，且該 URL 出現在已送達的郵件中。',
      'reason.newlyUnrated': '已無任何套件評定 {url}（最後一次為 {pack}）；依此政策即屬符合。',
      'reason.notTaken':
        '{pack} 將 {url} 評為「{level}」；此郵件先前即符合政策，但沒有紀錄顯示此處置對此副本仍有效。',
      'reason.blockGone':
        '{pack} 將 {url} 評為「{level}」，該 URL 隨郵件而來；依紀錄，信箱中沒有符合政策的副本。',
      'reason.blockUnrated': '已無任何套件評定 {url}（最後一次為 {pack}）；該 URL 位於符合政策的郵件中。',
      'reason.restore': '{url} 已不再構成處置此郵件的理由，而此郵件正是因此遭隔離（{cause}）。',
      'reason.restoreUnknown': '{url} 已不再構成處置此郵件的理由。隔離此郵件的原因沒有紀錄：放行前請先查明。',
      'reason.clickedOutside': '{recipient} 並非「{message}」的收件者，卻於 {at} 開啟了其中的連結。',
      'reason.clicked': '{recipient} 於 {at} 開啟了「{message}」中的連結。',
      'reason.clickedPerhaps':
        '{recipient} 於 {at} 查詢或連線至「{message}」中連結的主機：可能開啟了該連結。',
      'reason.ranPerhaps':
        '與「{message}」內容同名的檔案於 {at} 在 {endpoint} 上執行；是否為同一檔案尚不得而知。',
      'reason.ran': '來自「{message}」的內容於 {at} 在 {endpoint} 上執行。',
      'reason.touched': '{recipient} 對「{message}」有所動作，應予通知。',
      'reason.passedOn': '{recipient} 將「{message}」再傳給他人，應予通知。',
      'reason.notify': '政策要求通知收件者：{recipient} 收到了「{message}」。',
      'reason.inboxRule': '收件匣規則「{rule}」於連結開啟之後的 {at} 建立。',
      'reason.takenSignIn': '{account} 於 {at} 從異常地點登入。',
      'reason.takenRead': '異常登入之後，於 {at} 有人以 {account} 讀取郵件。',
      'reason.takenChange': '{account} 於 {at} 以入侵者慣用的方式變更了信箱或應用程式。',
      'reason.takenDownload': '{account} 在異常登入之後，於 {at} 大量下載檔案。',
      'reason.takenSentOn': '{account} 的信箱於 {at} 寄出網路釣魚郵件。',
      'reason.takenJudged': '{account} 開啟了於 {at} 收到、且郵件產品判定為惡意的郵件中的連結。',
      'reason.undoForwarding':
        '變更密碼無法終止此情形：自 {at} 起，{mailbox} 的郵件轉寄至 {what}。請移除該轉寄設定或執行轉寄的規則。',
      'reason.undoAccess': '變更密碼無法終止此情形：於 {at} 授予了 {mailbox} 的權限（{what}）。請收回。',
      'reason.undoConsent': '變更密碼無法終止此情形：應用程式「{what}」於 {at} 取得權限。請移除同意。',
      'reason.undoSecret': '變更密碼無法終止此情形：應用程式「{what}」於 {at} 新增認證。請移除。',
      'reason.undoApp': '應用程式「{what}」於 {at} 建立。若非已知，請移除。',
      'reason.undoOwner': '應用程式「{what}」於 {at} 新增擁有者。若非已知，請移除。',
      'reason.undoMethod': '登入防護於 {at} 遭變更（{what}）。請移除本人不認得的登入方式。',
      'reason.undoDevice': '變更密碼無法終止此情形：裝置「{what}」於 {at} 註冊。若本人不認得，請移除。',
      'reason.inboxRuleTaken': '收件匣規則「{rule}」於 {at} 建立；自 {since} 起，該帳戶可能已落入他人手中。',
      'reason.endpointCredentials': '{endpoint} 上的憑證遭讀取；該端點自 {at} 起涉入攻擊。',
      'reason.endpointRan': '攻擊程式曾在 {endpoint} 上執行；該端點自 {at} 起涉入攻擊。',
      'reason.endpointSource': '曾自 {endpoint} 侵入其他電腦；該端點自 {at} 起涉入攻擊。',
      'reason.endpointChanged': '{endpoint} 上的設定遭變更；該端點自 {at} 起涉入攻擊。',
      'reason.endpointDetected': '規則在 {endpoint} 上發現攻擊跡象；該端點自 {at} 起涉入攻擊。',
      'reason.endpointReached': '攻擊所用的帳戶或電腦曾連至 {endpoint}；該端點自 {at} 起涉入攻擊。',
      'reason.endpointController': '{endpoint} 是網域控制站：隔離會使登入中斷。請先決定作法再執行。',
      'reason.blockControl':
        '自 {at} 起，攻擊的程式受 {address} 控制或向其回報。請一併於代理伺服器與防火牆封鎖。',
      'reason.blockControlPage': '攻擊的程式於 {at} 取得了 {address}。請一併於代理伺服器封鎖。',
      'reason.blockControlName':
        '攻擊的程式以 {address} 這個名稱連線至控制它們的 {of}。請一併於代理伺服器與名稱服務封鎖。',
      'reason.leftService': '遺留其上：服務「{name}」（{at}）。隔離不會將其移除。',
      'reason.leftTask': '遺留其上：排程工作「{name}」（{at}）。隔離不會將其移除。',
      'reason.leftRegistry': '遺留其上：登錄值「{name}」（{at}）。隔離不會將其移除。',
      'reason.leftSubscription': '遺留其上：WMI 訂閱「{name}」（{at}）。隔離不會將其移除。',
      'reason.accountCredentials': '{account} 的憑證遭讀取或外洩；該帳戶自 {at} 起涉入攻擊。',
      'reason.accountUsed': '{account} 遭他人使用；該帳戶自 {at} 起涉入攻擊。',
      'reason.accountRan':
        '攻擊程式曾以 {account} 執行；該帳戶自 {at} 起涉入攻擊：其可讀取的內容應視為已外洩。',
      'reason.accountPerhaps': '{account} 自 {at} 起處於攻擊可及範圍。沒有行為證明其遭使用：請先查看。',
      'reason.ticketAccount':
        '網域的密碼雜湊於 {at} 遭複寫。請重設 krbtgt 兩次，間隔十小時以上，否則仍可偽造票證。',
    },
    ja: {
      'reason.newly': '{pack} は {url} を「{level}」と判定しました。メールは現在ポリシーに該当します。',
      'reason.block': '{pack} は {url} を「{level}」と判定し、配信済みのメールに含まれています。',
      'reason.newlyUnrated':
        '{url} を判定するパックはなくなりました（最後は {pack}）。このポリシーではそれも該当します。',
      'reason.notTaken':
        '{pack} は {url} を「{level}」と判定しました。メールは以前からポリシーに該当していましたが、このコピーで処置が有効だという記録はありません。',
      'reason.blockGone':
        '{pack} は {url} を「{level}」と判定し、メールに含まれていますが、記録による限り、ポリシーに該当するコピーはメールボックスにありません。',
      'reason.blockUnrated':
        '{url} を判定するパックはなくなりました（最後は {pack}）。ポリシーに該当するメールに含まれています。',
      'reason.restore':
        '{url} はもうこのメールを問題とする理由になりませんが、隔離はこの URL のために行われました（{cause}）。',
      'reason.restoreUnknown':
        '{url} はもうこのメールを問題とする理由になりません。隔離の原因は記録になく、解放する前に確認が必要です。',
      'reason.clickedOutside':
        '{recipient} は「{message}」の受信者ではありませんが、{at} にそのリンクを開きました。',
      'reason.clicked': '{recipient} が {at} に「{message}」のリンクを開きました。',
      'reason.clickedPerhaps':
        '{recipient} が {at} に「{message}」のリンクのホストへの問い合わせまたは接続を行いました。そのリンクを開いた可能性があります。',
      'reason.ranPerhaps':
        '「{message}」に含まれるものと同じ名前のファイルが {at} に {endpoint} で実行されました。同一のものかは分かっていません。',
      'reason.ran': '「{message}」に由来するものが {at} に {endpoint} で実行されました。',
      'reason.touched': '{recipient} は「{message}」に反応したため、知らせる必要があります。',
      'reason.passedOn': '{recipient} は「{message}」を転送または返信したため、知らせる必要があります。',
      'reason.notify': 'ポリシーは受信者に通知します：{recipient} に「{message}」が届きました。',
      'reason.inboxRule': '受信トレイのルール「{rule}」は、リンクが開かれた後の {at} に作成されました。',
      'reason.takenSignIn': '{account} は {at} に不審な場所からサインインしました。',
      'reason.takenRead': '不審なサインインの後、{at} に {account} としてメールが読まれました。',
      'reason.takenChange':
        '{account} は {at} に、侵入者がよく行う方法でメールボックスまたはアプリケーションを変更しました。',
      'reason.takenDownload':
        '{account} は不審なサインインの後、{at} に大量のファイルをダウンロードしました。',
      'reason.takenSentOn': '{account} のメールボックスから {at} にフィッシングが送られました。',
      'reason.takenJudged':
        '{account} は、{at} に届き、メール製品が悪意ありと判定したメールのリンクを開きました。',
      'reason.undoForwarding':
        'パスワードを変えてもこれは終わりません。{at} から {mailbox} のメールが {what} に送られています。転送設定、または転送するルールを削除してください。',
      'reason.undoAccess':
        'パスワードを変えてもこれは終わりません。{at} に {mailbox} への権限が与えられました（{what}）。取り消してください。',
      'reason.undoConsent':
        'パスワードを変えてもこれは終わりません。アプリケーション「{what}」が {at} に権限を得ました。同意を取り消してください。',
      'reason.undoSecret':
        'パスワードを変えてもこれは終わりません。アプリケーション「{what}」が {at} に新しい資格情報を得ました。削除してください。',
      'reason.undoApp':
        'アプリケーション「{what}」が {at} に作成されました。心当たりがなければ削除してください。',
      'reason.undoOwner':
        'アプリケーション「{what}」に {at} に所有者が追加されました。心当たりがなければ削除してください。',
      'reason.undoMethod':
        'サインインの保護が {at} に変更されました（{what}）。本人に心当たりのないサインイン方法を削除してください。',
      'reason.undoDevice':
        'パスワードを変えてもこれは終わりません。デバイス「{what}」が {at} に登録されました。本人に心当たりがなければ削除してください。',
      'reason.inboxRuleTaken':
        '受信トレイのルール「{rule}」は {at} に作成されました。{since} 以降、アカウントは他人の手にあった可能性があります。',
      'reason.endpointCredentials':
        '{endpoint} で資格情報が読み取られました。このエンドポイントは {at} から攻撃に関わっています。',
      'reason.endpointRan':
        '攻撃のプログラムが {endpoint} で実行されました。このエンドポイントは {at} から攻撃に関わっています。',
      'reason.endpointSource':
        '{endpoint} から他のマシンへ侵入が広がりました。このエンドポイントは {at} から攻撃に関わっています。',
      'reason.endpointChanged':
        '{endpoint} の設定が変えられました。このエンドポイントは {at} から攻撃に関わっています。',
      'reason.endpointDetected':
        'ルールが {endpoint} で攻撃の兆候を見つけました。このエンドポイントは {at} から攻撃に関わっています。',
      'reason.endpointReached':
        '攻撃に使われたアカウントまたはマシンが {endpoint} に到達しました。このエンドポイントは {at} から攻撃に関わっています。',
      'reason.endpointController':
        '{endpoint} はドメイン コントローラーです。切り離すとサインインが止まります。方法を決めてから行ってください。',
      'reason.blockControl':
        '{at} 以降、攻撃のプログラムが {address} から操作されたか、そこへ報告していました。プロキシとファイアウォールでも遮断してください。',
      'reason.blockControlPage':
        '攻撃のプログラムが {at} に {address} を取得しました。プロキシでも遮断してください。',
      'reason.blockControlName':
        '{address} は、攻撃のプログラムが操作元の {of} に接続した際の名前です。プロキシと名前解決でも遮断してください。',
      'reason.leftService': '残されたもの：サービス「{name}」（{at}）。隔離では取り除かれません。',
      'reason.leftTask': '残されたもの：スケジュール タスク「{name}」（{at}）。隔離では取り除かれません。',
      'reason.leftRegistry': '残されたもの：レジストリ値「{name}」（{at}）。隔離では取り除かれません。',
      'reason.leftSubscription':
        '残されたもの：WMI サブスクリプション「{name}」（{at}）。隔離では取り除かれません。',
      'reason.accountCredentials':
        '{account} の資格情報が読み取られたか、渡されました。このアカウントは {at} から攻撃に関わっています。',
      'reason.accountUsed':
        '{account} は他人に使われました。このアカウントは {at} から攻撃に関わっています。',
      'reason.accountRan':
        '攻撃のプログラムが {account} として実行されました。このアカウントは {at} から攻撃に関わっており、読めたものは知られたと考えるべきです。',
      'reason.accountPerhaps':
        '{account} は {at} から攻撃の手の届く所にありました。使われたことを示す行為はありません。まず確認してください。',
      'reason.ticketAccount':
        'ドメインのパスワード ハッシュが {at} に複製されました。krbtgt を 10 時間以上あけて 2 回リセットしてください。しないとチケットを偽造され続けます。',
    },
  },
} satisfies Words

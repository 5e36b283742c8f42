import type { Words } from '../model/words.ts'

/** Preconditions of correlation and what is missing (S3, S14-S16). */
const words: Words = {
  prefix: 'readiness',
  texts: {
    en: {
      'mail.title': 'Mail metadata',
      'mail.unmet':
        'No mail in the case. Without it no email vector can be found. Import the mail scanner’s sweep, .eml or mbox files.',
      'mail.partly':
        'Messages: {messages}, but no export names the mailbox of each copy. Deliveries are taken from the recipients.',
      'mail.met':
        'Messages: {messages}, in {copies} copies; copies with the mailbox that holds them: {held}.',
      'directory.title': 'Directory export',
      'directory.unmet':
        'No directory export. Mail recipients cannot be tied to logons. Import SharpHound, LDIF, CSVDE, PowerShell or Entra exports.',
      'directory.partly': 'The directory export has no computers. Users: {users}.',
      'directory.met': 'Users: {users}, computers: {computers}.',
      'directory.superseded':
        'Users: {users}, computers: {computers}. Older exports that a newer one replaces: {stale}; their rights no longer count.',
      'directory.old':
        'Users: {users}, computers: {computers}. The newest export of {domains} is of {date}: {days} days before the last event. Who came, left or changed groups since then is unknown. Import a newer export.',
      'directory.olds':
        'Users: {users}, computers: {computers}. No export of these domains is of the time: {domains}. The oldest, of {date}, is {days} days older than the last event. Who came, left or changed groups since then is unknown. Import newer exports.',
      'directory.oldBare':
        'The directory export has no computers. Users: {users}. The newest of {domains} is of {date}: {days} days before the last event. Import newer exports, with computers.',
      'sensor.title': 'Endpoint sensor data',
      'sensor.unmet': 'No endpoint has sensor data. Import event logs or sensor exports.',
      'sensor.partly':
        '{sensors} of {endpoints} known endpoints have sensor data. What happened on the others cannot be seen.',
      'sensor.met': '{sensors} of {endpoints} endpoints have sensor data.',
      'processes.title': 'Process and logon events',
      'processes.unmet': 'No process starts. Files and links cannot be followed to what they ran.',
      'processes.partly':
        'Process starts: {processes}, but no logons. Movement between endpoints cannot be followed.',
      'processes.met': 'Process starts: {processes}, logons: {logons}.',
      'outlook.title': 'Outlook on the endpoints',
      'outlook.unmet':
        'No Outlook process seen, neither started nor as the parent of another. Attachments and links cannot be tied to the mail client.',
      'outlook.partly':
        'Endpoints with Outlook: {outlook}, with another mail client: {other}. Correlation with the other client is less certain.',
      'outlook.met': 'Endpoints with Outlook: {outlook}. No other mail client.',
      'owners.title': 'Mailboxes tied to users',
      'owners.unmet': 'No mailbox is tied to a user. Mail and directory share no address.',
      'owners.partly':
        'Mailboxes tied to a user: {owned}; mailboxes whose copies exports hold: {mailboxes}. Other addresses of the case stand in messages alone and are not counted here.',
      'owners.met': 'Mailboxes tied to a user: {owned}.',
      'packs.title': 'Pattern packs',
      'packs.unmet':
        'No pattern pack. Links that stay untested: {links}, every place in every copy of a message counted. Add a pack.',
      'packs.partly': 'One pattern pack. A retro scan needs an older and a newer one.',
      'packs.met': 'Pattern packs: {packs}.',
      'clocks.title': 'Clocks that agree',
      'clocks.ahead':
        'Clocks compared: {compared}, off: {off}. {name} is {seconds} s ahead of the others (recorded twice: {support}). Recorded times stay as they are; paths and chains go by the right time. Links that need two machines’ records close in time may be missing.',
      'clocks.behind':
        'Clocks compared: {compared}, off: {off}. {name} is {seconds} s behind the others (recorded twice: {support}). Recorded times stay as they are; paths and chains go by the right time. Links that need two machines’ records close in time may be missing.',
    },
    'zh-TW': {
      'mail.title': '郵件中繼資料',
      'mail.unmet':
        '案件中沒有郵件，因此無法找出電子郵件攻擊媒介。請匯入郵件掃描器的清查結果、.eml 或 mbox 檔。',
      'mail.partly': '有 {messages} 封郵件，但沒有任何匯出檔指出各副本所在的信箱，因此以收件者推定送達對象。',
      'mail.met': '{messages} 封郵件，共 {copies} 份副本，其中 {held} 份載明所在信箱。',
      'directory.title': '目錄匯出檔',
      'directory.unmet':
        '沒有目錄匯出檔，無法將郵件收件者與登入紀錄對應。請匯入 SharpHound、LDIF、CSVDE、PowerShell 或 Entra 的匯出檔。',
      'directory.partly': '目錄匯出檔中有 {users} 位使用者，但沒有電腦。',
      'directory.met': '{users} 位使用者、{computers} 部電腦。',
      'directory.superseded':
        '{users} 位使用者、{computers} 部電腦。有 {stale} 份較舊的匯出檔已由較新的取代，其權限不再採計。',
      'directory.old':
        '{users} 位使用者、{computers} 部電腦。{domains} 最新的匯出檔截至 {date}，比最後一筆事件早 {days} 天；此後的到職、離職與群組異動無從得知。請匯入較新的匯出檔。',
      'directory.olds':
        '{users} 位使用者、{computers} 部電腦。下列網域沒有當時的匯出檔：{domains}；其中最舊者截至 {date}，比最後一筆事件早 {days} 天。此後的到職、離職與群組異動無從得知。請匯入較新的匯出檔。',
      'directory.oldBare':
        '目錄匯出檔中有 {users} 位使用者，但沒有電腦。{domains} 最新的匯出檔截至 {date}，比最後一筆事件早 {days} 天。請匯入含電腦的較新匯出檔。',
      'sensor.title': '端點感測器資料',
      'sensor.unmet': '沒有任何端點具有感測器資料。請匯入事件記錄或感測器匯出檔。',
      'sensor.partly': '{endpoints} 台已知端點中有 {sensors} 台具有感測器資料，其餘端點上發生的事無法得知。',
      'sensor.met': '{endpoints} 台端點中有 {sensors} 台具有感測器資料。',
      'processes.title': '處理程序與登入事件',
      'processes.unmet': '沒有處理程序啟動事件，無法追蹤檔案與連結執行了什麼。',
      'processes.partly': '{processes} 筆處理程序啟動，但沒有登入事件，無法追蹤端點之間的移動。',
      'processes.met': '{processes} 筆處理程序啟動、{logons} 筆登入。',
      'outlook.title': '端點上的 Outlook',
      'outlook.unmet':
        '未發現 Outlook 處理程序，既未見其啟動，也未見其為其他處理程序的父處理程序；無法將附件與連結對應到郵件用戶端。',
      'outlook.partly': '{outlook} 台端點使用 Outlook，{other} 台使用其他郵件用戶端；後者的關聯較不確定。',
      'outlook.met': '{outlook} 台端點使用 Outlook，沒有其他郵件用戶端。',
      'owners.title': '信箱與使用者的對應',
      'owners.unmet': '沒有信箱對應到使用者：郵件與目錄之間沒有共同的位址。',
      'owners.partly':
        '{owned} 個信箱已對應到使用者；匯出檔中含有其郵件副本的信箱有 {mailboxes} 個。案件中的其他位址僅出現在郵件裡，不計入此處。',
      'owners.met': '{owned} 個信箱已對應到使用者。',
      'packs.title': '特徵碼套件',
      'packs.unmet':
        '沒有特徵碼套件，{links} 個連結維持未經檢測（每封郵件的每份副本中的每一處都計入）。請新增套件。',
      'packs.partly': '只有一個特徵碼套件；回溯掃描需要一個較舊與一個較新的套件。',
      'packs.met': '{packs} 個特徵碼套件。',
      'clocks.title': '時鐘一致',
      'clocks.ahead':
        '比對了 {compared} 個時鐘，其中 {off} 個有偏差。{name} 比其他時鐘快 {seconds} 秒（依據 {support} 項雙方皆有記錄的事件）。記錄的時間不變；路徑與關聯鏈依正確時間排序。需要兩台機器的紀錄時間相近才能建立的關聯可能有缺漏。',
      'clocks.behind':
        '比對了 {compared} 個時鐘，其中 {off} 個有偏差。{name} 比其他時鐘慢 {seconds} 秒（依據 {support} 項雙方皆有記錄的事件）。記錄的時間不變；路徑與關聯鏈依正確時間排序。需要兩台機器的紀錄時間相近才能建立的關聯可能有缺漏。',
    },
    ja: {
      'mail.title': 'メールのメタデータ',
      'mail.unmet':
        'ケースにメールがないため、メールの侵入経路を特定できません。メールスキャナーの検索結果、.eml、mbox を取り込んでください。',
      'mail.partly':
        'メールは {messages} 通ありますが、各コピーのメールボックスを示すエクスポートがありません。配信先は受信者から推定しています。',
      'mail.met':
        'メール {messages} 通（コピー {copies} 件）、うち {held} 件のコピーはメールボックスが判明しています。',
      'directory.title': 'ディレクトリのエクスポート',
      'directory.unmet':
        'ディレクトリのエクスポートがないため、メールの受信者とログオンを結び付けられません。SharpHound、LDIF、CSVDE、PowerShell、Entra のエクスポートを取り込んでください。',
      'directory.partly': 'ユーザーは {users} 人いますが、コンピューターがありません。',
      'directory.met': 'ユーザー {users} 人、コンピューター {computers} 台。',
      'directory.superseded':
        'ユーザー {users} 人、コンピューター {computers} 台。新しいエクスポートに置き換えられた古いエクスポートが {stale} 件あり、その権限は使われません。',
      'directory.old':
        'ユーザー {users} 人、コンピューター {computers} 台。{domains} の最新のエクスポートは {date} 時点で、最後のイベントより {days} 日前です。その後の入退社やグループの変更は分かりません。より新しいエクスポートを取り込んでください。',
      'directory.olds':
        'ユーザー {users} 人、コンピューター {computers} 台。次のドメインには当時のエクスポートがありません：{domains}。最も古いものは {date} 時点で、最後のイベントより {days} 日前です。その後の入退社やグループの変更は分かりません。より新しいエクスポートを取り込んでください。',
      'directory.oldBare':
        'ディレクトリのエクスポートにはユーザーが {users} 人いますが、コンピューターがありません。{domains} の最新のものは {date} 時点で、最後のイベントより {days} 日前です。コンピューターを含む、より新しいエクスポートを取り込んでください。',
      'sensor.title': 'エンドポイントのセンサーデータ',
      'sensor.unmet':
        'センサーデータのあるエンドポイントがありません。イベントログまたはセンサーのエクスポートを取り込んでください。',
      'sensor.partly':
        '既知のエンドポイント {endpoints} 台のうち {sensors} 台にセンサーデータがあります。残りで起きたことは確認できません。',
      'sensor.met': 'エンドポイント {endpoints} 台のうち {sensors} 台にセンサーデータがあります。',
      'processes.title': 'プロセスとログオンのイベント',
      'processes.unmet': 'プロセス開始の記録がなく、ファイルやリンクが何を実行したか追跡できません。',
      'processes.partly':
        'プロセス開始は {processes} 件ありますが、ログオンがなく、エンドポイント間の移動を追跡できません。',
      'processes.met': 'プロセス開始 {processes} 件、ログオン {logons} 件。',
      'outlook.title': 'エンドポイントの Outlook',
      'outlook.unmet':
        'Outlook のプロセスが、起動としても他のプロセスの親としても見つかりません。添付ファイルやリンクをメールクライアントに結び付けられません。',
      'outlook.partly':
        'Outlook は {outlook} 台、他のメールクライアントは {other} 台。後者との関連付けは確実性が下がります。',
      'outlook.met': 'Outlook は {outlook} 台、他のメールクライアントはありません。',
      'owners.title': 'メールボックスとユーザーの対応',
      'owners.unmet':
        'ユーザーに結び付いたメールボックスがありません。メールとディレクトリに共通のアドレスがありません。',
      'owners.partly':
        'ユーザーに結び付いたメールボックス：{owned} 件。エクスポートにメールのコピーがあるメールボックス：{mailboxes} 件。ケースのその他のアドレスはメールに現れるだけで、ここでは数えません。',
      'owners.met': 'メールボックス {owned} 件がユーザーに結び付いています。',
      'packs.title': 'パターンパック',
      'packs.unmet':
        'パターンパックがありません。{links} 件のリンク（メールのすべてのコピーのすべての箇所を数える）は未評価のままです。パックを追加してください。',
      'packs.partly': 'パターンパックは 1 つです。レトロスキャンには古いパックと新しいパックが必要です。',
      'packs.met': 'パターンパック {packs} 個。',
      'clocks.title': '時計の一致',
      'clocks.ahead':
        '比較した時計 {compared} 個のうち {off} 個がずれています。{name} は他より {seconds} 秒進んでいます（双方に記録された事象 {support} 件）。記録された日時は変えず、経路とチェーンは正しい日時の順に並べます。2 台の記録の時刻が近いことを要する関係は欠けている可能性があります。',
      'clocks.behind':
        '比較した時計 {compared} 個のうち {off} 個がずれています。{name} は他より {seconds} 秒遅れています（双方に記録された事象 {support} 件）。記録された日時は変えず、経路とチェーンは正しい日時の順に並べます。2 台の記録の時刻が近いことを要する関係は欠けている可能性があります。',
    },
  },
}
export default words

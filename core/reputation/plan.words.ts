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
    },
  },
} satisfies Words

import type { Words } from '../model/words.ts'

/** Why a step is in the plan. */
export default {
  prefix: 'plan',
  texts: {
    en: {
      'reason.newly': '{url} is rated {level} by {pack}; the message matches the policy now.',
      'reason.block': '{url} is rated {level} by {pack} and stands in delivered mail.',
      'reason.restore': '{url} speaks against the message no longer, and it was put into quarantine.',
      'reason.clicked': '{recipient} opened a link of “{message}” at {at}.',
      'reason.ran': 'Something out of “{message}” ran on {endpoint} at {at}.',
      'reason.touched': '{recipient} followed “{message}” and should know.',
      'reason.passedOn': '{recipient} passed “{message}” on and should know.',
      'reason.notify': 'The policy tells recipients: {recipient} got “{message}”.',
      'reason.inboxRule': 'The inbox rule “{rule}” was made at {at}, after a link was opened.',
    },
    'zh-TW': {
      'reason.newly': '{pack} 將 {url} 評為 {level}；此郵件現在符合政策。',
      'reason.block': '{pack} 將 {url} 評為 {level}，且該 URL 出現在已投遞的郵件中。',
      'reason.restore': '{url} 已不再對此郵件不利，而此郵件先前被隔離。',
      'reason.clicked': '{recipient} 於 {at} 開啟了「{message}」中的連結。',
      'reason.ran': '來自「{message}」的內容於 {at} 在 {endpoint} 上執行。',
      'reason.touched': '{recipient} 對「{message}」有所動作，應予通知。',
      'reason.passedOn': '{recipient} 將「{message}」再傳給他人，應予通知。',
      'reason.notify': '政策要求通知收件者：{recipient} 收到了「{message}」。',
      'reason.inboxRule': '收件匣規則「{rule}」於連結開啟之後的 {at} 建立。',
    },
    ja: {
      'reason.newly': '{pack} は {url} を {level} と判定しました。メッセージは現在ポリシーに該当します。',
      'reason.block': '{pack} は {url} を {level} と判定し、配信済みのメールに含まれています。',
      'reason.restore': '{url} はもはやこのメッセージに不利ではなく、メッセージは隔離されていました。',
      'reason.clicked': '{recipient} が {at} に「{message}」のリンクを開きました。',
      'reason.ran': '「{message}」に由来するものが {at} に {endpoint} で実行されました。',
      'reason.touched': '{recipient} は「{message}」に反応したため、知らせる必要があります。',
      'reason.passedOn': '{recipient} は「{message}」を転送または返信したため、知らせる必要があります。',
      'reason.notify': 'ポリシーは受信者に通知します：{recipient} に「{message}」が届きました。',
      'reason.inboxRule': '受信トレイのルール「{rule}」は、リンクが開かれた後の {at} に作成されました。',
    },
  },
} satisfies Words

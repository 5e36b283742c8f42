import type { Sign } from './sign.ts'

const BOTS =
  /api\.telegram\.org\/bot[\w:-]{0,80}|discord(?:app)?\.com\/api\/webhooks|formspree\.io\/|submit-form\.com|formsubmit\.co\/|webhook\.site\//i

/** Interfaces of messengers and form services stand in a page that asks for passwords. */
const pageBotExfiltration: Sign = {
  id: 'page-bot-exfiltration',
  weight: 4,
  about: 'credentials',
  texts: {
    en: { text: 'What is typed is sent to a bot: {found}.' },
    'zh-TW': { text: '輸入內容會送往聊天機器人：{found}。' },
    ja: { text: '入力内容がボットへ送られます：{found}' },
  },
  find: ({ pages }) =>
    pages
      .filter(({ hasPasswordField }) => hasPasswordField)
      .map(({ scripts, formTargets }) => BOTS.exec([scripts, ...formTargets].join(' '))?.[0])
      .find((found) => found !== undefined),
}
export default pageBotExfiltration

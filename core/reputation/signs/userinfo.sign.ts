import type { Sign } from './sign.ts'

/** `https://bank.example@evil.test/` leads to evil.test. */
const userinfo: Sign = {
  id: 'userinfo',
  weight: 3,
  about: 'hiding',
  texts: {
    en: { text: 'A name stands before the real host: {found}.' },
    'zh-TW': { text: '真正主機之前放了其他名稱：{found}。' },
    ja: { text: '本当のホストの前に別の名前が置かれています：{found}' },
  },
  find: ({ url }) => /^(?:https?|ftp):\/*([^/?#]{1,300})@/i.exec(url.written)?.[1]?.replace(/:.*$/, ''),
}
export default userinfo

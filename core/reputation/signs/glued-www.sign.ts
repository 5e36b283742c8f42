import type { Sign } from './sign.ts'

/** `wwwbank.example` reads like `www.bank.example`. */
const gluedWww: Sign = {
  id: 'glued-www',
  weight: 3,
  about: 'identity',
  texts: {
    en: { text: '“www” is part of the name: {found}.' },
    'zh-TW': { text: '「www」黏在名稱上：{found}。' },
    ja: { text: '「www」が名前に組み込まれています：{found}' },
  },
  find: ({ url }) => /^www[a-vx-z][a-z0-9-]{3,}/.exec(url.domain)?.[0],
}
export default gluedWww

import type { Sign } from './sign.ts'

/** `data:text/html` and `javascript:` need no server; `data:` pictures are usual. */
const scriptScheme: Sign = {
  id: 'script-scheme',
  weight: 4,
  about: 'hiding',
  texts: {
    en: { text: 'The link holds a page or program itself: {found}.' },
    'zh-TW': { text: '連結本身即為頁面或程式：{found}。' },
    ja: { text: 'リンク自体にページまたはプログラムが入っています：{found}' },
  },
  find: ({ url }) =>
    /^\s*(?:data:\s*(?:text\/html|application\/(?:xhtml|javascript)|image\/svg)|javascript:|vbscript:)/i
      .exec(url.written)?.[0]
      .trim(),
}
export default scriptScheme

import type { Sign } from './sign.ts'

/** Decoders fed with long strings that are then written into the page or run. */
const pageObfuscatedScript: Sign = {
  id: 'page-obfuscated-script',
  weight: 2.5,
  about: 'hiding',
  texts: {
    en: { text: 'A script of the page hides what it does: {found}.' },
    'zh-TW': { text: '頁面中的指令碼經過混淆：{found}。' },
    ja: { text: 'ページのスクリプトが難読化されています：{found}' },
  },
  find: ({ pages }) =>
    pages
      .map(({ scripts }) =>
        /(?:eval|document\.write(?:ln)?|Function|setTimeout)\s*\(\s*(?:unescape|atob|decodeURIComponent|String\.fromCharCode)|atob\s*\(\s*["'][A-Za-z0-9+/=]{200,}|(?:\\x[0-9a-f]{2}){60,}|_0x[0-9a-f]{4,6}\s*=\s*\[/i
          .exec(scripts)?.[0]
          .slice(0, 60),
      )
      .find((found) => found !== undefined),
}
export default pageObfuscatedScript

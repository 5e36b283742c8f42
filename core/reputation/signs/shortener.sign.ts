import { SHORTENERS } from './data/services.ts'
import type { Sign } from './sign.ts'

/** Newsletters use them too. */
const shortener: Sign = {
  id: 'shortener',
  weight: 1.5,
  about: 'hiding',
  texts: {
    en: { text: 'A shortening service hides where it leads: {found}.' },
    'zh-TW': { text: '使用短網址服務隱藏目的地：{found}。' },
    ja: { text: '短縮サービスにより行き先が分かりません：{found}' },
  },
  find: ({ url }) => (SHORTENERS.has(url.url?.host.replace(/^www\./, '') ?? '') ? url.url?.host : undefined),
}
export default shortener

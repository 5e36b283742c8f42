import { BRANDS, BRAND_DOMAINS } from './data/brands.ts'
import type { Sign } from './sign.ts'

/** The title of a page, held against its host; only where the page is after passwords. */
const pageBrand: Sign = {
  id: 'page-brand',
  weight: 3,
  about: 'identity',
  texts: {
    en: { text: 'The page calls itself {found}, but its host does not belong to them.' },
    'zh-TW': { text: '頁面自稱 {found}，但主機不屬於該公司。' },
    ja: { text: 'ページは {found} を名乗っていますが、ホストはその企業のものではありません。' },
  },
  find({ pages, url }) {
    if (BRAND_DOMAINS.has(url.owner)) return undefined
    for (const page of pages.filter(({ hasPasswordField }) => hasPasswordField)) {
      const words = new Set(`${page.title.toLowerCase()} ${page.text.slice(0, 2_000)}`.split(/[^a-z0-9]+/))
      const found = BRANDS.find(({ word, domains }) => words.has(word) && !domains.includes(url.owner))
      if (found !== undefined) return found.word
    }
    return undefined
  },
}
export default pageBrand

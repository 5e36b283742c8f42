import { BRANDS, BRAND_DOMAINS } from './data/brands.ts'
import type { Sign } from './sign.ts'

/** Kits unpack into a folder that is called like the brand. */
const brandInPath: Sign = {
  id: 'brand-in-path',
  weight: 1.5,
  about: 'identity',
  texts: {
    en: { text: 'The path names {found}, but the domain does not belong to them.' },
    'zh-TW': { text: '路徑含有 {found}，但網域不屬於該公司。' },
    ja: { text: 'パスに {found} が含まれますが、ドメインはその企業のものではありません。' },
  },
  find({ url }) {
    if (
      url.url === undefined ||
      BRAND_DOMAINS.has(url.owner) ||
      /\.(?:png|jpe?g|gif|svg|webp|ico|css)$/i.test(url.path)
    )
      return undefined
    const words = new Set(url.path.toLowerCase().split(/[^a-z0-9]+/))
    return BRANDS.find(
      ({ word, domains }) => word.length >= 5 && words.has(word) && !domains.includes(url.owner),
    )?.word
  },
}
export default brandInPath

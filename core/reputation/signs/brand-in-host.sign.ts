import { BRANDS, BRAND_DOMAINS } from './data/brands.ts'
import type { Sign } from './sign.ts'

/** A brand as a whole word of the host, on ground its owner does not use. `apple-store-repair.example` exists too: the weight is no proof. */
const brandInHost: Sign = {
  id: 'brand-in-host',
  weight: 3,
  about: 'identity',
  texts: {
    en: { text: 'The host names {found}, but the domain does not belong to them.' },
    'zh-TW': { text: '主機名稱含有 {found}，但網域不屬於該公司。' },
    ja: { text: 'ホスト名に {found} が含まれますが、ドメインはその企業のものではありません。' },
  },
  find({ url }) {
    if (url.url === undefined || url.isIp || BRAND_DOMAINS.has(url.owner)) return undefined
    const words = new Set(url.shownHost.split(/[.\-_]/))
    const found = BRANDS.find(
      ({ word }) => words.has(word) || (word.length >= 7 && url.shownHost.includes(word)),
    )
    // A company's own domain in another country has the same first label.
    return found === undefined || url.domain.split('.', 1)[0] === found.word ? undefined : found.word
  },
}
export default brandInHost

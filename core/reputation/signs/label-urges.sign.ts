import { BRAND_DOMAINS } from './data/brands.ts'
import { isUrging } from './data/urges.ts'
import type { Sign } from './sign.ts'

/** What the button says, on ground of no known brand: the bait of credential phishing in several languages. */
const labelUrges: Sign = {
  id: 'label-urges',
  weight: 2,
  about: 'credentials',
  texts: {
    en: { text: 'The link urges to confirm, update or connect an account: “{found}”.' },
    'zh-TW': { text: '連結催促確認、更新或連結帳號：「{found}」。' },
    ja: { text: 'アカウントの確認、更新、接続を促すリンクです：「{found}」' },
  },
  find({ url }) {
    if (url.url === undefined || BRAND_DOMAINS.has(url.owner)) return undefined
    return url.labels.find(isUrging)?.trim().slice(0, 80)
  },
}
export default labelUrges

import { BRAND_DOMAINS } from './data/brands.ts'
import { isRandom } from './randomness.ts'
import type { Sign } from './sign.ts'

/** Long labels without vowels or with letters and digits in turn. Content networks have such labels below their own domain, which does not count. */
const randomLabels: Sign = {
  id: 'random-labels',
  weight: 2,
  about: 'hiding',
  texts: {
    en: { text: 'The name looks thrown together: {found}.' },
    'zh-TW': { text: '名稱看似隨機產生：{found}。' },
    ja: { text: '名前が無作為に作られたように見えます：{found}' },
  },
  find({ url }) {
    if (url.isIp || BRAND_DOMAINS.has(url.owner)) return undefined
    const name = url.owner.split('.', 1)[0] ?? ''
    return name.length >= 10 && !name.startsWith('xn--') && isRandom(name) ? name : undefined
  },
}
export default randomLabels

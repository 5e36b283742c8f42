import { BRAND_DOMAINS } from './data/brands.ts'
import { EVERYWHERE } from './data/services.ts'
import { isUrging } from './data/urges.ts'
import type { Sign } from './sign.ts'

/** Footers and pictures of a real mail are kept, the button is exchanged. Fonts and social media are in every mail and do not count. */
const borrowedSurroundings: Sign = {
  id: 'borrowed-surroundings',
  weight: 3,
  about: 'identity',
  texts: {
    en: { text: 'The other links of the mail lead to {found}, this one, which urges, does not.' },
    'zh-TW': { text: '郵件中其他連結指向 {found}，唯獨這個催促操作的連結不是。' },
    ja: { text: 'メールのほかのリンクは {found} につながりますが、操作を促すこのリンクだけは異なります。' },
  },
  find({ url, companions }) {
    if (url.url === undefined || BRAND_DOMAINS.has(url.owner) || !url.labels.some(isUrging)) return undefined
    return companions.find((domain) => BRAND_DOMAINS.has(domain) && !EVERYWHERE.has(domain))
  },
}
export default borrowedSurroundings

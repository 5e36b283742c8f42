import { domainToUnicode } from 'node:url'
import { BRAND_DOMAINS } from './data/brands.ts'
import { findImitated } from './imitated.ts'
import type { Sign } from './sign.ts'

/** A registrable name that an eye in a hurry takes for a brand: other alphabets, digits for letters, one letter off. */
const lookalikeHost: Sign = {
  id: 'lookalike-host',
  weight: 4,
  about: 'identity',
  texts: {
    en: { text: 'The domain {found}.' },
    'zh-TW': { text: '網域 {found}。' },
    ja: { text: 'ドメインが {found}。' },
  },
  find({ url }) {
    if (url.isIp || url.url === undefined || BRAND_DOMAINS.has(url.owner)) return undefined
    const name = domainToUnicode(url.domain).split('.', 1)[0] ?? ''
    const like = findImitated(name)
    return like === undefined ? undefined : `${name} ~ ${like}`
  },
}
export default lookalikeHost

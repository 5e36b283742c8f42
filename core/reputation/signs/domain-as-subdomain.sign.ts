import { BRAND_DOMAINS } from './data/brands.ts'
import type { Sign } from './sign.ts'

/** `www.bank.com.evil.test` and `gov.br-office.evil.test` read like another domain. */
const domainAsSubdomain: Sign = {
  id: 'domain-as-subdomain',
  weight: 3,
  about: 'identity',
  texts: {
    en: { text: 'A well-known ending stands in front of the real domain: {found}.' },
    'zh-TW': { text: '真正的網域前面冒用了常見的網域結尾：{found}。' },
    ja: { text: '本当のドメインの前に、よく知られた末尾が置かれています：{found}' },
  },
  find({ url }) {
    const front = url.below.join('.')
    return /(?:^|\.)[a-z0-9-]{3,}\.(?:com|net|org|gov|co|edu)(?:$|[.-])/.test(front) &&
      !BRAND_DOMAINS.has(url.owner)
      ? front
      : undefined
  },
}
export default domainAsSubdomain

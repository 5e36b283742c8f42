import { CHEAP_SUFFIXES } from './data/services.ts'
import type { Sign } from './sign.ts'

/** Fresh names for single campaigns are taken where they are cheapest. */
const cheapSuffix: Sign = {
  id: 'cheap-suffix',
  weight: 1.5,
  about: 'hiding',
  texts: {
    en: { text: 'The ending {found} costs next to nothing and is often abused.' },
    'zh-TW': { text: '網域結尾 {found} 幾乎免費，常遭濫用。' },
    ja: { text: 'ドメイン末尾 {found} はほぼ無料で取得でき、悪用が多く見られます。' },
  },
  find: ({ url }) => (CHEAP_SUFFIXES.has(url.suffix) ? `.${url.suffix}` : undefined),
}
export default cheapSuffix

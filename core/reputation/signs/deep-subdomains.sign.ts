import type { Sign } from './sign.ts'

/** On a narrow screen only the beginning is seen. Large services have deep names as well. */
const deepSubdomains: Sign = {
  id: 'deep-subdomains',
  weight: 1.5,
  about: 'hiding',
  texts: {
    en: { text: 'The real domain stands behind {found} other names.' },
    'zh-TW': { text: '真正的網域前面有 {found} 層名稱。' },
    ja: { text: '本当のドメインの前に {found} 個の名前が並んでいます。' },
  },
  find: ({ url }) =>
    url.below.filter((label) => label !== 'www').length >= 4 ? String(url.below.length) : undefined,
}
export default deepSubdomains

import { BRAND_DOMAINS } from './data/brands.ts'
import { CREDENTIAL_WORDS } from './data/services.ts'
import type { Sign } from './sign.ts'

/** Alone it says little: real sign-in pages have these words too. It counts together with other signs. */
const credentialWords: Sign = {
  id: 'credential-words',
  weight: 1.5,
  about: 'credentials',
  texts: {
    en: { text: 'Words of sign-in pages stand in the address: {found}.' },
    'zh-TW': { text: '網址含有登入頁常用字詞：{found}。' },
    ja: { text: 'アドレスにサインインページでよく使われる語が含まれます：{found}' },
  },
  find({ url }) {
    if (url.url === undefined || BRAND_DOMAINS.has(url.owner)) return undefined
    const text = `${url.shownHost} ${url.path}`
    return CREDENTIAL_WORDS.exec(text)?.[0].replace(/^[^a-z]/i, '')
  },
}
export default credentialWords

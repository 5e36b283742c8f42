import type { Sign } from './sign.ts'

/** An address of a person or of a page in Base64 or hexadecimal, or escapes of escapes. */
const encodedPayload: Sign = {
  id: 'encoded-payload',
  weight: 2,
  about: 'hiding',
  texts: {
    en: { text: 'Something is packed into the address: {found}.' },
    'zh-TW': { text: '網址中夾帶編碼內容：{found}。' },
    ja: { text: 'アドレスにデータがエンコードされています：{found}' },
  },
  find({ url }) {
    if (/%25(?:25)*[0-7][0-9a-f]/i.test(url.written) && /%25/.test(url.path + url.query + url.written))
      return '%25'
    for (const [text] of `${url.path}?${url.query}#${url.fragment}`.matchAll(
      /[A-Za-z0-9+_-]{16,512}={0,2}/g,
    )) {
      const plain = /^(?:[0-9a-f]{2}){8,}$/i.test(text)
        ? Buffer.from(text, 'hex').toString('latin1')
        : Buffer.from(text, 'base64').toString('latin1')
      const found = /^[^@\s]{1,64}@[a-z0-9.-]+\.[a-z]{2,}|https?:\/\/[a-z0-9.-]+/i.exec(plain)?.[0]
      if (found !== undefined) return found.slice(0, 80)
    }
    return undefined
  },
}
export default encodedPayload

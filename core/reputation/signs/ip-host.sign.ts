import type { Sign } from './sign.ts'

/** Public pages have names. Inside a network addresses are usual: private ones do not count. */
const ipHost: Sign = {
  id: 'ip-host',
  weight: 3,
  about: 'hiding',
  texts: {
    en: { text: 'The address leads to a number instead of a name: {found}.' },
    'zh-TW': { text: '網址指向 IP 位址而非名稱：{found}。' },
    ja: { text: '名前ではなく IP アドレスへのリンクです：{found}' },
  },
  find({ url }) {
    const host = url.url?.host ?? ''
    if (
      !url.isIp ||
      /^(?:10\.|127\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|\[(?:::1|f[cde]))/.test(host)
    )
      return undefined
    return host
  },
}
export default ipHost

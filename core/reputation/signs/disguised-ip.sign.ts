import type { Sign } from './sign.ts'

/** Decimal, octal or hexadecimal notation, or mapped into IPv6: browsers read it, people and simple filters do not. */
const disguisedIp: Sign = {
  id: 'disguised-ip',
  weight: 4,
  about: 'hiding',
  texts: {
    en: { text: 'The IP address is written so that it is not recognised: {found}.' },
    'zh-TW': { text: 'IP 位址以難以辨識的寫法呈現：{found}。' },
    ja: { text: 'IP アドレスが見分けにくい書き方になっています：{found}' },
  },
  find({ url }) {
    const host = /^[a-z]+:\/*(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]+)/i.exec(url.written)?.[1] ?? ''
    return url.isIp &&
      host !== url.url?.host &&
      /^(?:(?:0x[0-9a-f]+|\d+)(?:\.(?:0x[0-9a-f]+|\d+)){0,3}|\[[0-9a-f:.]*\])$/i.test(host) &&
      !(url.url?.host.startsWith('[') ?? false)
      ? host
      : undefined
  },
}
export default disguisedIp

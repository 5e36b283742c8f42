import type { Sign } from './sign.ts'

/** Mail rarely leads to pages beside the ports of the web; 8080 and 8443 are usual for appliances and count less than nothing. */
const oddPort: Sign = {
  id: 'odd-port',
  weight: 1.5,
  about: 'hiding',
  texts: {
    en: { text: 'The address uses port {found}.' },
    'zh-TW': { text: '網址使用連接埠 {found}。' },
    ja: { text: 'ポート {found} を使っています。' },
  },
  find: ({ url }) =>
    url.url?.port == null || /^(?:8080|8443)$/.test(String(url.url.port)) ? undefined : String(url.url.port),
}
export default oddPort

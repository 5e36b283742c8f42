import { parseUrl } from '../../normalise/url.ts'
import type { Sign } from './sign.ts'

/** A respectable address whose query or path holds another address of somebody else. */
const openRedirect: Sign = {
  id: 'open-redirect',
  weight: 1.5,
  about: 'hiding',
  texts: {
    en: { text: 'A parameter sends the reader on to {found}.' },
    'zh-TW': { text: '參數會將使用者轉往 {found}。' },
    ja: { text: 'パラメーターにより {found} へ転送されます。' },
  },
  find({ url }) {
    const text = `${url.path}?${url.query}`
    const inner = /(?:^|[=/&?])(https?:\/{1,2}[^\s&]+)/i.exec(text)?.[1]
    const host =
      inner === undefined ? undefined : parseUrl(inner.replace(/^(https?:)\/(?!\/)/i, '$1//'))?.host
    return host === undefined ||
      host === url.url?.host ||
      host.endsWith(`.${url.owner}`) ||
      host === url.owner
      ? undefined
      : host
  },
}
export default openRedirect

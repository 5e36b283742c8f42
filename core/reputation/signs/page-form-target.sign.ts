import { parseUrl } from '../../normalise/url.ts'
import type { Sign } from './sign.ts'

/** Or: a mail sends a password to this address. */
const pageFormTarget: Sign = {
  id: 'page-form-target',
  weight: 3,
  about: 'credentials',
  texts: {
    en: { text: 'A form sends what is typed to another site: {found}.' },
    'zh-TW': { text: '表單會把輸入內容送往其他網站：{found}。' },
    ja: { text: 'フォームの入力内容が別のサイトへ送られます：{found}' },
  },
  find({ pages, url }) {
    for (const page of pages.filter(({ hasPasswordField }) => hasPasswordField)) {
      for (const target of page.formTargets) {
        const to = parseUrl(target)
        if (to !== undefined && (page.isMail || to.host !== url.url?.host)) return to.host
      }
    }
    return undefined
  },
}
export default pageFormTarget

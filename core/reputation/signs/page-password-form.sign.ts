import type { Sign } from './sign.ts'

/** Every sign-in page does; it counts with others. A mail that asks is never right. */
const pagePasswordForm: Sign = {
  id: 'page-password-form',
  weight: 2.5,
  about: 'credentials',
  texts: {
    en: { text: 'The page asks for a password ({found}).' },
    'zh-TW': { text: '頁面要求輸入密碼（{found}）。' },
    ja: { text: 'ページがパスワードを求めています（{found}）。' },
  },
  find({ pages }) {
    const page = pages.find(({ hasPasswordField }) => hasPasswordField)
    return page && (page.title.slice(0, 80) || 'type=password')
  },
}
export default pagePasswordForm

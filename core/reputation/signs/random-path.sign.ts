import { isRandom } from './randomness.ts'
import type { Sign } from './sign.ts'

/** Bulk kits number their readers in the path. Mail services do so as well, in the query or with a word that says so. */
const randomPath: Sign = {
  id: 'random-path',
  weight: 2,
  about: 'hiding',
  texts: {
    en: { text: 'The path is a long string that is made for one reader: {found}.' },
    'zh-TW': { text: '路徑是為單一收件者產生的長字串：{found}。' },
    ja: { text: 'パスが受信者ごとに作られた長い文字列です：{found}' },
  },
  find({ url }) {
    const part = url.path
      .split('/')
      .find((one) => one.length >= 24 && !/\.[a-z]{2,5}$/i.test(one) && /\d/.test(one) && isRandom(one))
    return part?.slice(0, 60)
  },
}
export default randomPath

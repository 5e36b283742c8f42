import { HOSTING } from './data/services.ts'
import type { Sign } from './sign.ts'

/** Free hosting and application platforms: the respectable name is that of the landlord. Pictures and downloads there are usual. */
const hostedPage: Sign = {
  id: 'hosted-page',
  weight: 2,
  about: 'hiding',
  texts: {
    en: { text: 'The page lies on ground anybody can use: {found}.' },
    'zh-TW': { text: '頁面位於任何人皆可使用的代管空間：{found}。' },
    ja: { text: '誰でも使えるホスティングに置かれたページです：{found}' },
  },
  find({ url }) {
    const host = url.url?.host ?? ''
    if (/\.(?:png|jpe?g|gif|svg|webp|ico|css|js|woff2?|ttf|mp4)$/i.test(url.path)) return undefined
    return [...host.matchAll(/\./g)].some(({ index }) => HOSTING.has(host.slice(index + 1)))
      ? host
      : undefined
  },
}
export default hostedPage

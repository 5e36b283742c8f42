import { STORAGE } from './data/services.ts'
import type { Sign } from './sign.ts'

/** A page, or a file without ending, among the pictures of a storage service: kits live there because the service has a good name. */
const storagePage: Sign = {
  id: 'storage-page',
  weight: 3,
  about: 'hiding',
  texts: {
    en: { text: 'The page is a file in somebody’s bucket: {found}.' },
    'zh-TW': { text: '頁面是放在雲端儲存空間中的檔案：{found}。' },
    ja: { text: 'ページがクラウドストレージ上のファイルです：{found}' },
  },
  find({ url }) {
    const host = url.url?.host ?? ''
    const isPage = /\.s?html?$|\/[^./]+$/i.test(url.path)
    return isPage && STORAGE.some((pattern) => pattern.test(host)) ? `${host}${url.path}` : undefined
  },
}
export default storagePage

import type { Sign } from './sign.ts'

/** Two families seen in collections of phishing mail: `4BFWrt557VYxj20tgbifrjimr80RZSBGHUN...` (also behind `#`) and `/cl/463_md/31/4/80/`. No mail service writes so. */
const kitPath: Sign = {
  id: 'kit-path',
  weight: 3,
  about: 'hiding',
  texts: {
    en: { text: 'The path is written as bulk kits of fraudsters write it: {found}.' },
    'zh-TW': { text: '路徑符合大量寄送詐騙郵件工具的寫法：{found}。' },
    ja: { text: 'パスが詐欺メールの一斉送信キットの書式です：{found}' },
  },
  find({ url }) {
    const text = `${url.path}#${url.fragment}`
    return /[/#]\d[A-Za-z]{4,8}\d{2,6}[A-Za-z]{3,5}\d{1,4}[a-z]{8,12}\d{1,4}[A-Z]{8,24}\d?|\/[a-z]{2,4}\/\d{2,6}_md\/\d+\/\d+/
      .exec(text)?.[0]
      .slice(0, 60)
  },
}
export default kitPath

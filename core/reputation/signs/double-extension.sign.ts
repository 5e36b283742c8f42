import type { Sign } from './sign.ts'

/** `invoice.pdf.exe`, `scan.doc.html`. */
const doubleExtension: Sign = {
  id: 'double-extension',
  weight: 3,
  about: 'hiding',
  texts: {
    en: { text: 'The file pretends to be of another kind: {found}.' },
    'zh-TW': { text: '檔案偽裝成其他類型：{found}。' },
    ja: { text: 'ファイルが別の種類に見せかけられています：{found}' },
  },
  find: ({ url }) =>
    /[^/]{0,80}\.(?:pdf|docx?|xlsx?|pptx?|jpe?g|png|txt|csv|zip)\.(?:html?|shtml|exe|scr|js|jse|vbs|hta|lnk|iso|img|bat|cmd|ps1|jar|msi|svg)$/i.exec(
      url.path,
    )?.[0],
}
export default doubleExtension

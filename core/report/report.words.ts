import type { BuiltInLanguage } from '../model/text.ts'
import type { Words } from '../model/words.ts'
import { templates } from './templates/registry.ts'
import { sharedMessages } from './words.ts'

const steps = {
  en: {
    'step.building': 'Building the report',
    'step.printing': 'Printing the report as PDF, part {part} of {parts}',
    'step.numbering': 'Numbering {pages} pages',
  },
  'zh-TW': {
    'step.building': '正在建立報告',
    'step.printing': '正在將報告列印為 PDF，第 {part} 部分，共 {parts} 部分',
    'step.numbering': '正在為 {pages} 頁編上頁碼',
  },
  ja: {
    'step.building': 'レポートを作成しています',
    'step.printing': 'レポートを PDF に印刷しています（{part} / {parts}）',
    'step.numbering': '{pages} ページに番号を付けています',
  },
}
const relative = (lang: BuiltInLanguage): Record<string, string> => ({
  ...steps[lang],
  ...Object.fromEntries(
    templates.flatMap(({ id, texts }) =>
      Object.entries<string>(texts[lang]).map(([key, text]) => [`template.${id}.${key}`, text]),
    ),
  ),
  ...Object.fromEntries([...sharedMessages(lang)].map(([key, text]) => [key.replace(/^report\./, ''), text])),
})

/** Job steps of writing a report, and the words its sections share. */
const reportWords: Words = {
  prefix: 'report',
  texts: { en: relative('en'), 'zh-TW': relative('zh-TW'), ja: relative('ja') },
}
export default reportWords

import type { Words } from '../model/words.ts'

/** Steps of writing an export. */
const words: Words = {
  prefix: 'export',
  texts: {
    en: { 'step.writing': 'Writing' },
    'zh-TW': { 'step.writing': '正在寫出' },
    ja: { 'step.writing': '書き出しています' },
  },
}
export default words

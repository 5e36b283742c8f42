import type { Texts } from '../model/text.ts'
import type { Words } from '../model/words.ts'
import { signs } from './signs/registry.ts'

const textsOf = (lang: keyof Texts): Record<string, string> =>
  Object.fromEntries(signs.map(({ id, texts }) => [id, texts[lang].text]))
const texts: Texts = { en: textsOf('en'), 'zh-TW': textsOf('zh-TW'), ja: textsOf('ja') }

/** The sentences of all signs of the offline analysis. */
const words: Words = { prefix: 'sign', texts }
export default words

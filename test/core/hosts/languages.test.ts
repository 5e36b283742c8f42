import { describe, expect, it } from 'vitest'
import { commands } from '../../../core/hosts/cli/registry.ts'
import { COMMON_OPTIONS, PAGE_OPTIONS } from '../../../core/hosts/cli/options.ts'
import { cliTexts } from '../../../core/hosts/cli/texts.ts'
import { workbenchTexts } from '../../../core/hosts/cli/workbench.ts'
import { fitLanguage } from '../../../core/locale/languages.ts'
import { BUILT_IN_LANGUAGES, type Texts } from '../../../core/model/text.ts'

const placeholders = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? ''))].sort()
const every: (readonly [string, Texts])[] = [
  ['cli', cliTexts],
  ['workbench', workbenchTexts],
  ...commands.map((command) => [command.id, command.texts] as const),
]

describe('words of the command line', () => {
  it.each(every)('%s says the same in every language', (_name, texts) => {
    for (const lang of BUILT_IN_LANGUAGES) {
      expect(Object.keys(texts[lang]).sort()).toEqual(Object.keys(texts.en).sort())
      for (const [key, text] of Object.entries(texts[lang])) {
        expect(text.trim(), key).not.toBe('')
        expect(placeholders(text), key).toEqual(placeholders(texts.en[key] ?? ''))
      }
    }
  })
  it.each(commands.map((command) => [command.id, command] as const))(
    '%s explains itself and each option',
    (_id, command) => {
      expect(command.texts.en['summary']).toBeTruthy()
      const shared = new Set([...Object.keys(COMMON_OPTIONS), ...Object.keys(PAGE_OPTIONS)])
      for (const name of Object.keys(command.options)) {
        if (!shared.has(name)) expect(command.texts.en[`option.${name}`], name).toBeTruthy()
      }
    },
  )
})

describe('the language of the environment', () => {
  it.each([
    ['zh_TW.UTF-8', 'zh-TW'],
    ['zh-Hant-HK', 'zh-TW'],
    ['zh_CN.UTF-8', 'en'],
    ['ja_JP.eucJP', 'ja'],
    ['xx_XX@euro', 'en'],
    ['C', 'en'],
    ['', 'en'],
  ])('%s reads %s', (wanted, expected) => expect(fitLanguage(wanted)).toBe(expected))
})

import { describe, expect, it } from 'vitest'
import { errorTexts } from '../../../core/locale/errors.texts.ts'
import { createTranslator, withPrefix } from '../../../core/locale/format.ts'
import { ERROR_CODES } from '../../../core/model/errors.ts'
import { BUILT_IN_LANGUAGES } from '../../../core/model/text.ts'

const placeholders = (text: string): string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').sort()

describe('translator', () => {
  const t = createTranslator(
    'ja',
    { hello: 'こんにちは {name}' },
    { hello: 'Hello {name}', files: 'no files | one file | {count} files' },
  )

  it('fills the placeholders of the chosen language', () => {
    expect(t('hello', { name: '渡邉' })).toBe('こんにちは 渡邉')
  })
  it('falls back to English, then to the key', () => {
    expect(t('files', { count: 3 })).toBe('3 files')
    expect(t('nothing.here')).toBe('nothing.here')
  })
  it('chooses the plural form by count', () => {
    expect([0, 1, 2].map((count) => t('files', { count }))).toEqual(['no files', 'one file', '2 files'])
  })
  it('leaves message syntax inside a parameter alone', () => {
    expect(t('hello', { name: '{x} | @:y' })).toBe('こんにちは {x} | @:y')
  })
  it('does not find the keys of Object.prototype', () => {
    expect(t('constructor')).toBe('constructor')
  })
})

describe('error texts', () => {
  it.each(BUILT_IN_LANGUAGES)('has a filled text for every error code in %s', (lang) => {
    const t = createTranslator(lang, withPrefix('errors', errorTexts, lang), {})
    for (const code of ERROR_CODES) {
      const names = placeholders(errorTexts.en[code])
      expect(placeholders(errorTexts[lang][code]), code).toEqual(names)
      const text = t(`errors.${code}`, Object.fromEntries(names.map((name) => [name, `<${name}>`])))
      expect(text).not.toBe(`errors.${code}`)
      for (const name of names) expect(text).toContain(`<${name}>`)
      expect(text).not.toMatch(/[{}]/)
    }
  })
})

import { readdirSync, readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { errorTexts } from '../../../core/locale/errors.texts.ts'
import { createTranslator, withPrefix } from '../../../core/locale/format.ts'
import { reasonTexts } from '../../../core/locale/reason.texts.ts'
import { ERROR_CODES, type ErrorCode } from '../../../core/model/errors.ts'
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
  it("says what a rule detected in the rule's own words, and nothing else of a parameter", () => {
    const say = createTranslator(
      'en',
      { seen: '{what}: {name}', 'rule.a.b.detection.odd': 'Odd thing', 'errors.x': 'secret' },
      {},
    )
    expect(say('seen', { what: 'rule.a.b.detection.odd', name: 'ws' })).toBe('Odd thing: ws')
    expect(say('seen', { what: 'errors.x', name: 'rule.a.b.detection.odd' })).toBe(
      'errors.x: rule.a.b.detection.odd',
    )
  })
  it('says what the system said of a file in words, and leaves another reason as it is', () => {
    const say = createTranslator('en', { no: '{reason}.', 'reason.EACCES': 'no permission' }, {})
    expect(['EACCES', 'EXOTIC', 'key: acces'].map((reason) => say('no', { reason }))).toEqual([
      'no permission.',
      'EXOTIC.',
      'key: acces.',
    ])
  })
  it('marks a parameter that was not given', () => {
    expect(t('hello')).toBe('こんにちは ?')
  })
  it('does not find the keys of Object.prototype', () => {
    expect(t('constructor')).toBe('constructor')
  })
})

/** Every `new WorkbenchError('code', { literal })` of the product, as [file, code, literal]. */
function thrown(): (readonly [string, string, string])[] {
  const root = join(import.meta.dirname, '../../..')
  return ['core', 'electron'].flatMap((room) =>
    readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) => {
        const source = readFileSync(join(root, room, name), 'utf8')
        const found = source.matchAll(/new WorkbenchError\(\s*'([\w.]+)',\s*\{([^;]*?)\}\s*[,)]/g)
        return [...found].map((match) => [name, match[1] ?? '', match[2] ?? ''] as const)
      }),
  )
}

describe('error texts', () => {
  it('ask for no parameter that the thrower does not give', () => {
    const gaps = thrown()
      .filter(([, code]) => code !== 'internal' && code !== 'request.usage')
      // What a spread brings is not to be seen here.
      .filter(([, , literal]) => !literal.includes('...'))
      .flatMap(([file, code, literal]) =>
        placeholders(errorTexts.en[code as ErrorCode] ?? '{code}')
          .filter((name) => !new RegExp(`\\b${name}\\b`).test(literal))
          .map((name) => `${file}: ${code} {${name}}`),
      )
    expect(gaps).toEqual([])
  })

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

describe('reasons of the system', () => {
  it('have words in every language, for every code that the product itself tells apart', () => {
    const known = Object.keys(reasonTexts.en).sort()
    for (const lang of BUILT_IN_LANGUAGES) {
      expect(Object.keys(reasonTexts[lang]).sort()).toEqual(known)
      for (const text of Object.values(reasonTexts[lang])) expect(text.trim()).not.toBe('')
    }
    const root = join(import.meta.dirname, '../../../core')
    const named = readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.startsWith('importers'))
      .flatMap((name) => [...readFileSync(join(root, name), 'utf8').matchAll(/'(E[A-Z]{3,12})'/g)])
      .map(([, code]) => code ?? '')
      .filter((code) => code in constants.errno)
    expect(named).toContain('ENOSPC')
    // A taken port has a sentence of its own; a closed pipe and a folder that cannot be synced are told to nobody.
    const untold = ['EADDRINUSE', 'EPIPE', 'ENOTSUP']
    expect(named.filter((code) => !untold.includes(code) && !known.includes(code))).toEqual([])
  })
})

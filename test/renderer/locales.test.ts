import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { messagesOf } from '../../core/catalog.ts'
import { ownTexts } from '../../core/hosts/cli/words.ts'
import { EVENT_KINDS } from '../../core/model/event.ts'
import { ALIAS_KINDS, ENTITY_KINDS } from '../../core/model/relation.ts'
import { PATTERN_SCOPES, RISK_LEVELS } from '../../core/model/verdict.ts'
import { BUILT_IN_LANGUAGES } from '../../core/model/text.ts'
import { screens } from '../../renderer/views/registry.ts'

const root = join(import.meta.dirname, '../..')
const folder = join(root, 'resources/locales')
const read = (name: string): Map<string, string> =>
  new Map(Object.entries(JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, string>))
const files = readdirSync(folder).filter((name) => name.endsWith('.json'))
const english = read('en.json')
/** Each name once: the plural forms of a message repeat them. */
const placeholders = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{(\w+)\}/gu)].map((match) => match[1] ?? ''))].sort()

const builtIn = new Set(BUILT_IN_LANGUAGES.map((lang) => `${lang}.json`))
/** Words that screens, importers, rules, sections and commands bring along; a further language may say them too. */
const screenTexts = new Map<string, string>(
  screens.flatMap(({ id, texts }) =>
    Object.entries<string>(texts?.en ?? {}).map(([key, text]) => [`screen.${id}.${key}`, text] as const),
  ),
)
const extensions = new Map<string, string>([
  ...Object.entries(messagesOf('xx')),
  ...Object.entries(ownTexts('xx')),
  ...screenTexts,
])

function sources(path: string): string[] {
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    const here = join(path, entry.name)
    if (entry.isDirectory()) return sources(here)
    return /\.(ts|vue)$/u.test(entry.name) ? [readFileSync(here, 'utf8')] : []
  })
}
const code = sources(join(root, 'renderer')).join('\n')

/** Keys that are put together at run time: prefixes whose last part comes from a closed list or from the engine. */
const assembled = [...code.matchAll(/`([a-zA-Z.]+\.)\$\{|word\('([a-zA-Z.]+)'/gu)].map(
  (match) => match[1] ?? `${match[2]}.`,
)

describe('the locale files', () => {
  it('are at least the three of the product', () => {
    expect(files).toEqual(expect.arrayContaining(['en.json', 'ja.json', 'zh-TW.json']))
  })

  it.each(files)('%s has the keys of en.json, in order, and others only that extensions know', (name) => {
    const keys = [...read(name).keys()]
    const own = keys.filter((key) => english.has(key))
    expect(own).toEqual([...english.keys()])
    expect(own).toEqual([...own].sort())
    const more = keys.filter((key) => !english.has(key))
    // The words of extensions stand in their own files in the built-in languages (ADR 0003).
    expect(builtIn.has(name) ? more : more.filter((key) => !extensions.has(key))).toEqual([])
  })

  it.each(files)('%s has the placeholders of the English text and no empty text', (name) => {
    for (const [key, text] of read(name)) {
      expect(text.trim(), key).not.toBe('')
      expect(placeholders(text), key).toEqual(placeholders(english.get(key) ?? extensions.get(key) ?? ''))
    }
  })

  it.each(screens.filter((screen) => screen.texts).map((screen) => [screen.id, screen.texts] as const))(
    'are completed by the screen %s in the three languages',
    (id, texts) => {
      for (const lang of BUILT_IN_LANGUAGES) {
        expect(Object.keys(texts?.[lang] ?? {}).sort(), lang).toEqual(Object.keys(texts?.en ?? {}).sort())
        for (const [key, text] of Object.entries<string>(texts?.[lang] ?? {})) {
          expect(text.trim(), key).not.toBe('')
          expect(english.has(`screen.${id}.${key}`), `${key} stands in two places`).toBe(false)
        }
      }
    },
  )

  it('hold no key that the renderer does not use', () => {
    const unused = [...english.keys()].filter(
      (key) =>
        key !== 'language.name' &&
        !code.includes(`'${key}'`) &&
        !assembled.some((prefix) => key.startsWith(prefix)),
    )
    expect(unused).toEqual([])
  })

  it('hold every key that the renderer names', () => {
    const named = [...code.matchAll(/(?<![\w.])(?:t|say|counted)\(\s*'([a-zA-Z]+\.[a-zA-Z.-]+)'/gu)].map(
      (match) => match[1] ?? '',
    )
    expect(named.length).toBeGreaterThan(200)
    expect(named.filter((key) => !english.has(key) && !screenTexts.has(key))).toEqual([])
  })

  it('have a word for every member of the closed lists', () => {
    const wanted = [
      ...ENTITY_KINDS.map((kind) => `entity.kind.${kind}`),
      ...EVENT_KINDS.map((kind) => `event.kind.${kind}`),
      ...ALIAS_KINDS.map((kind) => `alias.${kind}`),
      ...RISK_LEVELS.map((level) => `risk.${level}`),
      ...PATTERN_SCOPES.map((scope) => `pack.scope.${scope}`),
      ...screens.filter((screen) => !screen.texts).map((screen) => `screen.${screen.id}.title`),
    ]
    expect(wanted.filter((key) => !english.has(key))).toEqual([])
  })
})

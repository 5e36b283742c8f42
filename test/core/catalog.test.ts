import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ownTexts } from '../../core/hosts/cli/words.ts'
import { catalogue, messagesOf } from '../../core/catalog.ts'
import { methods, type MethodName } from '../../core/contract/methods.ts'
import type { EngineEvent } from '../../core/contract/types.ts'
import { exampleDomain } from '../../core/correlation/example-mail.ts'
import { rules } from '../../core/correlation/registry.ts'
import { createTranslator } from '../../core/locale/format.ts'
import { ERROR_CODES } from '../../core/model/errors.ts'
import { BUILT_IN_LANGUAGES } from '../../core/model/text.ts'
import { TestCase } from '../support/case-builder.ts'
import { Workbench, windowsLines } from '../support/workbench.ts'

/** Names of the placeholders; a plural form repeats them. */
const placeholders = (text: string) =>
  [...new Set([...text.matchAll(/\{\s*(\w+)\s*\}/g)].flatMap((match) => match[1] ?? []))].sort()
const rooms = catalogue.map(({ prefix, texts }) => ({ prefix, texts }))

describe('the texts of the core', () => {
  it('have a prefix of their own each', () => {
    const prefixes = rooms.map((room) => room.prefix)
    expect(prefixes.filter((prefix, at) => prefixes.indexOf(prefix) !== at)).toEqual([])
  })

  it.each(rooms)('say the same in the three languages: $prefix', ({ texts }) => {
    const keys = Object.keys(texts.en).sort()
    expect(keys.length).toBeGreaterThan(0)
    for (const lang of BUILT_IN_LANGUAGES) {
      expect(Object.keys(texts[lang]).sort(), lang).toEqual(keys)
      for (const key of keys) {
        const text = texts[lang][key] ?? ''
        expect(text.trim(), `${lang} ${key}`).not.toBe('')
        expect(placeholders(text), `${lang} ${key}`).toEqual(placeholders(texts.en[key] ?? ''))
      }
    }
  })

  it.each(BUILT_IN_LANGUAGES)('all compile, with every placeholder filled: %s', (lang) => {
    const messages = messagesOf(lang)
    const translate = createTranslator(lang, messages, {})
    for (const [key, text] of Object.entries(messages)) {
      const params = Object.fromEntries(placeholders(text).map((name) => [name, 7]))
      const filled = translate(key, params)
      expect(filled.trim(), key).not.toBe('')
      expect(filled, key).not.toMatch(/\{\w+\}/)
    }
  })

  it('are told apart from those of the screens: no key stands in both', () => {
    const file = resolve(import.meta.dirname, '../../resources/locales/en.json')
    const screens = Object.keys(JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>)
    const core = new Set(
      rooms.flatMap(({ prefix, texts }) => Object.keys(texts.en).map((key) => `${prefix}.${key}`)),
    )
    expect(screens.filter((key) => core.has(key))).toEqual([])
  })

  it('cover every error code', () => {
    const messages = messagesOf('en')
    expect(ERROR_CODES.filter((code) => messages[`errors.${code}`] === undefined)).toEqual([])
  })

  it('are English in a language nobody has written yet', () => {
    const unwritten = messagesOf('xx')
    expect(unwritten).toEqual(
      Object.fromEntries(Object.entries(messagesOf('en')).filter(([key]) => unwritten[key] !== undefined)),
    )
    expect(unwritten['identity.event_sid']).toBe('SID in an event')
  })
})

/** Every `{key, params}` anywhere in a value. */
function textRefs(value: unknown, found = new Map<string, Record<string, string | number>>()) {
  if (Array.isArray(value)) for (const one of value) textRefs(one, found)
  else if (typeof value === 'object' && value !== null) {
    const { key, params } = value as { key?: unknown; params?: unknown }
    if (typeof key === 'string' && typeof params === 'object')
      found.set(key, (params ?? {}) as Record<string, string | number>)
    for (const one of Object.values(value)) textRefs(one, found)
  }
  return found
}

describe('the texts that the engine refers to', () => {
  const refs = new Map<string, Record<string, string | number>>()
  let bench: Workbench
  beforeAll(async () => {
    bench = new Workbench()
    // Everything that any rule's examples speak of, in one case.
    const testCase = new TestCase()
    testCase.store([
      ...rules.flatMap((rule) => rule.matches.flatMap((example) => example.items)),
      exampleDomain('corp.example', 3),
    ])
    testCase.correlate()
    await bench.client.call('case.open', { grant: testCase.path })
    for (const kind of [
      'user',
      'endpoint',
      'message',
      'process',
      'file',
      'url',
      'domain',
      'mailbox',
      'attachment',
    ] as const)
      textRefs(await bench.client.call('entity.search', { kind, limit: 10_000 }), refs)
    const relations = await bench.client.call('relation.list', { limit: 10_000 })
    textRefs(relations, refs)
    textRefs(await bench.client.call('relation.get', { id: relations.rows[0]?.id ?? '' }), refs)
    textRefs(await bench.client.call('path.suggest', { limit: 20 }), refs)
    const plain: MethodName[] = [
      'overview.get',
      'rule.list',
      'evidence.formats',
      'report.sections',
      'mail.list',
      'pack.list',
      'url.list',
    ]
    for (const method of plain)
      textRefs(await bench.client.call(method, methods[method].input.parse({}) as never), refs)
    await bench.client.call('case.close', {})
    testCase.close()
    const events: EngineEvent[] = []
    bench.client.onEvent((event) => events.push(event))
    await bench.client.call('case.create', { grant: bench.casePath })
    textRefs(await bench.client.call('overview.get', {}), refs)
    await bench.import(bench.file('log.jsonl', windowsLines(20)))
    await bench.client.run('correlation.run', {})
    textRefs(events, refs)
  })
  afterAll(() => bench.close())

  it('are many, of all the rooms that speak', () => {
    const prefixes = new Set([...refs.keys()].map((key) => key.split('.')[0]))
    expect([...prefixes].sort()).toEqual([
      'identity',
      'importer',
      'job',
      'readiness',
      'report',
      'rule',
      'suggest',
    ])
    expect(refs.size).toBeGreaterThan(150)
  })

  it.each(BUILT_IN_LANGUAGES)('all exist, and their parameters are given: %s', (lang) => {
    const messages = messagesOf(lang)
    expect([...refs.keys()].filter((key) => messages[key] === undefined)).toEqual([])
    const unfilled = [...refs].filter(([key, params]) =>
      placeholders(messages[key] ?? '').some((name) => params[name] === undefined),
    )
    expect(unfilled).toEqual([])
  })
})

describe('a manifest', () => {
  it('has a word of its own, so that nobody takes it for any list', () => {
    const keys = Object.entries({ ...messagesOf('en'), ...ownTexts('en') }).flatMap(([key, text]) =>
      /\bmanifests?\b/iu.test(text) ? [key] : [],
    )
    expect(keys.length).toBeGreaterThan(40)
    const said = (lang: string): string[] => {
      const texts: Record<string, string> = { ...messagesOf(lang), ...ownTexts(lang) }
      return keys.map((key) => `${key}: ${texts[key] ?? ''}`)
    }
    // The hash manifest of the report is a list of hashes.
    expect(said('zh-TW').filter((text) => /(?<!資訊|雜湊值)清單/u.test(text))).toEqual([])
    expect(said('ja').filter((text) => /(?<!ハッシュ)一覧|目録/u.test(text))).toEqual([])
  })
})

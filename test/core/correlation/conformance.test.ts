import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { rules } from '../../../core/correlation/registry.ts'
import type { Rule } from '../../../core/correlation/rule.ts'
import { createTranslator, withPrefix } from '../../../core/locale/format.ts'
import {
  OBSERVED_RELATION_KINDS,
  RELATION_KINDS,
  type ObservedRelationKind,
} from '../../../core/model/relation.ts'
import { BUILT_IN_LANGUAGES } from '../../../core/model/text.ts'
import {
  detectionText,
  findRelations,
  relationText,
  TestCase,
  type FoundDetection,
  type FoundRelation,
} from '../../support/case-builder.ts'
import { RELATION_DIRECTIONS } from '../../support/relation-directions.ts'

const folder = resolve(import.meta.dirname, '../../../core/correlation/rules')
const files = readdirSync(folder).filter((name) => name.endsWith('.rule.ts'))

const isObserved = (kind: string): kind is ObservedRelationKind =>
  (OBSERVED_RELATION_KINDS as readonly string[]).includes(kind)

/** What holds for anything any rule finds. */
function expectSound(rule: Rule, relation: FoundRelation): void {
  const shown = relationText(relation)
  expect(rule.relations, `${shown}: kind is declared`).toContain(relation.kind)
  expect(relation.proofs, `${shown}: has proof`).toBeGreaterThan(0)
  expect(relation.confidence, `${shown}: confidence`).toBeGreaterThan(0)
  expect(relation.confidence, `${shown}: confidence`).toBeLessThanOrEqual(1)
  if (isObserved(relation.kind)) {
    expect(RELATION_DIRECTIONS[relation.kind].from, `${shown}: from`).toContain(relation.fromKind)
    expect(RELATION_DIRECTIONS[relation.kind].to, `${shown}: to`).toContain(relation.toKind)
  }
  expectWords(rule, shown, relation.reason)
}

/** What holds for anything any rule detects. */
function expectSoundDetection(rule: Rule, detection: FoundDetection): void {
  const shown = detectionText(detection)
  expect(rule.detections ?? [], `${shown}: is declared`).toContain(detection.what)
  expect(detection.proofs, `${shown}: has proof`).toBeGreaterThan(0)
  expect(detection.confidence, `${shown}: confidence`).toBeGreaterThan(0)
  expect(detection.confidence, `${shown}: confidence`).toBeLessThanOrEqual(1)
  expectWords(rule, shown, detection.reason)
}

/** Its reason reads well in every language, with its parameters filled in. */
function expectWords(rule: Rule, shown: string, reason: FoundRelation['reason']): void {
  const prefix = `rule.${rule.id}`
  for (const lang of BUILT_IN_LANGUAGES) {
    const translate = createTranslator(
      lang,
      withPrefix(prefix, rule.texts, lang),
      withPrefix(prefix, rule.texts, 'en'),
    )
    const text = translate(reason.key, reason.params)
    expect(text, `${shown}: reason ${reason.key} in ${lang}`).not.toBe(reason.key)
    for (const [name, value] of Object.entries(reason.params)) {
      const used = rule.texts[lang][reason.key.slice(prefix.length + 1)]?.includes(`{${name}}`)
      if (used === true) expect(text, `${shown}: {${name}} is filled`).toContain(String(value))
    }
    expect(text, `${shown}: no placeholder of ${reason.key} left over in ${lang}`).not.toMatch(/\{\w+\}/)
  }
}

describe('every correlation rule', () => {
  it('is a file of its own, named after its id', () => {
    expect(rules.map((rule) => `${rule.id}.rule.ts`).sort()).toEqual(files.sort())
  })

  describe.each(rules.map((rule) => ({ id: rule.id, rule })))('$id', ({ id, rule }) => {
    it('has an id of dotted lower-case words', () => {
      expect(id).toMatch(/^[a-z]+(-[a-z]+)*(\.[a-z]+(-[a-z]+)*)+$/)
    })

    it('speaks the three languages with the same keys, and every text compiles', () => {
      const keys = Object.keys(rule.texts.en).sort()
      expect(keys).toEqual(expect.arrayContaining(['title', 'description', 'needs', 'falsePositives']))
      expect(
        keys.filter(
          (key) => !/^(title|description|needs|falsePositives|(reason|detection)\.[a-z_-]+)$/.test(key),
        ),
      ).toEqual([])
      for (const lang of BUILT_IN_LANGUAGES) {
        expect(Object.keys(rule.texts[lang]).sort(), lang).toEqual(keys)
        const translate = createTranslator(lang, withPrefix('rule', rule.texts, lang), {})
        for (const key of keys) {
          expect(translate(`rule.${key}`).trim().length, `${lang} ${key}`).toBeGreaterThan(1)
          const params = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort()
          const forms = (language: (typeof BUILT_IN_LANGUAGES)[number]) =>
            (rule.texts[language][key] ?? '').split(' | ')
          // One and several say the same; languages without plurals have one form.
          for (const form of forms(lang))
            expect(params(form), `${lang} ${key}: placeholders`).toEqual(params(forms('en')[0] ?? ''))
          if (lang !== 'en' && key !== 'title')
            expect(rule.texts[lang][key], `${lang} ${key} is translated`).not.toBe(rule.texts.en[key])
        }
      }
    })

    it('names relations of the vocabulary and well-formed ATT&CK techniques', () => {
      expect(rule.relations.length + (rule.detections?.length ?? 0)).toBeGreaterThan(0)
      expect(
        Object.keys(rule.texts.en)
          .flatMap((key) => (key.startsWith('detection.') ? [key.slice('detection.'.length)] : []))
          .sort(),
      ).toEqual([...(rule.detections ?? [])].sort())
      for (const kind of rule.relations) expect(RELATION_KINDS).toContain(kind)
      for (const technique of rule.attack) expect(technique).toMatch(/^T\d{4}(\.\d{3})?$/)
      expect(new Set(rule.attack).size).toBe(rule.attack.length)
    })

    it('has examples of what it matches and of what it ignores', () => {
      expect(rule.matches.length).toBeGreaterThan(0)
      expect(rule.ignores.length).toBeGreaterThan(0)
      for (const example of rule.matches) expect(example.finds.length, example.title).toBeGreaterThan(0)
      for (const example of rule.ignores) expect(example.finds, example.title).toEqual([])
    })

    it.each(rule.matches.map((example) => ({ title: example.title, example })))(
      'matches: $title',
      ({ example }) => {
        const { relations, detections, errors } = findRelations(example.items, [rule])
        expect(errors).toEqual([])
        expect([...relations.map(relationText), ...detections.map(detectionText)]).toEqual(
          expect.arrayContaining([...example.finds]),
        )
        for (const relation of relations) expectSound(rule, relation)
        for (const detection of detections) expectSoundDetection(rule, detection)
      },
    )

    it.each(rule.ignores.map((example) => ({ title: example.title, example })))(
      'ignores: $title',
      ({ example }) => {
        const { relations, detections, errors } = findRelations(example.items, [rule])
        expect(errors).toEqual([])
        expect([...relations.map(relationText), ...detections.map(detectionText)]).toEqual([])
      },
    )
  })
})

describe('all rules together', () => {
  const items = rules.flatMap((rule) =>
    [...rule.matches, ...rule.ignores].flatMap((example) => example.items),
  )

  it('find the same relations, under the same ids, in a second run', () => {
    using testCase = new TestCase()
    testCase.store(items)
    const ids = () =>
      testCase.db
        .prepare('SELECT id, kind, from_id, to_id, count, confidence, rule, reason FROM relation ORDER BY id')
        .all()
    const errors = testCase.correlate().rules.filter((rule) => rule.error !== null)
    expect(errors).toEqual([])
    const first = ids()
    expect(first.length).toBeGreaterThan(0)
    testCase.correlate()
    expect(ids()).toEqual(first)
  })
})

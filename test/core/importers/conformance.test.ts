import { createHash } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Importer, ParsedUnit } from '../../../core/importers/importer.ts'
import { detectFormat, importers } from '../../../core/importers/registry.ts'
import { EVENT_FIELDS, EVENT_KINDS } from '../../../core/model/event.ts'
import { Mapping } from '../../../core/model/mapping.ts'
import { BUILT_IN_LANGUAGES } from '../../../core/model/text.ts'
import { mutate } from '../../support/mutate.ts'
import { detectInputOf, fixture, parseAll, partOf } from '../../support/parse.ts'
import { randomBytes, seededRandom } from '../../support/random.ts'

/** One seed for all: a failure names the case number, and the same case comes again in the next run. */
const SEED = 20_311_106
const MUTATIONS = 300
/** TRUST section 4: no input may take longer than 2 s plus 2 s per MiB. */
const limitMs = (bytes: number): number => 2_000 + 2_000 * (bytes / 1_048_576)
const GOLDEN_TEXT = 300

const files = Object.keys(import.meta.glob('../../../core/importers/*.importer.ts'))
const folder = (id: string): URL => new URL(`../../fixtures/${id}/`, import.meta.url)
const fixturesOf = (id: string): string[] =>
  existsSync(folder(id))
    ? readdirSync(folder(id))
        .filter((name) => !name.endsWith(MAPPING_SUFFIX))
        .sort()
    : []

/** A table that needs a mapping has it beside it. */
const MAPPING_SUFFIX = '.mapping.json'
const mappingOf = (id: string, name: string): Mapping | null =>
  existsSync(new URL(name + MAPPING_SUFFIX, folder(id)))
    ? Mapping.parse(JSON.parse(fixture(`${id}/${name}${MAPPING_SUFFIX}`).toString('utf8')))
    : null
/** All units of these bytes, read the way the fixture is meant to be read. */
const read = (
  importer: Importer,
  name: string,
  bytes: Uint8Array,
  pieceBytes?: number,
): Promise<ParsedUnit[]> =>
  parseAll(importer, partOf(name, bytes, pieceBytes), undefined, mappingOf(importer.id, name))

/** Units as the golden files keep them: long texts cut, with the hash of the whole. */
function toGolden(units: readonly ParsedUnit[]): string {
  const cut = (_key: string, value: unknown): unknown =>
    typeof value === 'string' && value.length > GOLDEN_TEXT
      ? `${value.slice(0, GOLDEN_TEXT)}… (${value.length} chars, sha256 ${createHash('sha256').update(value).digest('hex').slice(0, 16)})`
      : value
  return JSON.stringify(units, cut, 1) + '\n'
}

function issueCodes(units: readonly ParsedUnit[]): string[] {
  return units.flatMap((unit) =>
    unit.kind === 'heading'
      ? []
      : unit.kind === 'issue'
        ? [unit.code]
        : (unit.issues ?? []).map((issue) => issue.code),
  )
}

/** What every unit must satisfy, whatever the input was. */
function assertSound(importer: Importer, units: readonly ParsedUnit[], about: string): void {
  for (const code of new Set(issueCodes(units))) {
    expect(code.startsWith(`${importer.id}.`), `${about}: ${code}`).toBe(true)
    expect(importer.texts.en, about).toHaveProperty([`issue.${code.slice(importer.id.length + 1)}`])
  }
  for (const unit of units) {
    if (unit.kind === 'heading') continue
    if (unit.kind === 'issue') {
      expect(Number.isInteger(unit.records) && unit.records >= 0, `${about}: ${unit.locator}`).toBe(true)
      continue
    }
    for (const item of unit.items) {
      if (item.type !== 'event') continue
      expect(EVENT_KINDS, about).toContain(item.kind)
      expect(item.at === null || Number.isSafeInteger(item.at), `${about}: ${unit.locator}`).toBe(true)
      for (const [name, value] of Object.entries(item.fields)) {
        const spec = (EVENT_FIELDS as Record<string, { type: string }>)[name]
        const isRight =
          value === undefined ||
          (spec?.type === 'int' ? Number.isSafeInteger(value) : typeof value === 'string')
        expect(isRight, `${about}: ${unit.locator}: ${name} = ${String(value)}`).toBe(true)
      }
    }
  }
}

describe.each(importers.map((importer) => [importer.id, importer] as const))(
  'importer %s',
  (id, importer) => {
    it('has the id of its file', () => {
      expect(files).toContain(`../../../core/importers/${id}.importer.ts`)
    })

    it('says everything in the three languages', () => {
      const keys = Object.keys(importer.texts.en).sort()
      expect(keys).toEqual(expect.arrayContaining(['description', 'limits', 'title']))
      for (const language of BUILT_IN_LANGUAGES) {
        expect(Object.keys(importer.texts[language]).sort()).toEqual(keys)
        expect(Object.values(importer.texts[language]).filter((text) => text.trim() === '')).toEqual([])
      }
      expect(importer.texts['zh-TW']['description']).not.toBe(importer.texts.en['description'])
      expect(importer.texts.ja['description']).not.toBe(importer.texts.en['description'])
    })

    it('has good, truncated and hostile fixtures', () => {
      const names = fixturesOf(id)
      for (const kind of ['good', 'truncated', 'hostile']) {
        expect(
          names.some((name) => name.startsWith(kind)),
          `test/fixtures/${id}/${kind}*`,
        ).toBe(true)
      }
    })

    it('recognises its own good fixtures best', () => {
      // What a mapping reads is chosen, never detected.
      if (id === 'mapping') return
      for (const name of fixturesOf(id).filter((one) => one.startsWith('good'))) {
        const [best] = detectFormat(detectInputOf(name, fixture(`${id}/${name}`)))
        expect([name, best?.importer.id]).toEqual([name, id])
      }
    })

    it('does not recognise random bytes or an empty file', () => {
      const random = seededRandom(SEED)
      for (let round = 0; round < 50; round++) {
        expect(
          importer.detect(detectInputOf('random.bin', randomBytes(random, 1 + round * 97))),
          `seed ${SEED}, round ${round}`,
        ).toBe(0)
      }
      expect(importer.detect(detectInputOf('empty', new Uint8Array(0)))).toBe(0)
    })

    it.each(fixturesOf(id))('reads %s as its golden file says', async (name) => {
      const units = await read(importer, name, fixture(`${id}/${name}`))
      assertSound(importer, units, name)
      await expect(toGolden(units)).toMatchFileSnapshot(`../../golden/importers/${id}/${name}.json`)
    })

    it.each(fixturesOf(id))('makes the same of %s however the bytes arrive', async (name) => {
      const bytes = fixture(`${id}/${name}`)
      const whole = await read(importer, name, bytes, bytes.length || 1)
      const again = await read(importer, name, bytes, 1_000)
      expect(toGolden(again)).toBe(toGolden(whole))
    })

    it('reads every good fixture without losing a record', async () => {
      for (const name of fixturesOf(id).filter((one) => one.startsWith('good'))) {
        const units = await read(importer, name, fixture(`${id}/${name}`))
        expect(units.some((unit) => unit.kind === 'record')).toBe(true)
        expect(units.flatMap((unit) => (unit.kind === 'issue' && unit.records > 0 ? [unit] : []))).toEqual([])
      }
    })

    it('never throws, hangs or breaks its word on damaged input', async () => {
      const random = seededRandom(SEED)
      const sources = fixturesOf(id).map((name) => [name, fixture(`${id}/${name}`)] as const)
      for (let round = 0; round < MUTATIONS && sources.length > 0; round++) {
        const [name, source] = sources[round % sources.length]!
        const bytes = mutate(source, random)
        const about = `seed ${SEED}, round ${round}, ${name}`
        const started = performance.now()
        const confidence = importer.detect(detectInputOf(name, bytes))
        expect(confidence >= 0 && confidence <= 1, about).toBe(true)
        const units = await read(importer, name, bytes).catch((error: unknown) => {
          throw new Error(`${about}: ${String(error)}`, { cause: error })
        })
        expect(performance.now() - started, about).toBeLessThan(limitMs(bytes.length))
        assertSound(importer, units, about)
      }
    })
  },
)

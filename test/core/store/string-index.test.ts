import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createCase, openForReading, openForWriting } from '../../../core/store/case-file.ts'
import { hashStrings, MAX_WAITING, WaitingStrings } from '../../../core/store/string-index.ts'
import {
  findStringsMatching,
  forgetStrings,
  stringFinder,
  stringHash,
  StringWriter,
} from '../../../core/store/strings.ts'
import { TEST_NOW, TestCase } from '../../support/case-builder.ts'

let test: TestCase
beforeEach(() => {
  test = new TestCase()
})
afterEach(() => test.close())

const indexed = () => test.db.prepare('SELECT count(*) FROM str_hash').pluck().get()

describe('the index of string hashes', () => {
  it('gets the strings of an import when it is finished; until then they are found as well', () => {
    const strings = new StringWriter(test.db)
    const guid = '{1F0A6D3C-22B4-4c1e-9d07-5A0B1C2D3E4F}'
    const ids = ['alpha', guid, 'beta'].map((text) => strings.intern(text))
    expect(indexed()).toBe(0)
    const find = stringFinder(test.db)
    expect(['alpha', guid, 'beta'].map(find)).toEqual(ids)
    expect(find('Alpha')).toBeUndefined()
    expect(findStringsMatching(test.db, guid.toLowerCase())).toEqual([ids[1]])
    strings.finish()
    expect(indexed()).toBe(3)
    expect(['alpha', guid, 'beta'].map(find)).toEqual(ids)
    expect(findStringsMatching(test.db, guid.toLowerCase())).toEqual([ids[1]])
    expect(['alpha', guid, 'beta', 'gamma'].map((text) => strings.intern(text))).toEqual([
      ...ids,
      ids[2]! + 1,
    ])
  })

  it('is made up for when an import was cut off: by the next one, and when the case is opened', () => {
    const cut = new StringWriter(test.db)
    const ids = [cut.intern('left'), cut.intern('waiting')]
    expect(new StringWriter(test.db).intern('waiting')).toBe(ids[1])
    expect(indexed()).toBe(2)
    const folder = mkdtempSync(join(tmpdir(), 'redthread-strings-'))
    const path = join(folder, 'cut.redthread')
    createCase(path, 'UTC', 'test', TEST_NOW)
    const before = openForWriting(path)
    const id = new StringWriter(before.db).intern('left later')
    before.close()
    const read = openForReading(path)
    expect(read.db.prepare('SELECT count(*) FROM str_hash').pluck().get()).toBe(0)
    expect(stringFinder(read.db)('left later')).toBe(id)
    read.close()
    const opened = openForWriting(path)
    expect(opened.db.prepare('SELECT count(*) FROM str_hash').pluck().get()).toBe(1)
    opened.close()
    rmSync(folder, { recursive: true })
  })

  it('loses the strings that are forgotten, and knows the empty one that keeps the highest number', () => {
    const strings = new StringWriter(test.db)
    const ids = ['one', 'two', 'three'].map((text) => strings.intern(text))
    forgetStrings(test.db, [ids[0]!, ids[2]!])
    expect(test.db.prepare('SELECT h, id FROM str_hash ORDER BY id').raw().all()).toEqual([
      [stringHash('two'), ids[1]],
      [stringHash(''), ids[2]],
    ])
    hashStrings(test.db)
    expect(indexed()).toBe(2)
  })

  it('gets many strings by and by, so that those that wait take no more memory', () => {
    const strings = new StringWriter(test.db)
    const count = MAX_WAITING + 1
    const ids = new Uint32Array(count)
    const hashes = Float64Array.from({ length: count }, (_, index) => (index * 2_654_435_761) % 2 ** 52)
    const texts = (function* () {
      for (let index = 0; index < count; index++) yield `text ${index}`
    })()
    strings.addAll(texts, hashes, ids, 0)
    expect(indexed()).toBe(count)
    const again = new Uint32Array(1)
    strings.addAll(['text 77'], [hashes[77]!], again, 0)
    expect(again[0]).toBe(ids[77])
  })

  it('is not held up by thousands of spellings of one identifier', () => {
    // 14 letters that are large or small: 16,384 spellings, one hash.
    const spell = (index: number) =>
      [...'abcdefabcdefab'].map((sign, bit) => ((index >> bit) & 1 ? sign.toUpperCase() : sign)).join('') +
      '0123456789'
    const strings = new StringWriter(test.db)
    const texts = Array.from({ length: 16_384 }, (_, index) => spell(index))
    const hashes = texts.map(stringHash)
    expect(new Set(hashes).size).toBe(1)
    const ids = new Uint32Array(texts.length * 2)
    /** Stores texts, and finds them again. */
    const seconds = (all: string[], each: number[]): number => {
      const started = performance.now()
      strings.addAll(all, each, ids, 0)
      strings.addAll(all, each, ids, all.length)
      return (performance.now() - started) / 1_000
    }
    const others = texts.map((_, index) => `an ordinary text ${index}`)
    const usual = seconds(others, others.map(stringHash))
    // Seen here: 17 times. Reading the texts of all spellings for each of them is beyond any such figure.
    const spelled = seconds(texts, hashes)
    expect(spelled).toBeLessThan(100 * usual)
    expect(new Set(ids).size).toBe(texts.length)
    expect(ids.subarray(texts.length)).toEqual(ids.subarray(0, texts.length))
  })

  it('tells strings of one hash apart while they wait, also among many', () => {
    const put = test.db.prepare('INSERT INTO str (id, v, h) VALUES (?, ?, ?)')
    const waiting = new WaitingStrings(test.db)
    // Every tenth hash is that of the one before.
    const hashOf = (id: number) => 2 ** 52 + (id - (id % 10 === 0 ? 1 : 0)) * 4096
    for (let id = 1; id <= 20_000; id++) {
      put.run(id, `text ${id}`, hashOf(id))
      waiting.add(hashOf(id), `text ${id}`, id)
    }
    expect(waiting.size).toBe(20_000)
    for (let id = 1; id <= 20_000; id++)
      if (waiting.find(hashOf(id), `text ${id}`) !== id) throw new Error(`text ${id} is lost`)
    expect(waiting.find(hashOf(7), 'text 8')).toBeUndefined()
    waiting.clear()
    expect(waiting.find(hashOf(7), 'text 7')).toBeUndefined()
  })
})

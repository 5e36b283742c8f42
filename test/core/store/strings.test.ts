import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HashFilter } from '../../../core/store/hash-filter.ts'
import { migrations } from '../../../core/store/migrate.ts'
import { asWriter } from '../../../core/store/store.ts'
import {
  fillStringHashes,
  findStringsContaining,
  findStringsMatching,
  indexStrings,
  stringHash,
  StringWriter,
} from '../../../core/store/strings.ts'
import { TestCase } from '../../support/case-builder.ts'

describe('interned strings', () => {
  let test: TestCase
  beforeEach(() => {
    test = new TestCase()
  })
  afterEach(() => test.close())

  it('are stored once, by one writer and by the next', () => {
    const first = new StringWriter(test.db)
    const id = first.intern('cmd.exe')
    expect(first.intern('cmd.exe')).toBe(id)
    expect(new StringWriter(test.db).intern('cmd.exe')).toBe(id)
  })

  it('are told apart when their hashes are the same', () => {
    const strings = new StringWriter(test.db)
    const idsOf = (texts: readonly string[]): number[] => {
      const ids = new Uint32Array(texts.length)
      strings.addAll(texts, [7, 7], ids, 0)
      return [...ids]
    }
    const ids = idsOf(['one', 'two'])
    expect(new Set(ids).size).toBe(2)
    expect(idsOf(['one', 'two'])).toEqual(ids)
  })

  it('are stored many at once, each under the number it was given, also one that comes twice', () => {
    const strings = new StringWriter(test.db)
    const known = strings.intern('text 3')
    const texts = Array.from({ length: 200 }, (_, index) => `text ${index % 90}`)
    const ids = new Uint32Array(250)
    strings.addAll(texts, texts.map(stringHash), ids, 50)
    const textOf = test.db.prepare('SELECT v FROM str WHERE id = ?').pluck()
    expect(texts.map((_, index) => textOf.get(ids[50 + index]))).toEqual(texts)
    expect(ids[53]).toBe(known)
    expect(test.db.prepare('SELECT count(*) - count(DISTINCT v) FROM str').pluck().get()).toBe(0)
    expect([...ids.subarray(0, 50)].every((id) => id === 0)).toBe(true)
  })

  it('are found again among many, also those stored before', () => {
    const before = new StringWriter(test.db)
    const texts = Array.from({ length: 500 }, (_, index) => `text ${index}`)
    const ids = texts.map((text) => before.intern(text))
    const after = new StringWriter(test.db)
    for (let index = 0; index < 100; index++) after.intern(`new ${index}`)
    expect(texts.map((text) => after.intern(text))).toEqual(ids)
  })

  it('that are identifiers are found by any part, whole, and by wildcards, in either case', () => {
    const strings = new StringWriter(test.db)
    const guid = strings.intern('{1F0A6D3C-22B4-4c1e-9d07-5A0B1C2D3E4F}')
    const sha = strings.intern('9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08')
    const key = strings.intern('1930449600-0001234-9f86d081884c7d659a2feaa0c55ad015a3bf4f1b')
    const sid = strings.intern('S-1-5-21-1004336348-1177238915-682003330-1100')
    const pid = strings.intern('4711')
    const text = strings.intern('cmd /c echo 9F86D081884C')
    indexStrings(test.db)
    const indexed = test.db.prepare('SELECT rowid FROM str_fts WHERE v LIKE ?').pluck()
    expect(indexed.all('%9f86d081%')).toEqual([text])
    expect(findStringsContaining(test.db, '9f86d081884c').sort()).toEqual([sha, key, text].sort())
    expect(findStringsContaining(test.db, '22B4-4C1E-9')).toEqual([guid])
    expect(findStringsContaining(test.db, 's-1-5-21')).toEqual([sid])
    expect(findStringsContaining(test.db, '71')).toEqual([pid])
    expect(findStringsMatching(test.db, '{1f0a6d3c-22b4-4c1e-9d07-5a0b1c2d3e4f}')).toEqual([guid])
    expect(findStringsMatching(test.db, '9f86*0a08')).toEqual([sha])
    expect(findStringsMatching(test.db, '*-1100')).toEqual([sid])
    expect(findStringsMatching(test.db, '9f86d081884c')).toEqual([])
    expect(findStringsMatching(test.db, '4711')).toEqual([pid])
    expect(findStringsContaining(test.db, 'echo 9f86')).toEqual([text])
  })

  it('of a case of the first schema get their hashes when it is opened for writing', () => {
    const db = new Database(':memory:')
    db.exec(migrations[0]?.sql ?? '')
    db.prepare('INSERT INTO str (id, v) VALUES (?, ?)').run(5, 'old')
    db.exec('INSERT INTO str_fts (rowid, v) SELECT id, v FROM str')
    db.exec(migrations[1]?.sql ?? '')
    fillStringHashes(asWriter(db))
    expect(db.prepare('SELECT id, v, h FROM str').all()).toEqual([{ id: 5, v: 'old', h: stringHash('old') }])
    expect(new StringWriter(asWriter(db)).intern('old')).toBe(5)
    const added = new StringWriter(asWriter(db)).intern('an older one')
    indexStrings(asWriter(db))
    expect(findStringsContaining(db, 'old')).toEqual([5, added])
    expect(() => db.exec(`INSERT INTO str_fts (str_fts) VALUES ('integrity-check')`)).not.toThrow()
    db.close()
  })
})

describe('HashFilter', () => {
  it('knows all that was added and hardly anything else', () => {
    const filter = new HashFilter()
    const hashOf = (index: number) => stringHash(`text ${index}`)
    for (let index = 0; index < 20_000; index++) filter.add(hashOf(index))
    const known = Array.from({ length: 40_000 }, (_, index) => filter.mayHave(hashOf(index)))
    expect(known.slice(0, 20_000)).not.toContain(false)
    expect(known.slice(20_000).filter(Boolean).length).toBeLessThan(20)
  })
})

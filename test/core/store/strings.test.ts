import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HashFilter } from '../../../core/store/hash-filter.ts'
import { migrations } from '../../../core/store/migrate.ts'
import { asWriter } from '../../../core/store/store.ts'
import {
  fillStringHashes,
  findStringsContaining,
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
    const ids = ['one', 'two'].map((text) => strings.add(text, 7))
    expect(new Set(ids).size).toBe(2)
    expect(['one', 'two'].map((text) => strings.add(text, 7))).toEqual(ids)
  })

  it('are found again among many, also those stored before', () => {
    const before = new StringWriter(test.db)
    const texts = Array.from({ length: 500 }, (_, index) => `text ${index}`)
    const ids = texts.map((text) => before.intern(text))
    const after = new StringWriter(test.db)
    for (let index = 0; index < 100; index++) after.intern(`new ${index}`)
    expect(texts.map((text) => after.intern(text))).toEqual(ids)
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

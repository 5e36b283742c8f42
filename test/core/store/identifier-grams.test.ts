import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findHitsNow } from '../../../core/events/text-hits.ts'
import { containing } from '../../../core/events/text-pattern.ts'
import { IdentifierGramWriter } from '../../../core/store/identifier-gram-writer.ts'
import { IdentifierSearch, notedShelves, SHELF_STRINGS } from '../../../core/store/identifier-grams.ts'
import { IDENTIFIER_BIT, stringHash } from '../../../core/store/strings.ts'
import { TestCase } from '../../support/case-builder.ts'
import { seededRandom } from '../../support/random.ts'

const random = seededRandom(11)
const hex = (length: number): string =>
  Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('')
/** GUIDs, hashes, SIDs, numbers, and texts that are none. */
const someText = (index: number): string =>
  [
    () => `{${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}}`.toUpperCase(),
    () => hex(64),
    () => `S-1-5-21-${index}-${1000 + index}`,
    () => String(index * 7919),
    () => `C:\\Users\\user${index}\\${hex(8)}.exe`,
  ][index % 5]?.() ?? ''

const everyIdentifier = `SELECT id FROM str WHERE h >= ${IDENTIFIER_BIT} AND v LIKE '%' || ? || '%' ORDER BY id`

describe('A part of an identifier', () => {
  const test = new TestCase()
  const { db } = test
  const fill = (from: number, count: number): void => {
    const put = db.prepare('INSERT INTO str (id, v, h) VALUES (?, ?, ?)')
    db.transaction(() => {
      for (let id = from; id < from + count; id += 1) {
        const text = someText(id)
        put.run(id, text, stringHash(text))
      }
    })()
  }
  const note = (): void => {
    const writer = new IdentifierGramWriter(db)
    for (let isMore = true; isMore;) isMore = writer.next()
  }
  /** The strings of this test are not in the index of other texts. */
  const plainly = (text: string): unknown[] => db.prepare(everyIdentifier).pluck().all(text)
  const found = (text: string): unknown[] => [...findHitsNow(db, containing(text))].sort((a, b) => a - b)
  const textOf = (id: number): string =>
    db.prepare('SELECT v FROM str WHERE id = ?').pluck().get(id) as string

  beforeAll(() => {
    fill(1, 2 * SHELF_STRINGS + 500)
    note()
  })
  afterAll(() => test.close())

  it('is found as if every identifier were looked at, in whole shelves and behind them', () => {
    expect(notedShelves(db)).toBe(2)
    const ids = [5, 64, 65, SHELF_STRINGS, SHELF_STRINGS + 1, 2 * SHELF_STRINGS, 2 * SHELF_STRINGS + 321]
    const parts = ids.flatMap((id) => {
      const text = textOf(id)
      return [text.slice(1, 9), text.slice(-6), text.slice(3, 6)].filter((part) => /^[0-9a-f-]+$/i.test(part))
    })
    for (const part of [...parts, '4688', 'ffffffffff', '-1-5-21-77', 'AbCdE'])
      expect([part, found(part)]).toEqual([part, plainly(part)])
  })

  it('is looked for in few boxes: one that is not noted there is not found by them', () => {
    // The proof that they are used, and that the answer above is not that of a search through everything.
    db.prepare('UPDATE identifier_gram SET bits = zeroblob(length(bits)) WHERE id < 64').run()
    const text = textOf(2)
    expect(new IdentifierSearch(db, text.slice(4, 14), [`%${text.slice(4, 14)}%`]).find(0)).toEqual([])
    db.prepare('DELETE FROM identifier_gram').run()
    note()
    expect(new IdentifierSearch(db, text.slice(4, 14), [`%${text.slice(4, 14)}%`]).find(0)).toEqual([2])
  })
})

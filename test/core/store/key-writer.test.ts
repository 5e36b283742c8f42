import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { KEY_BYTES, KeyWriter, storePendingKeys } from '../../../core/store/key-writer.ts'
import { compressBlockSync, RawFramer, RawWriter } from '../../../core/store/raw-writer.ts'
import { TestCase } from '../../support/case-builder.ts'

/** Large enough that keys wait to be stored. */
const LARGE = 100_000_000

const keyOf = (name: string | null): Buffer =>
  name === null ? Buffer.alloc(KEY_BYTES) : createHash('sha256').update(name).digest().subarray(0, KEY_BYTES)
const keysOf = (names: readonly (string | null)[]): Buffer => Buffer.concat(names.map(keyOf))
const keyed = (names: readonly (string | null)[]): number => names.filter((name) => name !== null).length
const numbered = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`)

describe('record keys', () => {
  let test: TestCase
  beforeEach(() => {
    test = new TestCase()
  })
  afterEach(() => test.close())

  const stored = (): unknown[] =>
    test.db.prepare('SELECT hex(key), evidence_id, record FROM record_key ORDER BY key').raw().all()
  /** Known positions of each batch, and what is stored in the end. */
  const run = (
    evidence: number,
    bytes: number,
    batches: readonly (readonly (string | null)[])[],
  ): number[][] => {
    const writer = new KeyWriter(test.db, evidence, bytes)
    let first = 1
    const known = batches.map((names) => {
      const found = writer.add(keysOf(names), keyed(names), first)
      first += names.length
      return found
    })
    writer.finish()
    return known
  }

  const BATCHES = [
    numbered('a', 300),
    [null, 'b1', null, 'b2'],
    ['c1', 'a7', 'c2', 'c1'],
    [null, null],
    ...Array.from({ length: 12 }, (_, index) => [`d${index}`, `a${index}`, 'b2']),
    numbered('e', 50),
  ]

  it('of a large file are known as those of a small one are, wherever they came before', () => {
    const [one, other] = [test.store([], 'one'), test.store([], 'other')]
    const small = run(one, 0, BATCHES)
    const expected = stored()
    test.db.prepare('DELETE FROM record_key').run()
    expect(run(one, LARGE, BATCHES)).toEqual(small)
    expect(stored()).toEqual(expected)
    expect(small.slice(0, 4)).toEqual([[], [], [1, 3], []])
    // A second file, with keys of the first among its own.
    expect(run(other, LARGE, [['x', 'a0'], ['y'], ['b1', 'z', 'x']])).toEqual([[1], [], [0, 2]])
  })

  it('with the same beginning are told apart', () => {
    const evidence = test.store([])
    const writer = new KeyWriter(test.db, evidence, LARGE)
    const one = Buffer.alloc(KEY_BYTES, 7)
    const other = Buffer.from(one)
    other[KEY_BYTES - 1] = 8
    const zeros = Buffer.alloc(KEY_BYTES)
    zeros[KEY_BYTES - 1] = 1
    expect(writer.add(one, 1, 1)).toEqual([])
    expect(writer.add(other, 1, 2)).toEqual([])
    expect(writer.add(Buffer.concat([zeros, one, zeros]), 3, 3)).toEqual([1, 2])
    writer.finish()
    expect(stored()).toHaveLength(3)
  })

  it('that waited when an import was cut off are stored before anything asks for them', () => {
    const [one, other] = [test.store([], 'one'), test.store([], 'other')]
    const names = numbered('k', 500)
    const raw = new RawWriter(test.db, one)
    const framer = new RawFramer((block) => raw.write(1, compressBlockSync(block), keysOf(names)))
    for (const name of names) framer.add(name, name)
    framer.end()
    new KeyWriter(test.db, one, LARGE).add(keysOf(names), 500, 1)
    expect(stored()).toEqual([])
    storePendingKeys(test.db)
    expect(stored()).toHaveLength(500)
    expect(run(other, LARGE, [['k3', 'new', 'k499']])).toEqual([[0, 2]])
    expect(run(other, 0, [['k4']])).toEqual([[0]])
  })
})

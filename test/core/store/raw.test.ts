import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RawReader } from '../../../core/store/raw.ts'
import { RAW_RECORD_LIMIT } from '../../../core/store/raw-writer.ts'
import { TestCase } from '../../support/case-builder.ts'
import { storeRaw } from '../../support/store-raw.ts'

describe('raw records', () => {
  let test: TestCase
  let evidence: number
  beforeEach(() => {
    test = new TestCase()
    evidence = test.store([])
  })
  afterEach(() => test.close())

  it('come back word for word, over many blocks', () => {
    const text = (number: number) => `${number} ${'髙橋 \u202e "x"\r\n'.repeat(number % 700)}`
    storeRaw(
      test.db,
      evidence,
      1,
      Array.from({ length: 900 }, (_, index) => [`line ${index + 1}`, text(index + 1)]),
    )
    const reader = new RawReader(test.db)
    for (const record of [1, 2, 450, 899, 900])
      expect(reader.find(evidence, record)).toEqual({
        locator: `line ${record}`,
        raw: text(record),
        truncated: false,
      })
    expect(test.db.prepare('SELECT count(*) FROM raw_block').pluck().get()).toBeGreaterThan(3)
  })

  it('are undefined where there is none', () => {
    storeRaw(test.db, evidence, 5, [['line 5', 'x']])
    const reader = new RawReader(test.db)
    expect([reader.find(evidence, 4), reader.find(evidence, 6), reader.find(999, 5)]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  it('are cut at the limit and say so', () => {
    storeRaw(test.db, evidence, 1, [['line 1', 'a'.repeat(RAW_RECORD_LIMIT + 1)]])
    expect(new RawReader(test.db).find(evidence, 1)).toMatchObject({
      truncated: true,
      raw: 'a'.repeat(RAW_RECORD_LIMIT),
    })
  })
})

import { describe, expect, it } from 'vitest'
import { Dictionary, textsOf } from '../../../core/evidence/dictionary.ts'
import { stringHash } from '../../../core/store/strings.ts'

describe('Dictionary', () => {
  it('numbers texts as they come, each once, and hands over what is new', () => {
    const dictionary = new Dictionary()
    expect(['a', 'b', 'a'].map((text) => dictionary.number(text))).toEqual([0, 1, 0])
    const taken = dictionary.take()
    expect([...textsOf(taken)]).toEqual(['a', 'b'])
    expect(taken.hashes).toEqual(Float64Array.of(stringHash('a'), stringHash('b')))
    expect(['b', 'c'].map((text) => dictionary.number(text))).toEqual([1, 2])
    const next = dictionary.take()
    expect([next.first, ...textsOf(next)]).toEqual([2, 'c'])
  })

  it('gives a text with half a surrogate pair one number: the store keeps both as the same', () => {
    const dictionary = new Dictionary()
    const broken = `a long enough text \ud800`
    expect(dictionary.number(broken)).toBe(dictionary.number(broken))
    expect(dictionary.number('a long enough text \ufffd')).toBe(dictionary.number(broken))
    expect([...textsOf(dictionary.take())]).toEqual(['a long enough text \ufffd'])
  })

  it('forgets texts not seen for long, keeps those in use, and goes on counting', () => {
    const dictionary = new Dictionary()
    const always = dictionary.number('always')
    for (let i = 0; i < 250_000; i++) {
      dictionary.number(`text number ${i}`)
      if (i % 1_000 === 0) expect(dictionary.number('always')).toBe(always)
    }
    expect(dictionary.number('text number 1000')).toBeGreaterThan(250_000)
    const taken = dictionary.take()
    const texts = [...textsOf(taken)]
    for (const text of ['always', 'text number 1000', 'text number 249999'])
      expect(texts[dictionary.number(text) - taken.first]).toBe(text)
  })
})

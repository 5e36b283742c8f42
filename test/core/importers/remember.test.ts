import { describe, expect, it } from 'vitest'
import { fieldShape } from '../../../core/importers/field-shape.ts'
import { remember, rememberPair } from '../../../core/importers/remember.ts'

describe('remembered functions', () => {
  const texts = Array.from({ length: 30_000 }, (_, index) => `C:\\Tools\\tool-${(index * 7919) % 9_001}.exe`)

  it('say the same as the function itself, however many texts there are', () => {
    const upper = remember((text) => text.toUpperCase())
    for (const text of ['', 'a', 'A', 'x'.repeat(5_000), '\ud800 half a pair', ...texts, ...texts])
      expect(upper(text)).toBe(text.toUpperCase())
  })

  it('keep the pair apart, and what is not said', () => {
    const join = rememberPair((one, other) => `${one ?? '?'}|${other ?? '?'}`)
    for (let round = 0; round < 3; round++) {
      expect(join('ab', 'c')).toBe('ab|c')
      expect(join('a', 'bc')).toBe('a|bc')
      expect(join(undefined, 'c')).toBe('?|c')
      expect(join('ab', undefined)).toBe('ab|?')
      expect(join('', '')).toBe('|')
    }
  })

  it('are asked once for a text that returns at once', () => {
    let asked = 0
    const count = remember((text) => {
      asked += 1
      return text.length
    })
    for (let round = 0; round < 10; round++) expect(count('ws01.corp.example')).toBe(17)
    expect(asked).toBe(1)
  })
})

describe('objects of one shape', () => {
  it('begin empty, each on its own, with their names in order', () => {
    const make = fieldShape(['host', 'account', 'pid'])
    const [one, other] = [make(), make()]
    one['host'] = 'ws01'
    expect(other['host']).toBeUndefined()
    expect(Object.keys(one)).toEqual(['host', 'account', 'pid'])
    expect(JSON.stringify(one)).toBe('{"host":"ws01"}')
  })
})

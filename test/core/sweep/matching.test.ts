import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WordFinder } from '../../../core/sweep/aho-corasick.ts'
import {
  AddressMatcher,
  checkExpression,
  DomainMatcher,
  TextMatcher,
} from '../../../core/sweep/text-matcher.ts'
import { countingPlaces, indicatorsIn, placesOf } from '../../../core/sweep/tree.ts'

describe('the finder of many words', () => {
  it('finds exactly the words that are in the text', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'ü'), minLength: 1, maxLength: 5 }), {
          maxLength: 12,
        }),
        fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'ü'), maxLength: 60 }),
        (words, text) => {
          const finder = new WordFinder()
          for (const [number, word] of words.entries()) finder.add(word, number)
          expect([...finder.find(text)].sort((a, b) => a - b)).toEqual(
            words.flatMap((word, number) => (text.includes(word) ? [number] : [])),
          )
        },
      ),
    )
  })

  it('goes on finding when a word is added after a search', () => {
    const finder = new WordFinder()
    finder.add('she', 0)
    expect(finder.find('ushers')).toEqual([0])
    finder.add('he', 1)
    finder.add('hers', 2)
    expect([...finder.find('ushers')].sort()).toEqual([0, 1, 2])
  })

  it('finds nothing by an empty word', () => {
    const finder = new WordFinder()
    finder.add('', 0)
    expect(finder.find('anything')).toEqual([])
  })
})

describe('texts', () => {
  const matcher = new TextMatcher([
    { number: 0, operator: 'is', value: 'evil.exe' },
    { number: 1, operator: 'starts-with', value: 'evil' },
    { number: 2, operator: 'ends-with', value: '.exe' },
    { number: 3, operator: 'contains', value: 'vil' },
    { number: 4, operator: 'matches', value: '^e.*\\.(exe|dll)$' },
  ])
  it('are compared without case, each pattern counting once', () => {
    expect([...matcher.find('EVIL.EXE')].sort()).toEqual([0, 1, 2, 3, 4])
    expect([...matcher.find('devil.dll')]).toEqual([3])
    expect([...matcher.find('')]).toEqual([])
  })
  it('take no expression that could run for ever', () => {
    expect(checkExpression('(a+)+$')).toBe(true)
    expect(checkExpression('(?<=x)y')).toBe(false)
    const slow = new TextMatcher([{ number: 0, operator: 'matches', value: '(a+)+$' }])
    expect(slow.find(`${'a'.repeat(50_000)}!`)).toEqual([])
  })
})

describe('addresses', () => {
  const matcher = new AddressMatcher([
    { number: 0, operator: 'is', value: '203.0.113.7' },
    { number: 1, operator: 'is', value: '203.0.113.0/24' },
    { number: 2, operator: 'is', value: '2001:db8::/32' },
  ])
  it('are found in their networks, whatever way they are written', () => {
    expect([...matcher.find('203.0.113.7')]).toEqual([0, 1])
    expect([...matcher.find('::ffff:203.0.113.7')]).toEqual([0, 1])
    expect([...matcher.find('203.0.113.70')]).toEqual([1])
    expect([...matcher.find('2001:0db8:0:0:0:0:0:1')]).toEqual([2])
    expect([...matcher.find('not an address')]).toEqual([])
  })
})

describe('domains', () => {
  const matcher = new DomainMatcher([
    { number: 0, operator: 'is', value: 'evil.example' },
    { number: 1, operator: 'contains', value: 'login' },
  ])
  it('cover the hosts below them, never a name that only ends alike', () => {
    expect(matcher.find('evil.example')).toEqual([0])
    expect(matcher.find('A.B.Evil.Example.')).toEqual([0])
    expect(matcher.find('notevil.example')).toEqual([])
    expect(matcher.find('evil.example.test')).toEqual([])
    expect([...matcher.find('login.evil.example')].sort()).toEqual([0, 1])
  })
})

describe('criteria', () => {
  const seen = new Map([
    ['hash', new Set(['e1', 'e2'])],
    ['key', new Set(['e2', 'e3'])],
    ['name', new Set(['e9'])],
  ])
  const seenAt = (id: string) => seen.get(id) ?? new Set<string>()

  it('hold where any, or where all of their indicators were seen', () => {
    const both = { all: [{ indicator: 'hash' }, { indicator: 'key' }] }
    expect([...placesOf(both, seenAt)]).toEqual(['e2'])
    expect([...placesOf({ any: [both, { indicator: 'name' }] }, seenAt)]).toEqual(['e2', 'e9'])
    expect([...placesOf({ all: [] }, seenAt)]).toEqual([])
  })

  it('let an indicator count only where those it belongs with were seen too', () => {
    const counting = countingPlaces(
      { any: [{ all: [{ indicator: 'hash' }, { indicator: 'key' }] }, { indicator: 'name' }] },
      seenAt,
    )
    expect(Object.fromEntries([...counting].map(([id, places]) => [id, [...places]]))).toEqual({
      hash: ['e2'],
      key: ['e2'],
      name: ['e9'],
    })
  })

  it('narrow an all inside an all', () => {
    const tree = { all: [{ indicator: 'name' }, { all: [{ indicator: 'hash' }, { indicator: 'key' }] }] }
    expect([...countingPlaces(tree, seenAt).values()].every((places) => places.size === 0)).toBe(true)
    expect(indicatorsIn(tree)).toEqual(['name', 'hash', 'key'])
  })
})

import { describe, expect, it } from 'vitest'
import { parseObject } from '../../../../core/importers/json/parse-object.ts'

describe('parseObject', () => {
  it.each([
    [
      'one, as in Keywords',
      '{"Keywords":-9223372036854775808,"EventID":1}',
      { Keywords: '-9223372036854775808', EventID: 1 },
    ],
    [
      'one at the end, with blanks',
      '{ "a": 1, "n" : 2, "Keywords": 9007199254740993 }',
      { a: 1, n: 2, Keywords: '9007199254740993' },
    ],
    ['two', '{"a":9007199254740993,"b":9007199254740995}', { a: '9007199254740993', b: '9007199254740995' }],
    ['one inside', '{"a":{"b":9007199254740993}}', { a: { b: '9007199254740993' } }],
    ['one in a list', '{"a":[9007199254740993]}', { a: ['9007199254740993'] }],
    [
      'its name and digits also stand in a text',
      '{"t":"{\\"k\\":9007199254740993}","k":9007199254740995}',
      { t: '{"k":9007199254740993}', k: '9007199254740995' },
    ],
    [
      'a name behind a quotation mark',
      '{"x\\"k":9007199254740993,"k":1}',
      { 'x"k': '9007199254740993', k: 1 },
    ],
    [
      'a decimal number stays one',
      '{"a":12345678901234567.5,"b":1e300}',
      { a: 12345678901234567.5, b: 1e300 },
    ],
  ])('keeps the digits of integers beyond 2^53: %s', (_, text, value) => {
    expect(parseObject(text)).toMatchObject({ ok: true, value })
  })

  it('names keys that occur twice, also when the last is a long integer', () => {
    expect(parseObject('{"k":9007199254740993,"a":1,"k":9007199254740995}')).toMatchObject({
      value: { k: '9007199254740995' },
      duplicateKeys: ['k'],
    })
  })

  it('refuses what nests too deep, in objects and in lists', () => {
    expect(parseObject(`{"a":${'['.repeat(70)}${']'.repeat(70)}}`)).toEqual({ ok: false, problem: 'nesting' })
    expect(parseObject(`${'{"a":'.repeat(70)}1${'}'.repeat(70)}`)).toEqual({ ok: false, problem: 'nesting' })
  })

  it('leaves __proto__ a name like any other', () => {
    const parsed = parseObject('{"__proto__":9007199254740993}')
    expect(parsed.ok && Object.hasOwn(parsed.value, '__proto__')).toBe(true)
    expect(({} as Record<string, unknown>)['__proto__']).toBe(Object.prototype)
  })
})

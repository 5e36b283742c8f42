import { describe, expect, it } from 'vitest'
import {
  parseAddressList,
  parseMailDate,
  parseMessageIds,
  toAddressKey,
  toMessageId,
} from '../../../core/normalise/mail.ts'

describe('mail addresses', () => {
  it.each([
    ['<Alice@Corp.Test>', 'alice@corp.test'],
    ['mailto:a@b.c', 'a@b.c'],
    ['SMTP:A@b.c', 'a@b.c'],
    ['a@b.c.', 'a@b.c'],
    ['no address', undefined],
    ['@b.c', undefined],
    ['a@', undefined],
    ['a b@c.d', undefined],
  ])('%s -> %s', (written, key) => {
    expect(toAddressKey(written)).toBe(key)
  })

  it('flattens groups, decodes names and drops what is no address', () => {
    const list =
      '"Example, Alice" <Alice@corp.test>, =?utf-8?B?5pel5pys?= <b@x.test>, Team: c@x.test, nobody;, (comment)'
    expect(parseAddressList(list)).toEqual([
      { address: 'alice@corp.test', name: 'Example, Alice' },
      { address: 'b@x.test', name: '日本' },
      { address: 'c@x.test' },
    ])
  })
})

describe('message ids', () => {
  it('loses brackets and folds, keeps case', () => {
    expect(toMessageId(' <AbC\r\n @x.test> ')).toBe('AbC@x.test')
    expect(toMessageId('bare@x.test')).toBe('bare@x.test')
    expect(toMessageId('<>')).toBeNull()
    expect(toMessageId(undefined)).toBeNull()
  })

  it('lists references in order, each once', () => {
    expect(parseMessageIds('<a@x> (c) <b@x>\r\n <a@x>')).toEqual(['a@x', 'b@x'])
  })
})

describe('mail dates', () => {
  const us = (iso: string): number => Date.parse(iso) * 1000
  it.each([
    ['Mon, 2 Mar 2026 09:15:00 +0100', '2026-03-02T08:15:00Z'],
    ['2 Mar 2026 09:15 GMT', '2026-03-02T09:15:00Z'],
    ['Mon, 02 Mar 26 09:15:00 EST', '2026-03-02T14:15:00Z'],
    ['Mon, 2 Mar 2026 09:15:00 -0800 (PST)', '2026-03-02T17:15:00Z'],
    ['Fri, 23 Aug 102 11:02:50 +0000', '2002-08-23T11:02:50Z'],
    ['2026-03-02T09:15:00+01:00', '2026-03-02T08:15:00Z'],
    ['Sat, 31 Dec 2016 23:59:60 +0000', '2016-12-31T23:59:59Z'],
  ])('%s is %s', (text, iso) => {
    expect(parseMailDate(text, 'Asia/Taipei')).toEqual({ at: us(iso), zoneAssumed: false })
  })

  it('applies the chosen zone to a text without one, and says so', () => {
    expect(parseMailDate('2 Mar 2026 09:15:00', 'Asia/Taipei')).toEqual({
      at: us('2026-03-02T01:15:00Z'),
      zoneAssumed: true,
    })
  })

  it.each(['', 'yesterday', '32 Mar 2026 09:15:00 +0000', '2 Foo 2026 09:15:00 +0000'])(
    'refuses %j',
    (text) => {
      expect(parseMailDate(text, 'UTC')).toBeUndefined()
    },
  )
})

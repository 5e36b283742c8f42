import { describe, expect, it } from 'vitest'
import {
  parseAddressList,
  parseMailDate,
  parseMessageIds,
  toAddressKey,
  toMessageId,
} from '../../../core/normalise/mail.ts'
import { decodeEncodedWords } from '../../../core/normalise/encoded-words.ts'

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

describe('dates as senders write them', () => {
  const at = Date.UTC(2031, 4, 6, 7, 1, 0) * 1000
  it.each([
    ['Tue, 06 May 2031 09:01:00 +02:00', at, false],
    ['Tue,6 May 2031 09:01:00+0200', at, false],
    ['6 May 2031 9:01:0 AM GMT+0200', at, false],
    ['Tue, 6 May 2031 09:01:00 (CEST)', at, false],
    ['Tue May  6 09:01:00 CEST 2031', at, false],
    ['Tue May  6 09:01:00 2031 +0200', at, false],
    ['Tue May  6 09:01:00 2031', at, true],
    ['Tue, 6 May 2031 09:01:00 Central European Time', at, true],
    ['Tue, 6 May 2031 09:01:00 +9900', at, true],
  ])('%s', (text, expected, zoneAssumed) => {
    expect(parseMailDate(text, 'Europe/Berlin')).toEqual({ at: expected, zoneAssumed })
  })

  it('is not fooled by a time that was cut short', () => {
    expect(parseMailDate('Tue, 6 May 2031 09:0', 'UTC')).toBeUndefined()
  })

  it.each([
    ['comes twice', '25 Oct 2026 02:30:00', '2026-10-25T00:30:00Z'],
    ['never comes', '29 Mar 2026 02:30:00', '2026-03-29T01:30:00Z'],
  ])('reads an hour that %s as everywhere else', (_, text, iso) => {
    expect(parseMailDate(text, 'Europe/Berlin')).toEqual({ at: Date.parse(iso) * 1000, zoneAssumed: true })
  })
})

describe('encoded words', () => {
  const text = Buffer.from('こんにちは世界')
  const word = (bytes: Uint8Array) => `=?UTF-8?B?${Buffer.from(bytes).toString('base64')}?=`
  it('are whole when a character is cut between two of them', () => {
    expect(decodeEncodedWords(`${word(text.subarray(0, 7))}\r\n ${word(text.subarray(7))}`)).toBe(
      'こんにちは世界',
    )
    expect(decodeEncodedWords('=?UTF-8?Q?=E3=81?= =?UTF-8?Q?=93?=')).toBe('こ')
  })

  it.each([
    ['=?utf-8*en?Q?caf=C3=A9?=', 'café'],
    ['=?gb2312?B?1tC5+g==?=', '中国'],
    ['=?utf-8?B?never ends', '=?utf-8?B?never ends'],
    ['plain', 'plain'],
  ])('%s', (written, read) => {
    expect(decodeEncodedWords(written)).toBe(read)
  })

  it('cost time in proportion to their length', () => {
    const started = performance.now()
    decodeEncodedWords('=?a?b?'.repeat(100_000))
    decodeEncodedWords('=?a?b?eA==?= '.repeat(50_000))
    expect(performance.now() - started).toBeLessThan(4_000)
  })
})

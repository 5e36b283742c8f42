import { describe, expect, it } from 'vitest'
import { readSignals, type Sender } from '../../../core/mail/header-signals.ts'
import words from '../../../core/mail/header-signals.words.ts'
import { readRoute } from '../../../core/mail/hops.ts'
import { isLookalike } from '../../../core/mail/lookalike.ts'

const own = {
  domains: new Set(['contoso.example', 'corp.example']),
  hasName: (name: string) => /^alice m[uü]ller$|^müller, alice$/i.test(name),
}
const field = (name: string, value: string) => ({ name, value })
const signalsOf = (from: Sender | null, ...headers: { name: string; value: string }[]): [string, boolean][] =>
  readSignals(
    [field('From', from === null ? '' : `${from.name} <${from.address}>`), ...headers],
    from,
    own,
  ).map(({ id, isStrong }) => [id, isStrong])

describe('what a header gives away', () => {
  it.each([
    ['boss@corp.example', 'name-holds-address'],
    ['Müller, Alice', 'name-is-internal'],
    ['alice muller', 'name-is-internal'],
    ['Microsoft Account Team', 'name-is-brand'],
  ])('the display name %s of a foreign sender', (name, id) => {
    expect(signalsOf({ name, address: 'x@evil.example' })).toContainEqual([id, true])
  })

  it('one sender whose name holds an address to deceive is one sender', () => {
    const from = { name: 'Boss <boss@corp.example>', address: 'x@evil.example' }
    for (const written of [`"${from.name}" <${from.address}>`, `${from.name} <${from.address}>`])
      expect(readSignals([field('From', written)], from, own).map(({ id }) => id)).toEqual([
        'name-holds-address',
      ])
    expect(
      readSignals(
        [field('From', '<a@one.example>, <b@two.example>')],
        { name: '', address: 'a@one.example' },
        own,
      ).map(({ id }) => id),
    ).toEqual(['broken-from'])
  })

  it('nothing about own people and honest companies', () => {
    expect(signalsOf({ name: 'Alice Müller', address: 'alice@corp.example' })).toEqual([])
    expect(signalsOf({ name: 'Microsoft', address: 'no-reply@email.microsoft.com' })).toEqual([])
    expect(signalsOf({ name: 'a@example.net', address: 'a@example.net' })).toEqual([])
  })

  it('replies, bounces and senders elsewhere; subdomains are the same place', () => {
    const from = { name: '', address: 'news@example.net' }
    expect(
      signalsOf(
        from,
        field('Reply-To', 'x@evil.example'),
        field('Return-Path', '<b@mailer.example>'),
        field('Sender', 's@other.example'),
      ),
    ).toEqual([
      ['reply-to-differs', false],
      ['return-path-differs', false],
      ['sender-differs', false],
    ])
    expect(signalsOf(from, field('Reply-To', 'x@lists.example.net'))).toEqual([])
  })

  it('fields that stand twice, hidden characters and senders that are none', () => {
    expect(
      signalsOf(
        { name: '', address: 'a@example.net' },
        field('from', 'b@example.net'),
        field('Subject', 'Inv\u202eoice'),
      ),
    ).toEqual([
      ['repeated-field', true],
      ['hidden-characters', true],
    ])
    expect(readSignals([field('From', '"Bank" <>')], null, own).map(({ id }) => id)).toEqual(['broken-from'])
  })

  it('failed checks and results that the sender wrote himself', () => {
    expect(
      signalsOf(
        { name: '', address: 'a@example.net' },
        field('Authentication-Results', 'mx.corp.example; spf=softfail; dmarc=fail'),
        field('Authentication-Results', 'evil.example; dmarc=pass'),
      ),
    ).toEqual([
      ['authentication-failed', false],
      ['forged-results', false],
    ])
  })

  it('clocks that run backwards and dates far from the first hop', () => {
    const headers = [
      field('Received', 'from b by c.example; Tue, 6 May 2031 07:00:00 +0000'),
      field('Received', 'from a by b.example; Tue, 6 May 2031 07:10:00 +0000'),
      field('Date', 'Sun, 4 May 2031 07:10:00 +0000'),
    ]
    expect(readSignals(headers, { name: '', address: 'a@example.net' }, own)).toEqual([
      { id: 'clock-skew', isStrong: false, params: { server: 'c.example', seconds: '600' } },
      { id: 'date-differs', isStrong: false, params: { hours: '48' } },
    ])
  })

  it('in words of three languages with the same blanks', () => {
    const blanks = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort()
    for (const [key, text] of Object.entries(words.texts.en))
      for (const language of ['zh-TW', 'ja'] as const)
        expect([key, blanks(words.texts[language][key] ?? '')]).toEqual([key, blanks(text)])
  })

  it('in time, whatever the header holds', () => {
    const started = performance.now()
    readSignals(
      Array.from({ length: 2_000 }, (_, index) =>
        field(index % 2 === 0 ? 'From' : 'Received', '"<a@'.repeat(4_000)),
      ),
      { name: '@'.repeat(16_000), address: 'a@example.net' },
      own,
    )
    expect(performance.now() - started).toBeLessThan(5_000)
  })
})

describe('look-alike domains', () => {
  it.each([
    'cont0so.example',
    'contos0.test',
    'c0ntoso.test',
    'contoso.test',
    'contso.test',
    'conotso.test',
    'contoso-invoice.test',
    'xn--ntoso-iyeu.test',
    'соntoso.test',
  ])('%s', (domain) => {
    expect(isLookalike(domain, 'contoso.example')).toBe(true)
  })
  it.each(['contoso.example', 'fabrikam.test', 'contrast.test', 'notcontosoatall.test'])(
    'not %s',
    (domain) => {
      expect(isLookalike(domain, 'contoso.example')).toBe(false)
    },
  )
})

describe('the route of a mail', () => {
  it('goes from the oldest hop to the newest, with what each took', () => {
    const route = readRoute([
      field(
        'Received',
        'from mx.example.net (mx.example.net [192.0.2.7]) by in.corp.example with ESMTPS id 1; Tue, 6 May 2031 07:31:00 +0000',
      ),
      field('Received', 'by mx.example.net with SMTP id 2 2031-05-06 07:01:02.5 +0000 UTC m=+3.1'),
      field('Subject', 'x'),
      field('Received', 'from client by mx.example.net; garbled'),
    ])
    expect(route).toEqual({
      hops: [
        {
          from: 'client',
          fromIp: null,
          by: 'mx.example.net',
          protocol: null,
          at: null,
          delayUs: null,
          remarks: ['undated'],
        },
        {
          from: null,
          fromIp: null,
          by: 'mx.example.net',
          protocol: 'SMTP',
          at: Date.UTC(2031, 4, 6, 7, 1, 2) * 1000 + 500_000,
          delayUs: null,
          remarks: [],
        },
        {
          from: 'mx.example.net',
          fromIp: '192.0.2.7',
          by: 'in.corp.example',
          protocol: 'ESMTPS',
          at: Date.UTC(2031, 4, 6, 7, 31, 0) * 1000,
          delayUs: 1_797_500_000,
          remarks: ['slow'],
        },
      ],
      totalUs: 1_797_500_000,
      isCut: false,
    })
  })
})

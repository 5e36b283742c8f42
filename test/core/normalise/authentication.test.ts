import { describe, expect, it } from 'vitest'
import { readTrustedResults, resultOf } from '../../../core/normalise/authentication.ts'

const results = (value: string) => ({ name: 'Authentication-Results', value })
const received = { name: 'Received', value: 'from a by b; Tue, 6 May 2031 07:01:00 +0000' }

describe('results of sender checks', () => {
  it('come from the server that took the mail in, with what was checked', () => {
    expect(
      readTrustedResults([
        received,
        results(
          'mx.corp.example 1; spf=pass (all fine) smtp.mailfrom=bounce@example.net; dkim=fail header.d=Example.NET; dmarc=none header.from=example.net; arc=pass',
        ),
      ]),
    ).toEqual({
      server: 'mx.corp.example',
      results: [
        { method: 'spf', result: 'pass', about: 'bounce@example.net' },
        { method: 'dkim', result: 'fail', about: 'example.net' },
        { method: 'dmarc', result: 'none', about: 'example.net' },
        { method: 'arc', result: 'pass', about: null },
      ],
      untrusted: 0,
    })
  })

  it('do not come from fields that the sender wrote below', () => {
    const trusted = readTrustedResults([
      results('mx.corp.example; spf=fail'),
      received,
      results('mx.corp.example; dkim=pass; dmarc=pass'),
      results('evil.example; dkim=pass'),
    ])
    expect([trusted.results, trusted.untrusted]).toEqual([
      [{ method: 'spf', result: 'fail', about: null }],
      2,
    ])
  })

  it('may stand in several fields of one server', () => {
    const { results: found } = readTrustedResults([
      results('mx.corp.example; spf=pass'),
      results('mx.corp.example; dkim=pass'),
    ])
    expect(found.map(({ method }) => method)).toEqual(['spf', 'dkim'])
  })

  it('are not what a quoted address or a comment says', () => {
    const { results: found } = readTrustedResults([
      results(
        'mx.corp.example; spf=fail smtp.mailfrom="a; dmarc=pass; dkim=pass"@evil.example (x; dkim=pass)',
      ),
    ])
    expect(found).toEqual([{ method: 'spf', result: 'fail', about: '""@evil.example' }])
  })

  it('of Exchange Online name no server; those of forwarders stand in', () => {
    const online = readTrustedResults([
      results('spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=a.example; compauth=pass reason=100'),
    ])
    expect([online.server, online.results.map(({ method }) => method)]).toEqual([null, ['spf', 'compauth']])
    const sealed = readTrustedResults([
      { name: 'ARC-Authentication-Results', value: 'i=2; mx.google.com; dkim=pass header.i=@a.example' },
    ])
    expect([sealed.server, sealed.results]).toEqual([
      'mx.google.com',
      [{ method: 'dkim', result: 'pass', about: 'a.example' }],
    ])
  })

  it('of several signatures count as passed when one is', () => {
    const { results: found } = readTrustedResults([results('a.example; dkim=fail; dkim=pass; dkim=none')])
    expect(resultOf(found, 'dkim')).toBe('pass')
  })
})

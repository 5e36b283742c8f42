import { describe, expect, it } from 'vitest'
import type { RiskLevel } from '../../../core/model/verdict.ts'
import { Judge, judgeMessage, type JudgedMessage } from '../../../core/reputation/judge.ts'
import { aPolicy, aShelf, DAY } from './builders.ts'

const shelf = aShelf(
  { scope: 'host', pattern: 'dangerous.test', level: 'dangerous' },
  { scope: 'host', pattern: 'high.test', level: 'highly-suspicious' },
  { scope: 'host', pattern: 'suspicious.test', level: 'suspicious' },
  { scope: 'host', pattern: 'safe.test', level: 'safe' },
)
const message = (overrides: Partial<JudgedMessage> = {}): JudgedMessage => ({
  from: 'bad@evil.test',
  to: ['amy@corp.test'],
  headers: [{ name: 'X-Drill', value: 'spring drill' }],
  urls: [{ url: 'http://dangerous.test/', where: 'body' }],
  ...overrides,
})
const judge = (policy: Readonly<Record<string, unknown>> = {}, overrides: Partial<JudgedMessage> = {}) =>
  judgeMessage(new Judge(aPolicy(policy)), message(overrides), shelf, shelf.inForceNow(), 5 * DAY)
const first = (policy: Readonly<Record<string, unknown>>, overrides: Partial<JudgedMessage> = {}) => {
  const { decidedBy, clause, matches, action } = judge(policy, overrides).urls[0] ?? {}
  return [decidedBy, clause, matches, action]
}
const url = (text: string, where: 'body' | 'attachment' = 'body') => ({ urls: [{ url: text, where }] })

describe('judging a message', () => {
  it('reports level, pack, entry and what decided', () => {
    expect(judge()).toEqual({
      policy: 'test',
      excluded: null,
      action: 'quarantine',
      urls: [
        {
          url: 'http://dangerous.test/',
          normalized: 'http://dangerous.test/',
          where: 'body',
          attachment: null,
          level: 'dangerous',
          pack: 'one@v1',
          entry: 'dangerous.test',
          scope: 'host',
          decidedBy: 'level',
          clause: 'W18',
          matches: true,
          action: 'quarantine',
        },
      ],
      files: [],
    })
  })

  it.each([
    ['high', 'W17', ['dangerous', 'high', 'suspicious', 'unknown']],
    ['medium', 'W18', ['dangerous', 'high']],
    ['low', 'W19', ['dangerous']],
  ])('at %s, %s acts on %s', (securityLevel, clause, acting) => {
    for (const host of ['dangerous', 'high', 'suspicious', 'unknown', 'safe']) {
      const expected = acting.includes(host)
        ? ['level', clause, true, 'quarantine']
        : ['none', null, false, null]
      expect(first({ securityLevel }, url(`http://${host}.test/`))).toEqual(expected)
    }
  })

  it('acts on untested URLs by W59 below High, unless they go to the Virtual Analyzer (W60)', () => {
    const actions = { matched: 'quarantine', untested: { enabled: true, action: 'tag-subject' } }
    expect(first({ actions }, url('http://unknown.test/'))).toEqual([
      'untested-action',
      'W59',
      true,
      'tag-subject',
    ])
    expect(first({ actions, virtualAnalyzerUrls: true }, url('http://unknown.test/'))).toEqual([
      'none',
      'W60',
      false,
      null,
    ])
    expect(
      first({ actions, virtualAnalyzerUrls: true, securityLevel: 'high' }, url('http://unknown.test/')),
    ).toEqual(['level', 'W17', true, 'quarantine'])
  })

  it('approved beats blocked, which beats the level (W44, W43)', () => {
    const blockedUrls = { enabled: true, urls: ['safe.test', 'dangerous.test'] }
    const actions = { matched: 'quarantine', blockedUrl: 'delete' }
    expect(first({ blockedUrls, actions }, url('http://safe.test/'))).toEqual([
      'blocked-url',
      'W43',
      true,
      'delete',
    ])
    expect(
      first({ blockedUrls, actions, approvedUrls: { enabled: true, urls: ['dangerous.test'] } }),
    ).toEqual(['approved-url', 'W44', false, null])
    expect(first({ approvedUrls: { enabled: false, urls: ['dangerous.test'] } })).toEqual([
      'level',
      'W18',
      true,
      'quarantine',
    ])
  })

  it('approves internal domains only while the approved list is on (W42)', () => {
    const internalDomains = ['dangerous.test']
    expect(first({ internalDomains, approvedUrls: { enabled: true, includeInternalDomains: true } })).toEqual(
      ['internal-domain', 'W42', false, null],
    )
    expect(first({ internalDomains, approvedUrls: { includeInternalDomains: true } })).toEqual([
      'level',
      'W18',
      true,
      'quarantine',
    ])
  })

  it('does not scan links in attachments unless told to (W20)', () => {
    const link = url('http://dangerous.test/', 'attachment')
    expect(first({}, link)).toEqual(['none', 'W20', false, null])
    expect(first({ scanAttachments: true }, link)).toEqual(['level', 'W18', true, 'quarantine'])
    expect(first({ service: 'box' }, link)).toEqual(['level', 'W18', true, 'quarantine'])
  })

  it.each([
    ['disabled', { enabled: false }, 'W12', 'disabled'],
    ['not yet effective', { effectiveFrom: '1970-01-07' }, 'W12', 'disabled'],
    ['no longer effective', { effectiveTo: '1970-01-06T00:00:00Z' }, 'W12', 'disabled'],
    [
      'global header',
      { globalApprovedHeaders: { fields: [{ name: 'X-Drill', value: 'drill', operator: 'contains' }] } },
      'W57',
      'approved-header',
    ],
    [
      'header',
      {
        approvedHeaders: {
          enabled: true,
          fields: [{ name: 'X-Drill', value: 'spring drill', operator: 'equals' }],
        },
      },
      'W52',
      'approved-header',
    ],
    [
      'sender',
      { approvedSenders: { enabled: true, addresses: ['Bad@Evil.test'] } },
      'W38',
      'approved-sender',
    ],
  ])('excludes the whole message: %s', (_, policy, clause, reason) => {
    const judged = judge(policy)
    expect(judged).toMatchObject({ excluded: { clause, reason }, action: null })
    expect(judged.urls).toMatchObject([
      { level: 'dangerous', decidedBy: reason, clause, matches: false, action: null },
    ])
  })

  it('compares headers with case and takes * as a plain character (W53)', () => {
    const fields = (name: string, value: string) => ({
      approvedHeaders: { enabled: true, fields: [{ name, value, operator: 'contains' }] },
    })
    expect(judge(fields('x-drill', 'drill')).excluded).toBeNull()
    expect(judge(fields('X-Drill', 'Drill')).excluded).toBeNull()
    expect(judge(fields('X-Drill', '*')).excluded).toBeNull()
    expect(
      judge({
        approvedHeaders: { enabled: false, fields: fields('X-Drill', 'drill').approvedHeaders.fields },
      }).excluded,
    ).toBeNull()
  })

  it('asks the header lists before the senders, and the global list first', () => {
    const field = [{ name: 'X-Drill', value: 'drill', operator: 'contains' }]
    const all = {
      globalApprovedHeaders: { fields: field },
      approvedHeaders: { enabled: true, fields: field },
      approvedSenders: { enabled: true, addresses: ['bad@evil.test'] },
    }
    expect(judge(all).excluded?.clause).toBe('W57')
    expect(judge({ ...all, globalApprovedHeaders: { fields: [] } }).excluded?.clause).toBe('W52')
  })

  it.each([
    ['exchange-online', 'incoming', 'bad@evil.test', ['amy@corp.test'], null],
    ['exchange-online', 'incoming', 'bob@corp.test', ['amy@corp.test'], 'W13'],
    ['exchange-online', 'incoming', 'bob@corp.test', ['x@else.test'], 'W13'],
    ['exchange-online', 'all', 'bob@corp.test', ['amy@corp.test'], null],
    ['exchange-online', 'incoming', 'bob@sub.corp.test', ['amy@corp.test'], null],
    ['exchange-inline-inbound', 'all', 'bad@evil.test', ['amy@corp.test'], null],
    ['exchange-inline-inbound', 'all', 'bob@corp.test', ['amy@corp.test'], 'W15'],
    ['exchange-inline-outbound', 'all', 'bob@corp.test', ['x@else.test'], null],
    ['exchange-inline-outbound', 'all', 'bob@corp.test', ['amy@corp.test', 'x@else.test'], null],
    ['exchange-inline-outbound', 'all', 'bad@evil.test', ['amy@corp.test'], 'W15'],
  ])('%s, scope %s, from %s to %s: out of scope by %s', (service, scope, from, to, clause) => {
    const judged = judge({ service, scope, internalDomains: ['corp.test'] }, { from, to })
    expect(judged.excluded?.clause ?? null).toBe(clause)
  })

  it('takes the severest action of all URLs', () => {
    const policy = {
      blockedUrls: { enabled: true, urls: ['safe.test'] },
      actions: { matched: 'pass', blockedUrl: 'delete' },
    }
    const judged = judge(policy, {
      urls: ['dangerous', 'safe', 'unknown'].map((host) => ({
        url: `http://${host}.test/`,
        where: 'body' as const,
      })),
    })
    expect(judged.action).toBe('delete')
    expect(judged.urls.map((one) => [one.matches, one.action])).toEqual([
      [true, 'pass'],
      [true, 'delete'],
      [false, null],
    ])
  })

  it('rates what is no web address as untested', () => {
    const level: RiskLevel = 'untested'
    expect(judge({}, url('mailto:x@y.test')).urls[0]).toMatchObject({ level, normalized: null })
  })

  it.each(['mailto:x@y.test', 'tel:+491', 'http://', 'nonsense'])(
    'acts on %s at no level and by no untested action: it is no untested URL (W17, W59)',
    (text) => {
      const nothing = ['none', null, false, null]
      expect(first({ securityLevel: 'high' }, url(text))).toEqual(nothing)
      const untested = { enabled: true, action: 'delete' }
      expect(first({ actions: { matched: 'quarantine', untested } }, url(text))).toEqual(nothing)
      const dynamic = { urls: [{ url: text, where: 'body' as const, dynamicLevel: 'dangerous' as const }] }
      expect(first({ dynamicScan: true }, dynamic)).toEqual(nothing)
    },
  )

  it('judges an IPv4 address mapped into IPv6 as that address, and shows it as written', () => {
    const ip = aShelf({ scope: 'host', pattern: '10.1.2.3', level: 'dangerous' })
    const written = 'http://[::FFFF:10.1.2.3]/login'
    const { urls, action } = judgeMessage(
      new Judge(aPolicy()),
      message(url(written)),
      ip,
      ip.inForceNow(),
      5 * DAY,
    )
    expect(action).toBe('quarantine')
    expect(urls).toMatchObject([{ url: written, normalized: 'http://10.1.2.3/login', entry: '10.1.2.3' }])
    const mapped = aShelf({ scope: 'path', pattern: 'http://[::ffff:a01:203]/login', level: 'dangerous' })
    const plain = message(url('http://10.1.2.3/login/x'))
    expect(
      judgeMessage(new Judge(aPolicy()), plain, mapped, mapped.inForceNow(), 5 * DAY).urls[0]?.level,
    ).toBe('dangerous')
  })
})

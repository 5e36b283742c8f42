import { describe, expect, it } from 'vitest'
import { toDirection } from '../../../core/reputation/mail-direction.ts'
import { severestAction } from '../../../core/reputation/policy-actions.ts'
import { Shelf } from '../../../core/reputation/shelf.ts'
import { DomainList, UrlList } from '../../../core/reputation/url-list.ts'
import { anEntry, aPack, aShelf, aUrl, DAY, type EntryDraft } from './builders.ts'
import { BAD, exclusion, inBody, inFile, judge, NEW, verdict } from './judging.ts'

describe('JUDGE.md: words', () => {
  const internal = new DomainList(['corp.test'])
  it('JUDGE words.direction: external sender = incoming; internal sender without internal recipient = outgoing; all internal = internal', () => {
    expect(toDirection('x@evil.test', ['a@corp.test'], internal)).toBe('incoming')
    expect(toDirection(null, ['a@corp.test'], internal)).toBe('incoming')
    expect(toDirection('a@corp.test', ['x@evil.test'], internal)).toBe('outgoing')
    expect(toDirection('a@corp.test', [], internal)).toBe('outgoing')
    expect(toDirection('a@corp.test', ['b@CORP.test'], internal)).toBe('internal')
    expect(toDirection('a@corp.test', ['b@corp.test', 'x@evil.test'], internal)).toBe('outgoing')
  })
  it('JUDGE words.matches: a URL that leads to pass matches', () =>
    expect(judge({ actions: { matched: 'pass-silently' } }).urls[0]).toMatchObject({
      matches: true,
      action: 'pass-silently',
    }))
  it('JUDGE words.pack: pack is name@version, entry the pattern, null where there is none', () => {
    expect(judge().urls[0]).toMatchObject({ pack: 'one@v1', entry: 'dangerous.test' })
    expect(judge({}, { urls: [inBody(NEW)] }).urls[0]).toMatchObject({
      pack: null,
      entry: null,
      clause: null,
    })
  })
  it('JUDGE words.where: an attachment is named', () =>
    expect(
      judge({}, { urls: [inFile(BAD, 'x.pdf'), inBody(BAD)] }).urls.map((url) => url.attachment),
    ).toEqual(['x.pdf', null]))
})

describe('JUDGE.md: order', () => {
  const headers = {
    globalApprovedHeaders: { fields: [{ name: 'X-Drill', value: 'drill', operator: 'contains' }] },
  }
  const own = {
    approvedHeaders: { enabled: true, fields: [{ name: 'X-Drill', value: 'drill', operator: 'contains' }] },
  }
  const senders = { approvedSenders: { enabled: true, addresses: ['bad@evil.test'] } }
  const scope = { service: 'exchange-inline-outbound' }
  it('JUDGE order.exclusions: disabled, scope, global headers, own headers, senders: the first that applies', () => {
    expect(exclusion({ enabled: false, ...scope, ...headers, ...own, ...senders })).toBe('W12 disabled')
    expect(exclusion({ ...scope, ...headers, ...own, ...senders })).toBe('W15 out-of-scope')
    expect(exclusion({ ...headers, ...own, ...senders })).toBe('W57 approved-header')
    expect(exclusion({ ...own, ...senders })).toBe('W52 approved-header')
    expect(exclusion(senders)).toBe('W38 approved-sender')
  })
  it('JUDGE order.excluded: the URLs of an excluded message are listed with their level and match nothing', () => {
    const judged = judge(senders, { urls: [inBody(BAD), inFile(NEW)] })
    expect(
      judged.urls.map(({ level, matches, action, decidedBy }) => [level, matches, action, decidedBy]),
    ).toEqual([
      ['dangerous', false, null, 'approved-sender'],
      ['untested', false, null, 'approved-sender'],
    ])
  })
  it('JUDGE order.urls: approved, internal, blocked, level, untested: the first that applies', () => {
    const list = { enabled: true, urls: ['untested.test'] }
    const all = {
      internalDomains: ['untested.test'],
      approvedUrls: { ...list, includeInternalDomains: true },
      blockedUrls: list,
      actions: { matched: 'quarantine', untested: { enabled: true } },
    }
    expect(verdict(all, NEW)).toBe('approved-url W44 -')
    expect(verdict({ ...all, approvedUrls: { enabled: true, includeInternalDomains: true } }, NEW)).toBe(
      'internal-domain W42 -',
    )
    expect(verdict({ ...all, approvedUrls: { enabled: true } }, NEW)).toBe('blocked-url W43 quarantine')
    expect(verdict({ ...all, approvedUrls: {}, blockedUrls: {}, securityLevel: 'high' }, NEW)).toBe(
      'level W17 quarantine',
    )
    expect(verdict({ ...all, approvedUrls: {}, blockedUrls: {} }, NEW)).toBe('untested-action W59 quarantine')
  })
  it('JUDGE order.severest: a message gets the severest action of its URLs', () => {
    const order = ['delete', 'quarantine', 'block', 'move-to-junk', 'label', 'pass', 'pass-silently'] as const
    for (const [index, action] of order.entries())
      expect(severestAction([...order.slice(index)].reverse())).toBe(action)
    expect(severestAction([null])).toBeNull()
    const policy = {
      blockedUrls: { enabled: true, urls: ['safe.test'] },
      actions: { matched: 'tag-subject', blockedUrl: 'delete' },
    }
    expect(judge(policy, { urls: [inBody(BAD), inBody('http://safe.test/')] }).action).toBe('delete')
  })
  it('JUDGE order.files: a URL listed under an attachment belongs to that file; mail and chat have no files', () => {
    const urls = [inFile(BAD, 'a.docx'), inFile(NEW, 'b.docx'), inBody(BAD)]
    expect(judge({ service: 'onedrive' }, { urls }).files.map(({ name, action }) => [name, action])).toEqual([
      ['a.docx', 'quarantine'],
      ['b.docx', null],
    ])
    expect(judge({ scanAttachments: true }, { urls }).files).toEqual([])
    expect(judge({ service: 'teams-chat', actions: { matched: 'block' } }, { urls }).files).toEqual([])
  })
})

describe('JUDGE.md: matching', () => {
  const rate = (entries: readonly EntryDraft[], url: string, at = 5 * DAY) => {
    const one = aShelf(...entries)
    return one.rate(aUrl(url), one.inForceNow(), at).entry?.text ?? null
  }
  const exact = (pattern: string, url: string): boolean => rate([{ scope: 'exact', pattern }], url) !== null
  it('JUDGE matching.normal: host and scheme without case, IDNA, no final dot, default port, user or fragment, empty path is /', () => {
    for (const url of [
      'HTTP://EXAMPLE.com',
      'https://example.com./',
      'http://example.com:80/#x',
      'http://amy:pw@example.com/',
      'https://example.com:443',
    ])
      expect(exact('http://example.com/', url), url).toBe(true)
    expect(exact('http://bücher.example/', 'http://xn--bcher-kva.example/')).toBe(true)
    expect(exact('http://example.com/a%7eb', 'http://example.com/a~b')).toBe(true)
    expect(exact('http://example.com/a%2fb', 'http://example.com/a%2Fb')).toBe(true)
  })
  it('JUDGE matching.bytes: path and query are compared byte by byte', () => {
    for (const url of [
      'http://example.com/A',
      'http://example.com/a/',
      'http://example.com/a?',
      'http://example.com/a?x',
      'http://example.com/a%2F',
    ])
      expect(exact('http://example.com/a', url), url).toBe(url.endsWith('?'))
  })
  it('JUDGE matching.port: a port in the pattern must match, none matches any', () => {
    expect(rate([{ scope: 'host', pattern: 'a.test:8080' }], 'http://a.test/')).toBeNull()
    expect(rate([{ scope: 'host', pattern: 'a.test:8080' }], 'http://a.test:8080/')).toBe('a.test:8080')
    expect(rate([{ scope: 'host', pattern: 'a.test' }], 'http://a.test:8080/')).toBe('a.test')
  })
  it('JUDGE matching.list: a bare host covers its pages, a page itself without query', () => {
    const covers = (entry: string, url: string) => new UrlList([entry], 'box').covers(aUrl(url))
    expect([
      covers('example.com', 'http://example.com/x?y'),
      covers('example.com', 'http://a.example.com/'),
    ]).toEqual([true, false])
    expect([
      covers('example.com/p', 'https://example.com/p'),
      covers('example.com/p', 'http://example.com/p?q=1'),
      covers('example.com/p', 'http://example.com/p/x'),
    ]).toEqual([true, false, false])
  })
  it('JUDGE matching.scopes: exact, path at a boundary with any query, host alone, domain and below', () => {
    expect(exact('http://a.test/p', 'http://a.test/p?q=1')).toBe(false)
    const path = (url: string) => rate([{ scope: 'path', pattern: 'a.test/p' }], url) !== null
    expect([
      path('http://a.test/p?q'),
      path('http://a.test/p/x'),
      path('http://a.test/pq'),
      path('http://a.test/'),
    ]).toEqual([true, true, false, false])
    expect(rate([{ scope: 'host', pattern: 'a.test' }], 'http://b.a.test/')).toBeNull()
    expect(rate([{ scope: 'domain', pattern: 'a.test' }], 'http://b.a.test/')).toBe('a.test')
    expect(rate([{ scope: 'domain', pattern: 'a.test' }], 'http://ba.test/')).toBeNull()
  })
  it('JUDGE matching.specific: page before longest path before host before longest domain', () => {
    const entries: EntryDraft[] = [
      { scope: 'domain', pattern: 'test', level: 'safe' },
      { scope: 'domain', pattern: 'b.test', level: 'safe' },
      { scope: 'host', pattern: 'a.b.test' },
      { scope: 'path', pattern: 'a.b.test/p' },
      { scope: 'path', pattern: 'a.b.test/p/q' },
      { scope: 'exact', pattern: 'http://a.b.test/p/q/r' },
    ]
    const found = [
      'http://a.b.test/p/q/r',
      'http://a.b.test/p/q/s',
      'http://a.b.test/p/t',
      'http://a.b.test/x',
      'http://c.b.test/',
      'http://c.test/',
    ]
    expect(
      found.map((url) =>
        rate(
          entries.filter(({ pattern }) => pattern !== 'test'),
          url,
        ),
      ),
    ).toEqual(['http://a.b.test/p/q/r', 'a.b.test/p/q', 'a.b.test/p', 'a.b.test', 'b.test', null])
  })
  it('JUDGE matching.newer: then the newer pack, and within one pack the more severe', () => {
    const packs = [aPack(1, 'one', DAY), aPack(2, 'two', 2 * DAY)]
    const two = new Shelf(packs, [
      anEntry({ scope: 'host', pattern: 'a.test', level: 'dangerous', pack: 0 }),
      anEntry({ scope: 'host', pattern: 'a.test', level: 'safe', pack: 1 }),
      anEntry({ scope: 'host', pattern: 'a.test', level: 'suspicious', pack: 1 }),
    ])
    expect(two.rate(aUrl('http://a.test/'), two.inForceNow(), 5 * DAY).level).toBe('suspicious')
  })
  it('JUDGE matching.version: a newer version of a pack takes the place of the older', () => {
    const packs = [aPack(1, 'one', DAY), aPack(2, 'one', 2 * DAY)]
    const two = new Shelf(packs, [anEntry({ scope: 'host', pattern: 'a.test', pack: 0 })])
    expect(two.rate(aUrl('http://a.test/'), two.inForceNow(), 5 * DAY).level).toBe('untested')
    expect(two.rate(aUrl('http://a.test/'), two.inForceAt(DAY), DAY).level).toBe('dangerous')
  })
  it('JUDGE matching.expiry: an entry that expires at or before the judge time does not count', () => {
    const entries = [{ scope: 'host' as const, pattern: 'a.test', expiresAt: 5 * DAY }]
    expect([rate(entries, 'http://a.test/', 5 * DAY - 1), rate(entries, 'http://a.test/', 5 * DAY)]).toEqual([
      'a.test',
      null,
    ])
  })
})

import { describe, expect, it } from 'vitest'
import { toDirection } from '../../../core/reputation/mail-direction.ts'
import { DomainList, UrlList } from '../../../core/reputation/url-list.ts'
import { aShelf, aUrl, DAY } from './builders.ts'
import { BAD, exclusion, inBody, inFile, judge, LEVELS, NEW, type Overrides, verdict } from './judging.ts'
import { type JudgedUrl } from '../../../core/reputation/judge.ts'

const acting = (policy: Overrides): string[] =>
  Object.keys(LEVELS).filter((url) => judge(policy, { urls: [inBody(url)] }).urls[0]?.matches === true)
describe('levels', () => {
  it('W2: a page is rated, not its site', () => {
    const pages = aShelf({ scope: 'exact', pattern: 'http://site.test/bad' })
    const rate = (url: string) => pages.rate(aUrl(url), pages.inForceNow(), 5 * DAY).level
    expect([rate('http://site.test/bad'), rate('http://site.test/')]).toEqual(['dangerous', 'untested'])
  })
  it('W2 not: a pack may say that a whole site is bad', () => {
    const site = aShelf({ scope: 'domain', pattern: 'site.test' })
    expect(site.rate(aUrl('http://a.site.test/x'), site.inForceNow(), 5 * DAY).level).toBe('dangerous')
  })
  it('W6: what is marked as credential phishing gets the action set for URLs', () =>
    expect(verdict({ dynamicScan: true }, { ...inBody(NEW), dynamicLevel: 'dangerous' })).toBe(
      'dynamic-scan W21 quarantine',
    ))
  it('W6 not: a logon page that no pack and no scan speaks against gets none', () =>
    expect(verdict({ dynamicScan: true }, 'http://untested.test/logon')).toBe('none - -'))
  it('W17: High acts on four levels', () => {
    expect(acting({ securityLevel: 'high' })).toEqual(Object.keys(LEVELS).slice(0, 4))
    expect(verdict({ securityLevel: 'high' }, NEW)).toBe('level W17 quarantine')
  })
  it('W17 not: High leaves safe URLs alone', () =>
    expect(verdict({ securityLevel: 'high' }, 'http://safe.test/')).toBe('none - -'))
  it('W18: Medium acts on dangerous and highly suspicious URLs', () => {
    expect(acting({ securityLevel: 'medium' })).toEqual([BAD, 'http://high.test/'])
    expect(verdict({}, 'http://high.test/')).toBe('level W18 quarantine')
  })
  it('W18 not: Medium leaves suspicious and untested URLs alone', () => {
    expect(verdict({}, 'http://suspicious.test/')).toBe('none - -')
    expect(verdict({}, NEW)).toBe('none - -')
  })
  it('W19: Low acts on dangerous URLs', () => expect(acting({ securityLevel: 'low' })).toEqual([BAD]))
  it('W19 not: Low leaves highly suspicious URLs alone', () =>
    expect(verdict({ securityLevel: 'low' }, 'http://high.test/')).toBe('none - -'))
  it('W4: a dynamic scan replaces "untested" by what it found', () => {
    const judged = judge(
      { dynamicScan: true },
      { urls: [{ ...inBody(NEW), dynamicLevel: 'highly-suspicious' }] },
    )
    expect(judged.urls[0]).toMatchObject({
      level: 'highly-suspicious',
      decidedBy: 'dynamic-scan',
      clause: 'W21',
      matches: true,
    })
    expect(verdict({ dynamicScan: true }, { ...inBody(NEW), dynamicLevel: 'safe' })).toBe(
      'dynamic-scan W21 -',
    )
  })
  it('W4 not: never what a pack has rated', () =>
    expect(
      verdict({ dynamicScan: true }, { ...inBody('http://suspicious.test/'), dynamicLevel: 'dangerous' }),
    ).toBe('none - -'))
  it('W21 not: switched off, or without evidence of a scan, untested stays untested', () => {
    expect(verdict({}, { ...inBody(NEW), dynamicLevel: 'dangerous' })).toBe('none - -')
    expect(verdict({ dynamicScan: true }, NEW)).toBe('none - -')
    expect(verdict({ dynamicScan: true, securityLevel: 'high' }, NEW)).toBe('level W17 quarantine')
  })
})

describe('which messages', () => {
  it('W12: an enabled policy that is effective judges', () =>
    expect(exclusion({ effectiveFrom: '1970-01-06', effectiveTo: '1970-01-07' })).toBeNull())
  it('W12 not: a disabled one does not, nor before its beginning or from its end on', () => {
    expect(exclusion({ enabled: false })).toBe('W12 disabled')
    expect(exclusion({ effectiveFrom: '1970-01-07' })).toBe('W12 disabled')
    expect(exclusion({ effectiveTo: '1970-01-06T00:00:00Z' })).toBe('W12 disabled')
  })
  const internalDomains = ['corp.test']
  it('W13: scope all takes incoming, outgoing and internal mail', () => {
    for (const [from, to] of [
      ['x@evil.test', 'a@corp.test'],
      ['a@corp.test', 'x@evil.test'],
      ['a@corp.test', 'b@corp.test'],
    ] as const)
      expect(exclusion({ internalDomains }, { from, to: [to] })).toBeNull()
    expect(
      exclusion({ internalDomains, scope: 'incoming' }, { from: 'x@evil.test', to: ['a@corp.test'] }),
    ).toBeNull()
  })
  it('W13 not: scope incoming leaves out what was sent from an internal domain', () => {
    const incoming = { internalDomains, scope: 'incoming' }
    expect(exclusion(incoming, { from: 'a@corp.test', to: ['b@corp.test'] })).toBe('W13 out-of-scope')
    expect(exclusion(incoming, { from: 'a@corp.test', to: ['x@evil.test'] })).toBe('W13 out-of-scope')
    expect(exclusion({ ...incoming, service: 'gmail' }, { direction: 'outgoing' })).toBe('W13 out-of-scope')
  })
  it('W14: internal is exactly that domain, and subdomains when written with a star', () => {
    const domains = new DomainList(['corp.test', '*.branch.test'])
    expect([domains.covers('corp.test'), domains.covers('a.branch.test')]).toEqual([true, true])
  })
  it('W14: an international domain is the same in Unicode and in ASCII, in mail and in URLs', () => {
    const domains = new DomainList(['Bücher.example', '*.xn--mnchen-3ya.example'])
    expect(domains.covers('xn--bcher-kva.example')).toBe(true)
    expect(toDirection('a@bücher.example', ['b@shop.münchen.example'], domains)).toBe('internal')
  })
  it('W14 not: no subdomain unless written, no look-alike', () => {
    const domains = new DomainList(['corp.test', '*.branch.test'])
    for (const domain of ['a.corp.test', 'notcorp.test', 'corp.test.evil', 'branch.test'])
      expect(domains.covers(domain)).toBe(false)
  })
  it('W15: inline protection is about one direction, inbound or outbound', () => {
    expect(exclusion({ service: 'exchange-inline-inbound', internalDomains })).toBeNull()
    expect(
      exclusion(
        { service: 'exchange-inline-outbound', internalDomains },
        { from: 'a@corp.test', to: ['x@evil.test'] },
      ),
    ).toBeNull()
  })
  it('W15 not: never about the other', () => {
    const inside = { from: 'a@corp.test', to: ['b@corp.test'] }
    expect(exclusion({ service: 'exchange-inline-inbound', internalDomains }, inside)).toBe(
      'W15 out-of-scope',
    )
    expect(exclusion({ service: 'exchange-inline-outbound', internalDomains }, inside)).toBe(
      'W15 out-of-scope',
    )
    expect(exclusion({ service: 'exchange-inline-outbound', internalDomains })).toBe('W15 out-of-scope')
  })
  it('W20: links in attachments are judged when switched on, and always where files are scanned', () => {
    expect(verdict({ scanAttachments: true }, inFile(BAD))).toBe('level W18 quarantine')
    expect(verdict({ service: 'box' }, inFile(BAD))).toBe('level W18 quarantine')
  })
  it('W20 not: else they are not', () => expect(verdict({}, inFile(BAD))).toBe('none W20 -'))

  it('W38: mail of an approved sender is not judged', () => {
    const approvedSenders = { enabled: true, addresses: ['Bad@Evil.test'] }
    expect(exclusion({ approvedSenders })).toBe('W38 approved-sender')
    expect(judge({ approvedSenders })).toMatchObject({
      action: null,
      urls: [{ level: 'dangerous', matches: false, decidedBy: 'approved-sender', clause: 'W38' }],
    })
  })
  it('W38 not: another address of that domain, or a list that is off', () => {
    expect(exclusion({ approvedSenders: { enabled: true, addresses: ['good@evil.test'] } })).toBeNull()
    expect(exclusion({ approvedSenders: { enabled: false, addresses: ['bad@evil.test'] } })).toBeNull()
  })
  it('W39 not: a plus tag makes another address', () => {
    const approvedSenders = { enabled: true, addresses: ['bad@evil.test'] }
    expect(exclusion({ approvedSenders }, { from: 'bad+news@evil.test' })).toBeNull()
    expect(exclusion({ approvedSenders }, { from: 'bad@sub.evil.test' })).toBeNull()
  })
})

describe('header fields', () => {
  const list = (...fields: { name: string; value: string; operator: string }[]) => ({
    approvedHeaders: { enabled: true, fields },
  })
  const field = (name: string, value: string, operator: 'contains' | 'equals' = 'contains') => ({
    name,
    value,
    operator,
  })
  it('W51: contains finds a part, equals the whole', () => {
    expect(exclusion(list(field('X-Drill', 'drill')))).toBe('W52 approved-header')
    expect(exclusion(list(field('X-Drill', 'Spring drill', 'equals')))).toBe('W52 approved-header')
  })
  it('W51 not: equals does not take a part', () =>
    expect(exclusion(list(field('X-Drill', 'drill', 'equals')))).toBeNull())
  it('W52: such a message is not judged, its URLs keep their level', () =>
    expect(judge(list(field('X-Drill', 'drill')))).toMatchObject({
      excluded: { clause: 'W52' },
      action: null,
      urls: [{ level: 'dangerous', matches: false }],
    }))
  it('W52 not: a message without the field, or while the list is off', () => {
    expect(exclusion(list(field('X-Other', 'drill')))).toBeNull()
    expect(
      exclusion({ approvedHeaders: { ...list(field('X-Drill', 'drill')).approvedHeaders, enabled: false } }),
    ).toBeNull()
  })
  it('W53: the value is taken as written, a star too', () =>
    expect(exclusion(list(field('X-Drill', 'a*b')), { headers: [{ name: 'X-Drill', value: 'a*b' }] })).toBe(
      'W52 approved-header',
    ))
  it('W53 not: neither with another case nor by wildcard or expression', () => {
    for (const [name, value] of [
      ['x-drill', 'drill'],
      ['X-Drill', 'Drill'],
      ['X-Drill', 'Spring*'],
      ['X-Drill', 'Spring.drill'],
    ] as const)
      expect(exclusion(list(field(name, value))), `${name} ${value}`).toBeNull()
  })
  it('W55: any one of the fields is enough', () =>
    expect(exclusion(list(field('X-No', 'x'), field('X-Drill', 'drill')))).toBe('W52 approved-header'))
  it('W57: the global list stands before the policy’s own', () => {
    const both = {
      ...list(field('X-Drill', 'drill')),
      globalApprovedHeaders: { fields: [field('X-Drill', 'drill')] },
    }
    expect(exclusion(both)).toBe('W57 approved-header')
  })
  it('W57 not: an empty global list is off', () =>
    expect(exclusion({ globalApprovedHeaders: { fields: [] } })).toBeNull())
})

describe('lists', () => {
  const covers = (entry: string, url: string): boolean =>
    new UrlList([entry], 'exchange-online').covers(aUrl(url))
  const approvedUrls = (...urls: string[]) => ({ enabled: true, urls })
  it('W41: an approved URL is left alone', () =>
    expect(verdict({ approvedUrls: approvedUrls('dangerous.test') })).toBe('approved-url W44 -'))
  it('W41 not: while the list is off it is not', () =>
    expect(verdict({ approvedUrls: { enabled: false, urls: ['dangerous.test'] } })).toBe(
      'level W18 quarantine',
    ))
  it('W42: internal domains are approved with the list', () =>
    expect(
      verdict({
        internalDomains: ['dangerous.test'],
        approvedUrls: { enabled: true, includeInternalDomains: true },
      }),
    ).toBe('internal-domain W42 -'))
  it('W42 not: not while the list is off, and not unless chosen', () => {
    expect(
      verdict({ internalDomains: ['dangerous.test'], approvedUrls: { includeInternalDomains: true } }),
    ).toBe('level W18 quarantine')
    expect(verdict({ internalDomains: ['dangerous.test'], approvedUrls: { enabled: true } })).toBe(
      'level W18 quarantine',
    )
  })
  it('W43: a blocked URL is acted upon whatever its level', () =>
    expect(verdict({ blockedUrls: approvedUrls('safe.test') }, 'http://safe.test/x')).toBe(
      'blocked-url W43 quarantine',
    ))
  it('W43 not: not while the list is off', () =>
    expect(verdict({ blockedUrls: { enabled: false, urls: ['safe.test'] } }, 'http://safe.test/')).toBe(
      'none - -',
    ))
  it('W44: approved beats blocked', () =>
    expect(
      verdict({ approvedUrls: approvedUrls('dangerous.test'), blockedUrls: approvedUrls('dangerous.test') }),
    ).toBe('approved-url W44 -'))
  it('W44 not: an approved neighbour does not spare a blocked URL', () =>
    expect(
      verdict({
        approvedUrls: approvedUrls('dangerous.test/a'),
        blockedUrls: approvedUrls('dangerous.test'),
      }),
    ).toBe('blocked-url W43 quarantine'))
  it('W46: an entry with a query matches that URL, case of the host and scheme aside', () => {
    expect(covers('http://a.test/p?x=1', 'http://a.test/p?x=1')).toBe(true)
    expect(covers('http://A.test/p?x=1', 'https://a.test./p?x=1#top')).toBe(true)
  })
  it('W46 not: no other query, no more of it, no other path', () => {
    for (const url of [
      'http://a.test/p?x=2',
      'http://a.test/p?x=1&y=2',
      'http://a.test/p',
      'http://a.test/p?X=1',
      'http://a.test/P?x=1',
      'http://b.a.test/p?x=1',
    ])
      expect(covers('http://a.test/p?x=1', url), url).toBe(false)
  })
  it('W47: *.example.com matches a.example.com, *.example.com/example/* that path and what is below', () => {
    expect(covers('*.example.com', 'http://a.example.com/x?y=1')).toBe(true)
    expect(covers('*.example.com', 'http://a.b.example.com/')).toBe(true)
    for (const path of ['/example', '/example/', '/example/a?b=1'])
      expect(covers('*.example.com/example/*', `http://a.example.com${path}`)).toBe(true)
  })
  it('W47 not: wildcard *.example.com matches neither example.com nor example.com.evil.test', () => {
    for (const url of [
      'http://example.com/',
      'http://example.com.evil.test/',
      'http://aexample.com/',
      'http://evil.test/a.example.com',
    ])
      expect(covers('*.example.com', url), url).toBe(false)
    for (const url of [
      'http://a.example.com/examples',
      'http://a.example.com/',
      'http://example.com/example/a',
    ])
      expect(covers('*.example.com/example/*', url), url).toBe(false)
  })
  it('W48: a Gmail entry without query covers its page', () =>
    expect(new UrlList(['a.test/p'], 'gmail').covers(aUrl('http://a.test/p'))).toBe(true))
  it('W49: the blocked list has an action of its own', () => {
    const blockedUrls = approvedUrls('dangerous.test')
    expect(verdict({ blockedUrls, actions: { matched: 'pass', blockedUrl: 'delete' } })).toBe(
      'blocked-url W43 delete',
    )
    expect(verdict({ service: 'teams-chat', blockedUrls, actions: { matched: 'pass' } })).toBe(
      'blocked-url W43 block',
    )
  })
  it('W49 not: it says nothing about URLs that are not listed', () =>
    expect(
      verdict({
        blockedUrls: approvedUrls('other.test'),
        actions: { matched: 'pass', blockedUrl: 'delete' },
      }),
    ).toBe('level W18 pass'))
})

describe('actions', () => {
  const untested = { enabled: true, action: 'tag-subject' }
  it('W58: the action of the policy is taken, pass as well', () => {
    expect(verdict({ actions: { matched: 'delete' } })).toBe('level W18 delete')
    expect(judge({ actions: { matched: 'pass' } }).urls[0]).toMatchObject({ matches: true, action: 'pass' })
  })
  it('W59: untested URLs have an action of their own, else that of the policy', () => {
    expect(verdict({ actions: { matched: 'delete', untested } }, NEW)).toBe('untested-action W59 tag-subject')
    expect(verdict({ actions: { matched: 'delete', untested: { enabled: true } } }, NEW)).toBe(
      'untested-action W59 delete',
    )
  })
  it('W59 not: rated URLs are none of its business, and at High W17 decides', () => {
    expect(verdict({ actions: { matched: 'delete', untested } }, 'http://suspicious.test/')).toBe('none - -')
    expect(verdict({ securityLevel: 'high', actions: { matched: 'delete', untested } }, NEW)).toBe(
      'level W17 delete',
    )
  })
  it('W60: the Virtual Analyzer takes untested URLs over', () =>
    expect(verdict({ virtualAnalyzerUrls: true, actions: { matched: 'delete', untested } }, NEW)).toBe(
      'none W60 -',
    ))
  it('W60 not: it does not stop High', () =>
    expect(
      verdict(
        { virtualAnalyzerUrls: true, securityLevel: 'high', actions: { matched: 'delete', untested } },
        NEW,
      ),
    ).toBe('level W17 delete'))

  const salesforce = (actions: Overrides, urls: readonly JudgedUrl[] = [inFile(BAD), inBody(BAD)]) =>
    judge({ service: 'salesforce', actions }, { urls, attachments: ['a.docx', 'empty.txt'] })
  it('W61: the action on files takes the place of the policy’s, with a notification of its own', () => {
    const judged = salesforce({
      matched: 'pass',
      fileAction: { enabled: true, action: 'delete', notify: true },
    })
    expect(judged.urls.map((url) => url.action)).toEqual(['delete', 'pass'])
    expect(judged.files).toMatchObject([
      { name: 'a.docx', action: 'delete', notify: true },
      { name: 'empty.txt', action: null, notify: false },
    ])
  })
  it('W61 not: switched off, the policy’s action holds for files too', () =>
    expect(
      salesforce({ matched: 'quarantine', fileAction: { enabled: false, action: 'delete', notify: true } })
        .files[0],
    ).toMatchObject({ action: 'quarantine', notify: false }))
  it('W62: when the quarantine of a file fails, the second action follows', () =>
    expect(salesforce({ matched: 'quarantine', fileAction: { secondary: 'delete' } }).files[0]).toMatchObject(
      { action: 'quarantine', secondary: 'delete' },
    ))
  it('W63 not: no second action after another first one', () =>
    expect(
      salesforce({ matched: 'quarantine', blockedUrl: 'delete', fileAction: { secondary: 'pass' } }, [
        inFile('http://safe.test/'),
      ]).files[0],
    ).toMatchObject({ action: null, secondary: null }))
  it('W64: with "tag file name" the file gets the tag', () =>
    expect(
      judge({ service: 'box', actions: { matched: 'tag-file-name', tag: 'RISKY' } }, { urls: [inFile(BAD)] })
        .files,
    ).toMatchObject([{ name: 'a.docx', action: 'tag-file-name', tag: 'RISKY' }]))
  it('W65: with quarantine and delete the file is replaced by the text', () => {
    for (const matched of ['quarantine', 'delete'])
      expect(
        judge({ service: 'box', actions: { matched, replacementText: 'Gone.' } }, { urls: [inFile(BAD)] })
          .files[0]?.replacementText,
      ).toBe('Gone.')
  })
  it('W65 not: with pass it stays', () =>
    expect(
      judge(
        { service: 'box', actions: { matched: 'pass', replacementText: 'Gone.' } },
        { urls: [inFile(BAD)] },
      ).files[0]?.replacementText,
    ).toBeNull())
})

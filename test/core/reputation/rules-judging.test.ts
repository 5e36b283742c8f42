import { describe, expect, it } from 'vitest'
import type { RiskLevel } from '../../../core/model/verdict.ts'
import { Judge, judgeMessage, type JudgedMessage, type JudgedUrl } from '../../../core/reputation/judge.ts'
import { toDirection } from '../../../core/reputation/mail-direction.ts'
import { severestAction } from '../../../core/reputation/policy-actions.ts'
import { Shelf } from '../../../core/reputation/shelf.ts'
import { DomainList, UrlList } from '../../../core/reputation/url-list.ts'
import { anEntry, aPack, aPolicy, aShelf, aUrl, DAY, type EntryDraft } from './builders.ts'

type Overrides = Readonly<Record<string, unknown>>

const LEVELS: Readonly<Record<string, RiskLevel>> = {
  'http://dangerous.test/': 'dangerous',
  'http://high.test/': 'highly-suspicious',
  'http://suspicious.test/': 'suspicious',
  'http://untested.test/': 'untested',
  'http://safe.test/': 'safe',
}
const shelf = aShelf(
  { scope: 'host', pattern: 'dangerous.test', level: 'dangerous' },
  { scope: 'host', pattern: 'high.test', level: 'highly-suspicious' },
  { scope: 'host', pattern: 'suspicious.test', level: 'suspicious' },
  { scope: 'host', pattern: 'safe.test', level: 'safe' },
)
const BAD = 'http://dangerous.test/'
const NEW = 'http://untested.test/'

const inBody = (url: string): JudgedUrl => ({ url, where: 'body' })
const inFile = (url: string, attachment = 'a.docx'): JudgedUrl => ({ url, where: 'attachment', attachment })
const aMail = (overrides: Partial<JudgedMessage> = {}): JudgedMessage => ({
  from: 'bad@evil.test',
  to: ['amy@corp.test'],
  headers: [{ name: 'X-Drill', value: 'Spring drill' }],
  urls: [inBody(BAD)],
  ...overrides,
})
const judge = (policy: Overrides = {}, message: Partial<JudgedMessage> = {}) =>
  judgeMessage(new Judge(aPolicy(policy)), aMail(message), shelf, shelf.inForceNow(), 5 * DAY)
/** `decidedBy clause action` of one URL; `-` where there is none. */
const verdict = (policy: Overrides, url: JudgedUrl | string = BAD): string => {
  const one = judge(policy, { urls: [typeof url === 'string' ? inBody(url) : url] }).urls[0]
  return `${one?.decidedBy} ${one?.clause ?? '-'} ${one?.action ?? '-'}`
}
/** Clause and reason of an exclusion. */
const exclusion = (policy: Overrides, message: Partial<JudgedMessage> = {}): string | null => {
  const { excluded } = judge(policy, message)
  return excluded === null ? null : `${excluded.clause} ${excluded.reason}`
}
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

import { describe, expect, it } from 'vitest'
import { addPack } from '../../../core/reputation/pack-add.ts'
import { ACTIONS_OF, blockedActionsOf } from '../../../core/reputation/policy-actions.ts'
import { SERVICES } from '../../../core/reputation/policy-document.ts'
import { parsePolicy } from '../../../core/reputation/policy-parse.ts'
import { setPolicy } from '../../../core/reputation/policy-stored.ts'
import { runRetro } from '../../../core/reputation/retro-stored.ts'
import { aPolicy, aShelf, aUrl, DAY } from './builders.ts'
import { aMessage, TestCase } from './case-builder.ts'
import { exclusion, inBody, judge, NEW, verdict } from './judging.ts'

/** Points of JUDGE.md beside those of judge-points.test.ts: words, lists, the untested, and the retro scan. */
const document = (more: Readonly<Record<string, unknown>> = {}) => ({
  schema: 1,
  name: 'mail',
  service: 'exchange-online',
  securityLevel: 'medium',
  actions: { matched: 'quarantine' },
  ...more,
})

describe('words and lists', () => {
  it('JUDGE words.actions: every service has its own words, and those of the blocked list', () => {
    expect(ACTIONS_OF['exchange-inline-outbound']).not.toContain('move-to-junk')
    expect(ACTIONS_OF['teams-chat']).toEqual(expect.arrayContaining(['block', 'pass']))
    expect(ACTIONS_OF['teams-chat']).toHaveLength(2)
    expect([...blockedActionsOf('gmail')].sort()).toEqual(['delete', 'label', 'quarantine'])
    expect(blockedActionsOf('teams-chat')).toEqual(['block'])
    for (const service of SERVICES) expect(ACTIONS_OF[service].length).toBeGreaterThan(1)
  })

  it('JUDGE policy.senders: whole addresses without case, in both parts, and no magic of plus tags', () => {
    const approved = { approvedSenders: { enabled: true, addresses: ['News@Partner.test'] } }
    expect(exclusion(approved, { from: 'nEWS@partner.TEST' })).toBe('W38 approved-sender')
    expect(exclusion(approved, { from: 'news+x@partner.test' })).toBeNull()
  })

  it('JUDGE policy.headers: at most ten, 1 to 128 characters, case counts, a star is a plain character', () => {
    const field = (value: string) => ({
      approvedHeaders: { enabled: true, fields: [{ name: 'X-Drill', operator: 'equals', value }] },
    })
    expect(exclusion(field('Spring drill'))).toBe('W52 approved-header')
    expect(exclusion(field('spring drill'))).toBeNull()
    expect(exclusion(field('Spring*'))).toBeNull()
    expect(() => parsePolicy(document(field('')))).toThrow('policy.invalid')
  })

  it('JUDGE policy.analyzer: the Virtual Analyzer suspends the action on untested URLs', () => {
    const actions = { matched: 'quarantine', untested: { enabled: true, action: 'tag-subject' } }
    expect(verdict({ actions }, NEW)).toBe('untested-action W59 tag-subject')
    expect(verdict({ actions, virtualAnalyzerUrls: true }, NEW)).toMatch(/^none/)
  })

  it('JUDGE order.high: at High an untested URL is decided by the level, whatever else is on', () => {
    const actions = { matched: 'delete', untested: { enabled: true, action: 'tag-subject' } }
    for (const virtualAnalyzerUrls of [false, true])
      expect(verdict({ securityLevel: 'high', actions, virtualAnalyzerUrls }, NEW)).toBe('level W17 delete')
  })

  it('JUDGE order.dynamic: what a dynamic scan found takes the place of untested', () => {
    const url = { ...inBody(NEW), dynamicLevel: 'dangerous' as const }
    expect(verdict({ dynamicScan: true }, url)).toMatch(/^dynamic-scan \S+ quarantine$/)
    expect(verdict({ dynamicScan: false }, url)).toMatch(/^none/)
  })

  it('JUDGE order.time: the time of the delivery decides whether a policy is in effect', () => {
    const from = new Date((5 * DAY) / 1000).toISOString()
    expect(exclusion({ effectiveFrom: from })).toBeNull()
    expect(exclusion({ effectiveTo: from })).toBe('W12 disabled')
  })

  it('JUDGE matching.internal: exactly that domain, below it only when written', () => {
    const approved = (domain: string) => ({
      internalDomains: [domain],
      approvedUrls: { enabled: true, includeInternalDomains: true, urls: [] },
    })
    expect(verdict(approved('dangerous.test'))).toMatch(/^internal-domain W42/)
    expect(verdict(approved('*.dangerous.test'))).toMatch(/^level/)
    const below = judge(approved('*.dangerous.test'), { urls: [inBody('http://www.dangerous.test/')] })
      .urls[0]
    expect(below?.decidedBy).toBe('internal-domain')
  })

  it('JUDGE matching.severe: within one pack the more severe of two equally specific entries', () => {
    for (const levels of [
      ['safe', 'dangerous'],
      ['dangerous', 'safe'],
    ] as const) {
      const shelf = aShelf(...levels.map((level) => ({ scope: 'host' as const, pattern: 'a.test', level })))
      expect(shelf.rate(aUrl('http://a.test/'), shelf.inForceNow(), 2 * DAY).level).toBe('dangerous')
    }
    expect(aPolicy().securityLevel).toBe('medium')
  })
})

describe('retro scan', () => {
  const START = Date.UTC(2026, 2, 1) * 1000
  const at = (days: number): number => START + days * DAY
  const ON = { retroScan: { enabled: true, consentAt: '2026-01-01T00:00:00Z' } }
  async function aCase(more: Readonly<Record<string, unknown>> = ON) {
    const test = new TestCase(at(20))
    setPolicy(test.context, document(more))
    const pack = (version: string, days: number, ...lines: readonly string[]) =>
      addPack(test.context, test.file(`feed-${version}.txt`, `${lines.join('\n')}\n`), {
        name: 'feed',
        version,
        createdAt: at(days),
        level: null,
        levels: {},
      })
    await pack('1', 0, 'gone.test')
    return { test, pack }
  }

  it('JUDGE retro.off: refused without consent, a dry run says what it would say and stores nothing', async () => {
    const { test, pack } = await aCase({})
    test.mail(aMessage({ at: at(1), links: ['http://late.test/'] }))
    await pack('2', 7, 'late.test')
    expect(() => runRetro(test.context)).toThrow('retro.disabled')
    expect(runRetro(test.context, { dryRun: true }).turned).toHaveLength(1)
    expect(test.db.prepare('SELECT count(*) FROM retro_run').pluck().get()).toBe(0)
  })

  it('JUDGE retro.then: then is the packs in force at the delivery, now the newest versions', async () => {
    const { test, pack } = await aCase()
    test.mail(aMessage({ messageId: 'a', at: at(1), links: ['http://late.test/'] }))
    test.mail(aMessage({ messageId: 'b', at: at(8), links: ['http://late.test/'] }))
    await pack('2', 7, 'late.test')
    const run = runRetro(test.context)
    expect(run.run).toMatchObject({ packsThen: ['feed@1', 'feed@2'], packsNow: ['feed@2'] })
    expect(run.newlyMatching.map((row) => row.message.name.slice(7))).toEqual(['a'])
  })

  it('JUDGE retro.turned: only URLs whose level turned count', async () => {
    const { test, pack } = await aCase()
    test.mail(aMessage({ at: at(1), links: ['http://gone.test/', 'http://never.test/'] }))
    await pack('2', 7, 'gone.test', 'other.test')
    expect(runRetro(test.context)).toMatchObject({ counts: { judged: 2, turned: 0 }, turned: [] })
  })

  it('JUDGE retro.restore: only when none of its URLs matches any more, and only out of quarantine', async () => {
    const { test, pack } = await aCase()
    const mail = (messageId: string, recordedAction: string, ...links: string[]) =>
      test.mail(aMessage({ messageId, at: at(1), links, recordedAction }))
    await pack('1.5', 0.5, 'gone.test', 'still.test')
    mail('a', 'quarantine', 'http://gone.test/')
    mail('b', 'quarantine', 'http://gone.test/', 'http://still.test/')
    mail('c', 'delete', 'http://gone.test/')
    await pack('2', 7, 'still.test')
    expect(
      runRetro(test.context).noLongerMatching.map((row) => [
        row.message.name.slice(7),
        row.restored,
        row.clause,
      ]),
    ).toEqual([
      ['a', true, 'W31'],
      ['c', false, 'W32'],
    ])
  })

  it('JUDGE retro.excluded: URLs on either list, approved senders and headers, each with its clause', async () => {
    for (const [more, clause] of [
      [{ approvedUrls: { enabled: true, urls: ['late.test'] } }, 'W44'],
      [{ blockedUrls: { enabled: true, urls: ['late.test'] } }, 'W43'],
      [{ approvedSenders: { enabled: true, addresses: ['bad@evil.test'] } }, 'W38'],
    ] as const) {
      const { test, pack } = await aCase({ ...ON, ...more })
      test.mail(aMessage({ at: at(1), links: ['http://late.test/'] }))
      await pack('2', 7, 'late.test')
      expect(runRetro(test.context)).toMatchObject({ excluded: [{ clause }], turned: [] })
    }
  })
})

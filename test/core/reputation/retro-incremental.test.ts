import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RetroRun } from '../../../core/contract/nouns/reputation.ts'
import { addPack } from '../../../core/reputation/pack-add.ts'
import { setPolicy } from '../../../core/reputation/policy-stored.ts'
import { compareRetro } from '../../../core/reputation/retro-compare.ts'
import { listRetroRuns, runRetro } from '../../../core/reputation/retro-stored.ts'
import { DAY } from './builders.ts'
import { aMessage, TestCase } from './case-builder.ts'

const START = Date.UTC(2026, 2, 1) * 1000
const at = (days: number): number => START + days * DAY

const policy = (test: TestCase, overrides: Readonly<Record<string, unknown>> = {}) =>
  setPolicy(test.context, {
    schema: 1,
    name: 'mail',
    service: 'exchange-online',
    securityLevel: 'medium',
    actions: { matched: 'quarantine' },
    retroScan: { enabled: true, consentAt: '2026-01-01T00:00:00Z' },
    ...overrides,
  })

interface EntryDraft {
  readonly pattern: string
  readonly scope: string
  readonly level: string
  readonly expiresAt: string | null
}
const pack = (test: TestCase, name: string, version: string, days: number, entries: readonly EntryDraft[]) =>
  addPack(
    test.context,
    test.file(
      `${name}-${version}.json`,
      JSON.stringify({
        schema: 1,
        name,
        version,
        createdAt: new Date(at(days) / 1000).toISOString(),
        entries,
      }),
    ),
    { name: null, version: null, createdAt: null, level: null, levels: {} },
  )
const lines = (...patterns: readonly string[]): EntryDraft[] =>
  patterns.map((pattern) => ({ pattern, scope: 'host', level: 'dangerous', expiresAt: null }))

/** What a run says, without which run it is and how it came about. */
const said = (run: RetroRun): unknown => ({
  ...run,
  run: { ...run.run, id: '', base: null, whole: null, rated: 0 },
})

describe('a retro run on the base of an earlier one', () => {
  it('judges only what changed entries and new mail touch, and finds what a whole run finds', async () => {
    const test = new TestCase(at(10))
    policy(test)
    await pack(test, 'feed', '1', 0, lines('old.test', 'evil0.test'))
    for (let index = 0; index < 20; index += 1)
      test.mail(aMessage({ messageId: `m${index}`, at: at(1), links: [`http://evil${index}.test/`] }))
    await pack(test, 'feed', '2', 2, lines('old.test', 'evil1.test'))
    const base = runRetro(test.context)
    expect(base.run.rated).toBe(20)
    await pack(test, 'feed', '3', 3, lines('old.test', 'evil1.test', 'evil2.test'))
    test.mail(aMessage({ messageId: 'new', at: at(4), links: ['http://evil19.test/', 'http://fresh.test/'] }))
    const whole = runRetro(test.context, { dryRun: true })
    const incremental = runRetro(test.context, { base: Number(base.run.id) })
    expect(incremental.run).toMatchObject({ base: base.run.id, whole: null, rated: 3 })
    expect(said(incremental)).toEqual(said(whole))
    expect(incremental.turned.map((row) => [row.url, row.pack])).toEqual([
      ['http://evil0.test/', 'feed@1'],
      ['http://evil1.test/', 'feed@3'],
      ['http://evil2.test/', 'feed@3'],
    ])
  })

  it('says why it judged everything after all', async () => {
    const test = new TestCase(at(10))
    policy(test)
    await pack(test, 'feed', '1', 0, lines('a.test'))
    test.mail(aMessage({ messageId: 'a', at: at(2), links: ['http://a.test/'] }))
    const base = Number(runRetro(test.context).run.id)
    const whole = () => runRetro(test.context, { base, dryRun: true }).run
    expect(whole()).toMatchObject({ base: '1', whole: null, rated: 0 })
    await pack(test, 'feed', '2', 1, lines('b.test'))
    expect(whole()).toMatchObject({ base: null, whole: 'packs', rated: 1 })
    policy(test, { securityLevel: 'low' })
    expect(whole()).toMatchObject({ whole: 'policy' })
    policy(test)
    test.db.prepare('UPDATE message SET entity_id = entity_id + 100').run()
    expect(whole()).toMatchObject({ whole: 'mail' })
    expect(() => runRetro(test.context, { base: 77 })).toThrow('request.not_found')
  })

  it('judges again what expired since', async () => {
    const test = new TestCase(at(10))
    policy(test)
    await pack(test, 'feed', '1', 3, [
      {
        pattern: 'a.test',
        scope: 'host',
        level: 'dangerous',
        expiresAt: new Date(at(12) / 1000).toISOString(),
      },
    ])
    test.mail(aMessage({ messageId: 'a', at: at(1), links: ['http://a.test/', 'http://b.test/'] }))
    const base = runRetro(test.context)
    expect(base.newlyMatching).toHaveLength(1)
    test.nowUs = at(13)
    const later = runRetro(test.context, { base: 1 })
    expect(later.newlyMatching).toEqual([])
    expect(said(later)).toEqual(said(runRetro(test.context, { dryRun: true })))
  })

  it('gives the result of a whole run, whatever packs and mail come (property)', async () => {
    const hosts = ['a.test', 'b.test', 'www.a.test', 'c.test', 'd.test', 'e.b.test']
    const entry = fc
      .record({
        host: fc.constantFrom(...hosts),
        scope: fc.constantFrom('host', 'domain', 'path', 'exact'),
        level: fc.constantFrom('dangerous', 'highly-suspicious', 'suspicious', 'untested', 'safe'),
        expires: fc.constantFrom(null, null, 12, 22, 32),
      })
      .map(({ host, scope, level, expires }) => ({
        pattern: scope === 'host' || scope === 'domain' ? host : `http://${host}/p`,
        scope,
        level,
        expiresAt: expires === null ? null : new Date(at(expires) / 1000).toISOString(),
      }))
    const mail = fc.record({
      id: fc.integer({ min: 0, max: 12 }),
      day: fc.constantFrom(null, 1, 2, 3),
      isLate: fc.boolean(),
      links: fc.uniqueArray(
        fc.constantFrom(
          ...hosts.flatMap((host) => [`http://${host}/`, `http://${host}/p`, `http://${host}/p/x`]),
        ),
        { maxLength: 4 },
      ),
      action: fc.constantFrom(undefined, 'quarantine', 'delete'),
    })
    const round = fc.record({
      packs: fc.array(
        fc.record({
          name: fc.constantFrom('one', 'two'),
          entries: fc.array(entry, { minLength: 1, maxLength: 5 }),
        }),
        { maxLength: 2 },
      ),
      mail: fc.array(mail, { minLength: 1, maxLength: 6 }),
    })
    let taken = 0
    await fc.assert(
      fc.asyncProperty(fc.array(round, { minLength: 2, maxLength: 3 }), async (rounds) => {
        const test = new TestCase(at(5))
        policy(test, { approvedUrls: { enabled: true, urls: ['d.test'] } })
        await pack(test, 'zero', '1', 0, lines('c.test'))
        for (const [index, host] of hosts.entries())
          test.mail(
            aMessage({
              messageId: `first${index}`,
              at: at(1),
              links: [`http://${host}/p`, `http://${host}/q`],
            }),
          )
        let base: number | null = null
        for (const [index, { packs, mail: messages }] of rounds.entries()) {
          test.nowUs = at(10 * index + 9)
          for (const [order, { name, entries }] of packs.entries())
            await pack(test, name, `${index}.${order}`, 10 * index + 4 + order, entries)
          for (const { id, day, isLate, links, action } of messages)
            test.mail(
              aMessage({
                messageId: `m${id}`,
                at: day === null ? null : at(isLate ? 10 * index + day : day),
                links,
                ...(action === undefined ? {} : { recordedAction: action }),
              }),
            )
          const whole = runRetro(test.context, { dryRun: true })
          const run = runRetro(test.context, { base })
          expect(said(run)).toEqual(said(whole))
          expect(run.run.rated).toBeLessThanOrEqual(whole.run.rated)
          if (run.run.base !== null && run.run.rated < whole.run.rated) taken += 1
          base = Number(run.run.id)
        }
      }),
      { numRuns: 25, seed: 901 },
    )
    expect(taken).toBeGreaterThan(10)
  })
})

describe('retro runs', () => {
  it('say the same of the same inputs, byte for byte', async () => {
    const test = new TestCase(at(10))
    policy(test)
    await pack(test, 'feed', '1', 3, lines('evil.test'))
    for (const id of ['b', 'a', 'c'])
      test.mail(aMessage({ messageId: id, at: at(1), links: ['http://evil.test/', 'http://fine.test/'] }))
    const texts = [1, 2].map(() => JSON.stringify(runRetro(test.context, { dryRun: true })))
    expect(texts[0]).toBe(texts[1])
  })

  it('are compared: what each has that the other has not', async () => {
    const test = new TestCase(at(10))
    policy(test)
    await pack(test, 'feed', '1', 3, lines('evil.test', 'gone.test'))
    test.mail(aMessage({ messageId: 'a', at: at(1), links: ['http://evil.test/'] }))
    test.mail(aMessage({ messageId: 'b', at: at(1), links: ['http://gone.test/'] }))
    test.mail(aMessage({ messageId: 'c', at: at(1), links: ['http://new.test/'] }))
    runRetro(test.context)
    await pack(test, 'feed', '2', 4, lines('evil.test', 'new.test'))
    runRetro(test.context)
    const compared = compareRetro(test.db, 1, 2)
    expect(compared).toMatchObject({
      from: { id: '1' },
      to: { id: '2' },
      isSamePolicy: true,
      packsNow: { onlyFrom: ['feed@1'], onlyTo: ['feed@2'] },
      turned: { onlyFrom: [{ url: 'http://gone.test/' }], onlyTo: [{ url: 'http://new.test/' }] },
      newlyMatching: { onlyFrom: [{ url: 'http://gone.test/' }], onlyTo: [{ url: 'http://new.test/' }] },
      excluded: { onlyFrom: [], onlyTo: [] },
    })
    expect(compared.exposure.onlyTo).toHaveLength(1)
    const same = compareRetro(test.db, 2, 2)
    expect([same.turned, same.newlyMatching, same.exposure]).toEqual(
      [1, 2, 3].map(() => ({ onlyFrom: [], onlyTo: [] })),
    )
    expect(() => compareRetro(test.db, 1, 9)).toThrow('request.not_found')
    expect(listRetroRuns(test.db)).toHaveLength(2)
  })

  it('explain their figures: urls = judged + not judged, each URL under one reason', async () => {
    const test = new TestCase(at(10))
    policy(test, {
      approvedUrls: { enabled: true, urls: ['approved.test'] },
      approvedSenders: { enabled: true, addresses: ['friend@else.test'] },
    })
    await pack(test, 'feed', '1', 3, lines('evil.test'))
    test.mail(aMessage({ messageId: 'a', at: at(1), links: ['http://evil.test/', 'http://approved.test/'] }))
    test.mail(
      aMessage({
        messageId: 'b',
        at: at(1),
        links: ['http://evil.test/', 'http://friend.test/'],
        from: { address: 'friend@else.test' },
      }),
    )
    test.mail(aMessage({ messageId: 'c', at: null, links: ['http://undated.test/'] }))
    const run = runRetro(test.context)
    expect(run.counts).toMatchObject({
      urls: 4,
      judged: 1,
      notJudged: 3,
      links: 5,
      linksJudged: 1,
      excluded: 3,
    })
    expect(run.notJudged).toEqual([
      { reason: 'approved-sender', clause: 'W38', urls: 1, links: 2 },
      { reason: 'approved-url', clause: 'W44', urls: 1, links: 1 },
      { reason: 'no-time', clause: null, urls: 1, links: 1 },
    ])
    expect(run.counts.urls).toBe(run.counts.judged + run.counts.notJudged)
  })
})

import { describe, expect, it } from 'vitest'
import { RetroRun } from '../../../core/contract/nouns/reputation.ts'
import { addPack } from '../../../core/reputation/pack-add.ts'
import { setPolicy } from '../../../core/reputation/policy-stored.ts'
import { getRetroRun, listRetroRuns, runRetro } from '../../../core/reputation/retro-stored.ts'
import { DAY } from './builders.ts'
import { aMessage, TestCase } from './case-builder.ts'

const START = Date.UTC(2026, 2, 1) * 1000
const at = (days: number): number => START + days * DAY
const NOW = at(20)
const consent = { retroScan: { enabled: true, consentAt: '2026-01-01T00:00:00Z' } }

const aCase = () => new TestCase(NOW)
const policy = (test: TestCase, overrides: Readonly<Record<string, unknown>> = {}) =>
  setPolicy(test.context, {
    schema: 1,
    name: 'mail',
    service: 'exchange-online',
    securityLevel: 'medium',
    actions: { matched: 'quarantine' },
    ...consent,
    ...overrides,
  })
const pack = (test: TestCase, name: string, version: string, createdAt: number, lines: readonly string[]) =>
  addPack(test.context, test.file(`${name}-${version}.txt`, `${lines.join('\n')}\n`), {
    name,
    version,
    createdAt,
    level: null,
    levels: {},
  })

describe('retro scan', () => {
  it('lets a copy lie there until the evidence ends, whenever the scan is run', async () => {
    const test = aCase()
    policy(test)
    await pack(test, 'feed', '1', at(0), ['old.test'])
    test.mail(aMessage({ at: at(1) }))
    // The last the evidence knows of; the wrong clock of the next one is later than now and does not count.
    test.mail(aMessage({ at: at(11), links: [], messageId: 'm2@mail.test' }))
    test.mail(aMessage({ at: at(4000), links: [], messageId: 'm3@mail.test' }))
    await pack(test, 'feed', '2', at(7), ['evil.test'])
    const dwell = () =>
      runRetro(test.context, { dryRun: true }).exposure.map((row) => [
        row.dwellSeconds,
        row.dwellUntil,
        row.dwellEnd,
      ])
    const first = dwell()
    expect(first).toEqual([[10 * 86_400, '2026-03-12T00:00:00.000Z', 'evidence']])
    test.nowUs = at(300)
    expect(dwell()).toEqual(first)
  })

  it('tells of mail that is not correlated yet instead of finding nothing in it', async () => {
    const test = aCase()
    policy(test)
    await pack(test, 'feed', '1', at(3), ['evil.test'])
    test.mail(aMessage({ at: at(1) }))
    const known = runRetro(test.context, { dryRun: true })
    expect(known.notJudged).toEqual([])
    test.db.prepare('UPDATE message SET entity_id = NULL').run()
    const { counts, notJudged, newlyMatching } = runRetro(test.context, { dryRun: true })
    expect(newlyMatching).toEqual([])
    expect(counts).toMatchObject({ messages: 0, urls: 1, judged: 0, notJudged: 1 })
    expect(notJudged).toEqual([{ reason: 'not-correlated', clause: null, urls: 1, links: 1 }])
  })

  it('counts by links where a URL is judged in one message and not in another', async () => {
    const test = aCase()
    policy(test)
    await pack(test, 'feed', '1', at(3), ['evil.test'])
    const links = ['http://evil.test/', 'http://other.test/']
    test.mail(aMessage({ messageId: 'known', at: at(1), links: links.slice(0, 1) }))
    test.mail(aMessage({ messageId: 'new', at: at(2), links }))
    test.db.prepare("UPDATE message SET entity_id = NULL WHERE message_id LIKE '%new%'").run()
    const { counts, notJudged } = runRetro(test.context, { dryRun: true })
    expect(counts).toMatchObject({
      ...{ messages: 1, urls: 2, judged: 1, notJudged: 1 },
      ...{ links: 3, linksJudged: 1, turned: 1 },
    })
    expect(notJudged).toEqual([{ reason: 'not-correlated', clause: null, urls: 1, links: 2 }])
  })

  it('finds the link that was untested on delivery and is dangerous now, and who was exposed', async () => {
    const test = aCase()
    policy(test)
    await pack(test, 'feed', '1', at(0), ['old.test'])
    const message = test.mail(
      aMessage({
        at: at(1),
        links: ['http://evil.test/a', 'http://fine.test/'],
        to: ['amy@corp.test', 'bob@corp.test'],
      }),
    )
    test.mail(
      aMessage({
        at: at(1),
        links: ['http://evil.test/a'],
        to: ['bob@corp.test'],
        mailbox: 'bob@corp.test',
        subject: 'Invoice',
      }),
    )
    await pack(test, 'feed', '2', at(7), ['old.test', 'http://evil.test/a'])
    const amy = test.mailbox('amy@corp.test', 'Amy')
    const bob = test.mailbox('bob@corp.test', 'Bob')
    test.relate('delivered-to', message, amy, at(1))
    test.relate('delivered-to', message, bob, at(1))
    const endpoint = test.entity('endpoint', 'WS-01')
    const url = test.entity('url', 'http://evil.test/a')
    test.relate('clicked-by', url, test.entity('user', 'Amy'), at(2))
    test.relate('opened-on', url, endpoint, at(2))
    test.relate('logged-on-to', test.entity('user', 'Amy'), endpoint, at(1))
    const file = test.entity('file', 'a.exe')
    const process = test.entity('process', 'a.exe 1')
    test.relate('downloaded-to', url, file, at(2))
    test.relate('located-on', file, endpoint)
    test.relate('executed-as', file, process, at(2) + 60_000_000)
    test.relate('ran-as', process, test.entity('user', 'Amy'))
    test.relate('ran-on', process, endpoint)

    const run = runRetro(test.context)
    const exposed = {
      isRecipient: true,
      perhaps: [],
      turnedAt: '2026-03-08T00:00:00.000Z',
      openedAt: null,
      blockedAt: null,
      clickedBefore: null,
      removedAt: null,
      // Nothing in the evidence is later than the delivery.
      dwellSeconds: 0,
      dwellUntil: '2026-03-02T00:00:00.000Z',
      dwellEnd: 'evidence' as const,
      passedOn: [],
      relations: [],
      events: [],
    }
    const ref = { id: String(message), kind: 'message', name: 'Invoicem1@mail.test' }
    expect(run).toEqual({
      run: {
        id: '1',
        at: '2026-03-21T00:00:00.000Z',
        policy: 'mail',
        packsThen: ['feed@1'],
        packsNow: ['feed@2'],
        base: null,
        whole: null,
        rated: 2,
        inputs: {
          rules: 2,
          policySha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
          isEffective: true,
          packsNow: [2],
          upTo: null,
          lastPack: 2,
          lastMessage: 2,
          mailSha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        },
      },
      counts: {
        messages: 1,
        urls: 2,
        judged: 2,
        notJudged: 0,
        links: 2,
        linksJudged: 2,
        turned: 1,
        excluded: 0,
      },
      notJudged: [],
      turned: [
        {
          url: 'http://evil.test/a',
          urlEntity: { id: String(url), kind: 'url', name: 'http://evil.test/a' },
          from: 'untested',
          to: 'dangerous',
          pack: 'feed@2',
          entry: 'http://evil.test/a',
          decides: 'now',
          messages: 1,
        },
      ],
      newlyMatching: [
        {
          message: ref,
          mailbox: 'amy@corp.test',
          url: 'http://evil.test/a',
          action: 'quarantine',
          clause: 'W30',
          turnedAt: '2026-03-08T00:00:00.000Z',
          matchedThen: false,
          state: 'delivered',
        },
        {
          message: ref,
          mailbox: 'bob@corp.test',
          url: 'http://evil.test/a',
          action: 'quarantine',
          clause: 'W30',
          turnedAt: '2026-03-08T00:00:00.000Z',
          matchedThen: false,
          state: 'delivered',
        },
      ],
      noLongerMatching: [],
      excluded: [],
      exposure: [
        {
          message: ref,
          recipient: 'amy@corp.test',
          user: { id: String(test.entity('user', 'Amy')), kind: 'user', name: 'Amy' },
          deliveredAt: '2026-03-02T00:00:00.000Z',
          clickedAt: '2026-03-03T00:00:00.000Z',
          executedAt: '2026-03-03T00:01:00.000Z',
          endpoint: { id: String(endpoint), kind: 'endpoint', name: 'WS-01' },
          ...exposed,
          clickedBefore: true,
          relations: expect.arrayContaining([expect.stringMatching(/^\d+$/)]) as string[],
        },
        {
          message: ref,
          recipient: 'bob@corp.test',
          user: { id: String(test.entity('user', 'Bob')), kind: 'user', name: 'Bob' },
          deliveredAt: '2026-03-02T00:00:00.000Z',
          clickedAt: null,
          executedAt: null,
          endpoint: null,
          ...exposed,
        },
      ],
    })
    expect(RetroRun.parse(run)).toEqual(run)
    expect(getRetroRun(test.db, 1)).toEqual(run)
    expect(listRetroRuns(test.db)).toEqual([{ id: '1', at: run.run.at, policy: 'mail', counts: run.counts }])
    expect(test.db.prepare('SELECT action FROM audit ORDER BY seq DESC LIMIT 1').pluck().get()).toBe(
      'retro.run',
    )
    expect({ ...runRetro(test.context), run: null }).toEqual({ ...run, run: null })
  })

  it('restores only what was quarantined, and only when no URL matches any more (W31, W32)', async () => {
    const test = aCase()
    policy(test, { blockedUrls: { enabled: true, urls: ['blocked.test'] } })
    await pack(test, 'feed', '1', at(0), ['wrong.test', 'evil.test'])
    const mail = (id: string, recordedAction: string | undefined, ...links: string[]) =>
      test.mail(
        aMessage({
          messageId: id,
          at: at(1),
          links,
          ...(recordedAction === undefined ? {} : { recordedAction }),
        }),
      )
    mail('a', 'quarantine', 'http://wrong.test/')
    mail('b', 'delete', 'http://wrong.test/')
    mail('c', 'quarantine', 'http://wrong.test/', 'http://evil.test/')
    mail('d', 'quarantine', 'http://wrong.test/', 'http://blocked.test/')
    mail('e', undefined, 'http://wrong.test/')
    await pack(test, 'feed', '2', at(7), ['evil.test'])
    const run = runRetro(test.context)
    expect(
      run.noLongerMatching.map((row) => [row.message.name, row.recordedAction, row.restored, row.clause]),
    ).toEqual([
      ['Invoicea', 'quarantine', true, 'W31'],
      ['Invoiceb', 'delete', false, 'W32'],
      ['Invoicee', null, false, 'W32'],
    ])
    expect(run.turned).toMatchObject([{ from: 'dangerous', to: 'untested', pack: 'feed@1', messages: 5 }])
    expect(run.newlyMatching).toEqual([])
  })

  it('leaves out lists, senders and headers, each with its clause (W27)', async () => {
    const test = aCase()
    policy(test, {
      approvedUrls: { enabled: true, urls: ['approved.test'] },
      blockedUrls: { enabled: true, urls: ['blocked.test'] },
      approvedSenders: { enabled: true, addresses: ['friend@else.test'] },
      approvedHeaders: { enabled: true, fields: [{ name: 'X-Drill', value: 'yes', operator: 'equals' }] },
    })
    test.mail(
      aMessage({
        messageId: 'a',
        at: at(1),
        links: ['http://approved.test/', 'http://blocked.test/', 'http://evil.test/'],
      }),
    )
    test.mail(
      aMessage({
        messageId: 'b',
        at: at(2),
        links: ['http://evil.test/'],
        from: { address: 'friend@else.test' },
      }),
    )
    test.mail(
      aMessage({
        messageId: 'c',
        at: at(3),
        links: ['http://evil.test/'],
        headers: [{ name: 'X-Drill', value: 'yes' }],
      }),
    )
    await pack(test, 'feed', '1', at(7), ['evil.test', 'approved.test', 'blocked.test'])
    const run = runRetro(test.context)
    expect(run.excluded.map((row) => [row.message.name, row.url, row.clause])).toEqual([
      ['Invoicea', 'http://approved.test/', 'W44'],
      ['Invoicea', 'http://blocked.test/', 'W43'],
      ['Invoiceb', 'http://evil.test/', 'W38'],
      ['Invoicec', 'http://evil.test/', 'W52'],
    ])
    expect(run.newlyMatching.map((row) => row.message.name)).toEqual(['Invoicea'])
    expect(run.counts).toEqual({
      ...{ messages: 3, urls: 3, judged: 1, notJudged: 2, links: 5, linksJudged: 1 },
      ...{ turned: 1, excluded: 4 },
    })
    expect(run.notJudged).toEqual([
      { reason: 'approved-header', clause: 'W52', urls: 0, links: 1 },
      { reason: 'approved-sender', clause: 'W38', urls: 0, links: 1 },
      { reason: 'approved-url', clause: 'W44', urls: 1, links: 1 },
      { reason: 'blocked-url', clause: 'W43', urls: 1, links: 1 },
    ])
  })

  it('judges then with the pack in force at each delivery', async () => {
    const test = aCase()
    policy(test)
    await pack(test, 'feed', '1', at(3), ['evil.test'])
    test.mail(aMessage({ messageId: 'before', at: at(1), links: ['http://evil.test/'] }))
    test.mail(aMessage({ messageId: 'after', at: at(5), links: ['http://evil.test/'] }))
    test.mail(aMessage({ messageId: 'undated', at: null, links: ['http://evil.test/'] }))
    const run = runRetro(test.context)
    expect(run.newlyMatching.map((row) => row.message.name)).toEqual(['Invoicebefore'])
    expect(run.run).toMatchObject({ packsThen: ['feed@1'], packsNow: ['feed@1'] })
  })

  it('can stop at an older pack', async () => {
    const test = aCase()
    policy(test)
    const first = await pack(test, 'feed', '1', at(3), ['other.test'])
    await pack(test, 'feed', '2', at(7), ['evil.test'])
    test.mail(aMessage({ at: at(1), links: ['http://evil.test/'] }))
    expect(runRetro(test.context, { pack: Number(first.id) }).turned).toEqual([])
    expect(runRetro(test.context).turned).toHaveLength(1)
    expect(() => runRetro(test.context, { pack: 99 })).toThrow('request.not_found')
  })

  it('is refused while the policy has it off, except as a dry run that stores nothing', async () => {
    const test = aCase()
    await pack(test, 'feed', '1', at(7), ['evil.test'])
    test.mail(aMessage({ at: at(1), links: ['http://evil.test/'] }))
    expect(() => runRetro(test.context)).toThrow('retro.disabled')
    expect(runRetro(test.context, { dryRun: true })).toMatchObject({
      run: { id: '0' },
      newlyMatching: [{ action: 'quarantine' }],
    })
    expect(listRetroRuns(test.db)).toEqual([])
  })

  it('is refused without a pack', () => {
    const test = aCase()
    policy(test)
    expect(() => runRetro(test.context)).toThrow('retro.no_packs')
  })
})

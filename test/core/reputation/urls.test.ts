import { describe, expect, it } from 'vitest'
import { methods } from '../../../core/contract/methods.ts'
import { listPacks } from '../../../core/reputation/packs-stored.ts'
import policyHandlers from '../../../core/reputation/policy.handlers.ts'
import handlers from '../../../core/reputation/reputation.handlers.ts'
import { setPolicy } from '../../../core/reputation/policy-stored.ts'
import { runRetro } from '../../../core/reputation/retro-stored.ts'
import { riskOfMessages, riskOfUrls } from '../../../core/reputation/risk.ts'
import { getUrlHistory } from '../../../core/reputation/url-history.ts'
import { listUrls } from '../../../core/reputation/url-list-query.ts'
import { DAY } from './builders.ts'
import { aMessage, TestCase } from './case-builder.ts'

const START = Date.UTC(2026, 2, 1) * 1000
const at = (days: number): number => START + days * DAY
const ALL = { text: '', turnedOnly: false, limit: 100 }

const POLICY = {
  schema: 1,
  name: 'mail',
  service: 'exchange-online',
  securityLevel: 'medium',
  actions: { matched: 'quarantine' },
  retroScan: { enabled: true, consentAt: '2026-01-01T00:00:00Z' },
}

async function aCaseWithPacks(): Promise<TestCase> {
  const test = new TestCase(at(20))
  for (const [name, day, lines] of [
    ['one', 2, 'evil.test\n'],
    ['two', 7, 'evil.test\nhttp://late.test/a\n'],
  ] as const) {
    const grant = test.file(`${name}.txt`, lines)
    const createdAt = new Date(at(day) / 1000).toISOString()
    await handlers['pack.add']?.(test.context, { grants: [grant], name: 'feed', version: name, createdAt })
  }
  test.mail(aMessage({ messageId: 'a', at: at(1), links: ['http://evil.test/x', 'http://fine.test/'] }))
  test.mail(aMessage({ messageId: 'b', at: at(3), links: ['http://late.test/a', 'http://fine.test/'] }))
  return test
}

describe('URLs of stored mail', () => {
  it('lists the most dangerous first, with the level at the first delivery and now', async () => {
    const test = await aCaseWithPacks()
    const page = listUrls(test.db, test.nowUs, ALL)
    expect(methods['url.list'].output.parse(page)).toEqual(page)
    expect(
      page.rows.map((row) => [row.url, row.messages, row.risk.then, row.risk.now, row.pack, row.scope]),
    ).toEqual([
      ['http://evil.test/x', 1, 'untested', 'dangerous', 'feed@two', 'host'],
      ['http://late.test/a', 1, 'untested', 'dangerous', 'feed@two', 'exact'],
      ['http://fine.test/', 2, 'untested', 'untested', null, null],
    ])
    expect(page.total).toBe(3)
  })

  it('says which the policy leaves out of retro scans whatever packs say, and by which rule', async () => {
    const test = await aCaseWithPacks()
    test.mail(
      aMessage({
        messageId: 'c',
        at: at(4),
        from: { address: 'boss@partner.test' },
        links: ['http://evil.test/theirs', 'http://fine.test/'],
      }),
    )
    const rules = () =>
      new Map(listUrls(test.db, test.nowUs, ALL).rows.map(({ url, excludedBy }) => [url, excludedBy]))
    expect([...rules().values()].every((rule) => rule === null)).toBe(true)
    setPolicy(test.context, {
      ...POLICY,
      approvedUrls: { enabled: true, urls: ['late.test'] },
      approvedSenders: { enabled: true, addresses: ['boss@partner.test'] },
    })
    expect(Object.fromEntries(rules())).toEqual({
      'http://evil.test/x': null,
      'http://late.test/a': 'W44',
      'http://evil.test/theirs': 'W38',
      // Others sent it as well.
      'http://fine.test/': null,
    })
  })

  it('pages by cursor without losing or doubling a row', async () => {
    const test = await aCaseWithPacks()
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page = listUrls(test.db, test.nowUs, { ...ALL, limit: 1, cursor })
      seen.push(...page.rows.map((row) => row.url))
      cursor = page.next
    } while (cursor !== null)
    expect(seen).toEqual(listUrls(test.db, test.nowUs, ALL).rows.map((row) => row.url))
    expect(() => listUrls(test.db, test.nowUs, { ...ALL, cursor: 'x' })).toThrow('request.invalid')
  })

  it('filters by text (defanged too), level and turn, and sees new packs at once', async () => {
    const test = await aCaseWithPacks()
    const urls = (filter: object) =>
      listUrls(test.db, test.nowUs, { ...ALL, ...filter }).rows.map((row) => row.host)
    expect(urls({ text: 'hxxp://late[.]test' })).toEqual(['late.test'])
    expect(urls({ text: '100%' })).toEqual([])
    expect(urls({ risk: 'untested' })).toEqual(['fine.test'])
    expect(urls({ turnedOnly: true })).toEqual(['evil.test', 'late.test'])
    await handlers['pack.add']?.(test.context, {
      grants: [test.file('three.txt', 'fine.test\n')],
      name: 'other',
    })
    expect(urls({ risk: 'dangerous' })).toEqual(['evil.test', 'fine.test', 'late.test'])
  })

  it('says nothing of risk before there is a pack', () => {
    const test = new TestCase(at(20))
    test.mail(aMessage({ at: at(1) }))
    expect(listUrls(test.db, test.nowUs, ALL).rows.map((row) => row.risk)).toEqual([
      { then: null, now: null },
    ])
    expect(listUrls(test.db, test.nowUs, { ...ALL, risk: 'untested' }).rows).toEqual([])
    expect([...riskOfUrls(test.db, [1], test.nowUs).values()]).toEqual([
      { now: null, entry: null, pack: null, scope: null },
    ])
  })

  it('says the same of "then" in the list, of messages and in a retro scan, also before the first pack', async () => {
    const test = await aCaseWithPacks()
    setPolicy(test.context, POLICY)
    const { turned } = runRetro(test.context)
    expect(turned.map((row) => [row.url, row.from]).sort()).toEqual([
      ['http://evil.test/x', 'untested'],
      ['http://late.test/a', 'untested'],
    ])
    const listed = new Map(listUrls(test.db, test.nowUs, ALL).rows.map((row) => [row.url, row.risk]))
    for (const row of turned) expect(listed.get(row.url)).toEqual({ then: row.from, now: row.to })
    const messages = test.db.prepare('SELECT entity_id FROM message ORDER BY id').pluck().all() as number[]
    expect([...riskOfMessages(test.db, messages, test.nowUs).values()]).toEqual([
      { then: 'untested', now: 'dangerous' },
      { then: 'untested', now: 'dangerous' },
    ])
  })

  it('neither judges a URL delivered nobody knows when, nor says that it turned', async () => {
    const test = await aCaseWithPacks()
    test.mail(aMessage({ messageId: 'c', at: null, links: ['http://evil.test/undated'] }))
    const row = listUrls(test.db, test.nowUs, ALL).rows.find(({ url }) => url.endsWith('undated'))
    expect(row?.risk).toEqual({ then: null, now: 'dangerous' })
    const turned = listUrls(test.db, test.nowUs, { ...ALL, turnedOnly: true }).rows.map(({ url }) => url)
    expect(turned).toEqual(['http://evil.test/x', 'http://late.test/a'])
    setPolicy(test.context, POLICY)
    expect(
      runRetro(test.context)
        .turned.map(({ url }) => url)
        .sort(),
    ).toEqual(turned)
  })

  it('tells what past retro scans said of a URL, newest first', async () => {
    const test = await aCaseWithPacks()
    const idOf = (host: string): number =>
      test.db.prepare('SELECT id FROM url WHERE host = ?').pluck().get(host) as number
    expect(getUrlHistory(test.db, idOf('late.test'))).toMatchObject({ runs: [], runCount: 0 })
    setPolicy(test.context, POLICY)
    runRetro(test.context)
    runRetro(test.context)
    const history = getUrlHistory(test.db, idOf('late.test'))
    expect(methods['url.history'].output.parse(history)).toEqual(history)
    expect(history.runCount).toBe(2)
    expect(history.runs.map((run) => [run.run, run.from, run.to, run.pack, run.newlyMatching])).toEqual([
      ['2', 'untested', 'dangerous', 'feed@two', 1],
      ['1', 'untested', 'dangerous', 'feed@two', 1],
    ])
    expect(getUrlHistory(test.db, idOf('fine.test'))).toMatchObject({ runs: [], runCount: 2 })
  })

  it('tells what each pack said and which mail brought the URL', async () => {
    const test = await aCaseWithPacks()
    const id = test.db.prepare(`SELECT id FROM url WHERE host = 'late.test'`).pluck().get() as number
    const history = getUrlHistory(test.db, id)
    expect(methods['url.history'].output.parse(history)).toEqual(history)
    expect(history.verdicts.map((one) => [one.pack, one.level, one.entry])).toEqual([
      ['feed@one', 'untested', null],
      ['feed@two', 'dangerous', 'http://late.test/a'],
    ])
    expect(history.deliveries.map((one) => [one.message.name, one.mailbox, one.at])).toEqual([
      ['Invoiceb', 'amy@corp.test', '2026-03-04T00:00:00.000Z'],
    ])
    expect(riskOfUrls(test.db, [id], test.nowUs).get(id)).toEqual({
      now: 'dangerous',
      entry: 'http://late.test/a',
      pack: 'feed@two',
      scope: 'exact',
    })
    expect(() => getUrlHistory(test.db, 999)).toThrow('request.not_found')
  })
})

describe('policy handlers', () => {
  it('answers the default until one is set; keeps every version and writes the audit log', async () => {
    const test = new TestCase(at(0))
    const ask = () => policyHandlers['policy.get']?.(test.context, {})
    expect(await ask()).toMatchObject({ isDefault: true, policy: { service: 'exchange-online' } })
    const policy = {
      schema: 1,
      name: 'own',
      service: 'gmail',
      securityLevel: 'low',
      actions: { matched: 'label' },
    }
    await policyHandlers['policy.set']?.(test.context, { policy })
    expect(await ask()).toMatchObject({
      isDefault: false,
      policy: { name: 'own', service: 'gmail', retroScan: { enabled: false } },
    })
    expect(test.changed).toEqual(['policy', 'audit'])
    expect(test.db.prepare('SELECT action FROM audit ORDER BY seq DESC LIMIT 1').pluck().get()).toBe(
      'policy.set',
    )
    expect(() =>
      policyHandlers['policy.set']?.(test.context, { policy: { ...policy, actions: { matched: 'block' } } }),
    ).toThrow('policy.invalid')
  })

  it('refuses a pack time that is none, and one version for several files', async () => {
    const test = new TestCase(at(0))
    const grants = [test.file('a.txt', 'a.test\n'), test.file('b.txt', 'b.test\n')]
    await expect(
      handlers['pack.add']?.(test.context, { grants, createdAt: 'yesterday' }),
    ).rejects.toMatchObject({ code: 'request.invalid', params: { field: 'createdAt' } })
    await expect(handlers['pack.add']?.(test.context, { grants, version: '1' })).rejects.toMatchObject({
      params: { field: 'version' },
    })
    const added = await handlers['pack.add']?.(test.context, { grants })
    expect(added?.map((pack) => [pack.name, pack.number])).toEqual([
      ['a', 1],
      ['b', 2],
    ])
  })

  it('lets a pack that is refused keep no other out, and names each that is', async () => {
    const test = new TestCase(at(0))
    const files = [
      test.file('torn.json', '{"schema"'),
      test.file('a.txt', 'a.test\n'),
      test.file('e.txt', '\n'),
    ]
    await expect(
      handlers['pack.add']?.(test.context, { grants: [...files, test.file('b.txt', 'b.test\n')] }),
    ).rejects.toMatchObject({
      code: 'pack.unrecognised',
      params: {
        file: 'torn.json',
        added: 2,
        refused: ['torn.json: pack.unrecognised', 'e.txt: pack.unrecognised'],
      },
    })
    expect(listPacks(test.db).map(({ name }) => name)).toEqual(['a', 'b'])
    await expect(handlers['pack.add']?.(test.context, { grants: files.slice(0, 1) })).rejects.toMatchObject({
      params: { file: 'torn.json' },
    })
  })
})

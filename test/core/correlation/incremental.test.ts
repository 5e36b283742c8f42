import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { rules } from '../../../core/correlation/registry.ts'
import { removeEvidence } from '../../../core/evidence/remove.ts'
import type { RecordItem } from '../../../core/importers/importer.ts'
import type { Rule } from '../../../core/correlation/rule.ts'
import type { CorrelationView, ViewEvent } from '../../../core/correlation/view.ts'
import { anEvent, relationText, TEST_NOW, TestCase } from '../../support/case-builder.ts'
import { dumpGraph, dumpIds } from '../../support/graph-dump.ts'
import { aComputer, aLogon, aMail, aUser, otherSid, sid } from '../identity/people.ts'

/** What every rule finds, and what it must not find, in one case; and names that come to mean somebody else. */
const items: readonly RecordItem[] = [
  ...rules.flatMap((rule) => [...rule.matches, ...rule.ignores].flatMap((example) => example.items)),
  aUser('amber', 1105, { proxyAddresses: ['amber@corp.example', 'a.stone@mail.example'] }),
  aUser('amber', 7, {
    objectId: otherSid(9),
    sid: otherSid(9),
    domain: 'other.example',
    netbiosDomain: 'OTHER',
    upn: 'amber@other.example',
    mail: undefined,
  }),
  aComputer('ws-01', 1201),
  aComputer('ws-02', 1202, { dnsHostName: undefined }),
  aLogon({ host: 'ws-03', account: 'WS-03\\admin' }),
  aLogon({ host: 'ws-01', account: 'basil', accountSid: sid(1106) }),
  aMail({ mailbox: 'amber@corp.example', messageId: 'one@out.example' }),
]

/** Cuts what is stored into files, in any order. */
const pieces = fc
  .tuple(
    fc.shuffledSubarray([...items], { minLength: Math.floor(items.length / 3) }),
    fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
  )
  .map(([order, cuts]) => {
    const at = [...new Set([0, ...cuts.map((cut) => cut % order.length), order.length])].sort((a, b) => a - b)
    return at.slice(1).map((end, index) => order.slice(at[index], end))
  })

/** Nothing may be saved by the safety net: a run that fails and starts anew says so. */
const complaints = vi.spyOn(process.stderr, 'write')
afterEach(() => {
  const said = complaints.mock.calls
    .map(([text]) => String(text))
    .filter((text) => text.startsWith('redthread:'))
  complaints.mockClear()
  expect(said).toEqual([])
})

const runs = { seed: 20_261_122, numRuns: 12 }

describe('correlation after each file', () => {
  it('finds what one run over all of them finds', () => {
    fc.assert(
      fc.property(pieces, (files) => {
        using stepwise = new TestCase()
        using whole = new TestCase()
        for (const [index, file] of files.entries()) {
          stepwise.store(file, `file ${index}`)
          stepwise.correlate()
          whole.store(file, `file ${index}`)
        }
        whole.correlate()
        expect(dumpGraph(stepwise)).toEqual(dumpGraph(whole))
      }),
      runs,
    )
  }, 300_000)

  it('finds what a full run over the same case finds, under the same ids', () => {
    fc.assert(
      fc.property(pieces, (files) => {
        using testCase = new TestCase()
        for (const file of files) {
          testCase.store(file)
          testCase.correlate()
        }
        const before = [dumpGraph(testCase), dumpIds(testCase)]
        const again = testCase.correlate(undefined, true)
        expect(again.reused).toBe(0)
        expect([dumpGraph(testCase), dumpIds(testCase)]).toEqual(before)
      }),
      runs,
    )
  }, 300_000)

  it('forgets a removed file as if it had never been correlated', () => {
    fc.assert(
      fc.property(pieces, fc.nat(), (files, choice) => {
        using stepwise = new TestCase()
        using whole = new TestCase()
        const gone = choice % files.length
        const ids = files.map((file, index) => {
          const id = stepwise.store(file, `file ${index}`)
          stepwise.correlate()
          whole.store(file, `file ${index}`)
          return id
        })
        for (const testCase of [stepwise, whole]) removeEvidence(testCase.db, ids[gone] ?? 0, TEST_NOW)
        stepwise.correlate()
        whole.correlate()
        expect(dumpGraph(stepwise)).toEqual(dumpGraph(whole))
        // and once more, under numbers that are used again
        for (const testCase of [stepwise, whole]) testCase.store(files[gone] ?? [], 'again')
        stepwise.correlate()
        whole.correlate(undefined, true)
        expect(dumpGraph(stepwise)).toEqual(dumpGraph(whole))
      }),
      runs,
    )
  }, 300_000)
})

describe('a rule on one endpoint', () => {
  /** Says of every connection of an endpoint what it knows, by one way of reading. */
  const reading = (read: (view: CorrelationView, event: ViewEvent) => string | undefined): Rule => ({
    id: 'test.reading',
    order: 1,
    scope: 'endpoint',
    relations: ['connected-to'],
    attack: [],
    texts: { en: {}, 'zh-TW': {}, ja: {} },
    matches: [],
    ignores: [],
    *run(view) {
      for (const event of view.events(
        ['network-connection'],
        ['destinationIp', 'destinationHost', 'account'],
      )) {
        const said = read(view, event)
        if (said !== undefined && event.endpointId !== null)
          yield {
            kind: 'connected-to',
            from: event.endpointId,
            to: { kind: 'domain', key: `domain:${said}`, name: said },
            at: event.at,
            confidence: 0.9,
            reason: 'x',
            proof: [{ eventId: event.id, evidenceId: event.evidenceId, record: event.record }],
          }
      }
    },
  })
  const connection = anEvent('network-connection', '2026-03-10T08:00:00Z', {
    host: 'ws-01',
    account: 'CORP\\amber',
    accountSid: sid(1105),
    action: 'outbound',
    destinationIp: '10.0.0.9',
    destinationHost: 'ws-02.corp.example',
  })
  const otherHost = anEvent('generic', '2026-03-10T08:00:00Z', {
    host: 'ws-02.corp.example',
    hostIp: '10.0.0.9',
  })

  it.each<[string, Rule, RecordItem]>([
    [
      'who had an address',
      reading((view, { fields, at }) => view.addresses.find(fields.destinationIp, at)?.name),
      otherHost,
    ],
    [
      'who is called by a name',
      reading((view, { fields }) => view.findEndpoint(fields.destinationHost ?? '')?.name),
      otherHost,
    ],
    [
      'all who are called by a name',
      reading((view) => String(view.book.all('endpoint', 'fqdn', 'ws-02.corp.example').length)),
      otherHost,
    ],
    [
      'what somebody is called',
      reading((view, { userId }) =>
        userId === null ? undefined : String(view.entity(userId).attributes['displayName']),
      ),
      aUser('amber', 1105, { displayName: 'Amber Stone' }),
    ],
    ['everybody of a kind', reading((view) => String([...view.entities('endpoint')].length)), otherHost],
    ['mail', reading((view) => String(view.mail.copies.length)), aMail({ mailbox: 'amber@corp.example' })],
    [
      'tables of its own choice',
      reading((view) => String(view.db.prepare('SELECT count(*) FROM message').pluck().get())),
      aMail({ mailbox: 'amber@corp.example' }),
    ],
    [
      'the directory',
      reading((view) =>
        String(view.directory.prepare('SELECT count(*) FROM directory_object').pluck().get()),
      ),
      aUser('basil', 1106),
    ],
  ])(
    'runs again when another file changes %s, and not when it changes something else',
    (_what, rule, item) => {
      using stepwise = new TestCase()
      stepwise.store([connection], 'first')
      stepwise.correlate([rule])
      // an event of a kind it does not read, of an endpoint and an account that are known
      stepwise.store([{ ...connection, kind: 'generic', fields: { host: 'ws-01' } }], 'unrelated')
      const unrelated = stepwise.correlate([rule])
      if (!_what.startsWith('tables')) expect(unrelated).toMatchObject({ run: 0, reused: 1 })
      stepwise.store([item], 'second')
      const before = dumpGraph(stepwise)['relations']
      stepwise.correlate([rule])
      expect(dumpGraph(stepwise)['relations']).not.toEqual(before)
      using whole = new TestCase()
      whole.store([connection], 'first')
      whole.store([{ ...connection, kind: 'generic', fields: { host: 'ws-01' } }], 'unrelated')
      whole.store([item], 'second')
      whole.correlate([rule])
      expect(dumpGraph(stepwise)).toEqual(dumpGraph(whole))
    },
  )
})

describe('a file that is removed and imported again before anybody correlates', () => {
  it('proves again what it proved, under numbers that are used again', () => {
    using testCase = new TestCase()
    testCase.store([aUser('amber', 1105)], 'users')
    const log = [aLogon({ host: 'ws-01', account: 'CORP\\amber', accountSid: sid(1105) })]
    const id = testCase.store(log, 'log')
    testCase.correlate()
    const before = dumpGraph(testCase)
    removeEvidence(testCase.db, id, TEST_NOW)
    expect(testCase.store(log, 'log')).toBe(id)
    testCase.correlate()
    expect(dumpGraph(testCase)).toEqual(before)
    expect(testCase.relations().map(relationText)).toContain('logged-on-to: amber -> WS-01')
  })
})

describe('a run with nothing new', () => {
  it('runs no rule and writes no relation', () => {
    using testCase = new TestCase()
    testCase.store(items)
    testCase.correlate()
    const stamp = () =>
      testCase.db.prepare('SELECT (SELECT max(run) FROM relation), (SELECT max(run) FROM entity)').raw().get()
    const before = stamp()
    const result = testCase.correlate()
    expect(result.run).toBe(0)
    expect(result.reused).toBeGreaterThan(rules.length - 1)
    expect(stamp()).toEqual(before)
  })
})

describe('one more file', () => {
  it('re-runs the rules that read what it holds, and no others', () => {
    using testCase = new TestCase()
    testCase.store(items)
    testCase.correlate()
    testCase.store([
      aLogon({ host: 'ws-01', account: 'basil', accountSid: sid(1106) }, '2026-03-11T08:00:00Z'),
    ])
    const result = testCase.correlate()
    const ran = result.rules.filter((rule) => rule.run > 0).map((rule) => rule.id)
    expect(ran).toContain('logon.session')
    expect(result.rules.find((rule) => rule.id === 'mail.message')).toMatchObject({ run: 0, error: null })
    expect(result.rules.find((rule) => rule.id === 'persistence.task')).toMatchObject({ run: 0 })
    expect(result.run).toBeLessThan(result.reused)
  })
})

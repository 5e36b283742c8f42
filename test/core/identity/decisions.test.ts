import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { removeEvidence } from '../../../core/evidence/remove.ts'
import type { RecordItem } from '../../../core/importers/importer.ts'
import { anEvent, TEST_NOW, TestCase } from '../../support/case-builder.ts'
import { dumpGraph } from '../../support/graph-dump.ts'
import { ask } from './analyst.ts'
import { aComputer, aLogon, aMail, aUser, linkedTo, listEntities, otherSid, sid } from './people.ts'

const start = (second: number, fields: Parameters<typeof anEvent>[2]) =>
  anEvent('process-start', `2026-03-10T08:00:${String(second).padStart(2, '0')}Z`, {
    processPath: 'C:\\a.exe',
    pid: second,
    ...fields,
  })

/** Two accounts of one person in two domains, and a third person. */
const people: readonly RecordItem[] = [
  aUser('amber', 1105),
  aUser('basil', 1106),
  aUser('amber', 7, {
    objectId: otherSid(9),
    sid: otherSid(9),
    domain: 'other.example',
    netbiosDomain: 'OTHER',
    upn: 'amber@other.example',
    mail: 'amber@other.example',
    proxyAddresses: ['amber@other.example'],
  }),
  aLogon({ host: 'ws-01', account: 'CORP\\amber' }),
  aLogon({ host: 'ws-02', account: 'OTHER\\amber' }),
  aLogon({ host: 'ws-03', account: 'amber' }),
  aLogon({ host: 'ws-03', account: 'CORP\\basil' }),
  aMail({ mailbox: 'amber@corp.example', messageId: 'one@out.example' }),
  aMail({ mailbox: 'amber@other.example', messageId: 'two@out.example' }),
]
const FIRST = `user:${sid(1105)}`.toLowerCase()
const SECOND = `user:${otherSid(9)}`.toLowerCase()
const AMBERS = ['user:CORP\\amber', 'user:OTHER\\amber']

function aCase(items: readonly RecordItem[]): TestCase {
  const testCase = new TestCase()
  testCase.store(items)
  testCase.correlate()
  return testCase
}
const keys = (testCase: TestCase, kind: string) => listEntities(testCase, kind).map((entity) => entity.key)
const idOf = (testCase: TestCase, key: string): string =>
  String(testCase.db.prepare('SELECT id FROM entity WHERE key = ?').pluck().get(key))
const isStale = (testCase: TestCase) =>
  testCase.db.prepare("SELECT value FROM case_info WHERE key = 'correlation_stale'").pluck().get() === '1'

describe('merging', () => {
  it('makes two users one, with all names, sessions and mail of both, and the name both shared', async () => {
    using testCase = aCase(people)
    expect(linkedTo(testCase, 'user_id').slice(0, 4)).toEqual([
      FIRST,
      SECOND,
      null,
      `user:${sid(1106)}`.toLowerCase(),
    ])
    await ask(testCase, 'identity.merge', { ids: AMBERS, reason: 'one person, two domains' })
    expect(isStale(testCase)).toBe(true)
    testCase.correlate()
    expect(keys(testCase, 'user')).toEqual([FIRST, `user:${sid(1106)}`.toLowerCase()])
    expect(listEntities(testCase, 'user')[0]?.aliases).toEqual(
      expect.arrayContaining([`sid:${sid(1105)}`, `sid:${otherSid(9)}`, 'upn:amber@other.example']),
    )
    expect(linkedTo(testCase, 'user_id').slice(0, 3)).toEqual([FIRST, FIRST, FIRST])
    // two mailboxes of one person stay two
    expect(keys(testCase, 'mailbox')).toEqual(
      expect.arrayContaining(['mailbox:amber@corp.example', 'mailbox:amber@other.example']),
    )
    expect(
      testCase
        .relations()
        .filter(({ kind }) => kind === 'owned-by')
        .map(({ from, to }) => `${from} -> ${to}`)
        .sort(),
    ).toEqual(['amber@corp.example -> amber', 'amber@other.example -> amber'])
  })

  it('is undone without a trace in the graph, and stays in the list and the audit log', async () => {
    using testCase = aCase(people)
    const before = dumpGraph(testCase)
    const { decision } = await ask(testCase, 'identity.merge', { ids: AMBERS, reason: 'one person' })
    testCase.correlate()
    expect(dumpGraph(testCase)).not.toEqual(before)
    await ask(testCase, 'identity.undo', { decision, reason: 'two people after all' })
    expect(isStale(testCase)).toBe(true)
    testCase.correlate()
    expect(dumpGraph(testCase)).toEqual(before)
    expect(await ask(testCase, 'identity.decisions', {})).toMatchObject([
      {
        kind: 'merge',
        state: 'undone',
        reason: 'one person',
        undoReason: 'two people after all',
        by: 'analyst',
        at: new Date(TEST_NOW / 1000).toISOString(),
      },
    ])
    const actions = testCase.db
      .prepare("SELECT action, details FROM audit WHERE action LIKE 'identity.%' ORDER BY seq")
      .all() as { action: string; details: string }[]
    expect(actions.map(({ action }) => action)).toEqual(['identity.merge', 'identity.undo'])
    expect(JSON.parse(actions[0]?.details ?? '')).toMatchObject({
      entities: [FIRST, SECOND],
      reason: 'one person',
    })
    await expect(ask(testCase, 'identity.undo', { decision })).rejects.toMatchObject({
      code: 'request.not_found',
    })
  })

  it('refuses what cannot be one, and says why', async () => {
    using testCase = aCase(people)
    const refused = (ids: string[]) => ask(testCase, 'identity.merge', { ids, reason: 'x' })
    await expect(refused(['user:CORP\\amber', 'endpoint:WS-01'])).rejects.toMatchObject({
      code: 'identity.kinds_differ',
      params: { kinds: ['user', 'endpoint'] },
    })
    await expect(refused(['user:CORP\\amber', 'user:amber@corp.example'])).rejects.toMatchObject({
      code: 'identity.same',
    })
    await expect(refused(['message:one@out.example', 'message:two@out.example'])).rejects.toMatchObject({
      code: 'identity.kind',
    })
    await expect(refused(['user:CORP\\amber', 'user:nobody'])).rejects.toMatchObject({
      code: 'request.not_found',
    })
    expect(await ask(testCase, 'identity.decisions', {})).toEqual([])
  })

  it('survives that evidence comes again under other numbers, and that a later export changes the key', async () => {
    using testCase = new TestCase()
    const logs = testCase.store([
      start(1, { host: 'old-name', hostId: 'device-1' }),
      start(2, { host: 'new-name', hostId: 'device-2' }),
    ])
    testCase.correlate()
    await ask(testCase, 'identity.merge', {
      ids: ['endpoint:OLD-NAME', 'endpoint:NEW-NAME'],
      reason: 'renamed',
    })
    testCase.correlate()
    expect(keys(testCase, 'endpoint')).toEqual(['endpoint:old-name'])
    removeEvidence(testCase.db, logs, TEST_NOW)
    testCase.correlate()
    expect(keys(testCase, 'endpoint')).toEqual([])
    expect(await ask(testCase, 'identity.decisions', {})).toMatchObject([{ state: 'idle' }])
    testCase.store(
      [
        aComputer('old-name', 1300),
        start(1, { host: 'old-name', hostId: 'device-1' }),
        start(2, { host: 'new-name', hostId: 'device-2' }),
      ],
      'again',
    )
    testCase.correlate()
    expect(keys(testCase, 'endpoint')).toEqual([`endpoint:${sid(1300)}`.toLowerCase()])
    expect(new Set(linkedTo(testCase, 'endpoint_id'))).toEqual(
      new Set([`endpoint:${sid(1300)}`.toLowerCase()]),
    )
    expect(await ask(testCase, 'identity.decisions', {})).toMatchObject([{ state: 'applied' }])
  })
})

describe('splitting', () => {
  it('sets a re-imaged host apart by its sensor id, with the events that carry it', async () => {
    using testCase = aCase([
      start(1, { host: 'ws-01', hostId: 'device-old' }),
      start(2, { host: 'ws-01' }),
      start(9, { host: 'ws-01', hostId: 'device-new' }),
    ])
    expect(keys(testCase, 'endpoint')).toEqual(['endpoint:ws-01'])
    await ask(testCase, 'identity.split', {
      id: 'endpoint:WS-01',
      aliases: [{ kind: 'device-id', value: 'device-new' }],
      reason: 're-imaged',
    })
    testCase.correlate()
    expect(linkedTo(testCase, 'endpoint_id')).toEqual([
      'endpoint:ws-01',
      'endpoint:ws-01',
      'endpoint:split:1',
    ])
    const times = testCase.db
      .prepare("SELECT first_seen, last_seen, attributes FROM entity WHERE kind = 'endpoint' ORDER BY key")
      .all()
    expect(times).toEqual([
      {
        first_seen: Date.parse('2026-03-10T08:00:09Z') * 1000,
        last_seen: Date.parse('2026-03-10T08:00:09Z') * 1000,
        attributes: '{"hasSensor":true}',
      },
      {
        first_seen: Date.parse('2026-03-10T08:00:01Z') * 1000,
        last_seen: Date.parse('2026-03-10T08:00:02Z') * 1000,
        attributes: '{"hasSensor":true}',
      },
    ])
    const processes = testCase.relations().filter(({ kind }) => kind === 'ran-on')
    expect(processes.map(({ to }) => to).sort()).toEqual(['WS-01', 'WS-01', 'device-new'])
    const [row] = await ask(testCase, 'identity.decisions', {})
    expect(row).toMatchObject({ state: 'applied', result: { kind: 'endpoint', name: 'device-new' } })
    expect(testCase.db.prepare("SELECT reason FROM alias WHERE value = 'device-new'").pluck().get()).toBe(
      JSON.stringify({ key: 'identity.analyst_split', params: { reason: 're-imaged' } }),
    )
  })

  it('gives a mail address, and the mail to it, to somebody else', async () => {
    using testCase = aCase([
      aUser('amber', 1105, { proxyAddresses: ['amber@corp.example', 'sales@corp.example'] }),
      aMail({ mailbox: 'sales@corp.example', messageId: 'one@out.example' }),
    ])
    const owners = () =>
      testCase
        .relations()
        .filter(({ kind }) => kind === 'owned-by')
        .map(({ from, to }) => `${from} -> ${to}`)
    expect(owners()).toEqual(['amber@corp.example -> amber'])
    await ask(testCase, 'identity.split', {
      id: 'user:CORP\\amber',
      aliases: [{ kind: 'smtp', value: 'SALES@corp.example' }],
      reason: 'a shared address',
    })
    testCase.correlate()
    expect(owners()).toEqual(['sales@corp.example -> sales@corp.example'])
  })

  it('refuses names it has not, and all that it has', async () => {
    using testCase = aCase([start(1, { host: 'ws-01' })])
    const refused = (aliases: { kind: 'fqdn' | 'netbios'; value: string }[]) =>
      ask(testCase, 'identity.split', { id: 'endpoint:WS-01', aliases, reason: 'x' })
    await expect(refused([{ kind: 'fqdn', value: 'ws-99.corp.example' }])).rejects.toMatchObject({
      code: 'identity.not_a_name',
      params: { alias: 'fqdn:ws-99.corp.example', name: 'WS-01' },
    })
    await expect(refused([{ kind: 'netbios', value: 'ws-01' }])).rejects.toMatchObject({
      code: 'identity.whole',
    })
  })
})

describe('decisions over runs', () => {
  const items: readonly RecordItem[] = [
    ...people,
    start(1, { host: 'ws-01', hostId: 'd-1', account: 'CORP\\amber' }),
    start(2, { host: 'ws-01', hostId: 'd-2', account: 'OTHER\\amber' }),
    start(3, { host: 'ws-02', account: 'CORP\\basil' }),
    start(4, { host: 'ws-02.corp.example', sourceIp: '10.0.0.1' }),
  ]
  const acts = {
    mergeUsers: (testCase: TestCase) =>
      ask(testCase, 'identity.merge', { ids: [idOf(testCase, FIRST), idOf(testCase, SECOND)], reason: 'a' }),
    mergeHosts: (testCase: TestCase) =>
      ask(testCase, 'identity.merge', { ids: ['endpoint:WS-01', 'endpoint:WS-03'], reason: 'b' }),
    splitHost: (testCase: TestCase) =>
      ask(testCase, 'identity.split', {
        id: 'endpoint:WS-01',
        aliases: [{ kind: 'device-id', value: 'd-2' }],
        reason: 'c',
      }),
    splitUser: (testCase: TestCase) =>
      ask(testCase, 'identity.split', {
        id: 'user:CORP\\amber',
        aliases: [{ kind: 'account', value: 'CORP\\amber' }],
        reason: 'd',
      }),
  }

  it('give the same graph whether each is followed at once or all by one full run', async () => {
    const orders = fc.shuffledSubarray(Object.keys(acts) as (keyof typeof acts)[], { minLength: 1 })
    await fc.assert(
      fc.asyncProperty(orders, async (order) => {
        using stepwise = aCase(items)
        for (const name of order) {
          const refused = await acts[name](stepwise).then(
            () => undefined,
            (error: { code?: string }) => error.code,
          )
          // An earlier decision took the name away: that is refused, and told in the tests above.
          expect([undefined, 'identity.not_a_name', 'request.not_found', 'identity.same']).toContain(refused)
          stepwise.correlate()
        }
        using whole = aCase(items)
        for (const row of stepwise.db.prepare('SELECT * FROM identity_decision ORDER BY id').all())
          whole.db
            .prepare(
              'INSERT INTO identity_decision VALUES (@id, @kind, @entity_kind, @members, @aliases, @reason, @actor, @at, @undone_at, @undo_reason, NULL)',
            )
            .run(row)
        whole.correlate(undefined, true)
        expect(dumpGraph(stepwise)).toEqual(dumpGraph(whole))
        // and all of them undone leave nothing
        using untouched = aCase(items)
        for (const { id } of await ask(stepwise, 'identity.decisions', {}))
          await ask(stepwise, 'identity.undo', { decision: id })
        stepwise.correlate()
        expect(dumpGraph(stepwise)).toEqual(dumpGraph(untouched))
      }),
      { seed: 4, numRuns: 10 },
    )
  }, 120_000)
})

describe('candidates', () => {
  it('are hints with reasons, for and against, and never join by themselves', async () => {
    using testCase = aCase([
      ...people,
      aUser('a.stone', 1200, { displayName: 'Amber Stone', upn: 'a.stone@corp.example', mail: undefined }),
      aUser('adm-stone', 1201, {
        displayName: 'amber stone',
        upn: 'adm-stone@corp.example',
        mail: undefined,
      }),
      start(1, { host: 'ws-01.corp.example' }),
      start(2, { host: 'ws-01.other.example' }),
      start(3, { host: 'SRV-7' }),
      start(4, { host: 'SRV7' }),
    ])
    const { rows, total } = await ask(testCase, 'identity.candidates', {})
    expect(total).toBe(rows.length)
    const shown = rows.map(
      ({ a, b, reasons, against }) =>
        `${a.kind} ${[a.name, b.name].sort().join(' ')}: ${reasons.map(({ key }) => key.slice(14)).join(' ')} / ${against.map(({ key }) => key.slice(16)).join(' ')}`,
    )
    expect(shown).toEqual(
      expect.arrayContaining([
        'user amber amber: local_part account_name / ',
        'user Amber Stone amber stone: display_name / same_domain',
        'endpoint SRV-7 SRV7: host_letters / ',
        'endpoint WS-01 WS-01: short_host host_letters / full_names',
      ]),
    )
    for (const { confidence } of rows) {
      expect(confidence).toBeGreaterThan(0)
      expect(confidence).toBeLessThan(1)
    }
    expect(rows.map(({ confidence }) => confidence)).toEqual(
      rows.map(({ confidence }) => confidence).sort((a, b) => b - a),
    )
    expect(keys(testCase, 'user').length).toBe(5)
  })

  it('no longer name a pair that was decided, also when that was undone', async () => {
    using testCase = aCase(people)
    const pairs = async () => (await ask(testCase, 'identity.candidates', { kind: 'user' })).total
    expect(await pairs()).toBe(1)
    const { decision } = await ask(testCase, 'identity.merge', { ids: AMBERS, reason: 'one' })
    testCase.correlate()
    expect(await pairs()).toBe(0)
    await ask(testCase, 'identity.undo', { decision })
    testCase.correlate()
    expect(await pairs()).toBe(0)
  })

  it('no longer name a pair that is kept apart, until that is taken back; nothing else follows from it', async () => {
    using testCase = aCase(people)
    const pairs = async () => (await ask(testCase, 'identity.candidates', { kind: 'user' })).total
    const before = keys(testCase, 'user')
    const { decision } = await ask(testCase, 'identity.apart', { ids: AMBERS, reason: 'two people' })
    expect(await pairs()).toBe(0)
    const [made] = await ask(testCase, 'identity.decisions', {})
    expect(made).toMatchObject({ kind: 'apart', state: 'applied', result: null, reason: 'two people' })
    testCase.correlate()
    expect(keys(testCase, 'user')).toEqual(before)
    expect((await ask(testCase, 'identity.decisions', {}))[0]?.state).toBe('applied')
    await ask(testCase, 'identity.undo', { decision })
    expect(await pairs()).toBe(1)
  })

  it('leave out names that every domain or half the company has', async () => {
    using testCase = aCase([
      ...Array.from({ length: 20 }, (_, index) =>
        aUser(`temp${index}`, 2000 + index, { displayName: 'Temporary Staff' }),
      ),
      aLogon({ host: 'ws-01', account: 'WS-01\\administrator' }),
      aLogon({ host: 'ws-02', account: 'WS-02\\administrator' }),
    ])
    expect((await ask(testCase, 'identity.candidates', { kind: 'user' })).rows).toEqual([])
  })
})

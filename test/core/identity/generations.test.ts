import { describe, expect, it } from 'vitest'
import type { RecordItem } from '../../../core/importers/importer.ts'
import type { EventFields } from '../../../core/model/event.ts'
import { anEvent, TestCase } from '../../support/case-builder.ts'
import { dumpGraph, dumpIds } from '../../support/graph-dump.ts'
import { ask } from './analyst.ts'
import { aComputer, linkedTo, listEntities, sid } from './people.ts'

const OLD = 'a'.repeat(40)
const NEW = 'b'.repeat(40)
const THIRD = 'c'.repeat(40)
const AGENT = '11111111-2222-3333-4444-555555555555'
const HOST = 'ws-01.corp.example'
const BASE = `endpoint:${HOST}`
const LATER = `${BASE}#${NEW}`
const on = (day: number, fields: EventFields): RecordItem =>
  anEvent('process-start', `2026-03-${String(day).padStart(2, '0')}T08:00:00Z`, {
    host: HOST,
    processPath: 'C:\\a.exe',
    pid: 7,
    ...fields,
  })

/** Stores files of one format each: [format, items]. */
function store(testCase: TestCase, ...files: readonly (readonly [string, readonly RecordItem[]])[]): void {
  for (const [format, items] of files) {
    const id = testCase.store(items, `${format} file`)
    testCase.db.prepare('UPDATE evidence SET format = ? WHERE id = ?').run(format, id)
  }
}
function aCase(
  ...files: Parameters<typeof store> extends [TestCase, ...infer Files] ? Files : never
): TestCase {
  const testCase = new TestCase()
  store(testCase, ...files)
  testCase.correlate()
  return testCase
}
const keys = (testCase: TestCase): string[] => listEntities(testCase, 'endpoint').map(({ key }) => key)
const idOf = (testCase: TestCase, key: string): string =>
  String(testCase.db.prepare('SELECT id FROM entity WHERE key = ?').pluck().get(key))

describe('a machine that was set up anew', () => {
  it('is an endpoint of its own under its new sensor id, with the old names, less surely and with the reason', () => {
    using testCase = aCase([
      'defender',
      [on(1, { hostId: OLD }), on(2, { hostId: OLD }), on(5, { hostId: NEW })],
    ])
    expect(keys(testCase)).toEqual([BASE, LATER])
    expect(linkedTo(testCase, 'endpoint_id')).toEqual([BASE, BASE, LATER])
    expect(listEntities(testCase, 'endpoint').map(({ aliases }) => aliases)).toEqual([
      [`device-id:${OLD}`, `fqdn:${HOST}`, 'netbios:WS-01'],
      [`device-id:${NEW}`, `fqdn:${HOST}`, 'netbios:WS-01'],
    ])
    const names = testCase.db
      .prepare(
        "SELECT a.confidence, a.reason, a.record FROM alias a JOIN entity e ON e.id = a.entity_id WHERE e.key = ? AND a.kind = 'fqdn'",
      )
      .all(LATER) as { confidence: number; reason: string; record: number }[]
    expect(names.map(({ confidence }) => confidence < 1)).toEqual([true])
    expect(names.map(({ reason }) => JSON.parse(reason) as unknown)).toEqual([
      { key: 'identity.generation', params: { since: '2026-03-05T08:00:00.000Z', id: NEW } },
    ])
    const spans = testCase.db
      .prepare(
        "SELECT first_seen AS first, last_seen AS last FROM entity WHERE kind = 'endpoint' ORDER BY key",
      )
      .all()
    const day = (n: number) => Date.UTC(2026, 2, n, 8) * 1000
    expect(spans).toEqual([
      { first: day(1), last: day(2) },
      { first: day(5), last: day(5) },
    ])
  })

  it('does not share processes: what a PID did later is not what the process of that PID did before', () => {
    const items = (format: string): string[] => {
      using testCase = aCase([
        format,
        [
          on(1, { hostId: OLD }),
          anEvent('network-connection', '2026-03-01T09:00:00Z', {
            ...{ host: HOST, hostId: OLD, pid: 7, processPath: 'C:\\a.exe' },
            ...{ destinationIp: '203.0.113.1', destinationPort: 443, action: 'outbound' },
          }),
          anEvent('network-connection', '2026-03-05T09:00:00Z', {
            ...{ host: HOST, hostId: NEW, pid: 7, processPath: 'C:\\a.exe' },
            ...{ destinationIp: '203.0.113.2', destinationPort: 443, action: 'outbound' },
          }),
        ],
      ])
      return testCase.db
        .prepare(
          "SELECT f.key FROM relation r JOIN entity f ON f.id = r.from_id WHERE r.kind = 'connected-to' AND f.kind = 'process' ORDER BY f.key",
        )
        .pluck()
        .all() as string[]
    }
    // A file whose product nobody knows tells no generations: there one process reached both.
    expect([new Set(items('')).size, items('').length]).toEqual([1, 2])
    expect([new Set(items('defender')).size, items('defender').length]).toEqual([2, 2])
  })

  it('is told by the time where a record has no sensor id, or the id of another product', () => {
    using testCase = aCase(
      ['defender', [on(2, { hostId: OLD }), on(5, { hostId: NEW })]],
      ['evtx', [on(1, {}), on(4, {}), on(5, {}), on(9, { host: 'WS-01' })]],
      ['endpoint-telemetry', [on(3, { hostId: AGENT }), on(6, { hostId: AGENT })]],
    )
    expect(linkedTo(testCase, 'endpoint_id')).toEqual([
      ...[BASE, LATER],
      ...[BASE, BASE, LATER, LATER],
      ...[BASE, LATER],
    ])
  })

  it('is found by its id alone, in its directory object, and by name at a time; without a time the latest is', () => {
    using testCase = new TestCase()
    store(
      testCase,
      ['ldif', [aComputer('ws-01', 1201)]],
      ['defender', [on(1, { hostId: OLD }), on(5, { hostId: NEW }), on(6, { host: undefined, hostId: NEW })]],
    )
    const view = testCase.view()
    const base = `endpoint:${sid(1201)}`.toLowerCase()
    expect(linkedTo(testCase, 'endpoint_id')).toEqual([base, `${base}#${NEW}`, `${base}#${NEW}`])
    const at = (day: number) => Date.UTC(2026, 2, day, 8) * 1000
    expect([at(0), at(4), at(5), null].map((time) => view.findEndpoint(HOST, time)?.key)).toEqual([
      base,
      base,
      `${base}#${NEW}`,
      `${base}#${NEW}`,
    ])
    expect(view.findEndpoint('WS-01')?.key).toBe(`${base}#${NEW}`)
    expect(view.book.find('endpoint', 'sid', sid(1201))?.key).toBe(`${base}#${NEW}`)
  })
})

describe('one machine', () => {
  const isOne = (...files: readonly (readonly [string, readonly RecordItem[]])[]): void => {
    using testCase = aCase(...files)
    expect(keys(testCase)).toEqual([BASE])
    expect(new Set(linkedTo(testCase, 'endpoint_id'))).toEqual(new Set([BASE]))
  }

  it('is what has two ids of one product at once, or touching', () => {
    isOne(['defender', [on(1, { hostId: OLD }), on(3, { hostId: NEW }), on(4, { hostId: OLD })]])
    isOne(['defender', [on(1, { hostId: OLD }), on(3, { hostId: NEW }), on(3, { hostId: OLD })]])
  })

  it('is what two products call by ids of their own, also in one format', () => {
    isOne(['defender', [on(1, { hostId: OLD })]], ['endpoint-telemetry', [on(5, { hostId: NEW })]])
    isOne(['ecs', [on(1, { hostId: OLD }), on(5, { hostId: AGENT })]])
  })

  it('is what an inventory of the product says was given another id', () => {
    isOne([
      'defender',
      [
        on(1, { hostId: OLD }),
        on(5, { hostId: NEW }),
        anEvent('inventory', '2026-03-06T08:00:00Z', {
          host: HOST,
          hostId: NEW,
          detail: `MergedDeviceIds: ${OLD}`,
        }),
      ],
    ])
  })

  it('is what others only speak of under another id', () => {
    isOne([
      'defender',
      [on(1, { hostId: OLD }), anEvent('alert', '2026-03-06T08:00:00Z', { host: HOST, hostId: NEW })],
    ])
  })
})

describe('an analyst', () => {
  const three: readonly [string, readonly RecordItem[]] = [
    'defender',
    [on(1, { hostId: OLD }), on(5, { hostId: NEW }), on(8, { hostId: THIRD }), on(9, {})],
  ]

  it('joins two generations of three, in either order, and takes it back', async () => {
    for (const order of [
      [BASE, LATER],
      [LATER, BASE],
    ]) {
      using testCase = aCase(three)
      const before = dumpGraph(testCase)
      expect(keys(testCase)).toEqual([BASE, LATER, `${BASE}#${THIRD}`])
      const { decision } = await ask(testCase, 'identity.merge', {
        ids: order.map((key) => idOf(testCase, key)),
        reason: 'the sensor was installed again',
      })
      testCase.correlate()
      const [one = ''] = order
      expect(keys(testCase)).toEqual([one, `${BASE}#${THIRD}`])
      expect(linkedTo(testCase, 'endpoint_id')).toEqual([one, one, `${BASE}#${THIRD}`, `${BASE}#${THIRD}`])
      await ask(testCase, 'identity.undo', { decision })
      testCase.correlate()
      expect(dumpGraph(testCase)).toEqual(before)
    }
  })
})

describe('generations after each file', () => {
  it('are those of one run over all of them', () => {
    const files: readonly (readonly [string, readonly RecordItem[]])[] = [
      ['defender', [on(5, { hostId: NEW }), on(6, {})]],
      ['evtx', [on(2, {}), on(7, {})]],
      ['defender', [on(1, { hostId: OLD }), on(3, { hostId: OLD })]],
      ['defender', [on(8, { hostId: THIRD })]],
      ['ldif', [aComputer('ws-01', 1201)]],
      ['defender', [on(4, { hostId: THIRD })]],
    ]
    using stepwise = new TestCase()
    using whole = new TestCase()
    const counts: number[] = []
    for (const file of files) {
      store(stepwise, file)
      stepwise.correlate()
      counts.push(keys(stepwise).length)
      store(whole, file)
    }
    whole.correlate()
    expect(counts).toEqual([1, 1, 2, 3, 3, 2])
    expect(dumpGraph(stepwise)).toEqual(dumpGraph(whole))
    const before = [dumpGraph(stepwise), dumpIds(stepwise)]
    stepwise.correlate(undefined, true)
    expect([dumpGraph(stepwise), dumpIds(stepwise)]).toEqual(before)
  })
})

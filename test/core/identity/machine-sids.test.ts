import { describe, expect, it } from 'vitest'
import type { RecordItem } from '../../../core/importers/importer.ts'
import type { EventFields, EventKind } from '../../../core/model/event.ts'
import { anEvent, TestCase } from '../../support/case-builder.ts'
import { dumpGraph, dumpIds } from '../../support/graph-dump.ts'
import { ask } from './analyst.ts'
import { aComputer, linkedTo, listEntities } from './people.ts'

const FIRST = 'S-1-5-21-100-200-300'
const SECOND = 'S-1-5-21-400-500-600'
const HOST = 'ws-01.corp.example'
const BASE = `endpoint:${HOST}`
const LATER = `${BASE}#${SECOND.toLowerCase()}`

const at = (day: number, hour = 8): string =>
  `2026-03-${String(day).padStart(2, '0')}T${String(hour).padStart(2, '0')}:00:00Z`
const on = (day: number, kind: EventKind, fields: EventFields = {}, hour = 8): RecordItem =>
  anEvent(kind, at(day, hour), { host: HOST, ...fields })
/** A logon of the machine's own administrator. */
const own = (day: number, machine: string, fields: EventFields = {}): RecordItem =>
  on(day, 'logon', { account: 'WS-01\\admin', accountSid: `${machine}-1001`, logonType: 2, ...fields })
const anyone = (day: number, hour = 8): RecordItem =>
  on(day, 'process-start', { account: 'CORP\\amber', processPath: 'C:\\a.exe', pid: 7 }, hour)

function aCase(...files: readonly (readonly RecordItem[])[]): TestCase {
  const testCase = new TestCase()
  for (const items of files) testCase.store(items)
  testCase.correlate()
  return testCase
}
const keys = (testCase: TestCase): string[] => listEntities(testCase, 'endpoint').map(({ key }) => key)

const REIMAGED = [
  ...[own(1, FIRST), anyone(2), own(3, FIRST), anyone(4)],
  on(9, 'system-start', {}, 6),
  ...[anyone(10), own(11, SECOND), own(12, SECOND), anyone(13)],
]

describe('a machine without sensor ids that was set up anew', () => {
  it('is an endpoint of its own from the start that ends the longest silence before its own accounts carry a new SID', () => {
    using testCase = aCase(REIMAGED)
    expect(keys(testCase)).toEqual([BASE, LATER])
    expect(linkedTo(testCase, 'endpoint_id')).toEqual([
      ...[BASE, BASE, BASE, BASE],
      ...[LATER, LATER, LATER, LATER, LATER],
    ])
    const names = testCase.db
      .prepare(
        "SELECT a.confidence, a.reason FROM alias a JOIN entity e ON e.id = a.entity_id WHERE e.key = ? AND a.kind = 'fqdn'",
      )
      .all(LATER) as { confidence: number; reason: string }[]
    expect(names).toEqual([
      {
        confidence: 0.7,
        reason: JSON.stringify({
          key: 'identity.generation_sid',
          params: { since: '2026-03-09T06:00:00.000Z', id: SECOND },
        }),
      },
    ])
  })

  it('is told by accounts acted on as by those acting, and keeps its directory object less surely', () => {
    const made = (day: number, machine: string): RecordItem =>
      on(day, 'account-create', { targetAccount: 'WS-01\\helper', targetSid: `${machine}-1002` })
    using testCase = aCase(
      [own(1, FIRST), made(2, FIRST), made(6, SECOND), made(7, SECOND)],
      [aComputer('ws-01', 1201)],
    )
    expect(keys(testCase)).toEqual([
      'endpoint:s-1-5-21-1-2-3-1201',
      `endpoint:s-1-5-21-1-2-3-1201#${SECOND.toLowerCase()}`,
    ])
  })

  it('can be joined by the analyst again', async () => {
    using testCase = aCase(REIMAGED)
    const ids = [BASE, LATER].map((key) =>
      String(testCase.db.prepare('SELECT id FROM entity WHERE key = ?').pluck().get(key)),
    )
    await ask(testCase, 'identity.merge', { ids, reason: 'its SID was changed by hand' })
    testCase.correlate()
    expect(keys(testCase)).toEqual([BASE])
    expect(new Set(linkedTo(testCase, 'endpoint_id'))).toEqual(new Set([BASE]))
  })

  it('is found after each file as in one run over all of them', () => {
    const files = [REIMAGED.slice(5), REIMAGED.slice(0, 5), [own(2, FIRST)], [own(1, SECOND)]]
    using stepwise = new TestCase()
    using whole = new TestCase()
    const counts = files.map((file) => {
      stepwise.store(file)
      stepwise.correlate()
      whole.store(file)
      return keys(stepwise).length
    })
    whole.correlate()
    // The last file says that both SIDs were used at one time.
    expect(counts).toEqual([1, 2, 2, 1])
    expect(dumpGraph(stepwise)).toEqual(dumpGraph(whole))
    const before = [dumpGraph(stepwise), dumpIds(stepwise)]
    stepwise.correlate(undefined, true)
    expect([dumpGraph(stepwise), dumpIds(stepwise)]).toEqual(before)
  })
})

describe('one machine', () => {
  it.each<[string, readonly RecordItem[]]>([
    [
      'whose accounts carry both SIDs in turns',
      [own(1, FIRST), own(4, FIRST), own(3, SECOND), own(5, SECOND)],
    ],
    ['with one odd record', [own(1, FIRST), own(2, FIRST), own(9, SECOND)]],
    [
      'on which accounts of two domains log on',
      [
        own(1, FIRST, { account: 'CORP\\amber' }),
        own(2, FIRST, { account: 'CORP\\amber' }),
        own(8, SECOND, { account: 'LAB\\amber' }),
        own(9, SECOND, { account: 'LAB\\amber' }),
      ],
    ],
    [
      'whose records name the accounts of another one',
      [
        own(1, FIRST),
        own(2, FIRST),
        own(8, SECOND, { account: 'WS-02\\admin' }),
        own(9, SECOND, { account: 'WS-02\\admin' }),
        anEvent('process-start', at(9), { host: 'ws-02.corp.example', processPath: 'C:\\a.exe' }),
      ],
    ],
    [
      'into whose groups members of a domain are taken',
      [
        own(1, FIRST),
        own(2, FIRST),
        ...[8, 9].map((day) =>
          on(day, 'group-change', { targetAccount: 'WS-01\\Staff', targetSid: `${SECOND}-1105` }),
        ),
      ],
    ],
    [
      'that a sensor reports under one id throughout',
      [own(1, FIRST), own(2, FIRST, { hostId: 'x1' }), own(8, SECOND), own(9, SECOND, { hostId: 'x1' })],
    ],
  ])('stays one: %s', (_, items) => {
    using testCase = aCase(items)
    expect(keys(testCase).filter((key) => key.startsWith(BASE))).toEqual([BASE])
  })

  it('stays one when it is a domain controller: it has no accounts of its own', () => {
    const controller = aComputer('ws-01', 1201, { isDomainController: true })
    using testCase = aCase([own(1, FIRST), own(2, FIRST), own(8, SECOND), own(9, SECOND), controller])
    expect(keys(testCase)).toHaveLength(1)
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, createClient } from '../../../core/contract/client.ts'
import { createEngine, type Engine } from '../../../core/engine.ts'
import { aLogon } from '../identity/people.ts'
import { GraphCase } from './graph-case.ts'
import type { TestCase } from '../../support/case-builder.ts'
import { playScenario } from '../../support/scenario/play.ts'
import { makeScenario, type Scenario } from '../../support/scenario/scenario.ts'

/** The file server the intruder goes to is seven minutes behind. */
const SEED = 1
const BEHIND = -420

describe('a clock that is off', () => {
  let scenario: Scenario
  let testCase: TestCase
  let engine: Engine
  let client: Client
  beforeAll(async () => {
    scenario = makeScenario(SEED)
    expect(scenario.course).toContain('skew FS-01 -7 min')
    testCase = playScenario(scenario)
    engine = createEngine({ files: 'paths', host: 'cli', jobs: 'inline', checkReplies: true })
    client = createClient(engine)
    await client.call('case.open', { grant: testCase.path })
  }, 60_000)
  afterAll(async () => {
    await engine.close()
    testCase.close()
  })
  const timeOf = async (event: string): Promise<number> =>
    Date.parse((await client.call('event.get', { id: event })).at ?? '')
  const way = async () => {
    const from = `message:<${scenario.vectors[0]?.id}>`
    return (await client.call('path.find', { from, to: 'endpoint:FS-01', observedOnly: true })).paths
  }

  it('is listed with what shows it: records of the same thing that lie as far apart', async () => {
    const { offsets, compared } = await client.call('clock.list', {})
    expect(compared).toBeGreaterThan(3)
    expect(offsets.map(({ endpoint }) => endpoint?.name.toUpperCase().split('.')[0])).toEqual(['FS-01'])
    const [off] = offsets
    expect(Math.abs((off?.aheadSeconds ?? 0) - BEHIND)).toBeLessThan(2)
    expect(off?.confidence).toBeGreaterThan(0.5)
    expect(off?.proof.length).toBeGreaterThan(2)
    for (const { own, other } of off?.proof ?? [])
      expect(Math.abs((await timeOf(own)) - (await timeOf(other)) - BEHIND * 1000)).toBeLessThan(4000)
  })

  it('stands under readiness', async () => {
    const { readiness } = await client.call('overview.get', {})
    const row = readiness.find(({ id }) => id === 'clocks')
    expect(row?.state).toBe('partly')
    expect(row?.detail).toMatchObject({ key: 'readiness.clocks.behind', params: { off: 1, seconds: 420 } })
  })

  it('changes no time that was recorded, and orders a path by the right one', async () => {
    const [path] = await way()
    const late = path?.hops.filter(({ clock }) => clock) ?? []
    expect(late.length).toBeGreaterThan(0)
    for (const hop of late) {
      const [event = ''] = hop.events
      const recorded = Date.parse(hop.at ?? '')
      expect(hop.clock?.aheadSeconds).toBe(BEHIND)
      expect(Date.parse(hop.clock?.rightAt ?? '') - recorded).toBeGreaterThan(418_000)
      // The record that is cited says what the hop says.
      expect(Math.abs((await timeOf(event)) - recorded)).toBeLessThan(5000)
    }
    const right = (path?.hops ?? []).flatMap(({ at, clock }) =>
      at === null ? [] : [Date.parse(clock?.rightAt ?? at)],
    )
    expect(right).toEqual(right.toSorted((a, b) => a - b))
  })

  it('finds the same chain before the network was packed and after', async () => {
    const around = (reader: Client) =>
      reader.call('chain.around', { entity: 'endpoint:FS-01', depth: 4, limit: 300 })
    await way()
    const packed = await around(client)
    const fresh = createEngine({ files: 'paths', host: 'cli', jobs: 'inline' })
    try {
      const other = createClient(fresh)
      await other.call('case.open', { grant: testCase.path })
      expect(await around(other)).toEqual(packed)
    } finally {
      await fresh.close()
    }
  })
})

describe('evidence of a clock that is off', () => {
  it('is what that machine alone recorded, not an export of several', async () => {
    const logon = (host: string, minute: number) =>
      aLogon({ account: 'CORP\\amber', host }, `2026-03-10T07:${String(minute).padStart(2, '0')}:00Z`)
    await using graph = await GraphCase.of([logon('fs-01', 1), logon('fs-01', 2), logon('fs-01', 3)])
    const { db } = graph.testCase
    graph.testCase.store([logon('fs-01', 1), logon('ws-01', 5), logon('fs-01', 9)], 'several.json')
    graph.testCase.store([logon('ws-01', 1)], 'other.json')
    const endpoint = await graph.idOf('endpoint:fs-01')
    // As the next correlation will have it; who the other one is does not matter.
    db.prepare(
      `UPDATE event SET endpoint_id = CASE WHEN (SELECT v FROM str WHERE id = host) = 'fs-01' THEN @endpoint
        ELSE (SELECT min(id) FROM entity WHERE id <> @endpoint) END`,
    ).run({ endpoint })
    db.prepare(
      `INSERT INTO clock_offset (clock, ahead, confidence, support, against, compared, proof) VALUES (?, 5e6, 0.9, 4, 0, 3, '[]')`,
    ).run(endpoint)
    const { offsets } = await graph.client.call('clock.list', {})
    expect(offsets.map(({ aheadSeconds, recorded }) => [aheadSeconds, recorded])).toEqual([[5, ['1']]])
  })
})

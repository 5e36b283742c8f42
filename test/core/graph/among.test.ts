import { describe, expect, it } from 'vitest'
import { atOnce } from '../../../core/jobs/turn.ts'
import { findAmong } from '../../../core/graph/among.ts'
import { GraphCase, type Wanted } from './graph-case.ts'

const chainOfThree: readonly Wanted[] = [
  ['saved-as', 'attachment:a.zip', 'file:a.exe', 100],
  ['executed-as', 'file:a.exe', 'process:a', 200],
  ['spawned', 'process:a', 'process:b', 300],
]

describe('a picture of chosen entities', () => {
  it('holds them and every relation between them, and counts what leads out of the picture', async () => {
    await using graph = await GraphCase.stating([...chainOfThree])
    const whole = await graph.client.call('graph.among', { whole: true })
    const ids = whole.nodes.filter((node) => node.name !== 'b').map((node) => node.id)
    const part = await graph.client.call('graph.among', { entities: ids })
    expect(part.nodes.map((node) => node.name).sort()).toEqual(['a', 'a.exe', 'a.zip'])
    expect(part.edges.map((edge) => edge.kind).sort()).toEqual(['executed-as', 'saved-as'])
    expect(part.nodes.find((node) => node.name === 'a')?.hidden).toEqual([
      { kind: 'spawned', direction: 'out', count: 1 },
    ])
  })

  it('leaves out ids the case does not hold', async () => {
    await using graph = await GraphCase.stating([...chainOfThree])
    const found = await graph.client.call('graph.among', { entities: ['999999'] })
    expect(found).toMatchObject({ nodes: [], edges: [], total: { nodes: 0, edges: 0 } })
  })

  it('brings what a selection of events proves', async () => {
    // The stored event is of second 0.
    await using graph = await GraphCase.stating([['executed-as', 'file:a.exe', 'process:a', 0]])
    const relation = (await graph.client.call('relation.list', { kind: 'executed-as' })).rows[0]
    const found = await graph.client.call('graph.among', { events: relation?.events ?? [] })
    expect(found.edges.map((edge) => edge.kind)).toEqual(['executed-as'])
  })

  it('says how much a limit leaves out of the whole case', async () => {
    await using graph = await GraphCase.stating(
      Array.from({ length: 30 }, (_, at): Wanted => ['spawned', 'process:p', `process:c${at}`, at]),
    )
    const found = await graph.client.call('graph.among', { whole: true, limit: 10 })
    expect([found.nodes.length, found.total.nodes]).toEqual([10, 31])
  })

  it('says of the whole case how many entities no line leads to', async () => {
    await using graph = await GraphCase.stating([...chainOfThree])
    graph.testCase.db
      .prepare(
        `INSERT INTO entity SELECT id + 1000, key || '#', kind, name, first_seen, last_seen, attributes, run FROM entity`,
      )
      .run()
    const { counts } = (await graph.client.call('case.info', {})) ?? { counts: { entities: 0 } }
    const whole = await graph.client.call('graph.among', { whole: true })
    expect(whole.alone).toBeGreaterThan(3)
    expect((whole.alone ?? 0) + whole.total.nodes).toBe(counts.entities)
    const some = await graph.client.call('graph.among', { entities: whole.nodes.map(({ id }) => id) })
    expect(some.alone).toBeUndefined()
  })

  const withRights: readonly Wanted[] = [
    ['logged-on-to', 'user:u', 'endpoint:e', 100],
    ...Array.from({ length: 5 }, (_, at): Wanted => ['generic-all', 'group:g', `user:r${at}`]),
  ]

  it('holds the rights of the directory in the whole case, and entities that only rights lead to', async () => {
    await using graph = await GraphCase.stating(withRights)
    const whole = await graph.client.call('graph.among', { whole: true })
    expect(whole.edges.filter((edge) => !edge.observed).map((edge) => edge.kind)).toEqual(
      Array.from({ length: 5 }, () => 'generic-all'),
    )
    expect(whole.nodes.map((node) => node.name).sort()).toEqual(['e', 'g', 'r0', 'r1', 'r2', 'r3', 'r4', 'u'])
    const observed = await graph.client.call('graph.among', { whole: true, possible: false })
    expect(observed.edges.map((edge) => edge.kind)).toEqual(['logged-on-to'])
  })

  it('sends everything observed and cuts rights at a limit, counting those beyond it', async () => {
    await using graph = await GraphCase.stating(withRights)
    const asked = { entities: [], events: [], whole: true, possible: true, limit: 100 }
    const cut = atOnce(findAmong(graph.testCase.db, { ...asked, mostRights: 2 }))
    expect(cut.relations.map(({ kind }) => kind)).toEqual(['logged-on-to', 'generic-all', 'generic-all'])
    expect(cut.total).toEqual({ nodes: 8, edges: 6 })
    const all = atOnce(findAmong(graph.testCase.db, { ...asked, mostRights: 5 }))
    expect([all.relations.length, all.total.edges]).toEqual([6, 6])
  })

  it('counts what the analyst said as a fact, not as a right', async () => {
    await using graph = await GraphCase.stating(withRights)
    graph.testCase.db
      .prepare(
        "UPDATE relation SET kind = 'analyst' WHERE kind = 'generic-all' AND id = (SELECT max(id) FROM relation)",
      )
      .run()
    const whole = await graph.client.call('graph.among', { whole: true, possible: false })
    expect(whole.edges.map((edge) => edge.kind).sort()).toEqual(['analyst', 'logged-on-to'])
  })
})

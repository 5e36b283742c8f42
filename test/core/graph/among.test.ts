import { describe, expect, it } from 'vitest'
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
})

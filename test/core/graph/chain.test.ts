import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { GraphSlice } from '../../../core/contract/nouns/graph.ts'
import type { ResultOf } from '../../../core/contract/types.ts'
import { findChain } from '../../../core/graph/chain.ts'
import { packedNeighbours, storedNeighbours } from '../../../core/graph/neighbours.ts'
import { packedOf } from '../../../core/graph/network-cache.ts'
import { GraphCase, START, type Wanted } from './graph-case.ts'

const names = (slice: GraphSlice) => slice.nodes.map((node) => node.name).sort()
const around = (
  graph: GraphCase,
  entity: string,
  more: { depth?: number; limit?: number; possible?: boolean } = {},
) => graph.client.call('chain.around', { entity, ...more })
const hiddenCount = (slice: GraphSlice) => slice.grouped.reduce((sum, group) => sum + group.count, 0)

/** A process that started so many others. */
const family = (count: number): Wanted[] =>
  Array.from({ length: count }, (_, index) => ['spawned', 'process:parent', `process:child ${index}`, index])

describe('the chain around an entity', () => {
  it('goes up to causes and down to effects, in time', async () => {
    await using graph = await GraphCase.stating([
      ['carries', 'message:mail', 'attachment:a.zip'],
      ['saved-as', 'attachment:a.zip', 'file:a.exe', 100],
      ['executed-as', 'file:a.exe', 'process:a', 200],
      ['spawned', 'process:a', 'process:b', 300],
      ['spawned', 'process:b', 'process:before', 150],
      ['dropped', 'process:late', 'file:a.exe', 400],
    ])
    const chain = await around(graph, 'process:a')
    expect(names(chain)).toEqual(['a', 'a.exe', 'a.zip', 'b', 'mail'])
    expect(chain.total).toEqual({ nodes: 5, edges: 4 })
    expect(chain.grouped).toEqual([])
    expect(chain.nodes.find((node) => node.marks.includes('start'))?.name).toBe('a')
  })

  it('marks the earliest cause as first observed, never an effect', async () => {
    await using graph = await GraphCase.stating([
      ['saved-as', 'attachment:a.zip', 'file:a.exe', 100],
      ['executed-as', 'file:a.exe', 'process:a', 200],
      ['spawned', 'process:a', 'process:b', 300],
    ])
    const marked = async (entity: string) =>
      (await around(graph, entity)).nodes.flatMap((node) =>
        node.marks.includes('first-observed') ? [node.name] : [],
      )
    expect(await marked('process:b')).toEqual(['a.zip'])
    expect(await marked('attachment:a.zip')).toEqual([])
  })

  it('follows what an early arrival led to, also when a late one was met first', async () => {
    await using graph = await GraphCase.stating([
      ['spawned', 'process:a', 'process:b', 500, 1],
      ['executed-as', 'process:a', 'process:b', 10, 0.5],
      ['spawned', 'process:b', 'process:c', 100],
    ])
    expect(names(await around(graph, 'process:a'))).toEqual(['a', 'b', 'c'])
  })

  it('does not lead from one stranger to the next over an endpoint or a user', async () => {
    await using graph = await GraphCase.stating([
      ['ran-on', 'process:a', 'endpoint:ws'],
      ['remote-logon', 'endpoint:ws', 'endpoint:srv', 10],
      ['ran-as', 'process:a', 'user:amber'],
      ['logged-on-to', 'user:amber', 'endpoint:other', 10],
    ])
    expect(names(await around(graph, 'process:a'))).toEqual(['a', 'amber', 'ws'])
    expect(names(await around(graph, 'endpoint:ws'))).toEqual(['a', 'srv', 'ws'])
  })

  it('shows possible rights only when asked', async () => {
    await using graph = await GraphCase.stating([
      ['admin-to', 'user:amber', 'endpoint:ws'],
      ['logged-on-to', 'user:amber', 'endpoint:srv', 10],
    ])
    expect(names(await around(graph, 'user:amber'))).toEqual(['amber', 'srv'])
    const both = await around(graph, 'user:amber', { possible: true })
    expect(names(both)).toEqual(['amber', 'srv', 'ws'])
    expect(both.edges.map((edge) => edge.observed).sort()).toEqual([false, true])
  })

  it('groups many like neighbours and says how many', async () => {
    await using graph = await GraphCase.stating(family(37))
    const chain = await around(graph, 'process:parent')
    expect(chain.nodes).toHaveLength(11)
    expect(chain.total).toEqual({ nodes: 38, edges: 37 })
    expect(chain.grouped).toEqual([
      { around: await graph.idOf('process:parent'), kind: 'spawned', direction: 'out', count: 27 },
    ])
    await using few = await GraphCase.stating(family(12))
    expect((await around(few, 'process:parent')).grouped).toEqual([])
  })

  it('opens a node in place, up to the limit, and says what is left', async () => {
    await using graph = await GraphCase.stating([
      ...family(37),
      ['ran-on', 'process:parent', 'endpoint:ws'],
      ['admin-to', 'user:amber', 'process:parent'],
    ])
    const entityId = await graph.idOf('process:parent')
    const expand = (input: Omit<Parameters<typeof graph.client.call<'chain.expand'>>[1], 'entityId'>) =>
      graph.client.call('chain.expand', { entityId, ...input })
    const some = await expand({ kind: 'spawned', direction: 'out', limit: 20 })
    expect([some.nodes.length, some.edges.length, some.total]).toEqual([21, 20, { nodes: 38, edges: 37 }])
    expect(some.nodes.find((node) => node.id === entityId)?.hidden).toEqual([
      { kind: 'ran-on', direction: 'out', count: 1 },
      { kind: 'spawned', direction: 'out', count: 17 },
      { kind: 'admin-to', direction: 'in', count: 1 },
    ])
    const everything = await expand({ limit: 1000 })
    expect(everything.total).toEqual({ nodes: 40, edges: 39 })
    expect(everything.edges).toHaveLength(39)
    expect(names(await expand({ direction: 'in' }))).toEqual(['amber', 'parent'])
    expect((await expand({ direction: 'in', possible: false })).edges).toEqual([])
    await expect(graph.client.call('chain.expand', { entityId: '999999' })).rejects.toMatchObject({
      code: 'request.not_found',
    })
    await expect(expand({ limit: 1001 })).rejects.toMatchObject({
      code: 'request.invalid',
      params: { field: 'limit' },
    })
  })

  it('opens a node page by page until everything was shown', async () => {
    await using graph = await GraphCase.stating(family(37))
    const entityId = await graph.idOf('process:parent')
    const seen: string[] = []
    let cursor: string | null = null
    let pages = 0
    do {
      const page: ResultOf<'chain.expand'> = await graph.client.call('chain.expand', {
        entityId,
        limit: 10,
        cursor,
      })
      seen.push(...page.edges.map((edge) => edge.id))
      expect(page.total).toEqual({ nodes: 38, edges: 37 })
      cursor = page.next
      pages += 1
    } while (cursor !== null)
    expect([pages, seen.length, new Set(seen).size]).toEqual([4, 37, 37])
    await expect(graph.client.call('chain.expand', { entityId, cursor: 'zzz' })).rejects.toMatchObject({
      code: 'request.invalid',
    })
  })

  it('lists its objects, each with the place where it is found in the chain', async () => {
    await using graph = await GraphCase.stating([
      ...family(30),
      ['saved-as', 'attachment:a.zip', 'file:a.exe', -50],
      ['executed-as', 'file:a.exe', 'process:parent', -20],
      ['ran-on', 'process:parent', 'endpoint:ws'],
      ['accessed-credentials', 'process:child 29', 'process:lsass.exe', 40],
    ])
    const last = await graph.idOf('process:child 29')
    const parent = await graph.idOf('process:parent')
    const chain = await graph.client.call('chain.around', {
      entity: 'process:parent',
      matched: [last, parent],
    })
    expect(chain.lists.targetEndpoints.map((one) => one.name)).toEqual(['ws'])
    expect(chain.lists.firstObserved.map((one) => one.name)).toEqual(['a.zip'])
    expect(chain.lists.matched.map((one) => [one.id, one.behind])).toEqual(
      expect.arrayContaining([
        [parent, null],
        [last, { around: parent, kind: 'spawned', direction: 'out' }],
      ]),
    )
    // Also what is behind a group is rated: nothing noteworthy hides there.
    expect(chain.lists.noteworthy.map((one) => one.name)).toEqual(
      expect.arrayContaining(['a.exe', 'child 29']),
    )
    const shown = new Map(chain.nodes.map((node) => [node.id, node]))
    expect(shown.get(parent)?.marks).toEqual(['start', 'matched'])
    for (const one of Object.values(chain.lists).flat()) expect(shown.has(one.id)).toBe(one.behind === null)
  })

  it('tells in its lists when the chain reaches an object, not when the case first saw it', async () => {
    await using graph = await GraphCase.stating([
      // Both endpoints are known for an hour before anything of the chain happens there.
      ['ran-on', 'process:old', 'endpoint:ws', -3600],
      ['ran-on', 'process:older', 'endpoint:far', -3600],
      ['spawned', 'process:start', 'process:child', 20],
      ['ran-on', 'process:start', 'endpoint:ws', 20],
      ['spawned', 'process:child', 'process:last', 45],
      ['ran-on', 'process:last', 'endpoint:far', 45],
    ])
    const timesOf = async (entity: string): Promise<unknown> => {
      const { lists } = await graph.client.call('chain.around', { entity })
      return Object.fromEntries(lists.targetEndpoints.map((one) => [one.name, one.at]))
    }
    const [before, ws, far] = [-3600, 20, 45].map((seconds) =>
      new Date(START / 1000 + seconds * 1000).toISOString(),
    )
    expect(await timesOf('process:start')).toEqual({ ws, far })
    const around = await graph.client.call('chain.around', { entity: 'process:start' })
    expect(around.nodes.find(({ name }) => name === 'ws')?.at).toBe(before)
    // Where a chain starts at an endpoint, nothing says when it got there.
    expect(await timesOf('endpoint:ws')).toEqual({ ws: null })
  })

  it('tells the classes of a root-cause analysis, and events from associations', async () => {
    await using graph = await GraphCase.stating([
      ['carries', 'message:mail', 'attachment:a.zip'],
      ['saved-as', 'attachment:a.zip', 'file:a.exe', 10],
      ['executed-as', 'file:a.exe', 'process:a.exe', 20],
      ['spawned', 'process:OUTLOOK.EXE', 'process:a.exe', 20],
      ['spawned', 'process:a.exe', 'process:chrome.exe', 30],
      ['connected-to', 'process:a.exe', 'ip:192.0.2.1', 30],
      ['wrote-registry', 'process:a.exe', 'registry-key:HKCU\\Run', 30],
      ['spawned', 'process:services.exe', 'process:OUTLOOK.EXE', 5],
      ['ran-on', 'process:a.exe', 'endpoint:ws'],
    ])
    const chain = await around(graph, 'process:a.exe')
    const classes = Object.fromEntries(
      chain.nodes.map((node) => [`${node.kind}:${node.name}`, node.nodeClass]),
    )
    expect(classes).toMatchObject({
      'message:mail': 'email-message',
      'attachment:a.zip': 'file',
      'file:a.exe': 'file',
      'process:a.exe': 'process',
      'process:OUTLOOK.EXE': 'email-client',
      'process:chrome.exe': 'browser',
      'process:services.exe': 'boot',
      'ip:192.0.2.1': 'network',
      'endpoint:ws': 'actor',
    })
    expect(new Set(Object.values(classes))).toContain('registry')
    const types = new Map(chain.edges.map((edge) => [edge.kind, edge.type]))
    expect([types.get('carries'), types.get('ran-on'), types.get('spawned'), types.get('saved-as')]).toEqual([
      'association',
      'association',
      'event',
      'event',
    ])
  })

  it('never cuts silently: what is shown and what is grouped add up to the total', () => {
    const relation = fc.record({
      from: fc.integer({ min: 0, max: 30 }),
      to: fc.integer({ min: 0, max: 30 }),
      kind: fc.constantFrom('spawned' as const, 'dropped' as const),
      at: fc.integer({ min: 0, max: 5 }),
    })
    const star = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 0, maxLength: 31 })
    return fc.assert(
      fc.asyncProperty(
        fc.array(relation, { maxLength: 60 }),
        star,
        fc.integer({ min: 2, max: 20 }),
        async (drafts, spokes, limit) => {
          const wanted: Wanted[] = [
            ['spawned', 'process:0', 'process:1', 0],
            ...spokes.map((to): Wanted => ['spawned', 'process:0', `process:${to}`, 1]),
            ...drafts.map(({ from, to, kind, at }): Wanted => [kind, `process:${from}`, `process:${to}`, at]),
          ]
          await using graph = await GraphCase.stating(wanted)
          const start = Number(await graph.idOf('process:0'))
          const { db } = graph.testCase
          const walk = { possible: false, kinds: null }
          const chain = findChain(db, { start, depth: 6, limit }, storedNeighbours(db, walk))
          // Wherever the relations come from, the chain is the same.
          const packed = packedNeighbours(packedOf(db), walk)
          expect(findChain(db, { start, depth: 6, limit }, packed)).toEqual(chain)
          const grouped = chain.grouped.reduce((sum, group) => sum + group.count, 0)
          const found = new Set(chain.relations.map(({ id }) => id))
          expect(found.size).toBe(chain.relations.length)
          expect(chain.relations.length + grouped).toBe(chain.total.edges)
          expect(chain.ids.size).toBeLessThanOrEqual(Math.max(limit, 1))
          expect(chain.total.nodes).toBeGreaterThanOrEqual(chain.ids.size)
          expect(chain.total.nodes).toBeLessThanOrEqual(31)
          if (grouped === 0) expect(chain.total.nodes).toBe(chain.ids.size)
        },
      ),
      { seed: 20_260_310, numRuns: 25 },
    )
  })

  it('shows what nobody knows the time of, before and after the network was packed', async () => {
    await using graph = await GraphCase.stating([
      ['dropped', 'process:a', 'file:undated'],
      ['dropped', 'process:a', 'file:dated', 10],
      ['admin-to', 'user:amber', 'process:a'],
    ])
    const before = await around(graph, 'process:a')
    expect(names(before)).toEqual(['a', 'dated', 'undated'])
    await graph.client.call('path.reach', { entity: 'process:a', direction: 'forward' })
    expect(await around(graph, 'process:a')).toEqual(before)
  })

  it('says what a small limit leaves out', async () => {
    await using graph = await GraphCase.stating([
      ...family(9),
      ...Array.from({ length: 5 }, (_, index): Wanted => ['dropped', 'process:child 3', `file:${index}`, 20]),
    ])
    const chain = await around(graph, 'process:parent', { limit: 10 })
    expect(chain.nodes).toHaveLength(10)
    expect(chain.total).toEqual({ nodes: 15, edges: 14 })
    expect(hiddenCount(chain)).toBe(5)
  })
})

import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { InputOf } from '../../../core/contract/types.ts'
import { latest } from '../../../core/graph/origins.ts'
import { viewNetwork } from '../../../core/graph/network-view.ts'
import { KIND_INDEX, nodeOf, packNetwork, type PackedNetwork } from '../../../core/graph/packed-network.ts'
import { findPaths } from '../../../core/graph/path-search.ts'
import { latestDeparture } from '../../../core/graph/sweep.ts'
import { GraphCase, type Wanted } from './graph-case.ts'
import { enumeratePaths, idsOf, SECOND, timesOf, type Draft } from './networks.ts'

const seconds = (at: number): string => new Date(Date.UTC(2026, 2, 10, 8) + at * 1000).toISOString()

/** A mail, who opened its link, an intrusion from there, and rights that lead on. */
const STORY: readonly Wanted[] = [
  ['delivered-to', 'message:lure', 'mailbox:ann@x', 0],
  ['delivered-to', 'message:other', 'mailbox:bob@x', 0],
  ['owned-by', 'mailbox:ann@x', 'user:ann'],
  ['owned-by', 'mailbox:bob@x', 'user:bob'],
  ['links-to', 'message:lure', 'url:http://bad.example/'],
  ['links-to', 'message:other', 'url:http://bad.example/'],
  ['clicked-by', 'url:http://bad.example/', 'user:ann', 60],
  ['clicked-by', 'url:http://bad.example/', 'user:bob', 70],
  ['downloaded-to', 'url:http://bad.example/', 'file:evil.exe', 65],
  ['executed-as', 'file:evil.exe', 'process:evil', 80],
  ['ran-on', 'process:evil', 'endpoint:ws1'],
  ['remote-logon', 'endpoint:ws1', 'endpoint:srv', 50],
  ['remote-logon', 'endpoint:ws1', 'endpoint:srv', 300],
  ['has-session', 'endpoint:srv', 'user:adm'],
  ['member-of', 'user:adm', 'group:admins'],
  ['admin-to', 'group:admins', 'endpoint:dc'],
  ['logged-on-to', 'user:bob', 'endpoint:ws2', 100],
]

describe('questions about paths', () => {
  let graph: GraphCase
  beforeAll(async () => {
    graph = await GraphCase.stating(STORY)
    graph.testCase.db.prepare(`UPDATE entity SET attributes = '{"isHighValue":true}' WHERE name = 'dc'`).run()
  })
  afterAll(() => graph[Symbol.asyncDispose]())
  const find = async (input: Partial<InputOf<'path.find'>>) =>
    (await graph.client.call('path.find', { from: 'message:lure', to: 'endpoint:srv', ...input })).paths
  const reach = async (input: Partial<InputOf<'path.reach'>>) =>
    await graph.client.call('path.reach', { entity: 'message:lure', observedOnly: true, ...input })

  it('goes no way by kinds that are left out, and only by those wanted', async () => {
    expect((await find({})).length).toBeGreaterThan(0)
    expect(await find({ exclude: ['remote-logon'] })).toEqual([])
    expect(await find({ include: ['links-to', 'downloaded-to', 'executed-as', 'ran-on'] })).toEqual([])
    const all = ['links-to', 'downloaded-to', 'executed-as', 'ran-on', 'remote-logon'] as const
    const [path] = await find({ include: [...all] })
    expect(path?.hops.map((hop) => hop.relation)).toEqual(all)
  })

  it('goes along given relations only, with the confidence a search would give', async () => {
    const all = await find({ alternatives: 5 })
    for (const path of all) {
      const along = path.hops.map((hop) => hop.relationId)
      expect(await find({ along })).toEqual([path])
      expect(await find({ along: along.slice(1) })).toEqual([])
    }
    expect(await find({ along: ['999999'] })).toEqual([])
  })

  it('uses relations within the window of time only', async () => {
    expect((await find({ before: seconds(300) }))[0]?.endAt).toBe(seconds(300))
    expect(await find({ before: seconds(299) })).toEqual([])
    expect(await find({ after: seconds(66) })).toEqual([])
    expect(await find({ after: seconds(60), before: seconds(400) })).toHaveLength(1)
  })

  it('refuses times that are none, and windows that end before they begin', async () => {
    await expect(find({ after: 'yesterday' })).rejects.toMatchObject({ code: 'request.invalid' })
    await expect(find({ after: seconds(9), before: seconds(8) })).rejects.toMatchObject({
      code: 'request.invalid',
      params: { field: 'before' },
    })
  })

  it('says when each thing is first reached, in the order of time', async () => {
    const { rows, counts, total } = await reach({})
    const at = new Map(rows.map((row) => [row.entity.name, row.at]))
    expect(at.get('evil')).toBe(seconds(80))
    expect(at.get('srv')).toBe(seconds(300))
    const times = rows.flatMap((row) => (row.at === null ? [] : [row.at]))
    expect(times).toEqual([...times].sort())
    expect(rows.find((row) => row.entity.name === 'srv')?.via).toMatchObject({
      kind: 'remote-logon',
      other: { name: 'ws1' },
      observed: true,
    })
    expect(Object.values(counts).reduce((a, b) => a + b, 0)).toBe(total)
  })

  it('does not reach through a shared link those who had it from another message', async () => {
    const names = (await reach({})).rows.map((row) => row.entity.name)
    expect(names).toContain('ann')
    expect(names).not.toContain('bob')
    expect(names).not.toContain('ws2')
    const ofUrl = (await reach({ entity: 'url:http://bad.example/' })).rows.map((row) => row.entity.name)
    expect(ofUrl).toEqual(expect.arrayContaining(['ann', 'bob', 'ws2']))
  })

  it('pages and picks by kind', async () => {
    const all = (await reach({})).rows
    const first = await reach({ limit: 3 })
    const second = await reach({ limit: 1000, cursor: first.next })
    expect([...first.rows, ...second.rows]).toEqual(all)
    const endpoints = await reach({ kind: 'endpoint' })
    expect(endpoints.rows.map((row) => row.entity.name)).toEqual(['ws1', 'srv'])
    expect(endpoints.total).toBe(2)
  })

  it('says going back when something last led on from there', async () => {
    const { rows } = await reach({ entity: 'endpoint:srv', direction: 'back' })
    const at = new Map(rows.map((row) => [row.entity.name, row.at]))
    // Two seconds between clocks are allowed for in the search; what is told is what is on record.
    expect(at.get('ws1')).toBe(seconds(300))
    expect(at.get('evil.exe')).toBe(seconds(80))
    expect(at.has('ann')).toBe(false)
    const early = await reach({ entity: 'endpoint:srv', direction: 'back', at: seconds(60) })
    // Of a use within the span the program that started only at 80 had no part (ADR 0036).
    expect(early.rows.map((row) => row.entity.name)).toEqual(['ws1'])
  })

  it('lets no process act before it started, wherever it ran later', async () => {
    await using late = await GraphCase.stating([
      ['executed-as', 'file:tool.exe', 'process:first', 10],
      ['ran-on', 'process:first', 'endpoint:ws1'],
      ['connected-to', 'endpoint:ws1', 'url:http://bad.example/', 60],
      ['spawned', 'process:first', 'process:late', 200],
      ['ran-on', 'process:late', 'endpoint:ws1'],
      ['remote-logon', 'endpoint:ws1', 'endpoint:srv', 300],
      ['ran-on', 'process:unrecorded', 'endpoint:ws1'],
    ])
    const call = late.client.call.bind(late.client)
    const to = 'url:http://bad.example/'
    const ways = async (from: string, end: string) =>
      (await call('path.find', { from, to: end })).paths.length
    expect(await ways('process:first', to)).toBe(1)
    expect(await ways('process:unrecorded', to)).toBe(1)
    expect(await ways('process:late', to)).toBe(0)
    expect(await ways('process:late', 'endpoint:srv')).toBe(1)
    const reached = await call('path.reach', { entity: 'process:late', observedOnly: true })
    expect(reached.rows.map((row) => row.entity.name)).toEqual(['ws1', 'srv'])
    const back = await call('path.reach', { entity: to, direction: 'back', observedOnly: true })
    expect(back.rows.map((row) => row.entity.name).sort()).toEqual(['first', 'tool.exe', 'unrecorded', 'ws1'])
    const origins = (await call('path.origins', { entity: to })).origins
    expect(origins.map((origin) => origin.entity.name)).not.toContain('late')
    const before = (await call('exposure.of', { entity: to, limit: 50 })).before.rows
    expect(before.map((row) => row.entity.name).sort()).toEqual(['first', 'tool.exe', 'unrecorded', 'ws1'])
  })

  it('lets no file act before it was written, unless it was seen before', async () => {
    await using late = await GraphCase.stating([
      ['executed-as', 'file:tool.exe', 'process:first', 10],
      ['ran-on', 'process:first', 'endpoint:ws1'],
      ['located-on', 'file:tool.exe', 'endpoint:ws1'],
      ['connected-to', 'endpoint:ws1', 'url:http://bad.example/', 60],
      // Written over: it had been run before.
      ['dropped', 'process:first', 'file:tool.exe', 190],
      ['dropped', 'process:first', 'file:loot.zip', 200],
      ['located-on', 'file:loot.zip', 'endpoint:ws1'],
      ['located-on', 'file:unrecorded.dll', 'endpoint:ws1'],
      ['remote-logon', 'endpoint:ws1', 'endpoint:srv', 300],
    ])
    const call = late.client.call.bind(late.client)
    const to = 'url:http://bad.example/'
    const ways = async (from: string, end: string) =>
      (await call('path.find', { from, to: end })).paths.length
    expect(await ways('file:tool.exe', to)).toBe(2)
    expect(await ways('file:unrecorded.dll', to)).toBe(1)
    expect(await ways('file:loot.zip', to)).toBe(0)
    expect(await ways('file:loot.zip', 'endpoint:srv')).toBe(1)
    const back = await call('path.reach', { entity: to, direction: 'back', observedOnly: true })
    const names = ['first', 'tool.exe', 'unrecorded.dll', 'ws1']
    expect(back.rows.map((row) => row.entity.name).sort()).toEqual(names)
    const origins = (await call('path.origins', { entity: to })).origins
    expect(origins.map((origin) => origin.entity.name)).not.toContain('loot.zip')
    const before = (await call('exposure.of', { entity: to, limit: 50 })).before.rows
    expect(before.map((row) => row.entity.name).sort()).toEqual(names)
  })

  it('ranks what came to something that speaks for an attack before what everybody opens', async () => {
    await using mixed = await GraphCase.stating([
      ['carries', 'message:news', 'attachment:news.pdf'],
      ['saved-as', 'attachment:news.pdf', 'file:news.pdf', 10],
      ['executed-as', 'file:news.pdf', 'process:reader', 20],
      ['ran-on', 'process:reader', 'endpoint:ws1'],
      ['executed-as', 'file:report.xlsx', 'process:excel', 25],
      ['ran-on', 'process:excel', 'endpoint:ws1'],
      ['downloaded-to', 'url:http://tool.example/', 'file:setup.exe', 30],
      ['executed-as', 'file:setup.exe', 'process:setup', 40],
      ['ran-on', 'process:setup', 'endpoint:ws1'],
      ['spawned', 'process:setup', 'process:dumper', 50],
      ['accessed-credentials', 'process:dumper', 'process:lsass', 60],
    ])
    const { origins } = await mixed.client.call('path.origins', { entity: 'endpoint:ws1' })
    const ofKind = (kind: string) => origins.filter(({ entity }) => entity.kind === kind)
    expect(origins[0]?.entity.name).toBe('http://tool.example/')
    expect(ofKind('file').map(({ entity }) => entity.name)).toEqual(['setup.exe', 'news.pdf', 'report.xlsx'])
    expect(ofKind('message')[0]?.reasons.map(({ key }) => key)).toContain('origin.plain')
  })

  it('names the mail as where it began, before the file, with its path', async () => {
    const found = await graph.client.call('path.origins', { entity: 'endpoint:srv' })
    expect(
      found.origins
        .map((origin) => origin.entity.name)
        .slice(0, 2)
        .sort(),
    ).toEqual(['lure', 'other'])
    expect(found.origins[0]?.reasons.map((reason) => reason.key)).toContain('origin.root')
    for (const { entity, path } of found.origins) {
      expect(path.hops[0]?.from.id).toBe(entity.id)
      expect(path.hops.at(-1)?.to.name).toBe('srv')
    }
    const scores = found.origins.map((origin) => origin.score)
    expect(scores).toEqual(scores.toSorted((a, b) => b - a))
  })

  it('shows what was done and what could be done next in one figure, told apart', async () => {
    const next = await graph.client.call('path.next', { from: 'message:lure', at: seconds(400) })
    expect(next.compromised.map((row) => row.entity.name)).toEqual(['ann', 'ws1', 'srv'])
    const [target] = next.targets
    expect(target?.entity.name).toBe('dc')
    expect(target?.path.hops.map((hop) => [hop.relation, hop.observed])).toEqual([
      ['links-to', true],
      ['downloaded-to', true],
      ['executed-as', true],
      ['ran-on', true],
      ['remote-logon', true],
      ['has-session', false],
      ['member-of', false],
      ['admin-to', false],
    ])
    expect(target?.possibleHops).toBe(3)
    expect(new Set(next.graph.edges.map((edge) => edge.observed))).toEqual(new Set([true, false]))
  })

  it('knows nothing of what was compromised later', async () => {
    const next = await graph.client.call('path.next', { from: 'message:lure', at: seconds(250) })
    expect(next.compromised.map((row) => row.entity.name)).toEqual(['ann', 'ws1'])
    expect(next.targets).toEqual([])
  })
})

const drafts: fc.Arbitrary<Draft[]> = fc.array(
  fc
    .record({
      from: fc.integer({ min: 1, max: 7 }),
      to: fc.integer({ min: 1, max: 7 }),
      kind: fc.constantFrom('spawned', 'dropped', 'remote-logon', 'ran-on', 'carries', 'admin-to'),
      confidence: fc.constantFrom(0.3, 0.6, 0.9, 1),
      uses: fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 4 }),
    })
    .map(({ from, to, kind, confidence, uses }): Draft => [
      from,
      to,
      kind as Draft[2],
      confidence,
      ...uses.map((use) => use * 5),
    ]),
  { maxLength: 24 },
)

function pack(wanted: readonly Draft[]): PackedNetwork {
  const uses = wanted.map(([, , , , ...times]) =>
    times.toSorted((a, b) => a - b).map((time) => time * SECOND),
  )
  const useStart = [0]
  for (const own of uses) useStart.push((useStart.at(-1) ?? 0) + own.length)
  return packNetwork(Float64Array.from([1, 2, 3, 4, 5, 6, 7]), {
    count: wanted.length,
    ids: wanted.map((_, index) => index + 1),
    kinds: Uint8Array.from(wanted, ([, , kind]) => KIND_INDEX.get(kind) ?? 0),
    from: wanted.map(([from]) => from),
    to: wanted.map(([, to]) => to),
    confidence: wanted.map(([, , , confidence]) => confidence),
    useStart,
    uses: Float64Array.from(uses.flat()),
  })
}

describe('paths over packed relations', () => {
  it('finds a path exactly where trying everything finds one, never against time', () => {
    fc.assert(
      fc.property(drafts, (wanted) => {
        const packed = pack(wanted)
        const network = viewNetwork(packed, { possible: true })
        const target = nodeOf(packed, 2)
        const sweep = latestDeparture(packed, [{ node: target, at: Infinity }])
        const request = { from: 1, to: 2, alternatives: 3, maxHops: 7, notBefore: null }
        const found = findPaths(network, { ...request, latestAt: latest(packed, sweep) })
        // Uses lie five seconds apart, so the tolerance between clocks changes nothing.
        const truth = enumeratePaths(network, 1, 2, 7)
        expect(found.length > 0).toBe(truth.length > 0)
        if (truth[0]) expect(found[0] && idsOf(found[0]).length).toBeGreaterThan(0)
        for (const path of found) {
          const times = timesOf(path).filter((time) => time !== null)
          expect(times).toEqual(times.toSorted((a, b) => a - b))
          expect(truth.map((way) => way.map((link) => link.id).join())).toContain(idsOf(path).join())
        }
        // What is cut off because it comes too late changes no answer.
        expect(found.map(idsOf)).toEqual(findPaths(network, request).map(idsOf))
      }),
      { numRuns: 1500 },
    )
  })

  it('shows only kinds and uses the filter lets through', () => {
    fc.assert(
      fc.property(
        drafts,
        fc.integer({ min: 0, max: 150 }),
        fc.integer({ min: 0, max: 150 }),
        (wanted, a, b) => {
          const window = { from: Math.min(a, b) * SECOND, to: Math.max(a, b) * SECOND }
          const network = viewNetwork(pack(wanted), { possible: false, exclude: ['dropped'], window })
          for (let entity = 1; entity <= 7; entity += 1)
            for (const link of [...(network.out.get(entity) ?? []), ...(network.into.get(entity) ?? [])]) {
              expect(['dropped', 'admin-to']).not.toContain(link.kind)
              for (const use of link.uses) expect(use >= window.from && use <= window.to).toBe(true)
            }
        },
      ),
      { numRuns: 200 },
    )
  })
})

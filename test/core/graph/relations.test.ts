import { describe, expect, it } from 'vitest'
import { exampleGuid } from '../../../core/correlation/example.ts'
import { anEvent } from '../../support/case-builder.ts'
import { GraphCase, type Wanted } from './graph-case.ts'

const processes = [
  anEvent('process-start', '2026-03-10T08:00:00Z', {
    processPath: 'C:\\a.exe',
    processGuid: exampleGuid(1),
    pid: 1,
  }),
  anEvent('process-start', '2026-03-10T08:00:05Z', {
    processPath: 'C:\\b.exe',
    processGuid: exampleGuid(2),
    pid: 2,
    parentPath: 'C:\\a.exe',
    parentGuid: exampleGuid(1),
    parentPid: 1,
  }),
]

describe('a relation', () => {
  it('says why it is: rule, reason, events and records', async () => {
    await using graph = await GraphCase.of(processes)
    const [row] = (await graph.client.call('relation.list', { kind: 'spawned' })).rows
    const relation = await graph.client.call('relation.get', { id: row?.id ?? '' })
    expect(relation).toMatchObject({
      kind: 'spawned',
      from: { name: 'a.exe' },
      to: { name: 'b.exe' },
      firstAt: '2026-03-10T08:00:05.000Z',
      observed: true,
      rule: 'process.tree',
      ruleInfo: { id: 'process.tree', title: { key: 'rule.process.tree.title', params: {} } },
      events: ['2'],
      eventTotal: 1,
      sources: [{ evidenceId: '1', record: 2, locator: 'record 2' }],
    })
    expect(relation.reason.key).toMatch(/^rule\.process\.tree\.reason\./)
    expect(relation.proof.map((event) => event.id)).toEqual(['2'])
    await expect(graph.client.call('relation.get', { id: '99999' })).rejects.toMatchObject({
      code: 'request.not_found',
    })
  })

  it('is listed in time order, standing ones last, each once over all pages', async () => {
    const wanted: Wanted[] = [
      ['ran-on', 'process:a', 'endpoint:ws'],
      ['spawned', 'process:a', 'process:c', 30],
      ['spawned', 'process:a', 'process:b', 10],
      ['admin-to', 'user:amber', 'endpoint:ws'],
      ['spawned', 'process:a', 'process:old', -3_000_000_000],
    ]
    await using graph = await GraphCase.stating(wanted)
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page: Awaited<ReturnType<typeof graph.client.call<'relation.list'>>> = await graph.client.call(
        'relation.list',
        { limit: 1, cursor },
      )
      expect(page.total).toBe(5)
      seen.push(...page.rows.map((row) => row.to.name))
      cursor = page.next
    } while (cursor !== null)
    expect(seen).toEqual(['old', 'b', 'c', 'ws', 'ws'])
    const of = async (entityId: string, observedOnly: boolean) =>
      (await graph.client.call('relation.list', { entityId, observedOnly })).rows.map((row) => row.kind)
    expect(await of('endpoint:ws', false)).toEqual(['ran-on', 'admin-to'])
    expect(await of('endpoint:ws', true)).toEqual(['ran-on'])
  })
})

describe('an attack path', () => {
  it('names each hop with its rule, reason, time and events, and draws them', async () => {
    await using graph = await GraphCase.of(processes)
    const from = 'process:C:\\a.exe'
    const { paths, graph: slice } = await graph.client.call('path.find', { from, to: 'process:C:\\b.exe' })
    expect(paths).toHaveLength(1)
    expect(paths[0]).toMatchObject({
      startAt: '2026-03-10T08:00:05.000Z',
      endAt: '2026-03-10T08:00:05.000Z',
    })
    expect(paths[0]?.hops).toMatchObject([
      {
        relation: 'spawned',
        rule: 'process.tree',
        observed: true,
        events: ['2'],
        from: { name: 'a.exe' },
        to: { name: 'b.exe' },
      },
    ])
    expect(slice.edges.map((edge) => [edge.kind, edge.onPath])).toEqual([['spawned', true]])
    expect(slice.nodes.map((node) => [node.name, node.marks])).toEqual([
      ['a.exe', ['start']],
      ['b.exe', ['target']],
    ])
  })

  it('takes possible rights, unless only what was observed is wanted', async () => {
    await using graph = await GraphCase.stating([
      ['logged-on-to', 'user:amber', 'endpoint:ws', 10],
      ['admin-to', 'user:amber', 'endpoint:srv'],
    ])
    const hops = async (observedOnly: boolean) =>
      (
        await graph.client.call('path.find', { from: 'user:amber', to: 'endpoint:srv', observedOnly })
      ).paths.map((path) => path.hops.map((hop) => [hop.relation, hop.observed]))
    expect(await hops(false)).toEqual([[['admin-to', false]]])
    expect(await hops(true)).toEqual([])
  })

  it('is searched anew after a correlation run', async () => {
    await using graph = await GraphCase.stating([['spawned', 'process:a', 'process:b', 10]])
    const find = () => graph.client.call('path.find', { from: 'process:a', to: 'process:b' })
    expect((await find()).paths).toHaveLength(1)
    graph.testCase.correlate([])
    await expect(find()).rejects.toMatchObject({ code: 'request.not_found' })
  })
})

describe('suggested attack paths', () => {
  const newsletter: Wanted[] = [
    ['links-to', 'message:newsletter', 'url:http://news.example/'],
    ['clicked-by', 'url:http://news.example/', 'user:basil', 10],
    ['logged-on-to', 'user:basil', 'endpoint:ws-02', 20],
    ['remote-logon', 'endpoint:ws-02', 'endpoint:srv', 30],
  ]
  const attachment: Wanted[] = [
    ['carries', 'message:invoice', 'attachment:a.zip'],
    ['saved-as', 'attachment:a.zip', 'file:a.exe', 100],
    ['executed-as', 'file:a.exe', 'process:a', 110],
    ['ran-on', 'process:a', 'endpoint:ws-01'],
    ['remote-logon', 'endpoint:ws-01', 'endpoint:srv', 120],
  ]

  it('prefer an attachment that was run over a newsletter that was clicked, and say why', async () => {
    await using graph = await GraphCase.stating([...newsletter, ...attachment])
    const found = await graph.client.call('path.suggest', {})
    expect(found.map((one) => [one.from.name, one.to.name])).toEqual([
      ['invoice', 'srv'],
      ['newsletter', 'srv'],
    ])
    expect(found[0]?.reasons.map((reason) => reason.key)).toEqual(
      expect.arrayContaining(['suggest.executed', 'suggest.remote_logon']),
    )
    expect(found[0]?.reasons.map((reason) => reason.key)).not.toContain('suggest.clicked')
    expect(found[1]?.reasons.map((reason) => reason.key)).toContain('suggest.clicked')
    expect(found[0]?.path.hops.map((hop) => hop.relation)).toEqual(attachment.map(([kind]) => kind))
  })

  it('are none where mail was only received, or where nothing followed', async () => {
    await using graph = await GraphCase.stating([
      ['delivered-to', 'message:note', 'mailbox:amber@corp.example', 1],
      ['links-to', 'message:note', 'url:http://news.example/'],
      ['clicked-by', 'url:http://news.example/', 'user:amber', 10],
    ])
    expect(await graph.client.call('path.suggest', {})).toEqual([])
  })

  it('do not overlook the one attachment behind hundreds of clicked newsletters', async () => {
    const crowd = Array.from({ length: 510 }, (_, index): Wanted[] => [
      ['links-to', `message:news ${index}`, 'url:http://news.example/'],
    ]).flat()
    await using graph = await GraphCase.stating([...crowd, ...newsletter, ...attachment])
    expect((await graph.client.call('path.suggest', { limit: 1 }))[0]?.from.name).toBe('invoice')
  })

  it('end at the endpoint when code was run on it from afar', async () => {
    await using graph = await GraphCase.stating([
      ...attachment.slice(0, 3),
      ['remote-execution', 'process:a', 'process:svc', 200],
      ['ran-on', 'process:svc', 'endpoint:srv'],
    ])
    const [found] = await graph.client.call('path.suggest', {})
    expect(found?.to.name).toBe('srv')
    expect(found?.reasons.map((reason) => reason.key)).toContain('suggest.remote_execution')
  })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Workbench, windowsLines } from '../../support/workbench.ts'

describe('entities and relations an analyst adds', () => {
  let bench: Workbench
  let endpoint: string
  beforeEach(async () => {
    bench = await Workbench.open()
    await bench.import(bench.file('a.json', windowsLines(4)))
    await bench.client.run('correlation.run', {})
    const [found] = (await bench.client.call('entity.search', { kind: 'endpoint', limit: 1 })).rows
    endpoint = found?.id ?? ''
  })
  afterEach(() => bench.close())

  const add = (name = 'the man on the phone', kind: 'user' | 'ip' = 'user') =>
    bench.client.call('work.addEntity', { kind, name, reason: 'the helpdesk told us' })
  const relate = (from: string, to: string, more: { happenedAt?: string; confidence?: number } = {}) =>
    bench.client.call('work.relate', { from, to, label: 'phoned', reason: 'call list', ...more })
  const relations = async () =>
    (await bench.client.call('relation.list', { kind: 'analyst', limit: 10 })).rows.map(
      ({ id, from, to, observed, confidence, rule, events }) => ({
        id,
        from: from.name,
        to: to.id,
        observed,
        confidence,
        rule,
        events,
      }),
    )

  it('stand in the graph like others, never as observed, and can be found by name', async () => {
    const { entityId } = await add()
    await relate('user:the man on the phone', endpoint, { confidence: 0.7 })
    const [row, ...others] = await relations()
    expect(others).toEqual([])
    expect(row).toMatchObject({
      from: 'the man on the phone',
      to: endpoint,
      observed: false,
      confidence: 0.7,
      rule: 'analyst',
      events: [],
    })
    const detail = await bench.client.call('relation.get', { id: row?.id ?? '' })
    expect(detail.reason).toEqual({
      key: 'analyst.relation',
      params: { label: 'phoned', reason: 'call list' },
    })
    const added = await bench.client.call('work.added', {})
    expect(added.entities).toMatchObject([{ entityId, kind: 'user', reason: 'the helpdesk told us' }])
    expect(added.relations).toMatchObject([
      { relationId: row?.id, from: { id: entityId }, to: { id: endpoint }, label: 'phoned' },
    ])
  })

  it('keep their ids over runs of correlation, whole ones too', async () => {
    const { entityId } = await add()
    await relate(entityId, endpoint)
    const before = await relations()
    await bench.client.run('correlation.run', {})
    expect(await relations()).toEqual(before)
    await bench.client.run('correlation.run', { full: true })
    expect(await relations()).toEqual(before)
    expect((await bench.client.call('entity.get', { id: entityId })).name).toBe('the man on the phone')
  })

  it('wait while an end is not in the case, and come back with it', async () => {
    const { entityId } = await add()
    await relate(entityId, endpoint)
    const [evidence] = await bench.client.call('evidence.list', {})
    await bench.client.run('evidence.remove', { evidenceId: evidence?.id ?? '' })
    await bench.client.run('correlation.run', { full: true })
    expect(await relations()).toEqual([])
    const [waiting] = (await bench.client.call('work.added', {})).relations
    expect(waiting?.to).toMatchObject({ id: null })
    await bench.import(bench.file('a.json', windowsLines(4)))
    await bench.client.run('correlation.run', {})
    expect(await relations()).toHaveLength(1)
  })

  it('are a layer of paths and chains that can be switched', async () => {
    const { entityId } = await add()
    await relate(entityId, endpoint)
    const paths = async (analyst: boolean) =>
      (await bench.client.call('path.find', { from: entityId, to: endpoint, observedOnly: true, analyst }))
        .paths.length
    expect(await paths(true)).toBe(1)
    expect(await paths(false)).toBe(0)
    const edges = async (analyst: boolean) =>
      (await bench.client.call('chain.around', { entity: entityId, analyst })).edges.map(({ kind }) => kind)
    expect(await edges(true)).toContain('analyst')
    expect(await edges(false)).toEqual([])
  })

  it('hold at their time when they have one', async () => {
    const { entityId } = await add()
    await relate(entityId, endpoint, { happenedAt: '2026-03-01T08:00:00Z' })
    expect(await relations()).toEqual([])
    const [dated] = (await bench.client.call('relation.list', { kind: 'analyst-event', limit: 10 })).rows
    expect(dated?.firstAt).toMatch(/^2026-03-01T08:00:00/)
    const found = (after: string) => bench.client.call('path.find', { from: entityId, to: endpoint, after })
    expect((await found('2026-02-01T00:00:00Z')).paths).toHaveLength(1)
    expect((await found('2026-04-01T00:00:00Z')).paths).toHaveLength(0)
  })

  it('are taken back and made again; with an entity go its relations', async () => {
    const { id, entityId } = await add()
    await relate(entityId, endpoint)
    await bench.client.call('work.undo', {})
    expect(await relations()).toEqual([])
    await bench.client.call('work.redo', {})
    expect(await relations()).toHaveLength(1)
    expect(await bench.client.call('work.removeAdded', { entities: [id] })).toEqual({ removed: 2 })
    expect(await bench.client.call('work.added', {})).toEqual({ entities: [], relations: [] })
    await expect(bench.client.call('entity.get', { id: entityId })).rejects.toMatchObject({
      code: 'request.not_found',
    })
    await bench.client.call('work.undo', {})
    expect(await relations()).toHaveLength(1)
  })

  it('are changed when said again, and paths know at once', async () => {
    const { entityId } = await add()
    const { id } = await relate(entityId, endpoint, { confidence: 0.4 })
    const sure = async () =>
      (await bench.client.call('path.find', { from: entityId, to: endpoint })).paths[0]?.confidence
    const before = await sure()
    expect(await relate(entityId, endpoint, { confidence: 0.9 })).toEqual({ id })
    expect(await sure()).toBeGreaterThan(before ?? 1)
  })

  it('can be marked, and the mark finds them in the next run', async () => {
    const { entityId } = await add()
    await relate(entityId, endpoint)
    const [relation] = await relations()
    const targets = [
      { kind: 'entity' as const, id: entityId },
      { kind: 'relation' as const, id: relation?.id ?? '' },
    ]
    await bench.client.call('work.mark', { targets, type: 'flag' })
    await bench.client.run('correlation.run', { full: true })
    expect(await bench.client.call('work.of', { targets })).toHaveLength(2)
  })

  it('refuse what is there already, what is nowhere, and an entity with itself', async () => {
    await add()
    await expect(add('The Man on the Phone')).rejects.toMatchObject({ code: 'request.invalid' })
    await expect(relate(endpoint, endpoint)).rejects.toMatchObject({ code: 'request.invalid' })
    await expect(relate(endpoint, '999999')).rejects.toMatchObject({ code: 'request.not_found' })
    await expect(relate(endpoint, endpoint, { happenedAt: 'noon' })).rejects.toMatchObject({
      code: 'request.invalid',
    })
    expect((await bench.client.call('work.added', {})).relations).toEqual([])
  })

  it('stand in the audit log', async () => {
    const { id, entityId } = await add()
    await relate(entityId, endpoint)
    await bench.client.call('work.removeAdded', { entities: [id] })
    const acts = (await bench.client.call('audit.list', { limit: 100 })).rows
      .map(({ action }) => action)
      .filter((action) => action.startsWith('work.'))
    expect(acts.sort()).toEqual(['work.addEntity', 'work.relate', 'work.removeAdded'])
  })
})

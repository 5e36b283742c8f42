import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Workbench } from '../../support/workbench.ts'

describe('saved views', () => {
  let bench: Workbench
  beforeEach(async () => {
    bench = await Workbench.open()
  })
  afterEach(() => bench.close())
  const save = (name: string, state: unknown, screen = 'graph') =>
    bench.client.call('view.save', { screen, name, state })
  const names = async (screen: string | null = null) =>
    (await bench.client.call('view.list', { screen })).map((view) => `${view.screen}/${view.name}`)

  it('are kept in the case by screen and name, and give back what was put in', async () => {
    const state = { nodes: ['1', '2'], zoom: 1.5, __proto__: null, text: '重新' }
    const { id } = await save('the way in', state)
    await save('morning', { from: null }, 'timeline')
    expect(await names()).toEqual(['graph/the way in', 'timeline/morning'])
    expect(await names('graph')).toEqual(['graph/the way in'])
    expect((await bench.client.call('view.get', { id })).state).toEqual(JSON.parse(JSON.stringify(state)))
  })

  it('as they were left are there again, without a step, an entry in the log or a change of the digest', async () => {
    const left = async (screen: string) => (await bench.client.call('view.left', { screen })).state
    expect(await left('graph')).toBeNull()
    await bench.client.call('view.leave', { screen: 'graph', state: { nodes: ['1'] } })
    await bench.client.call('view.leave', { screen: 'graph', state: { nodes: ['1', '2'] } })
    await bench.client.call('view.leave', { screen: 'timeline', state: { text: 'x' } })
    await bench.client.call('case.close', {})
    await bench.client.call('case.open', { grant: bench.casePath })
    expect(await left('graph')).toEqual({ nodes: ['1', '2'] })
    expect(await bench.client.call('work.undo', {})).toMatchObject({ done: false })
    expect((await bench.client.call('audit.list', {})).rows.map((row) => row.action)).not.toContain(
      'view.leave',
    )
    expect(await names()).toEqual([])
    await bench.client.call('view.leave', { screen: 'graph', state: null })
    expect(await left('graph')).toBeNull()
    expect(await left('timeline')).toEqual({ text: 'x' })
    await expect(
      bench.client.call('view.leave', { screen: 'graph', state: 'x'.repeat(300_000) }),
    ).rejects.toMatchObject({ code: 'request.invalid' })
    for (let at = 0; at < 19; at += 1)
      await bench.client.call('view.leave', { screen: `screen-${at}`, state: at })
    await expect(bench.client.call('view.leave', { screen: 'one-more', state: 1 })).rejects.toMatchObject({
      code: 'request.invalid',
    })
  })

  it('are replaced by one of the same name, renamed and removed, each taken back by undo', async () => {
    const { id } = await save('a', { version: 1 })
    expect(await save(' a ', { version: 2 })).toEqual({ id })
    const state = async () => (await bench.client.call('view.get', { id })).state
    expect(await state()).toEqual({ version: 2 })
    await bench.client.call('work.undo', {})
    expect(await state()).toEqual({ version: 1 })
    await bench.client.call('view.rename', { id, name: 'b' })
    await bench.client.call('view.remove', { ids: [id] })
    expect(await names()).toEqual([])
    await bench.client.call('work.undo', {})
    expect(await names()).toEqual(['graph/b'])
    await bench.client.call('work.undo', {})
    expect(await names()).toEqual(['graph/a'])
    await bench.client.call('work.redo', {})
    expect(await names()).toEqual(['graph/b'])
  })

  it('can be pinned with a caption; the pin outlives a new name, and says when the view is gone', async () => {
    const { id } = await save('way in', {})
    await bench.client.call('work.mark', {
      targets: [{ kind: 'view', id }],
      type: 'pin',
      text: 'How it came in',
    })
    await bench.client.call('view.rename', { id, name: 'the way in' })
    const pins = async () =>
      (await bench.client.call('work.list', { type: 'pin', limit: 10 })).rows.map(({ text, target }) => ({
        text,
        target,
      }))
    expect(await pins()).toEqual([
      {
        text: 'How it came in',
        target: { kind: 'view', id, name: 'the way in', key: expect.any(String) as string },
      },
    ])
    await bench.client.call('view.remove', { ids: [id] })
    expect((await pins())[0]?.target.id).toBeNull()
    await bench.client.call('work.undo', {})
    expect((await pins())[0]?.target.id).toBe(id)
  })

  it('refuse what is too large, a name that is taken, and what is not there', async () => {
    const { id } = await save('a', {})
    await save('b', {})
    await expect(save('c', 'x'.repeat(256 * 1024))).rejects.toMatchObject({ code: 'request.invalid' })
    await expect(bench.client.call('view.rename', { id, name: 'b' })).rejects.toMatchObject({
      code: 'request.invalid',
    })
    await expect(bench.client.call('view.remove', { ids: [id, '77'] })).rejects.toMatchObject({
      code: 'request.not_found',
    })
    expect(await names()).toEqual(['graph/a', 'graph/b'])
  })

  it('stand in the audit log by name, without their state', async () => {
    const { id } = await save('a', { secret: 'words' })
    await bench.client.call('view.rename', { id, name: 'b' })
    await bench.client.call('view.remove', { ids: [id] })
    const acts = (await bench.client.call('audit.list', { limit: 100 })).rows.filter(({ action }) =>
      action.startsWith('view.'),
    )
    expect(acts.map(({ action }) => action).sort()).toEqual(['view.remove', 'view.rename', 'view.save'])
    expect(JSON.stringify(acts)).not.toContain('secret')
  })
})

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { MarkTarget } from '../../../core/contract/nouns/work.ts'
import { Workbench, windowsLines } from '../../support/workbench.ts'

describe('marks of the analyst', () => {
  let bench: Workbench
  let events: MarkTarget[]
  beforeEach(async () => {
    bench = await Workbench.open()
    await bench.import(bench.file('a.json', windowsLines(4)))
    await bench.client.run('correlation.run', {})
    const { rows } = await bench.client.call('event.search', { limit: 10 })
    events = rows.map(({ id }) => ({ kind: 'event' as const, id }))
  })
  afterEach(() => bench.close())

  const marks = async (...targets: MarkTarget[]) =>
    (await bench.client.call('work.of', { targets })).map(({ target, marks: own }) => [
      target.id,
      own.map(({ type, value, text }) => [type, value, text].filter((part) => part !== '').join(':')),
    ])
  const first = (): MarkTarget => events[0] ?? { kind: 'event', id: '' }
  const mark = (
    type: 'flag' | 'tag' | 'note' | 'verdict' | 'pin',
    value = '',
    text = '',
    targets = [first()],
  ) => bench.client.call('work.mark', { targets, type, value, text })

  it('stand on things: one flag, verdict and pin, one of each tag, any number of notes', async () => {
    await mark('flag')
    await mark('flag')
    await mark('tag', ' lateral movement ')
    await mark('tag', 'lateral movement')
    await mark('tag', 'to do')
    await mark('note', '', 'first')
    await mark('note', '', 'second')
    await mark('verdict', 'suspicious', 'odd parent')
    await mark('verdict', 'malicious', 'seen elsewhere')
    expect(await marks(first())).toEqual([
      [
        first().id,
        [
          'flag',
          'tag:lateral movement',
          'tag:to do',
          'note:first',
          'note:second',
          'verdict:malicious:seen elsewhere',
        ],
      ],
    ])
    expect(await bench.client.call('work.tags', {})).toEqual([
      { tag: 'lateral movement', count: 1 },
      { tag: 'to do', count: 1 },
    ])
  })

  it('are not set on a story that is not told', async () => {
    await expect(mark('flag', '', '', [{ kind: 'story', id: 'none' }])).rejects.toMatchObject({
      code: 'request.not_found',
    })
    expect(await bench.client.call('work.list', {})).toMatchObject({ rows: [] })
  })

  it('are set on many at once, taken back and set again in one step each', async () => {
    await mark('tag', 'batch', '', events)
    expect(await marks(...events)).toHaveLength(4)
    expect(await bench.client.call('work.undo', {})).toEqual({ done: true })
    expect(await marks(...events)).toEqual([])
    expect(await bench.client.call('work.redo', {})).toEqual({ done: true })
    expect(await marks(...events)).toHaveLength(4)
    expect(await bench.client.call('work.redo', {})).toEqual({ done: false })
  })

  it('are undone whatever was done: setting, changing, removing; a new change ends what could be redone', async () => {
    const { ids } = await mark('note', '', 'draft')
    await bench.client.call('work.edit', { id: ids[0] ?? '', text: 'final' })
    await bench.client.call('work.unmark', { ids })
    const seen = async () => (await marks(first())).flatMap(([, own]) => own)
    expect(await seen()).toEqual([])
    await bench.client.call('work.undo', {})
    expect(await seen()).toEqual(['note:final'])
    await bench.client.call('work.undo', {})
    expect(await seen()).toEqual(['note:draft'])
    await mark('flag')
    expect(await bench.client.call('work.redo', {})).toEqual({ done: false })
    expect(await seen()).toEqual(['note:draft', 'flag'])
  })

  it('find their thing again after another run of correlation, and say when it is gone', async () => {
    const [entity] = (await bench.client.call('entity.search', { kind: 'endpoint', limit: 1 })).rows
    const [relation] = (await bench.client.call('relation.list', { limit: 1 })).rows
    await mark('flag', '', '', [
      first(),
      { kind: 'entity', id: entity?.id ?? '' },
      { kind: 'relation', id: relation?.id ?? '' },
    ])
    await bench.client.run('correlation.run', {})
    const rows = async () =>
      (await bench.client.call('work.list', { limit: 10 })).rows.map(({ target }) => [
        target.kind,
        target.id !== null,
      ])
    expect(await rows()).toEqual([
      ['relation', true],
      ['entity', true],
      ['event', true],
    ])
    const [evidence] = await bench.client.call('evidence.list', {})
    await bench.client.run('evidence.remove', { evidenceId: evidence?.id ?? '' })
    await bench.client.run('correlation.run', {})
    expect((await rows()).map(([, isThere]) => isThere)).toEqual([false, false, false])
  })

  it('are listed newest first, by type, value and kind, page by page', async () => {
    await mark('tag', 'a', '', events)
    await mark('flag')
    const page = await bench.client.call('work.list', { limit: 2 })
    expect(page.rows.map(({ type }) => type)).toEqual(['flag', 'tag'])
    expect(page.total).toBe(5)
    const next = await bench.client.call('work.list', { limit: 10, cursor: page.next })
    expect(next.rows).toHaveLength(3)
    expect((await bench.client.call('work.list', { limit: 10, type: 'tag', value: 'b' })).rows).toEqual([])
    expect((await bench.client.call('work.list', { limit: 10, kind: 'entity' })).rows).toEqual([])
  })

  it('refuse what is not there and what means nothing, and change nothing then', async () => {
    await expect(mark('tag', ' ')).rejects.toMatchObject({ code: 'request.invalid' })
    await expect(mark('verdict', 'evil')).rejects.toMatchObject({ code: 'request.invalid' })
    await expect(mark('flag', '', '', [first(), { kind: 'event', id: '999999' }])).rejects.toMatchObject({
      code: 'request.not_found',
    })
    expect(await marks(first())).toEqual([])
    await expect(bench.client.call('work.unmark', { ids: ['77'] })).rejects.toMatchObject({
      code: 'request.not_found',
    })
    expect(await marks({ kind: 'event', id: '999999' })).toEqual([])
  })

  it('leave their trace in the audit log, without the words of notes', async () => {
    await mark('note', '', 'secret words')
    await bench.client.call('work.undo', {})
    const acts = (await bench.client.call('audit.list', { limit: 100 })).rows.filter(({ action }) =>
      action.startsWith('work.'),
    )
    expect(acts.map(({ action }) => action)).toEqual(['work.mark', 'work.undo'])
    expect(JSON.stringify(acts)).not.toContain('secret words')
  })
})

import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import type { PlainError } from '../../../core/model/errors.ts'
import { connect } from '../../../renderer/client/client.ts'
import { useNoticeStore } from '../../../renderer/stores/notices.ts'
import { toGroups, usePackAdding } from '../../../renderer/views/reputation/use-pack-adding.ts'
import { fakeEngine } from '../../support/fake-engine.ts'

const file = (name: string) => ({ grant: name, name, bytes: 10, isFolder: false })
const namesOf = (...names: string[]) =>
  toGroups(names.map(file)).map((group) => group.map(({ name }) => name))
const bad: PlainError = { code: 'pack.no_patterns', params: { file: 'b.txt' } }

describe('adding pattern packs', () => {
  beforeEach(() => setActivePinia(createPinia()))

  it('adds each file by itself, and a manifest with its events together', () => {
    expect(namesOf('empty.txt', 'junk.csv', 'event.json')).toEqual([
      ['empty.txt'],
      ['junk.csv'],
      ['event.json'],
    ])
    expect(namesOf('a.json', 'list.txt', 'Manifest.json')).toEqual([
      ['a.json', 'Manifest.json'],
      ['list.txt'],
    ])
  })

  it('goes on after a file that cannot be read, and says of each why it was left out', async () => {
    const engine = fakeEngine({ 'pack.add': ({ grants }) => ({ jobId: grants[0] ?? '' }) })
    connect(engine)
    const { add, refused } = usePackAdding()
    const running = add(['empty.txt', 'junk.csv', 'last.txt'].map(file), { all: false })
    for (const jobId of ['empty.txt', 'junk.csv', 'last.txt']) {
      await flushPromises()
      engine.emit({ type: 'job.ended', jobId, method: 'pack.add', status: 'failed', error: bad })
    }
    await running
    expect(engine.calls.filter(({ method }) => method === 'pack.add').map(({ input }) => input)).toEqual(
      ['empty.txt', 'junk.csv', 'last.txt'].map((grant) => ({ all: false, grants: [grant] })),
    )
    expect(refused.value).toEqual(['empty.txt', 'junk.csv', 'last.txt'].map((name) => ({ name, error: bad })))
  })

  it('says how many lines were rejected, and leaves that on the screen', async () => {
    const engine = fakeEngine({
      'pack.add': { jobId: '1' },
      'job.get': { job: { id: '1' }, result: [{ entries: 2, rejected: 1 }] } as never,
    })
    connect(engine)
    const running = usePackAdding().add([file('a.txt')], {})
    await flushPromises()
    engine.emit({ type: 'job.ended', jobId: '1', method: 'pack.add', status: 'done', error: null })
    await running
    expect(useNoticeStore().notices).toMatchObject([
      { tone: 'problem', text: { key: 'pack.addedRejected', params: { count: 1, entries: 2, rejected: 1 } } },
    ])
  })

  it('stops when it is cancelled', async () => {
    const engine = fakeEngine({ 'pack.add': { jobId: '1' } })
    connect(engine)
    const { add, refused } = usePackAdding()
    const running = add(['a.txt', 'b.txt'].map(file), {})
    await flushPromises()
    engine.emit({ type: 'job.ended', jobId: '1', method: 'pack.add', status: 'cancelled', error: null })
    await running
    expect(engine.calls.filter(({ method }) => method === 'pack.add')).toHaveLength(1)
    expect(refused.value).toEqual([])
  })
})

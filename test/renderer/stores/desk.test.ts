import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { connect } from '../../../renderer/client/client.ts'
import { EMPTY_PICTURE, withSlice } from '../../../renderer/graph/picture.ts'
import { toViewState } from '../../../renderer/graph/view-state.ts'
import { useCaseStore } from '../../../renderer/stores/case.ts'
import { useDeskStore } from '../../../renderer/stores/desk.ts'
import { useGraphStore } from '../../../renderer/stores/graph.ts'
import { useNavigationStore } from '../../../renderer/stores/navigation.ts'
import { fakeEngine, type FakeEngine } from '../../support/fake-engine.ts'
import { aNode, aSlice } from '../graph/slices.ts'

const slice = aSlice([aNode('1'), aNode('2')], [])
const left = toViewState(withSlice(EMPTY_PICTURE, slice), {}, { from: '', to: '', observedOnly: false })

let engine: FakeEngine
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  location.hash = ''
  engine = fakeEngine()
  engine.answer({
    'view.left': ({ screen }) => ({ state: screen === 'graph' ? left : null }),
    'graph.among': slice,
  })
  connect(engine)
  setActivePinia(createPinia())
  useNavigationStore().start(['overview', 'graph'])
  await useCaseStore().start()
  useDeskStore()
  await flushPromises()
})
afterEach(() => vi.useRealTimers())

const asked = (): boolean => engine.calls.some(({ method }) => method === 'graph.among')

describe('the picture of the last time', () => {
  it('is fetched when the graph is opened', async () => {
    expect(asked()).toBe(false)
    expect(useGraphStore().isResuming).toBe(true)
    useNavigationStore().go('graph')
    await flushPromises()
    expect(useGraphStore().picture.slice.nodes.map(({ id }) => id)).toEqual(['1', '2'])
    expect(useGraphStore().isResuming).toBe(false)
  })

  it('waits for the screen in front, not for ever', async () => {
    await vi.advanceTimersByTimeAsync(2900)
    expect(asked()).toBe(false)
    await vi.advanceTimersByTimeAsync(200)
    await flushPromises()
    expect(useGraphStore().picture.slice.nodes).toHaveLength(2)
  })
})

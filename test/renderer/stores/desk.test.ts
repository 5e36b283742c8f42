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
import { useReportStore } from '../../../renderer/stores/report.ts'
import { usePolicyDraft } from '../../../renderer/views/reputation/policy-draft.ts'
import { blankPolicy } from '../../../renderer/views/reputation/policy-form.ts'
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

describe('what is written and not saved', () => {
  const left = (screen: string): unknown =>
    engine.calls.findLast(
      ({ method, input }) => method === 'view.leave' && (input as { screen: string }).screen === screen,
    )?.input
  /** The page is loaded anew over the same case, which has what was left. */
  async function reload(): Promise<void> {
    const kept = new Map(
      ['report', 'policy'].map((screen) => [
        screen,
        (left(screen) as { state: unknown } | undefined)?.state ?? null,
      ]),
    )
    engine.answer({ 'view.left': ({ screen }) => ({ state: kept.get(screen) ?? null }) })
    setActivePinia(createPinia())
    await useCaseStore().start()
    useDeskStore()
    await flushPromises()
  }
  beforeEach(() => {
    engine.answer({
      'report.settings': { settings: null },
      'report.sections': [],
      'report.save': { changed: true },
    })
  })

  it('on the report screen comes back after a reload, and is gone when it is kept with the case', async () => {
    await useReportStore().load('case-1', [])
    useReportStore().fields.questions = 'Who opened the parcel?'
    useReportStore().addBlock('cover')
    await flushPromises()
    await vi.advanceTimersByTimeAsync(800)
    await reload()
    const report = useReportStore()
    await report.load('case-1', [])
    expect(report.fields.questions).toBe('Who opened the parcel?')
    expect(report.blocks).toHaveLength(1)
    await report.save([])
    await flushPromises()
    await vi.advanceTimersByTimeAsync(800)
    expect(left('report')).toEqual({ screen: 'report', state: null })
  })

  it('is given up when somebody discards it', async () => {
    await useReportStore().load('case-1', [])
    useReportStore().fields.title = 'Parcel'
    await useReportStore().reload()
    expect(useReportStore().draft).toBeNull()
    expect(useReportStore().fields.title).toBe('')
  })

  it('goes into a comparison with a colleague though the report was not opened since', async () => {
    await useReportStore().load('case-1', [])
    useReportStore().fields.title = 'Parcel'
    await flushPromises()
    await vi.advanceTimersByTimeAsync(800)
    await reload()
    await useReportStore().keepEdits()
    expect(engine.calls.findLast(({ method }) => method === 'report.save')?.input).toMatchObject({
      title: 'Parcel',
    })
  })

  it('in the policy editor comes back after a reload', async () => {
    usePolicyDraft().chosen = '7'
    usePolicyDraft().form = { ...blankPolicy(), priority: 7 }
    await flushPromises()
    await vi.advanceTimersByTimeAsync(800)
    await reload()
    expect(usePolicyDraft().form?.priority).toBe(7)
    expect(usePolicyDraft().chosen).toBe('7')
    usePolicyDraft().form = null
    await flushPromises()
    await vi.advanceTimersByTimeAsync(800)
    expect(left('policy')).toEqual({ screen: 'policy', state: null })
  })

  it.each([
    ['no object', 7],
    ['another service', { form: { ...blankPolicy(), service: 'pigeon' } }],
    ['lists that are none', { form: { ...blankPolicy(), internalDomains: 'x', approvedHeaders: [1] } }],
  ])('is read with care out of a case of somebody else: %s', async (_, state) => {
    engine.answer({
      'view.left': ({ screen }) => ({ state: screen === 'policy' || screen === 'report' ? state : null }),
    })
    setActivePinia(createPinia())
    await useCaseStore().start()
    useDeskStore()
    await flushPromises()
    expect(useReportStore().left).toBeNull()
    const { form } = usePolicyDraft()
    expect(form === null || form.internalDomains.length === 0).toBe(true)
    expect(form === null || form.approvedHeaders.fields.length === 0).toBe(true)
  })
})

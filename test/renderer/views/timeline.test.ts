import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { useInspectorStore } from '../../../renderer/stores/inspector.ts'
import { useTimelineStore } from '../../../renderer/stores/timeline.ts'
import { useTimeWindowStore } from '../../../renderer/stores/time-window.ts'
import TimelineScreen from '../../../renderer/views/timeline/timeline-screen.vue'
import { anEvent, fakeEngine, page } from '../../support/fake-engine.ts'
import { mountView } from '../mount-view.ts'

const press = (element: Element, key: string): boolean =>
  element.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))

describe('the Timeline', () => {
  it('walks the rows with j and k and inspects with Enter', async () => {
    const { role } = await mountView(TimelineScreen)
    const grid = role('grid', 'Timeline')
    press(grid, 'j')
    press(grid, 'j')
    press(grid, 'k')
    await flushPromises()
    press(grid, 'j')
    await flushPromises()
    press(grid, 'Enter')
    expect(useInspectorStore().current).toEqual({ kind: 'event', id: '12' })
  })

  it('filters by kind, in and out of a field, and takes chips away again', async () => {
    const engine = fakeEngine({
      'event.search': ({ text = '' }) => ({
        ...page([anEvent('11')]),
        searched: null,
        chips: text === '' ? [] : [{ text, field: 'host.name', negated: true }],
      }),
    })
    const { role } = await mountView(TimelineScreen, { engine })
    role('button', 'Process started').click()
    useTimelineStore().narrow('host.name', 'WS 014', true)
    await flushPromises()
    expect(engine.calls.findLast((call) => call.method === 'event.search')?.input).toMatchObject({
      kinds: ['process-start'],
      text: '-host.name:"WS 014"',
    })
    role('button', '-host.name:"WS 014"').click()
    await flushPromises()
    expect(useTimelineStore().text).toBe('')
  })

  it('says what to widen when nothing fits, and clears all filters at once', async () => {
    const engine = fakeEngine({ 'event.search': { ...page([]), chips: [], searched: null } })
    const { view, role } = await mountView(TimelineScreen, { engine })
    expect(view.text()).toContain('Import event logs or mail')
    useTimeWindowStore().set('2026-03-01T00:00:00.000000Z', null)
    await flushPromises()
    expect(view.text()).toContain('Widen one of them')
    role('button', 'Clear all filters').click()
    expect(useTimeWindowStore().isSet).toBe(false)
  })

  it('reads the next page with the cursor of the one before', async () => {
    const engine = fakeEngine({
      'event.search': ({ cursor }) => ({
        rows: [anEvent(cursor ? '2' : '1')],
        next: cursor ? null : 'c1',
        total: null,
        chips: [],
        searched: null,
      }),
    })
    await mountView(TimelineScreen, { engine })
    await flushPromises()
    const asked = engine.calls
      .filter((call) => call.method === 'event.search')
      .map((call) => (call.input as { cursor: unknown }).cursor)
    expect(asked).toEqual([null, 'c1'])
  })
})

describe('clocks that are off', () => {
  const at = '2026-03-01T10:00:00.000000Z'
  const fileServer = { id: '9', kind: 'endpoint' as const, name: 'FS-01' }
  const off = {
    endpoint: fileServer,
    evidence: null,
    recorded: ['7'],
    aheadSeconds: -420,
    confidence: 0.9,
    support: 5,
    against: 0,
    compared: 4,
    proof: [],
  }
  const rows = [anEvent('1', { at, endpoint: fileServer }), anEvent('2', { at })]
  const answers = {
    'clock.list': { compared: 5, offsets: [off] },
    'event.search': { ...page(rows), chips: [], searched: null },
  }

  it('are laid over the recorded times when that is asked for, each with what was recorded', async () => {
    const { view, role } = await mountView(TimelineScreen, { engine: fakeEngine(answers) })
    const times = () => view.findAll('.event-line time').map((time) => time.text())
    const right = () => view.findAll('.right-time')
    expect([times(), right().length]).toEqual([['2026-03-01 10:00:00', '2026-03-01 10:00:00'], 0])
    role('button', 'Right times').click()
    await flushPromises()
    expect(times()).toEqual(['2026-03-01 10:07:00', '2026-03-01 10:00:00'])
    expect(right()[0]?.attributes('title')).toBe(
      'Recorded 2026-03-01 10:00:00; the clock of FS-01 is 420 s behind',
    )
    role('button', 'Right times').click()
    await flushPromises()
    expect(right()).toHaveLength(0)
  })

  it('are not offered where all agree', async () => {
    const { view } = await mountView(TimelineScreen)
    expect(view.text()).not.toContain('Right times')
  })
})

describe('the time window', () => {
  it('widens around its middle and keeps undated things inside', async () => {
    await mountView(TimelineScreen)
    const span = useTimeWindowStore()
    span.set('2026-03-01T10:00:00.000000Z', '2026-03-01T12:00:00.000000Z')
    span.scale(2, undefined)
    expect([span.from, span.to]).toEqual(['2026-03-01T09:00:00.000000Z', '2026-03-01T13:00:00.000000Z'])
    expect([span.contains(null), span.contains('2026-03-01T14:00:00.000000Z')]).toEqual([true, false])
  })

  it('is none again when it is wider than everything there is', async () => {
    await mountView(TimelineScreen)
    const span = useTimeWindowStore()
    const whole = { from: '2026-03-01T08:00:00.000000Z', to: '2026-03-01T16:00:00.000000Z' }
    span.scale(0.5, whole)
    expect(span.from).toBe('2026-03-01T10:00:00.000000Z')
    span.scale(2, whole)
    expect(span.isSet).toBe(false)
  })
})

import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import type { DetectionRow } from '../../../core/contract/nouns/detection.ts'
import { useDetectionStore } from '../../../renderer/stores/detections.ts'
import { useInspectorStore } from '../../../renderer/stores/inspector.ts'
import { useNavigationStore } from '../../../renderer/stores/navigation.ts'
import { useStoryStore } from '../../../renderer/stores/story.ts'
import NewestDetections from '../../../renderer/views/overview/newest-detections.vue'
import TopStories from '../../../renderer/views/overview/top-stories.vue'
import DetectionList from '../../../renderer/views/story/detection-list.vue'
import StoryScreen from '../../../renderer/views/story/story-screen.vue'
import { fakeEngine, page } from '../../support/fake-engine.ts'
import { mountView } from '../mount-view.ts'

const detection = (id: string, more: Partial<DetectionRow> = {}): DetectionRow => ({
  id,
  rule: 'logon.spray',
  title: { key: 'rule.logon.spray.detection.spray', params: {} },
  level: 'high',
  subject: { id: '2', kind: 'endpoint', name: 'WS-014' },
  involved: [],
  involvedTotal: 0,
  firstAt: '2026-03-01T08:00:00Z',
  lastAt: null,
  count: 1,
  confidence: 0.8,
  reason: { key: 'rule.logon.spray.reason.spray', params: {} },
  attack: [],
  events: [],
  eventTotal: 4,
  ...more,
})
const story = { id: 's9', rank: 12, title: { key: 'story.title.user', params: { user: 'ann' } } }
const words = {
  'locale.messages': {
    'rule.logon.spray.title': 'Password spraying',
    'rule.logon.spray.detection.spray': 'One password, many accounts',
    'story.title.user': 'About the account {user}',
  },
}
const answers = {
  'detection.list': { rows: [detection('5'), detection('6', { level: 'low' })], next: '6', total: 51 },
  'detection.counts': {
    total: 51,
    levels: [
      { level: 'high' as const, count: 50 },
      { level: 'low' as const, count: 1 },
    ],
    rules: [{ rule: 'logon.spray', count: 51 }],
  },
  'story.ofDetections': [{ detection: '5', story }],
}
const asked = (engine: ReturnType<typeof fakeEngine>) =>
  engine.calls.filter((call) => call.method === 'detection.list').map((call) => call.input)

describe('the list of all detections', () => {
  it('stands beside the stories, with its count, and remembers that it was looked at', async () => {
    const { view, role } = await mountView(StoryScreen, { engine: fakeEngine(answers) })
    const tab = role('tab', 'All detections')
    expect(tab.textContent).toContain('51')
    useStoryStore().list = 'detections'
    await flushPromises()
    expect(view.text()).toContain('WS-014')
    expect(useStoryStore().list).toBe('detections')
  })

  it('opens a row in the inspector, and the story it is a part of', async () => {
    const { view, role } = await mountView(DetectionList, { engine: fakeEngine({ ...answers, ...words }) })
    view.find<HTMLElement>('[data-thing="detection:5"] [data-open]').element.click()
    expect(useInspectorStore().current).toEqual({ kind: 'detection', id: '5' })
    expect(view.findAll('tbody tr')[1]?.text()).not.toContain('12 ·')
    role('button', '12 ·').click()
    expect([useStoryStore().id, useStoryStore().list]).toEqual(['s9', 'stories'])
  })

  it('asks for levels and rules one by one, and says that none is left out otherwise', async () => {
    const { view, engine } = await mountView(DetectionList, { engine: fakeEngine(answers) })
    expect(asked(engine).at(-1)).toEqual({
      levels: null,
      rule: null,
      entityId: null,
      order: 'newest',
      limit: 200,
      cursor: null,
    })
    await view.findAll('input[type="checkbox"]').at(-1)?.setValue(false)
    await view.find('select').setValue('logon.spray')
    await flushPromises()
    expect(asked(engine).at(-1)).toMatchObject({
      levels: ['medium', 'high', 'critical'],
      rule: 'logon.spray',
    })
    useDetectionStore().showAll()
    await flushPromises()
    expect(asked(engine).at(-1)).toMatchObject({ levels: null, rule: null })
  })

  it('sorts by its headings and says so to a screen reader', async () => {
    const { view, engine, role } = await mountView(DetectionList, { engine: fakeEngine(answers) })
    const sorts = () => view.findAll('th[aria-sort]').map((head) => head.attributes('aria-sort'))
    expect(sorts()).toEqual(['descending', 'none', 'none', 'none'])
    const orders: unknown[] = []
    for (const name of ['Time', 'Time', 'Level', 'About', 'About']) {
      role('button', name).click()
      await flushPromises()
      orders.push((asked(engine).at(-1) as { order: string }).order)
    }
    expect(orders).toEqual(['oldest', 'newest', 'level', 'subject', 'newest'])
    role('button', 'What was detected').click()
    await flushPromises()
    expect(sorts()).toEqual(['none', 'none', 'ascending', 'none'])
  })

  it('goes on with the cursor of the page before', async () => {
    const { engine, role, view } = await mountView(DetectionList, { engine: fakeEngine(answers) })
    expect(view.text()).toContain('2 of 51')
    role('button', 'Show more').click()
    await flushPromises()
    expect(asked(engine).at(-1)).toMatchObject({ cursor: '6' })
  })

  it('says that the filters are why nothing is shown, and takes them off', async () => {
    const engine = fakeEngine({ ...answers, 'detection.list': page([]) })
    const { view, role } = await mountView(DetectionList, { engine })
    expect(view.text()).toContain('Rules detected nothing')
    useDetectionStore().rule = 'logon.spray'
    await flushPromises()
    expect(view.text()).toContain('No detection fits these filters')
    role('button', 'Clear all filters').click()
    expect(useDetectionStore().rule).toBe('')
  })
})

describe('the Overview', () => {
  it('leads to all detections of the levels it shows', async () => {
    const { role } = await mountView(NewestDetections, { engine: fakeEngine(answers) })
    role('button', 'All 51 from medium up').click()
    expect(useNavigationStore().screenId).toBe('story')
    expect(useStoryStore().list).toBe('detections')
    expect(useDetectionStore().filter.levels).toEqual(['medium', 'high', 'critical'])
  })

  it('says of how many stories it shows the first, and leads to all of them', async () => {
    const row = {
      ...story,
      score: 4,
      reasons: [],
      candidate: [],
      firstObserved: null,
      emailVector: null,
      lookedAt: [],
      users: [],
      userTotal: 0,
      triedTotal: 0,
      endpoints: [],
      endpointTotal: 0,
      startAt: null,
      endAt: null,
      corroboration: { sources: 1, of: [], evidence: 1, kinds: [] },
      attack: [],
      counts: { entities: 0, relations: 0, detections: 0, events: 0 },
      relations: [],
    }
    const four = ['a', 'b', 'c', 'd'].map((id) => ({ ...row, id }))
    const few = fakeEngine({ 'story.list': { ...page(four), below: 0 } })
    expect((await mountView(TopStories, { engine: few })).view.text()).not.toContain('All 4')
    const engine = fakeEngine({ 'story.list': { rows: four, next: '4', total: 57, below: 0 } })
    const { view, role } = await mountView(TopStories, { engine })
    expect(view.find('h2').text()).toContain('4 of 57')
    useStoryStore().list = 'detections'
    role('button', 'All 57 stories').click()
    expect(useNavigationStore().screenId).toBe('story')
    expect(useStoryStore().list).toBe('stories')
  })
})

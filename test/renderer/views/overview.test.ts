import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import OverviewScreen from '../../../renderer/views/overview/overview-screen.vue'
import { caseInfo, fakeEngine } from '../../support/fake-engine.ts'
import { useDetectionStore } from '../../../renderer/stores/detections.ts'
import { useInspectorStore } from '../../../renderer/stores/inspector.ts'
import { useStoryStore } from '../../../renderer/stores/story.ts'
import { mountView } from '../mount-view.ts'

describe('the Overview', () => {
  it('says what to import into an empty case', async () => {
    const engine = fakeEngine({ 'case.info': { ...caseInfo, counts: { ...caseInfo.counts, evidence: 0 } } })
    const { view, role } = await mountView(OverviewScreen, { engine })
    expect(view.text()).toContain('This case is empty')
    expect(role('button', 'Import evidence').isConnected).toBe(true)
  })

  it('does not say that nothing hangs together before correlation has run', async () => {
    const engine = fakeEngine({ 'case.info': { ...caseInfo, correlationStale: true } })
    const { view } = await mountView(OverviewScreen, { engine })
    expect(view.text()).not.toContain('No connected suspicious activity')
    expect(view.text()).toContain('Not worked out yet')
  })

  it('says why no story is told', async () => {
    const { view } = await mountView(OverviewScreen)
    expect(view.text()).toContain('No connected suspicious activity')
  })

  it('offers to correlate when evidence changed', async () => {
    const engine = fakeEngine({
      'case.info': { ...caseInfo, correlationStale: true },
      'correlation.run': { jobId: '5' },
    })
    const { role } = await mountView(OverviewScreen, { engine })
    role('button', 'Correlate again').click()
    expect(engine.calls.at(-1)).toEqual({ method: 'correlation.run', input: {} })
  })

  it('says which rules failed, whose finds are missing', async () => {
    const engine = fakeEngine({ 'case.info': { ...caseInfo, failedRules: ['logon.spray'] } })
    const { view } = await mountView(OverviewScreen, { engine })
    expect(view.find('[role="alert"]').text()).toContain('rule.failed')
    expect((await mountView(OverviewScreen)).view.find('[role="alert"]').exists()).toBe(false)
  })

  it('names copies of messages beside the messages, where there are more of them', async () => {
    const counted = (messageCopies: number) => ({
      counts: { evidence: 1, messages: 163, messageCopies },
      readiness: [],
      coverage: [],
      endpointsWithSensor: 0,
      endpointsWithoutSensor: [],
      mailClients: [],
      retro: null,
    })
    const { view } = await mountView(OverviewScreen, { engine: fakeEngine({ 'overview.get': counted(167) }) })
    expect(view.find('.counters').text()).toMatch(/163\s*Messages\s*167 copies/u)
    const same = await mountView(OverviewScreen, { engine: fakeEngine({ 'overview.get': counted(163) }) })
    expect(same.view.find('.counters').text()).not.toContain('copies')
  })

  it('asks again when the store changed', async () => {
    const { engine } = await mountView(OverviewScreen)
    const before = engine.calls.filter((call) => call.method === 'overview.get').length
    engine.emit({ type: 'store.changed', nouns: ['relation'] })
    expect(engine.calls.filter((call) => call.method === 'overview.get')).toHaveLength(before + 1)
  })

  it('shows the error of the engine in the language of the reader', async () => {
    const engine = fakeEngine({ 'overview.get': { code: 'store.corrupt', params: {} } })
    const { view } = await mountView(OverviewScreen, { engine, lang: 'zh-TW' })
    expect(view.text()).toContain('未能完成（store.corrupt）')
  })
})

const aDetection = (id: string) => ({
  id,
  rule: 'logon.spray',
  title: { key: 'rule.logon.spray.detection.spray', params: {} },
  level: 'high' as const,
  subject: { id: '2', kind: 'endpoint' as const, name: 'WS-014' },
  involved: [],
  involvedTotal: 0,
  firstAt: '2026-03-01T08:00:00Z',
  lastAt: null,
  count: 1,
  confidence: 0.8,
  reason: { key: 'rule.logon.spray.reason.spray', params: {} },
  attack: [],
  events: [],
  eventTotal: 0,
})

it('lists the newest grave detections, each with its level in words', async () => {
  const engine = fakeEngine({
    'detection.list': {
      rows: [aDetection('5')],
      next: null,
      total: 3,
    },
  })
  const { view, role } = await mountView(OverviewScreen, { engine })
  expect(view.text()).toContain('High')
  expect(view.text()).toContain('1 of 3')
  role('button', 'spray').click()
  expect(useInspectorStore().current).toEqual({ kind: 'detection', id: '5' })
})

it('draws the time each source covers as bars with gaps, and lists first what correlation lacks', async () => {
  const ready = (id: string, state: 'met' | 'partly' | 'unmet') => ({
    id,
    state,
    title: { key: `readiness.${id}.title`, params: {} },
    detail: { key: `readiness.${id}.${state}`, params: {} },
  })
  const engine = fakeEngine({
    'overview.get': {
      counts: {},
      readiness: [ready('mail', 'met'), ready('directory', 'partly'), ready('packs', 'unmet')],
      coverage: [
        {
          evidenceId: '1',
          name: 'security.evtx',
          format: 'evtx',
          firstAt: '2026-03-01T00:00:00Z',
          lastAt: '2026-03-11T00:00:00Z',
          events: 9,
          parts: [
            { firstAt: '2026-03-01T00:00:00Z', lastAt: '2026-03-03T00:00:00Z' },
            { firstAt: '2026-03-09T00:00:00Z', lastAt: '2026-03-11T00:00:00Z' },
          ],
        },
        {
          evidenceId: '2',
          name: 'users.json',
          format: 'sharphound',
          firstAt: null,
          lastAt: null,
          events: 0,
          parts: [],
        },
      ],
      endpointsWithSensor: 0,
      endpointsWithoutSensor: [],
      mailClients: [],
      retro: null,
    },
  })
  const { view } = await mountView(OverviewScreen, { engine })
  const [first, second] = view.findAll('.track')
  expect(first?.findAll('.bar').map((bar) => bar.attributes('style'))).toEqual([
    expect.stringContaining('width: 20%'),
    expect.stringMatching(/80%.*width: 20%/u),
  ])
  expect(first?.attributes('aria-label')).toContain('1 gap')
  expect(second?.text()).toBe('no dated events')
  expect(
    view.findAll('.columns li.unmet, .columns li.partly, .columns li.met').map((row) => row.classes()[0]),
  ).toEqual(['unmet', 'partly', 'met'])
})

it('tells alike detections in one line, each thing apart from its namesakes, and leads to all of them', async () => {
  const wiped = (id: string) => ({
    ...aDetection(id),
    rule: 'process.recovery',
    title: { key: 'rule.process.recovery.detection.wiped', params: {} },
    subject: { id: `9${id}`, kind: 'process' as const, name: 'vssadmin.exe' },
  })
  const engine = fakeEngine({
    'detection.list': { rows: [wiped('1'), aDetection('5'), wiped('2'), wiped('3')], next: null, total: 4 },
    'entity.get': ({ id }) => ({
      ...{
        id,
        kind: 'process' as const,
        name: 'vssadmin.exe',
        aliases: [],
        firstSeenAt: null,
        lastSeenAt: null,
      },
      ...{ attributes: { endpoint: `SRV0${id}` }, relations: 0, risk: null },
    }),
  })
  const { view, role } = await mountView(OverviewScreen, { engine })
  await flushPromises()
  const lines = view.findAll('.line').map((line) => line.text().replaceAll(/\s+/gu, ' '))
  expect(lines).toHaveLength(2)
  expect(lines[0]).toMatch(/wiped ?3 alike.*vssadmin\.exe.*SRV091.*vssadmin\.exe.*SRV092.*and 1 more/)
  expect(view.text()).toContain('4 of 4')
  role('button', 'wiped').click()
  expect(useDetectionStore().rule).toBe('process.recovery')
  expect(useStoryStore().list).toBe('detections')
})

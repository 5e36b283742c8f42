import { describe, expect, it } from 'vitest'
import { flushPromises } from '@vue/test-utils'
import type { ReplyOf } from '../../../core/contract/types.ts'
import InspectorPane from '../../../renderer/frame/inspector-pane.vue'
import { useInspectorStore } from '../../../renderer/stores/inspector.ts'
import { useTimelineStore } from '../../../renderer/stores/timeline.ts'
import { anEvent, entities, fakeEngine } from '../../support/fake-engine.ts'
import { mountView } from '../mount-view.ts'

const text = (key: string) => ({ key, params: {} })
const relation: ReplyOf<'relation.get'> = {
  id: '5',
  kind: 'clicked-by',
  from: entities.message,
  to: entities.user,
  firstAt: null,
  lastAt: null,
  count: 3,
  confidence: 0.8,
  observed: false,
  rule: 'mail.click',
  reason: text('rule.mail.click.reason'),
  events: ['11'],
  eventTotal: 30,
  ruleInfo: {
    id: 'mail.click',
    title: text('a.title'),
    description: text('a.description'),
    needs: text('a.needs'),
    falsePositives: text('a.false_positives'),
    attack: ['T1204'],
    attackOf: {},
    relations: ['clicked-by'],
    detections: [],
  },
  proof: [anEvent('11')],
  sources: [{ evidenceId: '7', record: 17, locator: 'record 17' }],
}

describe('the inspector', () => {
  it('says why two things are linked: rule, doubts, confidence, proof', async () => {
    const { view } = await mountView(InspectorPane, { engine: fakeEngine({ 'relation.get': relation }) })
    useInspectorStore().show('relation', '5')
    await flushPromises()
    const shown = view.text()
    for (const part of [
      'Why is this linked?',
      'Possible, not observed',
      '80%',
      'Can be wrong when',
      'false positives',
      'T1204',
      'event 11',
      '1 of 30',
    ])
      expect(shown).toContain(part)
  })

  it('walks from a proof to its event, and back', async () => {
    const { view, role } = await mountView(InspectorPane, {
      engine: fakeEngine({ 'relation.get': relation }),
    })
    useInspectorStore().show('relation', '5')
    await flushPromises()
    role('button', 'event 11').click()
    await flushPromises()
    expect(view.text()).toContain('hxxps://bad[.]example/x')
    expect(view.text()).toContain('<Event/>')
    role('button', 'Back').click()
    await flushPromises()
    expect(view.text()).toContain('Why is this linked?')
    role('button', 'Forward').click()
    await flushPromises()
    expect(view.text()).toContain('Raw record')
  })

  it('narrows the Timeline to a value of the event', async () => {
    const { role } = await mountView(InspectorPane)
    useInspectorStore().show('event', '11')
    await flushPromises()
    role('button', 'Only events with this host.name').click()
    expect(useTimelineStore().text).toBe('host.name:WS-014')
  })
})

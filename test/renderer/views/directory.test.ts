import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import type { ResultOf } from '../../../core/contract/types.ts'
import DirectoryScreen from '../../../renderer/views/directory/directory-screen.vue'
import { fakeEngine, page } from '../../support/fake-engine.ts'
import { mountView } from '../mount-view.ts'

const text = (key: string) => ({ key, params: {} })
const alias = (kind: 'account' | 'smtp', value: string) => ({
  kind,
  value,
  source: null,
  confidence: 0.9,
  reason: text('identity.event_account'),
})
const person = (id: string, name: string): ResultOf<'entity.search'>['rows'][number] => ({
  id,
  kind: 'user',
  name,
  firstSeenAt: null,
  lastSeenAt: null,
  attributes: {},
  relations: 3,
  risk: null,
  aliases: [alias('account', `CORP\\${name}`), alias('smtp', `${name}@corp.example`)],
})
const decision: ResultOf<'identity.decisions'>[number] = {
  id: '9',
  kind: 'merge',
  entityKind: 'user',
  members: [{ name: 'amy', entity: null }],
  aliases: [],
  result: null,
  reason: 'same badge',
  by: 'analyst',
  at: '2026-03-01T08:00:00Z',
  undoneAt: null,
  undoReason: null,
  state: 'pending',
}
const answers = {
  'entity.search': page([person('1', 'amy'), person('2', 'amy.b')]),
  'identity.candidates': {
    rows: [
      {
        a: { id: '1', kind: 'user' as const, name: 'amy' },
        b: { id: '2', kind: 'user' as const, name: 'amy.b' },
        reasons: [text('identity.candidate.display')],
        against: [],
        confidence: 0.4,
      },
    ],
    total: 1,
  },
  'identity.decisions': [decision],
  'identity.merge': { decision: '9' },
  'identity.split': { decision: '10' },
  'identity.undo': { decision: '9' },
  'relation.list': page([]),
  'evidence.list': [],
}
const openTab = async (role: (role: string, name: string) => HTMLElement, name: string): Promise<void> => {
  role('tab', name).dispatchEvent(new MouseEvent('mousedown', { bubbles: true }))
  await flushPromises()
}

describe('the directory screen', () => {
  it('merges what is chosen, with a reason and not without', async () => {
    const engine = fakeEngine(answers)
    const { view, role } = await mountView(DirectoryScreen, { engine })
    expect(view.text()).toContain('amy@corp.example')
    for (const box of view.findAll('tbody input[type=checkbox]')) await box.setValue(true)
    expect(role('button', 'Merge').hasAttribute('disabled')).toBe(true)
    await view.get('input.reason').setValue('same badge')
    await view.get('form').trigger('submit')
    await flushPromises()
    expect(engine.calls.find((call) => call.method === 'identity.merge')?.input).toEqual({
      ids: ['1', '2'],
      reason: 'same badge',
    })
  })

  it('splits off some names, never all of them', async () => {
    const engine = fakeEngine(answers)
    const { view, role } = await mountView(DirectoryScreen, { engine })
    role('button', 'Split amy').click()
    await flushPromises()
    await view.get('form.section input.reason').setValue('two people')
    const boxes = view.findAll('form.section input[type=checkbox]')
    for (const box of boxes) await box.setValue(true)
    expect(role('button', 'Split off').hasAttribute('disabled')).toBe(true)
    await boxes[0]?.setValue(false)
    await view.get('form.section').trigger('submit')
    await flushPromises()
    expect(engine.calls.find((call) => call.method === 'identity.split')?.input).toEqual({
      id: '1',
      aliases: [{ kind: 'smtp', value: 'amy@corp.example' }],
      reason: 'two people',
    })
  })

  it('proposes pairs, and joins none by itself', async () => {
    const engine = fakeEngine(answers)
    const { view, role } = await mountView(DirectoryScreen, { engine })
    await openTab(role, 'May be one')
    expect(view.text()).toContain('40%')
    expect(engine.calls.some((call) => call.method === 'identity.merge')).toBe(false)
  })

  it('takes decisions back', async () => {
    const engine = fakeEngine(answers)
    const { view, role } = await mountView(DirectoryScreen, { engine })
    await openTab(role, 'Decisions')
    expect(view.text()).toContain('waits for correlation')
    role('button', 'Take back').click()
    await flushPromises()
    expect(engine.calls.find((call) => call.method === 'identity.undo')?.input).toEqual({ decision: '9' })
  })

  it('says where rights and snapshots would come from', async () => {
    const { view, role } = await mountView(DirectoryScreen, { engine: fakeEngine(answers) })
    await openTab(role, 'Rights')
    expect(view.text()).toContain('SharpHound and AzureHound exports hold rights')
    await openTab(role, 'Snapshots')
    expect(view.text()).toContain('No directory export yet')
  })
})

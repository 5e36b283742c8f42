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
  members: [{ name: 'amy', key: 'user:s-1-5-21-1', entity: null }],
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

  it('asks before it merges a pair, with the reasons as its reason', async () => {
    const engine = fakeEngine(answers)
    const { view, role } = await mountView(DirectoryScreen, { engine })
    await openTab(role, 'May be one')
    view.get<HTMLElement>('[title="Merge amy and amy.b"]').element.click()
    await flushPromises()
    expect(engine.calls.some((call) => call.method === 'identity.merge')).toBe(false)
    expect(view.get('form.asked').text()).toContain('amy and amy.b become one')
    role('button', 'Cancel').click()
    await flushPromises()
    expect(view.find('form.asked').exists()).toBe(false)
    view.get<HTMLElement>('[title="Merge amy and amy.b"]').element.click()
    await flushPromises()
    await view.get('form.asked input').setValue('same badge')
    await view.get('form.asked').trigger('submit')
    await flushPromises()
    expect(engine.calls.find((call) => call.method === 'identity.merge')?.input).toEqual({
      ids: ['1', '2'],
      reason: 'same badge',
    })
  })

  it('keeps a pair apart with a reason', async () => {
    const engine = fakeEngine({ ...answers, 'identity.apart': { decision: '3' } })
    const { view, role } = await mountView(DirectoryScreen, { engine })
    await openTab(role, 'May be one')
    view.get<HTMLElement>('[title="Keep amy and amy.b apart"]').element.click()
    await flushPromises()
    expect(view.get('form.asked').text()).toContain('amy and amy.b are not one')
    await view.get('form.asked input').setValue('two people')
    await view.get('form.asked').trigger('submit')
    await flushPromises()
    expect(engine.calls.find((call) => call.method === 'identity.apart')?.input).toEqual({
      ids: ['1', '2'],
      reason: 'two people',
    })
    expect(engine.calls.some((call) => call.method === 'identity.merge')).toBe(false)
  })

  it('tells two of one name apart, in pairs and in decisions', async () => {
    const seen = (id: string, at: string) => ({
      ...person(id, 'WS5'),
      kind: 'endpoint' as const,
      firstSeenAt: at,
      aliases: [],
    })
    const machine = (id: string) => ({ id, kind: 'endpoint' as const, name: 'WS5' })
    const engine = fakeEngine({
      ...answers,
      'identity.candidates': {
        rows: [{ a: machine('1'), b: machine('2'), reasons: [], against: [], confidence: 0.4 }],
        total: 1,
      },
      'entity.get': ({ id }) => seen(id, id === '1' ? '2020-09-20T16:16:00Z' : '2021-06-12T01:08:00Z'),
      'identity.decisions': [
        {
          ...decision,
          members: [
            { name: 'WS5', key: 'endpoint:ws5.corp.example', entity: machine('1') },
            { name: 'WS5', key: 'endpoint:ws5.corp.example#s-1-5-21-7', entity: machine('1') },
          ],
        },
      ],
    })
    const { view, role } = await mountView(DirectoryScreen, { engine })
    await openTab(role, 'May be one')
    expect(view.findAll('.who').map((cell) => cell.text().match(/since .*/u)?.[0])).toEqual([
      'since 2020-09-20 16:16',
      'since 2021-06-12 01:08',
    ])
    await openTab(role, 'Decisions')
    expect(view.findAll('.whom .alias').map((one) => one.text())).toEqual([
      'ws5.corp.example',
      'ws5.corp.example#s-1-5-21-7',
    ])
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

  it('says of which time the state in a snapshot is, and of which domain', async () => {
    const row = (id: string, directory: object, stale = false) =>
      ({
        id,
        name: `${id}.zip`,
        format: 'x',
        directoryObjects: 9,
        importedAt: '2026-11-23T14:32:00Z',
        stale,
        directory,
      }) as never
    const { view, role } = await mountView(DirectoryScreen, {
      engine: fakeEngine({
        ...answers,
        'evidence.list': [
          row('1', { from: '2026-03-11T07:30:00Z', to: '2026-03-11T07:30:00Z', domains: ['corp.example'] }),
          row('2', { from: null, to: null, domains: [] }, true),
        ],
      }),
    })
    await openTab(role, 'Snapshots')
    const rows = view.findAll('tbody tr').map((one) => one.text())
    expect(rows[0]).toMatch(/corp\.example.*2026-03-11 07:30.*newest of its domain and format/u)
    expect(rows[1]).toMatch(/not stated.*superseded by a newer one/u)
  })

  it('says where rights and snapshots would come from', async () => {
    const { view, role } = await mountView(DirectoryScreen, { engine: fakeEngine(answers) })
    await openTab(role, 'Rights')
    expect(view.text()).toContain('SharpHound and AzureHound exports hold rights')
    await openTab(role, 'Snapshots')
    expect(view.text()).toContain('No directory export yet')
  })
})

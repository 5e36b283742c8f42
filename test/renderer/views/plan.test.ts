import { flushPromises, type VueWrapper } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import type { Plan, PlanItem } from '../../../core/contract/nouns/plan.ts'
import PlanPanel from '../../../renderer/views/reputation/plan-panel.vue'
import RetroComparison from '../../../renderer/views/reputation/retro-comparison.vue'
import MessageHistory from '../../../renderer/views/mail/message-history.vue'
import { fakeEngine } from '../../support/fake-engine.ts'
import { mountView } from '../mount-view.ts'

const item = (id: string, more: Partial<PlanItem> = {}): PlanItem => ({
  id,
  action: 'quarantine-message',
  target: {
    mailbox: 'amy@corp.test',
    messageId: null,
    uniqueId: null,
    subject: 'Invoice',
    sender: null,
    deliveredAt: null,
    url: null,
    account: null,
    endpoint: null,
    inboxRule: null,
    text: null,
  },
  subject: null,
  reasons: [
    {
      rule: 'W30',
      text: {
        key: 'plan.reason.newly',
        params: { url: 'http://evil.test/', level: 'dangerous', pack: 'feed@2' },
      },
    },
  ],
  evidence: { messages: [], relations: ['1', '2'], events: [] },
  state: 'open',
  note: '',
  decidedAt: null,
  ...more,
})
const plan = (...items: readonly PlanItem[]): Plan => ({
  run: { id: '1', at: '2026-03-01T00:00:00Z', policy: 'mail' },
  counts: {
    open: items.filter((one) => one.state === 'open').length,
    approved: items.filter((one) => one.state === 'approved').length,
    declined: 0,
  },
  items: [...items],
})
const formats = [
  {
    id: 'csv' as const,
    extension: 'csv',
    title: { key: 'plan.format.csv.title', params: {} },
    description: { key: 'plan.format.csv.description', params: {} },
  },
]

/** The boxes of the steps, without those of their groups. */
const steps = (view: VueWrapper) => view.findAll('tbody tr:not(.group) input[type=checkbox]')
const headings = (view: VueWrapper) =>
  view.findAll('tr.group th > .row').map((one) =>
    one
      .findAll(':scope > *')
      .map((part) => part.text())
      .join(' | '),
  )

describe('the remediation plan in groups', () => {
  const user = (id: string, name: string) => ({ id, kind: 'user' as const, name })
  const [amy, bob] = [user('1', 'Amy'), user('2', 'Bob')]
  const items = [
    item('a', { action: 'revoke-sessions', subject: amy }),
    item('b', { action: 'revoke-sessions', subject: bob, state: 'approved' }),
    item('c', { action: 'reset-account', subject: amy }),
    item('d', {
      action: 'block-url',
      target: { ...item('d').target, mailbox: null, url: 'http://evil.test/x' },
    }),
  ]
  const mounted = () =>
    mountView(PlanPanel, {
      engine: fakeEngine({
        'plan.list': plan(...items),
        'plan.formats': formats,
        'plan.decide': { changed: 2 },
        'plan.preview': { text: '', items: 1, left: 0, leftIds: [], extension: 'csv' },
      }),
    })

  it('puts steps of one kind together, with how many are open, and decides about a group at once', async () => {
    const { view, role, engine } = await mounted()
    expect(headings(view)).toEqual([
      'Revoke sessions | 2 steps · 1 open',
      'Reset the password | 1 step',
      'Block the URL | 1 step',
    ])
    const box = view.get('tr.group input[type=checkbox]')
    expect(box.attributes('aria-label')).toBe('Choose the 2 steps of this group: Revoke sessions')
    await steps(view)[0]?.setValue(true)
    expect((box.element as HTMLInputElement).indeterminate).toBe(true)
    await box.setValue(true)
    role('button', 'Decline').click()
    await flushPromises()
    expect(engine.calls.find((call) => call.method === 'plan.decide')?.input).toMatchObject({
      ids: ['a', 'b'],
      state: 'declined',
    })
  })

  it('is read by whom it concerns as well: all that is to be done for one user', async () => {
    const { view } = await mounted()
    await view.findAll('select')[1]?.setValue('target')
    expect(headings(view)).toEqual([
      ' | User:Amy | 2 steps',
      ' | User:Bob | 1 step · 0 open',
      'hxxp://evil[.]test/x | 1 step',
    ])
    expect(view.findAll('td .step').map((one) => one.text())).toEqual([
      'Revoke sessions',
      'Reset the password',
      'Revoke sessions',
      'Block the URL',
    ])
    expect(view.html()).not.toContain('http://evil.test')
  })

  it('keeps what was chosen in a group that is folded, and says that it is out of sight', async () => {
    const { view } = await mounted()
    await view.get('tr.group input[type=checkbox]').setValue(true)
    await view.get('tr.group button').trigger('click')
    expect(view.get('tr.group button').attributes('aria-expanded')).toBe('false')
    expect(steps(view)).toHaveLength(2)
    expect(view.get('[role=status]').text()).toBe(
      'Chosen: 2 of 4; 2 of them are further down and not shown yet',
    )
  })

  it('shows the first steps of a long group, and more of them on demand', async () => {
    const many = Array.from({ length: 25 }, (_, index) => item(`s${index}`, { action: 'delete-message' }))
    const { view, role } = await mountView(PlanPanel, {
      engine: fakeEngine({ 'plan.list': plan(...many, item('last')), 'plan.formats': formats }),
    })
    expect(steps(view)).toHaveLength(11)
    role('button', 'Show more').click()
    await flushPromises()
    expect(steps(view)).toHaveLength(26)
  })
})

describe('the remediation plan', () => {
  it('is decided about step by step, with a note', async () => {
    const engine = fakeEngine({
      'plan.list': plan(item('a'), item('b')),
      'plan.formats': formats,
      'plan.decide': { changed: 1 },
    })
    const { view, role } = await mountView(PlanPanel, { engine })
    expect(role('button', 'Approve').hasAttribute('disabled')).toBe(true)
    expect(view.text()).toContain('2 proofs')
    await steps(view)[1]?.setValue(true)
    await view.find('input.control').setValue('agreed')
    role('button', 'Approve').click()
    await flushPromises()
    expect(engine.calls.find((call) => call.method === 'plan.decide')?.input).toEqual({
      ids: ['b'],
      state: 'approved',
      note: 'agreed',
    })
  })

  it('says how many steps a decision would be of, those further down among them', async () => {
    const all = Array.from({ length: 40 }, (_, index) => item(`s${index}`))
    const engine = fakeEngine({ 'plan.list': plan(...all), 'plan.formats': formats })
    const { view } = await mountView(PlanPanel, { engine })
    const status = () => view.find('[role=status]').text()
    expect(status()).toBe('')
    await steps(view)[1]?.setValue(true)
    expect(status()).toBe('Chosen: 1 of 40')
    await view.find('thead input[type=checkbox]').setValue(true)
    expect(status()).toBe('Chosen: 40 of 40; 10 of them are further down and not shown yet')
  })

  it('writes nothing before a step is approved, and never a live address', async () => {
    const engine = fakeEngine({ 'plan.list': plan(item('a')), 'plan.formats': formats })
    const { view, role } = await mountView(PlanPanel, { engine })
    expect(role('button', 'Write approved steps').hasAttribute('disabled')).toBe(true)
    expect(view.text()).not.toContain('http://evil.test')
  })

  it('says before anything is written which steps the other system cannot carry out', async () => {
    const engine = fakeEngine({
      'plan.list': plan(item('a', { state: 'approved' }), item('b', { state: 'approved' })),
      'plan.formats': formats,
      'plan.preview': { text: '', items: 1, left: 1, leftIds: ['b'], extension: 'csv' },
    })
    const { view } = await mountView(PlanPanel, { engine })
    expect(view.text()).toContain('1 have to be done by hand: Quarantine the message (1)')
  })

  it('says where steps come from when there are none', async () => {
    const engine = fakeEngine({ 'plan.list': plan(), 'plan.formats': formats })
    const { view } = await mountView(PlanPanel, { engine })
    expect(view.text()).toContain('No steps to take')
  })
})

it('two runs are compared by what each has alone', async () => {
  const sides = { onlyFrom: [], onlyTo: [] }
  const run = (id: string) => ({
    id,
    at: '2026-03-01T00:00:00Z',
    policy: 'mail',
    counts: {
      messages: 1,
      urls: 1,
      judged: 1,
      notJudged: 0,
      links: 1,
      linksJudged: 1,
      turned: 1,
      excluded: 0,
    },
  })
  const turned = {
    url: 'http://evil.test/',
    urlEntity: null,
    from: 'untested' as const,
    to: 'dangerous' as const,
    pack: 'feed@2',
    entry: 'evil.test',
    decides: 'now' as const,
    messages: 1,
  }
  const engine = fakeEngine({
    'retro.compare': {
      from: run('1'),
      to: { ...run('2'), at: '2026-03-01T00:00:07Z' },
      isSamePolicy: true,
      packsThen: sides,
      packsNow: { onlyFrom: ['feed@1'], onlyTo: ['feed@2'] },
      turned: { onlyFrom: [], onlyTo: [turned] },
      newlyMatching: sides,
      noLongerMatching: sides,
      excluded: sides,
      exposure: sides,
    },
  })
  const { view } = await mountView(RetroComparison, { engine, props: { from: '1', to: '2' } })
  expect(view.text()).toContain('gone since the earlier run: feed@1; new: feed@2')
  expect(view.text()).toContain('URLs whose verdict turned (URLs)')
  // By its time, not as "the earlier choice".
  expect(view.find('table.flips tbody tr').text()).toContain('Only the run of 2026-03-01 00:00:07')
  expect(view.text()).toContain('The policy is the same')
  expect(view.text()).toContain('hxxp')
})

it('the history of a copy marks steps that contradict the others', async () => {
  const step = {
    at: '2026-03-01T00:00:00Z',
    word: 'Moved to quarantine',
    from: 'stopped' as const,
    to: 'stopped' as const,
    succeeded: true,
    event: null,
    source: { evidenceId: '1', record: 3 },
  }
  const copies = [
    {
      mailbox: 'amy@corp.test',
      state: 'stopped' as const,
      steps: [
        { ...step, word: 'rejected', action: 'stopped' as const, from: 'unknown' as const, isPossible: true },
        { ...step, action: 'quarantined' as const, isPossible: false },
      ],
    },
  ]
  const { view } = await mountView(MessageHistory, { engine: fakeEngine(), props: { copies } })
  expect(view.text().match(/Contradicts/g)).toHaveLength(1)
  expect(view.text()).toContain('Never delivered')
})

import { flushPromises } from '@vue/test-utils'
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
    await view.findAll('tbody input[type=checkbox]')[1]?.setValue(true)
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
    await view.findAll('tbody input[type=checkbox]')[1]?.setValue(true)
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
      to: run('2'),
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
  expect(view.text()).toContain('feed@1 went, feed@2 came')
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

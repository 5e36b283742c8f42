import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import type { ReplyOf } from '../../../core/contract/types.ts'
import InspectorPane from '../../../renderer/frame/inspector-pane.vue'
import { useMailStore } from '../../../renderer/stores/mail.ts'
import { readMailState, toCampaign } from '../../../renderer/views/mail/mail-state.ts'
import { useNavigationStore } from '../../../renderer/stores/navigation.ts'
import RecipientMatrix from '../../../renderer/views/mail/recipient-matrix.vue'
import MailScreen from '../../../renderer/views/mail/mail-screen.vue'
import { useInspectorStore } from '../../../renderer/stores/inspector.ts'
import { entities, fakeEngine, page, type FakeEngine } from '../../support/fake-engine.ts'
import { mountView } from '../mount-view.ts'

const row: ReplyOf<'mail.list'>['rows'][number] = {
  id: '3',
  messageId: 'a@b',
  subject: '<img src=x onerror=alert(1)> invoice\u202Efdp.exe',
  from: 'x@evil.example',
  fromName: 'Parcel',
  sentAt: null,
  deliveredAt: '2026-03-01T09:30:12.000000Z',
  mailboxes: 2,
  urls: 1,
  attachments: 0,
  risk: { then: 'untested', now: 'dangerous' },
  touched: true,
}
const detail: ReplyOf<'mail.get'> = {
  ...row,
  replyTo: ['help@other.example'],
  returnPath: null,
  hops: [],
  signals: [
    {
      text: { key: 'mail.signal.reply-to-differs', params: { to: 'other.example', from: 'evil.example' } },
      isStrong: true,
    },
  ],
  history: [],
  sourceIp: '203.0.113.7',
  sourceDomain: 'evil.example',
  authentication: { spf: 'softfail (x)', dkim: null, dmarc: 'fail' },
  headers: [],
  body: 'see https://evil.example/login',
  urlList: [
    {
      urlId: '9',
      entityId: null,
      url: 'https://evil.example/login',
      rewritten: null,
      text: 'our site',
      where: 'body',
      attachment: null,
      risk: { then: 'untested', now: 'dangerous' },
      pack: 'p@1',
      entry: null,
    },
  ],
  attachmentList: [],
  recipients: [
    {
      mailbox: null,
      address: 'a@corp.example',
      user: null,
      deliveredAt: null,
      clickedAt: null,
      executedAt: null,
      perhaps: [],
      endpoint: null,
      loggedOnAt: null,
      recordedAction: null,
    },
    {
      mailbox: null,
      address: 'b@corp.example',
      user: entities.user,
      deliveredAt: null,
      clickedAt: '2026-03-01T10:00:00.000000Z',
      executedAt: null,
      perhaps: [],
      endpoint: entities.endpoint,
      loggedOnAt: null,
      recordedAction: 'quarantine',
    },
  ],
  sources: [],
}
const cell = (at: string) => ({
  at,
  source: 'relation' as const,
  proof: { relations: ['77'], detections: [], events: [], evidence: [] },
})
const nobody = {
  message: { id: '3', kind: 'message' as const, name: 'invoice' },
  isRecipient: true,
  perhaps: [],
  mailbox: null,
  user: null,
  endpoint: null,
  recordedAction: null,
  delivered: null,
  opened: null,
  clicked: null,
  blocked: null,
  executed: null,
  loggedOn: null,
  removedAt: null,
}
const matrix: ReplyOf<'exposure.matrix'> = {
  rows: [
    {
      ...nobody,
      address: 'b@corp.example',
      user: entities.user,
      endpoint: entities.endpoint,
      delivered: cell('2026-03-01T09:30:12.000000Z'),
      clicked: cell('2026-03-01T10:00:00.000000Z'),
      recordedAction: 'quarantine',
    },
    { ...nobody, address: 'a@corp.example' },
  ],
  next: null,
  total: 2,
  counts: {
    messages: 1,
    recipients: 2,
    delivered: 1,
    opened: 0,
    clicked: 1,
    blocked: 0,
    executed: 0,
    perhaps: 0,
    loggedOn: 0,
    others: 0,
    removed: 0,
  },
}
const engine = () =>
  fakeEngine({
    'mail.list': page([row]),
    'mail.get': detail,
    'mail.campaigns': page([]),
    'exposure.matrix': matrix,
    'work.of': [],
    'detection.list': page([]),
  })

it('says of a logon without an endpoint that it is one anywhere, not that there was none', async () => {
  const fake = engine()
  const logon = cell('2026-03-01T11:00:00.000000Z')
  const rows = [
    { ...nobody, address: 'c@corp.example', loggedOn: logon },
    { ...nobody, address: 'd@corp.example' },
    { ...nobody, address: 'e@corp.example', endpoint: entities.endpoint, loggedOn: logon },
  ]
  fake.answer({ 'exposure.matrix': { ...matrix, rows, total: 3 } })
  const { view } = await mountView(RecipientMatrix, { engine: fake, props: { entity: '3' } })
  const endpoints = view.findAll('tbody tr').map((row) => row.findAll('td').at(-2)?.text())
  expect(endpoints).toEqual(['Any of theirs', '–', expect.stringContaining(entities.endpoint.name)])
})

describe('a message in the inspector', () => {
  const entity: ReplyOf<'entity.get'> = {
    ...entities.message,
    firstSeenAt: null,
    lastSeenAt: null,
    attributes: {},
    relations: 0,
    risk: 'dangerous',
    aliases: [],
  }
  const open = async (more: Partial<ReplyOf<'exposure.matrix'>> = {}) => {
    const fake = engine()
    const history = [{ mailbox: 'b@corp.example', state: 'quarantined' as const, steps: [] }]
    fake.answer({
      'entity.get': entity,
      'relation.list': page([]),
      'mail.get': { ...detail, history },
      'exposure.matrix': { ...matrix, ...more },
    })
    const mounted = await mountView(InspectorPane, { engine: fake })
    useInspectorStore().show('entity', '3')
    await flushPromises()
    return { ...mounted, fake }
  }

  it('is its pane: sender checks in words, URLs then and now, and the users it affected', async () => {
    const { view } = await open()
    const shown = view.text().replaceAll(/\s+/gu, ' ')
    for (const part of [
      'Affected users 2',
      '1 Delivered',
      'Mira Okafor',
      'WS-014',
      'Clicked 2026-03-01 10:00',
      'in quarantine',
      'The sending server is probably not allowed to send for this domain.',
      'hxxps://evil[.]example/login',
      'Untested',
      'Dangerous',
      'Attachments',
      'Headers',
    ])
      expect(shown).toContain(part)
    // Somebody without an account is named by the address.
    expect(shown).toContain('a@corp.example')
  })

  it('leads from a user to the user, from the endpoint to it, from a step to its proof', async () => {
    const { view } = await open()
    const inspector = useInspectorStore()
    const click = async (name: string) => {
      await view
        .get('[aria-label="Affected users"]')
        .findAll('button')
        .find((one) => one.text().includes(name))
        ?.trigger('click')
      const at = inspector.current
      inspector.back()
      await flushPromises()
      return at
    }
    expect(await click('Mira Okafor')).toEqual({ kind: 'entity', id: '1' })
    expect(await click('WS-014')).toEqual({ kind: 'entity', id: '2' })
    expect(await click('Clicked')).toEqual({ kind: 'relation', id: '77' })
  })

  it('says how many there are beyond those that are drawn, and asks for them', async () => {
    const { view, fake } = await open({ total: 900, next: '200' })
    expect(view.text()).toContain('8 of 900')
    await view
      .findAll('button')
      .find((one) => one.text() === 'Show more')
      ?.trigger('click')
    await flushPromises()
    expect(fake.calls.filter((one) => one.method === 'exposure.matrix').at(-1)?.input).toMatchObject({
      limit: 408,
    })
  })

  it('shows names and links only where the Mail screen shows the message beside it', async () => {
    const { view } = await open()
    useMailStore().messageId = '3'
    useNavigationStore().go('mail')
    await flushPromises()
    expect(view.text()).not.toContain('Affected users')
    expect(view.text()).toContain('Names, and why they belong together')
  })
})

describe('saved views of mail', () => {
  const view = {
    id: '41',
    screen: 'mail',
    name: 'Lures',
    at: '2026-03-02T08:00:00.000Z',
    changedAt: null,
    actor: 'mira',
  }
  const campaign = {
    by: 'sender' as const,
    value: 'x@evil.example',
    name: 'x@evil.example',
    messages: 2,
    mailboxes: 2,
    firstAt: null,
    lastAt: null,
    risk: { then: null, now: null },
  }
  const state = { text: 'invoice', risk: 'dangerous', touchedOnly: true, order: 'newest', campaign: null }
  const open = async (kept: unknown = state) => {
    const fake = engine()
    fake.answer({
      'view.list': [view],
      'view.get': { ...view, state: kept },
      'view.save': { id: '41' },
      'mail.campaigns': page([campaign]),
      'work.mark': { ids: ['9'] },
    })
    const mounted = await mountView(MailScreen, { engine: fake })
    await flushPromises()
    mounted.role('button', 'Saved views').click()
    await flushPromises()
    return { ...mounted, fake }
  }
  const input = (fake: FakeEngine, method: string) =>
    fake.calls.filter((one) => one.method === method).at(-1)?.input

  it('keep search, filters and campaign under a name, as the report reads them', async () => {
    const { fake, role } = await open()
    const mail = useMailStore()
    mail.restore({ ...readMailState(state), campaign: null }, toCampaign(campaign))
    const name = role('textbox', 'Name of the view') as HTMLInputElement
    name.value = 'Week 10'
    name.dispatchEvent(new Event('input'))
    await flushPromises()
    role('button', 'Save what is shown').click()
    await flushPromises()
    expect(input(fake, 'view.save')).toEqual({
      screen: 'mail',
      name: 'Week 10',
      state: { ...state, campaign: { by: 'sender', value: 'x@evil.example' } },
    })
  })

  it('are opened with the campaign as it is today, however small it is among others', async () => {
    const { fake, role } = await open({ ...state, campaign: { by: 'sender', value: 'x@evil.example' } })
    role('button', 'Lures').click()
    await flushPromises()
    const mail = useMailStore()
    expect([mail.text, mail.risk, mail.touchedOnly, mail.order]).toEqual([
      'invoice',
      'dangerous',
      true,
      'newest',
    ])
    expect(input(fake, 'mail.campaigns')).toEqual({ named: { by: 'sender', value: 'x@evil.example' } })
    expect(input(fake, 'mail.list')).toMatchObject({
      text: 'invoice',
      risk: 'dangerous',
      touchedOnly: true,
      campaign: { by: 'sender', value: 'x@evil.example' },
    })
  })

  it('are put into the report as a figure', async () => {
    const { fake, role } = await open()
    role('button', 'Put Lures into the report').click()
    await flushPromises()
    expect(input(fake, 'work.mark')).toMatchObject({ type: 'pin', targets: [{ kind: 'view', id: '41' }] })
  })

  it('leave out what does not fit: a forged state changes nothing else', () => {
    const none = { text: '', risk: null, touchedOnly: false, order: 'risk', campaign: null }
    for (const forged of [
      null,
      7,
      { text: 7, risk: 'x', touchedOnly: 'yes', order: [], campaign: { by: 1 } },
    ])
      expect(readMailState(forged)).toEqual(none)
  })
})

describe('the Mail screen', () => {
  it('shows the address of a sender beside the name it gives itself', async () => {
    const { view } = await mountView(MailScreen, { engine: engine() })
    const shown = view.get('.message').text()
    expect(shown).toContain('Parcel')
    expect(shown).toContain('x@evil.example')
  })

  it('shows markup and hidden characters of a subject as text', async () => {
    const { view } = await mountView(MailScreen, { engine: engine() })
    expect(view.find('.virtual-row img').exists()).toBe(false)
    expect(view.text()).toContain('<img src=x onerror=alert(1)>')
    expect(view.text()).toContain('U+202E')
  })

  it('says SPF, DKIM and DMARC in words and names what does not agree', async () => {
    const { view, role } = await mountView(MailScreen, { engine: engine() })
    view.find('.virtual-row').element.dispatchEvent(new MouseEvent('click', { bubbles: true }))
    await flushPromises()
    const text = view.text()
    expect(text).toContain('probably not allowed to send')
    expect(text).toContain('The visible sender agrees with neither SPF nor DKIM.')
    expect(text).toContain('reply to differs')
    expect(role('table', 'Recipients').textContent).toMatch(/b@corp\.example.*a@corp\.example/su)
  })

  it('shows URLs broken, then and now, and never as a link', async () => {
    const { view, role } = await mountView(MailScreen, { engine: engine() })
    view.find('.virtual-row').element.dispatchEvent(new MouseEvent('click', { bubbles: true }))
    await flushPromises()
    role('tab', 'URLs').dispatchEvent(new MouseEvent('mousedown', { bubbles: true, button: 0 }))
    await flushPromises()
    expect(view.text()).toContain('hxxps://evil[.]example/login')
    expect(view.html()).not.toContain('https://evil.example')
    expect(view.find('a').exists()).toBe(false)
  })

  const openTab = async (name: string) => {
    const mounted = await mountView(MailScreen, { engine: engine() })
    mounted.view.find('.virtual-row').element.dispatchEvent(new MouseEvent('click', { bubbles: true }))
    await flushPromises()
    mounted.role('tab', name).dispatchEvent(new MouseEvent('mousedown', { bubbles: true, button: 0 }))
    await flushPromises()
    return mounted
  }

  it('shows how far the message went with each recipient, in sums and with its proof', async () => {
    const { view, role } = await openTab('Recipients')
    const text = view.text().replaceAll(/\s+/gu, ' ')
    expect(text).toContain('1 Clicked')
    expect(text).toContain('0 Ran')
    expect(role('table', 'Recipients').textContent).toContain('Opened')
    view.find('td .text-link').element.dispatchEvent(new MouseEvent('click', { bubbles: true }))
    expect(useInspectorStore().current).toEqual({ kind: 'relation', id: '77' })
  })

  it.each([
    ['Attachments', 'The message itself'],
    ['Headers', 'Import the message itself'],
    ['Actions', 'Import a message trace'],
  ])('says under %s why there is nothing, and what to bring', async (name, said) => {
    const { view } = await openTab(name)
    expect(view.text()).toContain(said)
  })
})

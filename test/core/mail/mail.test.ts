import { describe, expect, it } from 'vitest'
import { methods } from '../../../core/contract/methods.ts'
import { campaignMessages, listCampaigns } from '../../../core/mail/campaigns.ts'
import { getMessage } from '../../../core/mail/message-detail.ts'
import { listMessages, type MessageFilter } from '../../../core/mail/message-list.ts'
import { addPack } from '../../../core/reputation/pack-add.ts'
import { storeRaw } from '../../support/store-raw.ts'
import { DAY } from '../reputation/builders.ts'
import { aMessage, TestCase } from '../reputation/case-builder.ts'

const START = Date.UTC(2026, 2, 1) * 1000
const at = (days: number): number => START + days * DAY
const ALL: MessageFilter = { text: '', touchedOnly: false, order: 'newest', limit: 100 }
const list = (test: TestCase, filter: Partial<MessageFilter> = {}) =>
  listMessages(test.db, test.nowUs, { ...ALL, ...filter })
const subjects = (test: TestCase, filter: Partial<MessageFilter> = {}) =>
  list(test, filter).rows.map((row) => row.subject)

async function aCase(): Promise<TestCase> {
  const test = new TestCase(at(20))
  await addPack(test.context, test.file('one.txt', 'other.test\n'), {
    name: 'feed',
    version: '1',
    createdAt: at(0),
    level: null,
    levels: {},
  })
  await addPack(test.context, test.file('two.txt', 'evil.test\n'), {
    name: 'feed',
    version: '2',
    createdAt: at(7),
    level: null,
    levels: {},
  })
  test.mail(
    aMessage({
      messageId: 'a',
      subject: 'Lunch',
      at: at(1),
      links: [],
      from: { address: 'bob@corp.test', name: 'Bob' },
    }),
  )
  test.mail(
    aMessage({
      messageId: 'b',
      subject: 'Invoice',
      at: at(2),
      links: ['http://evil.test/b', 'http://fine.test/'],
      to: ['amy@corp.test', 'bob@corp.test'],
    }),
  )
  test.mail(
    aMessage({
      messageId: 'b',
      subject: 'Invoice',
      at: at(2) + 5,
      links: ['http://evil.test/b', 'http://fine.test/'],
      to: ['amy@corp.test', 'bob@corp.test'],
      mailbox: 'bob@corp.test',
    }),
  )
  test.mail(
    aMessage({
      messageId: 'c',
      subject: 'News',
      at: at(3),
      links: ['http://fine.test/'],
      attachments: [{ name: 'a.pdf', sha256: 'ab'.repeat(32), bytes: 7, contentType: 'application/pdf' }],
    }),
  )
  test.mail(
    aMessage({
      messageId: 'd',
      subject: 'Undated',
      links: ['http://evil.test/d'],
      attachments: [{ name: 'b.pdf', sha256: 'ab'.repeat(32) }],
    }),
  )
  return test
}

describe('the list of messages', () => {
  it('shows one row for all copies of a message, newest first, those without a time last', async () => {
    const test = await aCase()
    const page = list(test)
    expect(methods['mail.list'].output.parse(page)).toEqual(page)
    expect(
      page.rows.map((row) => [
        row.subject,
        row.mailboxes,
        row.urls,
        row.attachments,
        row.risk.then,
        row.risk.now,
      ]),
    ).toEqual([
      ['News', 1, 1, 1, 'untested', 'untested'],
      ['Invoice', 2, 2, 0, 'untested', 'dangerous'],
      ['Lunch', 1, 0, 0, null, null],
      ['Undated', 1, 1, 1, null, 'dangerous'],
    ])
    expect(page.rows[1]).toMatchObject({
      messageId: 'b',
      from: 'bad@evil.test',
      fromName: 'Bad',
      deliveredAt: '2026-03-03T00:00:00.000Z',
      touched: false,
    })
  })

  it('orders by time and by risk', async () => {
    const test = await aCase()
    expect(subjects(test, { order: 'oldest' })).toEqual(['Lunch', 'Invoice', 'News', 'Undated'])
    expect(subjects(test, { order: 'risk' })).toEqual(['Invoice', 'Undated', 'News', 'Lunch'])
  })

  it.each(['newest', 'oldest', 'risk'] as const)(
    'pages by cursor in order %s without losing or doubling a row',
    async (order) => {
      const test = await aCase()
      const seen: string[] = []
      let cursor: string | null = null
      do {
        const page = list(test, { order, limit: 1, cursor })
        seen.push(...page.rows.map((row) => row.subject))
        cursor = page.next
      } while (cursor !== null)
      expect(seen).toEqual(subjects(test, { order }))
    },
  )

  it.each([
    ['invo', ['Invoice']],
    ['BOB@corp.test', ['Invoice', 'Lunch']],
    ['hxxp://fine[.]test', ['News', 'Invoice']],
    ['a.pdf', ['News']],
    ['AB'.repeat(32), ['News', 'Undated']],
    ['50%', []],
  ])('finds %s', async (text, expected) => {
    expect(subjects(await aCase(), { text })).toEqual(expected)
  })

  it('filters by risk now', async () => {
    const test = await aCase()
    expect(subjects(test, { risk: 'dangerous' })).toEqual(['Invoice', 'Undated'])
    expect(subjects(test, { risk: 'untested' })).toEqual(['News'])
    expect(subjects(test, { risk: 'safe' })).toEqual([])
  })

  it('calls a message touched when a recipient acted, or somebody else with a link that only this message holds', async () => {
    const test = await aCase()
    const amy = test.mailbox('amy@corp.test', 'Amy')
    const zoe = test.entity('user', 'Zoe')
    const invoice = test.entity('message', 'Invoiceb')
    test.relate('delivered-to', invoice, amy, at(2))
    test.relate('clicked-by', test.entity('url', 'http://evil.test/b'), test.entity('user', 'Amy'), at(3))
    test.relate('clicked-by', test.entity('url', 'http://fine.test/'), zoe, at(5))
    expect(subjects(test, { touchedOnly: true })).toEqual(['Invoice'])
    test.relate('clicked-by', test.entity('url', 'http://evil.test/d'), zoe, at(3))
    expect(subjects(test, { touchedOnly: true })).toEqual(['Invoice', 'Undated'])
  })

  it('does not count what happened before the delivery', async () => {
    const test = await aCase()
    const amy = test.mailbox('amy@corp.test', 'Amy')
    test.relate('delivered-to', test.entity('message', 'Newsc'), amy, at(3))
    test.relate('clicked-by', test.entity('url', 'http://fine.test/'), test.entity('user', 'Amy'), at(2))
    expect(subjects(test, { touchedOnly: true })).toEqual(['Invoice'])
  })

  it('is empty before the first correlation run', () => {
    const test = new TestCase(at(20))
    test.mail(aMessage({ at: at(1) }))
    test.db.prepare('UPDATE message SET entity_id = NULL').run()
    expect(list(test)).toEqual({ rows: [], next: null, total: 0 })
  })
})

describe('one message', () => {
  it('joins its copies, rates its links, and tells what happened at each recipient', async () => {
    const test = await aCase()
    storeRaw(
      test.db,
      1,
      0,
      Array.from({ length: 5 }, (_, record) => [`message ${record}`, 'raw']),
    )
    const invoice = test.entity('message', 'Invoiceb')
    const endpoint = test.entity('endpoint', 'WS-01')
    for (const [address, user] of [
      ['amy@corp.test', 'Amy'],
      ['bob@corp.test', 'Bob'],
    ] as const) {
      test.relate('delivered-to', invoice, test.mailbox(address, user), at(2))
    }
    test.relate('logged-on-to', test.entity('user', 'Bob'), endpoint, at(2) + 1_000_000)
    test.relate('opened-on', test.entity('url', 'http://evil.test/b'), endpoint, at(2) + 60_000_000)
    const detail = getMessage(test.db, test.nowUs, invoice)
    expect(methods['mail.get'].output.parse(detail)).toEqual(detail)
    expect(
      detail.urlList.map((link) => [link.url, link.risk.then, link.risk.now, link.pack, link.entry]),
    ).toEqual([
      ['http://evil.test/b', 'untested', 'dangerous', 'feed@2', 'evil.test'],
      ['http://fine.test/', 'untested', 'untested', null, null],
    ])
    expect(
      detail.recipients.map((one) => [
        one.address,
        one.user?.name,
        one.deliveredAt,
        one.clickedAt,
        one.endpoint?.name,
        one.loggedOnAt,
      ]),
    ).toEqual([
      ['amy@corp.test', 'Amy', '2026-03-03T00:00:00.000Z', null, undefined, null],
      [
        'bob@corp.test',
        'Bob',
        '2026-03-03T00:00:00.000Z',
        '2026-03-03T00:01:00.000Z',
        'WS-01',
        '2026-03-03T00:00:01.000Z',
      ],
    ])
    expect(detail.sources).toEqual([
      { evidenceId: '1', record: 1, locator: 'message 1' },
      { evidenceId: '1', record: 2, locator: 'message 2' },
    ])
  })

  it('follows an attachment to the program it became', async () => {
    const test = await aCase()
    const news = test.entity('message', 'Newsc')
    const endpoint = test.entity('endpoint', 'WS-02')
    const [zip, exe, process] = [
      test.entity('file', 'a.pdf on disk'),
      test.entity('file', 'a.exe'),
      test.entity('process', 'a.exe 7'),
    ]
    test.relate('delivered-to', news, test.mailbox('amy@corp.test', 'Amy'), at(3))
    test.relate('saved-as', test.entity('attachment', 'a.pdf'), zip, at(3) + 1)
    test.relate('extracted-to', zip, exe, at(3) + 2)
    test.relate('extracted-to', exe, zip, at(3) + 2)
    test.relate('executed-as', exe, process, at(3) + 3)
    test.relate('ran-as', process, test.entity('user', 'Amy'))
    test.relate('ran-on', process, endpoint)
    const [amy] = getMessage(test.db, test.nowUs, news).recipients
    expect(amy).toMatchObject({
      address: 'amy@corp.test',
      clickedAt: null,
      executedAt: '2026-03-04T00:00:00.000003Z',
      endpoint: { name: 'WS-02' },
    })
    expect(subjects(test, { touchedOnly: true })).toEqual(['News'])
  })

  it('is refused when there is none', async () => {
    const test = await aCase()
    expect(() => getMessage(test.db, test.nowUs, 9999)).toThrow('request.not_found')
  })
})

describe('campaigns', () => {
  it('groups messages by link host, attachment and sender, the larger first', async () => {
    const test = await aCase()
    const found = listCampaigns(test.db, test.nowUs, { limit: 50 })
    expect(methods['mail.campaigns'].output.parse(found)).toEqual(found)
    expect(found.rows.map((one) => [one.by, one.name, one.messages, one.mailboxes, one.risk.now])).toEqual([
      ['sender', 'bad@evil.test', 3, 2, 'dangerous'],
      ['attachment', 'a.pdf', 2, 1, 'dangerous'],
      ['url', 'evil.test', 2, 2, 'dangerous'],
      ['url', 'fine.test', 2, 2, 'untested'],
    ])
    expect(found.rows[3]).toMatchObject({
      firstAt: '2026-03-03T00:00:00.000Z',
      lastAt: '2026-03-04T00:00:00.000Z',
    })
  })

  it('come in the order of their risk, the larger of one risk first', async () => {
    const test = await aCase()
    for (const messageId of ['e', 'f', 'g', 'h'])
      test.mail(
        aMessage({ messageId, at: at(4), links: ['http://many.test/'], from: { address: 'amy@corp.test' } }),
      )
    const names = (order: 'size' | 'risk') =>
      listCampaigns(test.db, test.nowUs, { order, limit: 50 }).rows.map((one) => one.name)
    expect(names('size')).toEqual([
      'amy@corp.test',
      'many.test',
      'bad@evil.test',
      'a.pdf',
      'evil.test',
      'fine.test',
    ])
    expect(names('risk')).toEqual([
      'bad@evil.test',
      'a.pdf',
      'evil.test',
      'amy@corp.test',
      'many.test',
      'fine.test',
    ])
  })

  it('come page by page, or one by its name', async () => {
    const test = await aCase()
    const { rows } = listCampaigns(test.db, test.nowUs, { limit: 50 })
    const first = listCampaigns(test.db, test.nowUs, { limit: 3 })
    const rest = listCampaigns(test.db, test.nowUs, { limit: 3, cursor: first.next })
    expect([first.total, first.rows.length, rest.next]).toEqual([4, 3, null])
    expect([...first.rows, ...rest.rows]).toEqual(rows)
    for (const one of rows) {
      const named = { by: one.by, value: one.value }
      expect(listCampaigns(test.db, test.nowUs, { named, limit: 1 }).rows).toEqual([one])
    }
    // As a reader says it: the name of a file.
    const byName = { by: 'attachment' as const, value: 'a.pdf' }
    expect(listCampaigns(test.db, test.nowUs, { named: byName, limit: 1 }).rows).toEqual([rows[1]])
    const gone = { by: 'url' as const, value: 'nowhere.test' }
    expect(listCampaigns(test.db, test.nowUs, { named: gone, limit: 1 })).toEqual({
      rows: [],
      next: null,
      total: 0,
    })
  })

  it('narrow the list of messages to those of one', async () => {
    const test = await aCase()
    const asked = { text: '', touchedOnly: false, order: 'oldest' as const, limit: 50 }
    for (const { by, value, messages } of listCampaigns(test.db, test.nowUs, { limit: 50 }).rows) {
      const campaign = { by, value }
      const listed = listMessages(test.db, test.nowUs, { ...asked, campaign })
      expect(listed.total).toBe(messages)
      const ids = [...campaignMessages(test.db, test.nowUs, campaign)].map(String).sort()
      expect(listed.rows.map((row) => row.id).sort()).toEqual(ids)
    }
    expect(
      listMessages(test.db, test.nowUs, { ...asked, campaign: { by: 'url', value: 'nowhere.test' } }).total,
    ).toBe(0)
  })
})

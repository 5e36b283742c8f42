import { describe, expect, it } from 'vitest'
import { exampleLink, exampleMessage } from '../../../core/correlation/example-mail.ts'
import type { CorrelationView } from '../../../core/correlation/view.ts'
import type { RecordItem } from '../../../core/importers/importer.ts'
import { anEvent, TestCase } from '../../support/case-builder.ts'
import { aUser } from '../identity/people.ts'

function withView<T>(items: readonly RecordItem[], ask: (view: CorrelationView) => T): T {
  using testCase = new TestCase()
  testCase.store(items)
  return ask(testCase.view())
}
const to = (...addresses: string[]) => ({
  recipients: addresses.map((address) => ({ address, role: 'to' as const })),
})

describe('copies of messages', () => {
  it('lie in the mailbox that holds them, or in those of all recipients when the source names none', () => {
    withView(
      [
        exampleMessage(0, {
          ...to('amber@corp.example', 'basil@corp.example'),
          mailbox: 'basil@corp.example',
        }),
        exampleMessage(10, {
          ...to('amber@corp.example', 'basil@corp.example'),
          messageId: 'm2@out.example',
        }),
      ],
      ({ mail }) =>
        expect(mail.copies.map((copy) => copy.mailboxes.map((mailbox) => mailbox.name))).toEqual([
          ['basil@corp.example'],
          ['amber@corp.example', 'basil@corp.example'],
        ]),
    )
  })

  it('carry their links and attachments in order, the same link being one entity', () => {
    withView(
      [
        exampleMessage(0, {
          urls: [
            { url: 'http://b.example/', where: 'body' },
            { url: 'http://a.example/', where: 'attachment', attachment: 1 },
          ],
          attachments: [{ name: 'one.zip' }, { name: 'two.pdf' }],
        }),
        exampleMessage(10, {
          messageId: 'm2@out.example',
          urls: [{ url: 'HTTP://B.example:80/', where: 'body' }],
        }),
      ],
      ({ mail }) => {
        const [first, second] = mail.copies
        expect(first?.urls.map((link) => [link.host, link.attachment])).toEqual([
          ['b.example', null],
          ['a.example', 1],
        ])
        expect(first?.attachments.map((file) => file.name)).toEqual(['one.zip', 'two.pdf'])
        expect(second?.urls[0]?.entity.id).toBe(first?.urls[0]?.entity.id)
      },
    )
  })
})

describe('a message that several records tell of', () => {
  const rows = [
    exampleMessage(0, { uniqueId: 'n1', mailbox: 'amber@corp.example' }),
    exampleLink(0, 'n1', 'http://b.example/page'),
    exampleLink(0, 'n1', 'http://a.example/page'),
    exampleMessage(0, {
      messageId: null,
      uniqueId: 'n1',
      subject: '',
      from: null,
      deliveredAt: null,
      attachments: [{ name: 'bill.zip', sha256: 'ab'.repeat(32) }],
    }),
  ]

  it.each([
    ['in the order of export', rows],
    ['in another one', rows.toReversed()],
  ])('has sender, subject, links and files of all of them, %s', (_, items) => {
    withView(items, ({ mail }) => {
      for (const copy of mail.copies)
        expect([
          copy.from?.name,
          copy.subject,
          copy.urls.map(({ url }) => url).toSorted(),
          copy.attachments.map(({ name }) => name),
        ]).toEqual([
          'billing@out.example',
          'Invoice',
          ['http://a.example/page', 'http://b.example/page'],
          ['bill.zip'],
        ])
    })
  })

  it('lets each record speak for what it states itself', () => {
    withView(rows, ({ mail }) => {
      expect(mail.copies.map(({ own }) => [own.from?.name, own.urls.length, own.attachments.length])).toEqual(
        [
          ['billing@out.example', 0, 0],
          [undefined, 1, 0],
          [undefined, 1, 0],
          [undefined, 0, 1],
        ],
      )
      expect(mail.copies[0]?.urls.map(({ place }) => place)).toEqual([2, 1])
    })
  })

  it('has not reached whom its log says it was stopped for, though a table of files names them', () => {
    const file = exampleMessage(0, {
      ...to('amber@corp.example'),
      messageId: null,
      uniqueId: 'n1',
      deliveredAt: null,
      attachments: [{ name: 'bill.zip' }],
    })
    const stopped = exampleMessage(0, {
      recipients: [{ address: 'amber@corp.example', role: 'envelope' }],
      uniqueId: 'n1',
      deliveredAt: null,
      recordedAction: 'blocked',
    })
    const mailboxes = ({ mail }: CorrelationView) => mail.copies.flatMap((copy) => copy.mailboxes)
    withView([stopped, file], (view) => expect(mailboxes(view)).toEqual([]))
    withView([file], (view) => expect(mailboxes(view)).toHaveLength(1))
  })
})

describe('the owner of a mailbox', () => {
  const ownerOf = (items: readonly RecordItem[], address: string) =>
    withView([...items, exampleMessage(0, { mailbox: address })], ({ mail }) => {
      const mailbox = mail.mailbox(address)
      const owner = mailbox && mail.ownerOf(mailbox)
      return owner && [owner.user.name, owner.by]
    })

  it('is whom the directory gives the address, under any of them', () => {
    const amber = aUser('amber', 1105, { proxyAddresses: ['amber@corp.example', 'a.stone@mail.example'] })
    expect(ownerOf([amber], 'amber@corp.example')).toEqual(['amber', 'smtp'])
    expect(ownerOf([amber], 'A.Stone@mail.example')).toEqual(['amber', 'smtp'])
  })

  it('is who signs in with the address, when the directory gives it to nobody', () => {
    expect(ownerOf([aUser('amber', 1105, { mail: undefined })], 'amber@corp.example')).toEqual([
      'amber',
      'upn',
    ])
  })

  it('is nobody when two users claim it, or none', () => {
    const shared = { mail: 'info@corp.example', upn: undefined }
    expect(
      ownerOf([aUser('amber', 1105, shared), aUser('basil', 1106, shared)], 'info@corp.example'),
    ).toBeUndefined()
    expect(ownerOf([], 'info@corp.example')).toBeUndefined()
  })
})

describe('recipients', () => {
  it('are the users whose mailbox holds a copy, known on an endpoint when they work there', () => {
    withView(
      [
        aUser('amber', 1105),
        aUser('basil', 1106),
        exampleMessage(0, { mailbox: 'amber@corp.example' }),
        exampleMessage(20, { mailbox: 'amber@corp.example', messageId: 'm2@out.example', deliveredAt: null }),
        exampleMessage(0, { mailbox: 'stranger@elsewhere.example', messageId: 'm3@out.example' }),
        anEvent('logon', '2026-03-10T08:00:00Z', { account: 'CORP\\amber', logonType: 2 }),
        anEvent('logon', '2026-03-10T08:00:00Z', { account: 'CORP\\basil', logonType: 2 }),
      ],
      (view) => {
        const recipients = view.recipients
        const amber = view.book.find('user', 'upn', 'amber@corp.example')
        expect([...recipients.users()]).toEqual([amber?.id])
        const copies = [...recipients.receivedBy(amber?.id ?? 0)]
        expect(copies.map((one) => one.deliveredAt === (one.copy.deliveredAt ?? one.copy.sentAt))).toEqual([
          true,
          true,
        ])
        const endpoint = view.book.find('endpoint', 'netbios', 'WS-01')
        expect(recipients.usersOn(endpoint?.id ?? 0)).toEqual([amber?.id])
      },
    )
  })
})

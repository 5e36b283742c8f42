import { describe, expect, it } from 'vitest'
import { exampleMessage } from '../../../core/correlation/example-mail.ts'
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

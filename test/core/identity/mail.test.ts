import { describe, expect, it } from 'vitest'
import { TestCase } from '../../support/case-builder.ts'
import { aMail, aUser, listEntities } from './people.ts'

function mailOf(items: Parameters<TestCase['store']>[0], kind: string) {
  using testCase = new TestCase()
  testCase.store(items)
  testCase.correlate([])
  return listEntities(testCase, kind)
}

describe('mail', () => {
  it('is one message in all copies of one Message-ID from one sender, with the ids of the copies', () => {
    expect(
      mailOf(
        [
          aMail({ messageId: 'one@out.example', mailbox: 'amber@corp.example', uniqueId: 'copy-1' }),
          aMail({ messageId: 'one@out.example', mailbox: 'basil@corp.example', uniqueId: 'copy-2' }),
        ],
        'message',
      ).map((message) => message.aliases),
    ).toEqual([['message-id:one@out.example', 'network-message-id:copy-1', 'network-message-id:copy-2']])
  })

  it('is two messages when another sender reuses a Message-ID, or when there is none', () => {
    const forged = aMail({ messageId: 'one@out.example', from: { address: 'forger@bad.example' } })
    expect(mailOf([aMail({ messageId: 'one@out.example' }), forged], 'message')).toHaveLength(2)
    expect(mailOf([aMail({ messageId: null }), aMail({ messageId: null })], 'message')).toHaveLength(2)
  })

  it('is one attachment by hash, else one per message', () => {
    const file = (sha256?: string) => ({ name: 'a.zip', ...(sha256 === undefined ? {} : { sha256 }) })
    const two = (sha256?: string) => [
      aMail({ messageId: '1@x', attachments: [file(sha256)] }),
      aMail({ messageId: '2@x', attachments: [file(sha256)] }),
    ]
    expect(mailOf(two('ab'.repeat(32)), 'attachment')).toHaveLength(1)
    expect(mailOf(two(), 'attachment')).toHaveLength(2)
  })

  it('shares no mailbox between two users whose directory entries claim one address', () => {
    const shared = { mail: 'info@corp.example', upn: undefined }
    expect(
      mailOf(
        [aUser('amber', 1105, shared), aUser('basil', 1106, shared), aMail({ mailbox: 'info@corp.example' })],
        'mailbox',
      ).map((mailbox) => mailbox.key),
    ).toEqual(['mailbox:billing@out.example', 'mailbox:info@corp.example'])
  })
})

import { describe, expect, it } from 'vitest'
import sent from '../../../core/correlation/rules/mailbox.sent.rule.ts'
import type { EventFields, EventKind } from '../../../core/model/event.ts'
import { anEvent, TestCase } from '../../support/case-builder.ts'

const OWN = '11111111-2222-4333-8444-555555555551'
const cloud = (kind: EventKind, at: string, fields: EventFields) =>
  anEvent(kind, at, { host: undefined, account: 'amber@corp.example', outcome: 'success', ...fields })
const send = (at: string, sourceIp: string, subject = 'Hello') =>
  cloud('mail-sent', at, { action: 'Send', sourceIp, subject, messageId: `${at}@corp.example` })

/** What is told of mail after an odd sign-in from 198.51.100.9, of somebody who works from 203.0.113.7 and 203.0.113.8. */
function told(...mail: readonly ReturnType<typeof send>[]) {
  using testCase = new TestCase()
  testCase.store([
    ...Array.from({ length: 6 }, (_, day) =>
      cloud('cloud-sign-in', `2026-03-0${day + 1}T08:00:00Z`, {
        sourceIp: day === 5 ? '198.51.100.200' : '203.0.113.7',
        location: 'Taipei, TW',
        hostId: OWN,
      }),
    ),
    cloud('cloud-sign-in', '2026-03-20T08:00:00Z', { sourceIp: '203.0.113.7', location: 'Taipei, TW' }),
    cloud('cloud-sign-in', '2026-03-20T08:20:00Z', { sourceIp: '198.51.100.9', location: 'Lagos, NG' }),
    ...mail,
  ])
  const { rules } = testCase.correlate([sent])
  expect(rules.map(({ error }) => error)).toEqual([null])
  return testCase
    .detections()
    .map(({ what, level, reason }) => `${what} ${level} ${String(reason.key.split('.').at(-1))}`)
}

describe('mail after an odd sign-in', () => {
  it('is told from the very address, also where a neighbour of it is known', () => {
    expect(told(send('2026-03-20T09:00:00Z', '198.51.100.9'))).toEqual(['mail-sent medium odd'])
  })

  it('is told from an address new to the account, with less', () => {
    expect(told(send('2026-03-20T09:00:00Z', '192.0.2.66'))).toEqual(['mail-sent low new'])
    expect(told(send('2026-03-20T09:00:00Z', '192.0.2.66', 'New bank details'))).toEqual([
      'payment-mail medium new',
    ])
  })

  it('is not told from where the account works, from near there, before it, or two days later', () => {
    expect(
      told(
        send('2026-03-20T09:00:00Z', '203.0.113.7'),
        send('2026-03-20T09:01:00Z', '203.0.113.99'),
        send('2026-03-20T08:01:00Z', '192.0.2.66'),
        send('2026-03-22T09:00:00Z', '198.51.100.9'),
      ),
    ).toEqual([])
  })

  it('is not told for the copy of a message that another log tells of', () => {
    expect(
      told(cloud('mail-sent', '2026-03-20T09:00:00Z', { action: 'Delivered', sourceIp: '198.51.100.9' })),
    ).toEqual([])
  })
})

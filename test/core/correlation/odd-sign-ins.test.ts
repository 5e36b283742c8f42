import { describe, expect, it } from 'vitest'
import oddSignIn from '../../../core/correlation/rules/cloud.odd-sign-in.rule.ts'
import access from '../../../core/correlation/rules/mailbox.access.rule.ts'
import type { EventFields, EventKind } from '../../../core/model/event.ts'
import { anEvent, TestCase } from '../../support/case-builder.ts'

const OWN = '11111111-2222-4333-8444-555555555551'
const OTHER = '11111111-2222-4333-8444-555555555552'
const NEW_COUNTRY = '2026-03-20T08:00:00Z'

const cloud = (kind: EventKind, at: string, fields: EventFields) =>
  anEvent(kind, at, { host: undefined, account: 'amber@corp.example', outcome: 'success', ...fields })

/** What is found when a message is read after a sign-in from a new country, with a device or none. */
function found(usual: string | undefined, device: string | undefined, more: EventFields = {}) {
  using testCase = new TestCase()
  testCase.store([
    ...Array.from({ length: 12 }, (_, day) =>
      cloud('cloud-sign-in', `2026-03-${String(day + 1).padStart(2, '0')}T08:00:00Z`, {
        sourceIp: '203.0.113.7',
        location: 'Taipei, TW',
        hostId: usual,
      }),
    ),
    cloud('cloud-sign-in', NEW_COUNTRY, {
      sourceIp: '198.51.100.9',
      location: 'Porto, PT',
      hostId: device,
      ...more,
    }),
    cloud('mailbox-access', '2026-03-20T08:20:00Z', {
      targetAccount: 'amber@corp.example',
      action: 'MailItemsAccessed',
      sourceIp: '198.51.100.9',
      messageId: 'm1@x.example',
      userAgent: 'Client=OWA',
    }),
  ])
  testCase.correlate([oddSignIn, access])
  return testCase.detections().map(({ what, level, confidence }) => `${what} ${level} ${confidence}`)
}

describe('mail read after a sign-in from a new country', () => {
  it('is told with the sign-in’s device unknown to an account that always has one', () => {
    const told = ['mail-read-after-odd-sign-in high 0.85', 'new-country low 0.5']
    expect(found(OWN, undefined)).toEqual(told)
    expect(found(OWN, OTHER)).toEqual(told)
  })

  it('weighs less where no record tells of devices', () => {
    expect(found(undefined, undefined)).toEqual([
      'mail-read-after-odd-sign-in medium 0.6',
      'new-country low 0.5',
    ])
  })

  it('is not told with the device the account has long had: a VPN or a journey', () => {
    expect(found(OWN, OWN)).toEqual(['new-country low 0.3'])
    expect(found(OWN, OWN.toUpperCase())).toEqual(['new-country low 0.3'])
  })

  it('is told with that device too when the provider calls the sign-in risky', () => {
    expect(found(OWN, OWN, { severity: 'high' })).toContain('mail-read-after-odd-sign-in high 0.85')
  })
})

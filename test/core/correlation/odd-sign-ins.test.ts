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

/** Sign-ins of an account that always works from one device; what is found on the last day. */
function onTheDay(
  signIns: readonly (readonly [minute: number, place: string, ip: string, device?: string])[],
) {
  using testCase = new TestCase()
  testCase.store([
    ...Array.from({ length: 6 }, (_, day) =>
      cloud('cloud-sign-in', `2026-03-0${day + 1}T08:00:00Z`, {
        sourceIp: '203.0.113.7',
        location: 'Taipei, TW',
        hostId: OWN,
      }),
    ),
    ...signIns.map(([minute, location, sourceIp, hostId]) =>
      cloud('cloud-sign-in', `2026-03-20T08:${String(minute).padStart(2, '0')}:00Z`, {
        sourceIp,
        location,
        hostId,
      }),
    ),
  ])
  testCase.correlate([oddSignIn])
  return testCase.detections()
}

describe('of two sign-ins too far apart', () => {
  const told = (signIns: Parameters<typeof onTheDay>[0]) =>
    onTheDay(signIns).map(({ what, level, firstAt, reason, involved }) => [
      what,
      level,
      new Date((firstAt ?? 0) / 1000).toISOString().slice(11, 16),
      reason.key.split('.').at(-1),
      reason.params['country'],
      involved,
    ])

  it('the one without the account’s own device is the odd one, also where it came first', () => {
    const phished = [
      [12, 'Bucharest, RO', '198.51.100.9'],
      [15, 'Taipei, TW', '203.0.113.7', OWN],
    ] as const
    expect(told(phished)).toEqual([
      ['impossible-travel', 'medium', '08:12', 'travel_earlier', 'RO', ['198.51.100.9']],
    ])
  })

  it('the later one is, where it is the strange one, and where no device tells', () => {
    expect(
      told([
        [12, 'Taipei, TW', '203.0.113.7', OWN],
        [15, 'Bucharest, RO', '198.51.100.9'],
      ]),
    ).toEqual([['impossible-travel', 'medium', '08:15', 'travel', 'RO', ['198.51.100.9']]])
    expect(
      told([
        [12, 'Taipei, TW', '203.0.113.7'],
        [15, 'Bucharest, RO', '198.51.100.9'],
      ]),
    ).toEqual([['impossible-travel', 'medium', '08:15', 'travel', 'RO', ['198.51.100.9']]])
  })

  it('it is told once between two of the own device, and each address of a day for itself', () => {
    const found = onTheDay([
      [10, 'Taipei, TW', '203.0.113.7', OWN],
      [12, 'Bucharest, RO', '198.51.100.9'],
      [15, 'Taipei, TW', '203.0.113.7', OWN],
      [40, 'Lagos, NG', '192.0.2.66'],
      [50, 'Taipei, TW', '203.0.113.7', OWN],
      [55, 'Lagos, NG', '192.0.2.66'],
    ])
    const told = found.map(({ firstAt, lastAt, reason, proofs, involved }) => ({
      at: [firstAt, lastAt].map((at) => new Date((at ?? 0) / 1000).getUTCMinutes()),
      to: reason.params['country'],
      records: proofs,
      involved,
    }))
    expect(told).toEqual([
      { at: [12, 12], to: 'RO', records: 2, involved: ['198.51.100.9'] },
      { at: [40, 40], to: 'NG', records: 2, involved: ['192.0.2.66'] },
    ])
  })
})

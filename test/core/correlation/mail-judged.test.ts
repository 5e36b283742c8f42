import { describe, expect, it } from 'vitest'
import { exampleMessage, exampleUser } from '../../../core/correlation/example-mail.ts'
import { exampleEvent } from '../../../core/correlation/example.ts'
import { saidInAlert, saidInHeaders } from '../../../core/correlation/mail-threats.ts'
import judged from '../../../core/correlation/rules/mail.judged.rule.ts'
import type { RecordItem } from '../../../core/importers/importer.ts'
import type { EventFields } from '../../../core/model/event.ts'
import type { MessageItem } from '../../../core/model/message.ts'
import { findRelations } from '../../support/case-builder.ts'

const LINK = 'https://sign-in.rare.example/document'
const users = ['amber', 'bruno', 'chiyo'].map((name, index) => exampleUser(name, 1105 + index))

/** A row of EmailEvents about the copy for one recipient. */
const row = (name: string, action: string, facts: Omit<Partial<MessageItem>, 'mailbox'> = {}): MessageItem =>
  exampleMessage(0, {
    uniqueId: 'n1',
    recipients: [{ address: `${name}@corp.example`, role: 'envelope' }],
    ...(action === 'blocked' ? { deliveredAt: null } : { mailbox: `${name}@corp.example` }),
    recordedAction: action,
    urls: [{ url: LINK, where: 'body' }],
    headers: [{ name: 'ThreatTypes', value: 'Phish' }],
    ...facts,
  })
const cloud = (fields: EventFields): EventFields => ({ host: undefined, ...fields })
const by = (name: string): EventFields => ({
  account: `${name}@corp.example`,
  accountMail: `${name}@corp.example`,
})
const found = (items: readonly RecordItem[]) => findRelations([...users, ...items], [judged]).detections

describe('what became of the copies of judged mail', () => {
  const figures = (items: readonly RecordItem[]) => {
    const [detection] = found(items)
    const { inbox, junk, stopped, removed } = detection?.reason.params ?? {}
    return { what: detection?.what, inbox, junk, stopped, removed }
  }
  const later = (kind: 'mail-removed' | 'mail-released', seconds: number, fields: EventFields = {}) =>
    exampleEvent(
      kind,
      seconds,
      cloud({ networkMessageId: 'N1', recipient: 'amber@corp.example', rule: 'Phish ZAP', ...fields }),
    )

  it('is counted by where each of them ended', () => {
    expect(figures([row('amber', 'delivered'), row('bruno', 'junked'), row('chiyo', 'blocked')])).toEqual({
      what: 'judged-delivered',
      inbox: 1,
      junk: 1,
      stopped: 1,
      removed: 0,
    })
  })

  it('goes by what was done last: taken back, then given back; a removal that failed did nothing', () => {
    const copy = row('amber', 'delivered')
    expect(figures([copy, later('mail-removed', 60)])).toMatchObject({ what: 'judged-held', removed: 1 })
    expect(figures([copy, later('mail-removed', 60, { outcome: 'failure' })])).toMatchObject({ inbox: 1 })
    expect(figures([copy, later('mail-released', 90), later('mail-removed', 60)])).toMatchObject({
      what: 'judged-delivered',
      inbox: 1,
    })
  })

  it('does not take what the owner deleted for an action of the product', () => {
    const own = later('mail-removed', 60, { rule: undefined, action: 'HardDelete' })
    expect(figures([row('amber', 'delivered'), own])).toMatchObject({ inbox: 1, removed: 0 })
  })

  it('knows a copy that a scanner took out of the mailbox from one that never came there', () => {
    const alert = exampleEvent(
      'alert',
      30,
      cloud({ messageId: 'm1@out.example', severity: 'Dangerous', detail: 'filter: Web Reputation' }),
    )
    const scanned = row('amber', 'quarantine', { headers: [] })
    const mailSystem = { ...row('amber', 'blocked', { headers: [] }), uniqueId: 'n1' }
    expect(figures([scanned, alert])).toMatchObject({ removed: 1, stopped: 0 })
    expect(figures([scanned, mailSystem, alert])).toMatchObject({ removed: 0, stopped: 1 })
  })
})

describe('who acted on judged mail', () => {
  const click = (name: string, fields: EventFields = {}) =>
    exampleEvent('url-click', 600, cloud({ ...by(name), url: LINK, networkMessageId: 'n1', ...fields }))
  const signIn = (seconds: number, fields: EventFields) =>
    exampleEvent('cloud-sign-in', seconds, cloud({ ...by('amber'), outcome: 'success', ...fields }))

  it('is named with the link, once each, also somebody it was passed on to', () => {
    const [detection, ...more] = found([
      row('amber', 'delivered'),
      click('amber'),
      click('amber'),
      click('chiyo'),
    ])
    expect(more).toEqual([])
    expect(detection).toMatchObject({ what: 'judged-clicked', level: 'high', subject: 'Invoice' })
    // When the link was opened, not when the mail came.
    expect(detection?.firstAt).toBe(click('amber').at)
    expect(detection?.reason.params['who']).toBe('amber, chiyo')
    expect([...(detection?.involved ?? [])].sort()).toEqual(['amber', 'chiyo', LINK])
  })

  it('is nobody where the product stopped the click', () => {
    const [detection] = found([row('amber', 'delivered'), click('amber', { outcome: 'failure' })])
    expect(detection).toMatchObject({ what: 'judged-delivered', level: 'medium' })
    expect(detection?.reason.params['blocked']).toBe(1)
  })

  it('signed in oddly after the copy came, and did not open the link as far as is known', () => {
    const items = [
      row('amber', 'delivered'),
      signIn(1800, { severity: 'high', sourceIp: '203.0.113.9', location: 'Bucharest, RO' }),
    ]
    expect(found(items)).toMatchObject([{ what: 'judged-followed', level: 'high', confidence: 0.55 }])
    expect(found(items)[0]?.reason.params).toMatchObject({ who: 'amber', minutes: 30 })
    expect(found([...items, click('amber')]).map(({ what }) => what)).toEqual(['judged-clicked'])
  })

  it('is nobody who signed in oddly before, or got no copy', () => {
    const odd = { severity: 'high', sourceIp: '203.0.113.9' }
    expect(found([row('amber', 'delivered'), signIn(-600, odd)])[0]?.what).toBe('judged-delivered')
    expect(found([row('amber', 'blocked'), signIn(600, odd)])[0]?.what).toBe('judged-held')
  })
})

describe('waves of judged mail', () => {
  const other = (id: number, from: string, facts: Omit<Partial<MessageItem>, 'mailbox'> = {}): MessageItem =>
    row('bruno', 'blocked', {
      messageId: `w${id}@${from}`,
      uniqueId: `w${id}`,
      from: { address: `x${id}@${from}` },
      urls: [],
      ...facts,
    })

  it('are told once: the same rare page, or stopped from one domain on one day', () => {
    const urls = [{ url: LINK, where: 'body' as const }]
    const byPage = found([other(1, 'one.example', { urls }), other(2, 'two.example', { urls })])
    expect(byPage.map(({ reason }) => reason.params['messages'])).toEqual([2])
    expect(found([other(1, 'one.example'), other(2, 'one.example')])).toHaveLength(1)
    expect(found([other(1, 'one.example'), other(2, 'two.example')])).toHaveLength(2)
  })
})

describe('words of mail products', () => {
  const headers = (entries: Record<string, string>) => saidInHeaders(new Map(Object.entries(entries)))

  it('name the threat with what found it; spam alone is none', () => {
    expect(
      headers({ threattypes: 'Phish, Spam', detectionmethods: '{"Phish":["Spoof DMARC"],"Spam":["Bulk"]}' }),
    ).toEqual({ threat: 'phish', said: 'Phish, Spam (Spoof DMARC)', isSure: true })
    expect(headers({ threattypes: 'Malware', threatnames: 'Trojan.X' })?.said).toBe('Malware (Trojan.X)')
    expect(headers({ threattypes: 'Spam' })).toBeUndefined()
    expect(headers({ 'x-forefront-antispam-report': 'CIP:1.2.3.4;CAT:HPHISH;SFV:SPM' })?.threat).toBe('phish')
    expect(headers({ 'x-forefront-antispam-report': 'CIP:1.2.3.4;CAT:SPM' })).toBeUndefined()
  })

  it('of the cloud scanner count by risk level and by the name of what was found', () => {
    expect(saidInAlert({ severity: 'Suspicious', detail: 'filter: Web Reputation' })).toMatchObject({
      threat: 'phish',
      isSure: false,
    })
    expect(saidInAlert({ detail: 'filter: Malware Scanning; virus: TROJ_X' })).toEqual({
      threat: 'malware',
      said: 'TROJ_X, Malware Scanning',
      isSure: true,
    })
    expect(saidInAlert({ severity: 'Untested', detail: 'filter: Web Reputation' })).toBeUndefined()
    expect(saidInAlert({ detail: 'filter: File Blocking; risk: invoice.zip' })).toBeUndefined()
  })
})

import { describe, expect, it } from 'vitest'
import { exampleMessage, exampleUser } from '../../../core/correlation/example-mail.ts'
import { exampleEvent } from '../../../core/correlation/example.ts'
import type { RecordItem } from '../../../core/importers/importer.ts'
import type { EventFields, EventKind } from '../../../core/model/event.ts'
import { GraphCase } from '../graph/graph-case.ts'

/** What Amber's account did, so many seconds into the morning. */
const did = (kind: EventKind, seconds: number, fields: EventFields) =>
  exampleEvent(kind, seconds, {
    host: undefined,
    account: 'amber@corp.example',
    accountMail: 'amber@corp.example',
    outcome: 'success',
    sourceIp: '203.0.113.9',
    ...fields,
  })
const signIn = did('cloud-sign-in', 0, { severity: 'high', location: 'Bucharest, RO' })
const rule = (seconds: number, target: string, action = 'New-InboxRule') =>
  did('mailbox-rule', seconds, { action, target, detail: 'DeleteMessage: True' })
const forwarding = did('mailbox-change', 900, {
  action: 'Set-Mailbox',
  targetAccount: 'amber@corp.example',
  recipient: 'drop@evil.example',
})
const consent = did('cloud-activity', 1200, {
  action: 'Consent to application',
  target: 'Reader App',
  detail: 'Scope: Mail.Read',
})

async function planOf(...items: RecordItem[]) {
  await using graph = await GraphCase.of([exampleUser('amber', 1105), ...items])
  return (await graph.client.call('plan.list', {})).items
}

describe('steps for an account in other hands', () => {
  it('end its sessions and password, remove its inbox rules by name, and name what a password does not undo', async () => {
    const items = await planOf(signIn, rule(600, '..'), rule(700, 'Sorter'), forwarding, consent)
    expect(items.map(({ action, target }) => [action, target.account, target.inboxRule])).toEqual([
      ['revoke-sessions', 'amber@corp.example', null],
      ['reset-account', 'amber@corp.example', null],
      ['remove-inbox-rule', 'amber@corp.example', '..'],
      ['remove-inbox-rule', 'amber@corp.example', 'Sorter'],
    ])
    const reasons = items[1]?.reasons.map(({ text }) => [
      text.key.replace('plan.reason.', ''),
      text.params['what'],
    ])
    expect(reasons).toContainEqual(['takenSignIn', undefined])
    expect(reasons).toContainEqual(['undoForwarding', 'drop@evil.example'])
    expect(reasons).toContainEqual(['undoConsent', 'Reader App'])
    expect(items[1]?.evidence.events.length).toBeGreaterThan(3)
  })

  it('are none for rules made before, or for what is everyday work', async () => {
    const before = await planOf(rule(-86_400, 'Old'), signIn, consent)
    expect(before.map(({ action }) => action)).toEqual(['revoke-sessions', 'reset-account'])
    expect(await planOf(signIn)).toEqual([])
    expect(await planOf(forwarding, consent, rule(600, 'Sorter', 'Remove-InboxRule'))).toEqual([])
  })

  it('follow from a link of mail that the product called malicious, for who opened it', async () => {
    const url = 'https://sign-in.rare.example/document'
    const items = await planOf(
      exampleUser('bruno', 1106),
      exampleMessage(0, {
        uniqueId: 'n1',
        mailbox: 'amber@corp.example',
        urls: [{ url, where: 'body' }],
        headers: [{ name: 'ThreatTypes', value: 'Phish' }],
      }),
      did('url-click', 600, { url, networkMessageId: 'n1' }),
    )
    expect(items.map(({ action, target, reasons }) => [action, target.account, reasons[0]?.rule])).toEqual([
      ['revoke-sessions', 'amber@corp.example', 'mail.judged'],
      ['reset-account', 'amber@corp.example', 'mail.judged'],
    ])
  })
})

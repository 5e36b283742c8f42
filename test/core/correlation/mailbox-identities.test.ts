import { describe, expect, it } from 'vitest'
import { exampleMessage } from '../../../core/correlation/example-mail.ts'
import rule from '../../../core/correlation/rules/mailbox.change.rule.ts'
import type { EventFields } from '../../../core/model/event.ts'
import { anEvent, TestCase } from '../../support/case-builder.ts'
import { aUser } from '../identity/people.ts'

/** The mailboxes that a change is ascribed to. */
function mailboxesOf(written: string, more: EventFields = {}, account = 'amber@corp.example') {
  using testCase = new TestCase()
  testCase.store([
    ...['amber', 'basil'].map((name, index) =>
      aUser(name, 1105 + index, {
        dn: `CN=${name},OU=Staff,DC=corp,DC=example`,
        displayName: `${name} Sato`,
        guid: `11111111-2222-4333-8444-55555555555${index}`,
        samAccountName: `u${index}`,
      }),
    ),
    ...['corp', 'two'].map((domain, index) =>
      aUser(`gus-${domain}`, 1120 + index, { mail: `gus@${domain}.example`, upn: `gus@${domain}.example` }),
    ),
    ...[
      'amber@corp.example',
      'basil@corp.example',
      'gus@corp.example',
      'gus@two.example',
      'out@else.example',
    ].map((mailbox, index) => exampleMessage(index, { messageId: `${index}@out.example`, mailbox })),
    anEvent('mailbox-change', '2026-03-10T09:00:00Z', {
      host: undefined,
      account,
      accountMail: account.includes('@') ? account : undefined,
      action: 'Set-Mailbox',
      outcome: 'success',
      targetAccount: written === '' ? undefined : written,
      ...more,
    }),
  ])
  testCase.correlate([rule])
  return testCase.relations().flatMap(({ kind, to }) => (kind === 'changed-mailbox' ? [to] : []))
}

describe('a mailbox by what Exchange calls it', () => {
  it.each([
    'amber@corp.example',
    'smtp:amber@corp.example',
    'amber',
    'Amber',
    'amber Sato',
    'u0',
    'CN=amber,OU=Staff,DC=corp,DC=example',
    '11111111-2222-4333-8444-555555555550',
    'corp.example/Users/amber',
    'amber\\a rule',
  ])('is the one of %s, whoever changed it', (written) => {
    expect(mailboxesOf(written)).toEqual(['amber@corp.example'])
    expect(mailboxesOf(written, {}, 'basil@corp.example')).toEqual(['amber@corp.example'])
  })

  it('is that of who changed it where others have the name as well, and else of nobody', () => {
    expect(mailboxesOf('gus', {}, 'gus@two.example')).toEqual(['gus@two.example'])
    expect(mailboxesOf('gus')).toEqual(['gus'])
  })

  it('is none of the outside, whatever its name', () => {
    expect(mailboxesOf('out')).toEqual(['out'])
  })

  it('is read whole out of a command', () => {
    const detail = '-Identity "basil Sato" -ForwardingSmtpAddress "smtp:x@evil.example"'
    expect(mailboxesOf('', { detail })).toEqual(['basil@corp.example'])
  })
})

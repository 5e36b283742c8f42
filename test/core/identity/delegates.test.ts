import { describe, expect, it } from 'vitest'
import { rules } from '../../../core/correlation/registry.ts'
import type { RecordItem } from '../../../core/importers/importer.ts'
import type { DirectoryEdge } from '../../../core/model/directory.ts'
import { findRelations, relationText, TestCase } from '../../support/case-builder.ts'
import { aLogon, aMail, aUser, listEntities, sid } from './people.ts'

const TO_AMBER: DirectoryEdge = { right: 'shared-with', from: sid(1190), to: sid(1105) }
const AMBER = aUser('amber', 1105)
const MAIL = aMail({ mailbox: 'info@corp.example' })
const info = (facts: Parameters<typeof aUser>[2] = {}) =>
  aUser('info', 1190, { enabled: false, edges: [TO_AMBER], ...facts })

const RULES = rules.filter(({ id }) => ['mail.owner', 'mailbox.delegate', 'directory.rights'].includes(id))

/** Who owns and who shares which mailbox. */
function mailboxTies(items: readonly RecordItem[]): string[] {
  const { relations, errors } = findRelations(items, RULES)
  expect(errors).toEqual([])
  return relations
    .filter(({ kind }) => kind === 'owned-by' || kind === 'shared-with')
    .map(relationText)
    .sort()
}
function mailboxesOf(items: readonly RecordItem[]): string[] {
  using testCase = new TestCase()
  testCase.store(items)
  testCase.correlate([])
  return listEntities(testCase, 'mailbox').map(({ key }) => key)
}

const SHARED = 'shared-with: info@corp.example -> amber'
const OWNED = 'owned-by: info@corp.example -> info'

describe('a mailbox with delegates', () => {
  it('shows its delegates and has no owner when nobody can log on with its account', () => {
    expect(mailboxTies([info(), AMBER, MAIL])).toEqual([SHARED])
  })

  it('keeps its owner when the account is in use', () => {
    const ties = mailboxTies([info({ enabled: true }), AMBER, MAIL])
    expect(ties).toContain(SHARED)
    expect(ties).toContain(OWNED)
  })

  it('keeps its owner when the account was switched off after it had been used', () => {
    expect(mailboxTies([info({ lastLogonAt: 1_772_000_000_000_000 }), AMBER, MAIL])).toContain(OWNED)
    const logon = aLogon({ host: 'ws-01.corp.example', account: 'CORP\\info', accountSid: sid(1190) })
    expect(mailboxTies([info(), AMBER, MAIL, logon])).toContain(OWNED)
  })

  it('has no owner when Exchange calls it shared, whatever else is known', () => {
    const stated = info({ enabled: true, lastLogonAt: 1_772_000_000_000_000, isSharedMailbox: true })
    expect(mailboxTies([stated, AMBER, MAIL])).toEqual([SHARED])
    expect(mailboxTies([info({ edges: [], isSharedMailbox: true }), AMBER, MAIL])).toEqual([])
  })

  it('is found by the names that the shells of Exchange write', () => {
    for (const [from, to] of [
      ['info@corp.example', 'corp\\amber'],
      ['corp.example/Users/info', 'amber@corp.example'],
    ] as const) {
      const listed = {
        type: 'directory' as const,
        kind: 'other' as const,
        objectId: `mailbox-permission:${from}|${to}`,
        name: from,
        edges: [{ right: 'shared-with' as const, from, to }],
      }
      expect(mailboxTies([info({ edges: [] }), AMBER, listed, MAIL])).toEqual([SHARED])
    }
  })

  it('keeps its owner when it is switched off and nobody else may open it', () => {
    expect(mailboxTies([info({ edges: [] }), AMBER, MAIL])).toEqual([OWNED])
  })

  it('is there without mail when the directory states its address, and not made up otherwise', () => {
    expect(mailboxesOf([info(), AMBER])).toEqual(['mailbox:info@corp.example'])
    expect(mailboxesOf([info({ mail: undefined }), AMBER])).toEqual([])
  })

  it('is found by any address of its account', () => {
    const other = { proxyAddresses: ['info@corp.example', 'help@corp.example'] }
    expect(mailboxTies([info(other), AMBER, aMail({ mailbox: 'help@corp.example' })])).toEqual([SHARED])
  })

  it('is not shared with itself', () => {
    expect(mailboxTies([info({ edges: [{ ...TO_AMBER, to: sid(1190) }] }), MAIL])).not.toContain(
      'shared-with: info@corp.example -> info',
    )
  })
})

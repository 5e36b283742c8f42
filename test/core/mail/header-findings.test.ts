import { describe, expect, it } from 'vitest'
import { HeaderFindings } from '../../../core/contract/nouns/mail.ts'
import { readHeaderFindings } from '../../../core/mail/header-findings.ts'
import { readOrganisation } from '../../../core/mail/organisation.ts'
import { TestCase } from '../reputation/case-builder.ts'

/** A case whose directory knows Alice Müller with the mailbox alice@mail.contoso.test. */
function aCase(): TestCase {
  const test = new TestCase(0)
  const entity = test.db.prepare(
    `INSERT INTO entity (id, key, kind, name, attributes, run) VALUES (?, ?, ?, ?, ?, 1)`,
  )
  entity.run(901, 'u', 'user', 'Alice Müller', '{}')
  entity.run(902, 'm', 'mailbox', 'alice@mail.contoso.test', '{"hasOwner":1}')
  entity.run(903, 'n', 'mailbox', 'someone@elsewhere.test', '{}')
  test.db
    .prepare(
      `INSERT INTO alias (entity_id, kind, value, confidence, reason) VALUES (901, 'name', 'Müller, Alice', 0.3, '{}')`,
    )
    .run()
  return test
}

describe('the own organisation', () => {
  it('has the domains of mailboxes with an owner, whatever the subdomain', () => {
    expect([...readOrganisation(aCase().db).domains]).toEqual(['contoso.test'])
  })

  it.each(['Müller, Alice', 'Alice Müller', 'Müller Alice', 'alice müller'])('knows %s', (name) => {
    expect(readOrganisation(aCase().db).hasName(name)).toBe(true)
  })
  it.each(['', 'Alice', 'Bob Müller', "x' OR 1=1 --"])('does not know %j', (name) => {
    expect(readOrganisation(aCase().db).hasName(name)).toBe(false)
  })
})

describe('findings in a header', () => {
  it('are ready for a screen', () => {
    const headers = [
      {
        name: 'Received',
        value:
          'from mx.evil.test ([192.0.2.7]) by in.contoso.test with ESMTP; Tue, 6 May 2031 07:01:00 +0000',
      },
      { name: 'Received', value: 'from pc by mx.evil.test; Tue, 6 May 2031 07:05:00 +0000' },
      { name: 'From', value: 'Alice Müller <alice@c0ntoso.test>' },
    ]
    const findings = readHeaderFindings(aCase().db, headers, {
      address: 'alice@c0ntoso.test',
      name: 'Alice Müller',
    })
    expect(HeaderFindings.parse(findings)).toEqual(findings)
    expect(
      findings.hops.map(({ by, at, delaySeconds, remarks }) => [
        by,
        at,
        delaySeconds,
        remarks.map(({ key }) => key),
      ]),
    ).toEqual([
      ['mx.evil.test', '2031-05-06T07:05:00.000Z', null, []],
      ['in.contoso.test', '2031-05-06T07:01:00.000Z', -240, ['mail.signal.hop.backwards']],
    ])
    expect(findings.signals.map(({ text, isStrong }) => [text.key, isStrong])).toEqual([
      ['mail.signal.name-is-internal', true],
      ['mail.signal.lookalike-domain', true],
      ['mail.signal.clock-skew', false],
    ])
  })
})

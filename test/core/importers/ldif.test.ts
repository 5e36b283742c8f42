import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import ldif from '../../../core/importers/ldif.importer.ts'
import { toObjectId } from '../../../core/importers/directory/sid.ts'
import { toDnKey, toDomain } from '../../../core/normalise/distinguished-name.ts'
import { parseAll, partOf } from '../../support/parse.ts'
import { codesOf, detectInput, directoryOf, edgesOf, fixture, readUnits, recordsOf } from './read-part.ts'

const D = 'S-1-5-21-1111-2222-3333'

describe('ldif importer', () => {
  it('decodes base64, folds, SIDs, GUIDs, times, flags and proxy addresses', async () => {
    const [user] = directoryOf(await readUnits(ldif, fixture('ldif/good-ldifde.ldf')))
    expect(user).toMatchObject({
      kind: 'user',
      objectId: `${D}-1105`,
      sid: `${D}-1105`,
      guid: '00112233-4455-6677-8899-aabbccddeeff',
      dn: 'CN=Jörg Beispiel,OU=Büro,DC=corp,DC=test',
      name: 'Jörg Beispiel',
      samAccountName: 'joerg',
      upn: 'joerg@corp.test',
      mail: 'joerg.beispiel@corp.test',
      proxyAddresses: ['joerg.beispiel@corp.test', 'jb@corp.test'],
      domain: 'corp.test',
      enabled: false,
      createdAt: Date.parse('2026-01-02T03:04:05Z') * 1000,
      lastLogonAt: 1_772_582_400_000_000,
      passwordSetAt: 1_767_076_831_123_456,
    })
  })

  it('reads memberships and the rights of a security descriptor, silent and inherit-only entries left out', async () => {
    const [user] = directoryOf(await readUnits(ldif, fixture('ldif/good-ldifde.ldf')))
    expect(edgesOf(user)).toEqual(
      [
        `force-change-password ${D}-1120 -> ${D}-1105`,
        `generic-all ${D}-1110 -> ${D}-1105`,
        `member-of ${D}-1105 -> ${D}-513`,
        `member-of ${D}-1105 -> cn=helpdesk,ou=groups,dc=corp,dc=test`,
        `owns ${D}-512 -> ${D}-1105`,
        `write-dacl CORP.TEST-S-1-5-32-544 -> ${D}-1105`,
      ].sort(),
    )
  })

  it('reads computers, ranged members, built-in groups, policy links and trusts', async () => {
    const [, computer, helpdesk, administrators, staff, trust] = directoryOf(
      await readUnits(ldif, fixture('ldif/good-ldifde.ldf')),
    )
    expect(computer).toMatchObject({
      kind: 'computer',
      dnsHostName: 'ws1.corp.test',
      enabled: true,
      isDomainController: false,
    })
    expect(edgesOf(computer)).toEqual([`allowed-to-act ${D}-2002 -> ${D}-2001`])
    expect(edgesOf(helpdesk)).toEqual([
      `member-of cn=bob\\, the second,ou=staff,dc=corp,dc=test -> ${D}-1110`,
      `member-of cn=carol,ou=staff,dc=corp,dc=test -> ${D}-1110`,
    ])
    expect(administrators).toMatchObject({
      objectId: 'CORP.TEST-S-1-5-32-544',
      sid: undefined,
      isHighValue: true,
    })
    expect(edgesOf(staff)).toEqual([
      'gpo-applies-to cn={b88ec183-544a-4fee-9492-ebbd3415238c},cn=policies,cn=system,dc=corp,dc=test -> ou=staff,dc=corp,dc=test',
    ])
    expect(edgesOf(trust)).toEqual(['trusts domain:corp.test| -> domain:partner.test|'])
  })

  it('reads UTF-16 like UTF-8', async () => {
    const plain = await readUnits(ldif, fixture('ldif/good-ldifde.ldf'))
    expect(await readUnits(ldif, fixture('ldif/good-utf16.ldf'), 11)).toEqual(plain)
  })

  it('reads the code page of the machine that wrote it, short names like the others', async () => {
    const person = (name: string, at: number) =>
      `dn: CN=u${at},DC=corp,DC=example\nobjectClass: user\nsAMAccountName: u${at}\ndisplayName: ${name}\n\n`
    const bytes = iconv.encode(person('山田 太郎', 1) + person('森', 2), 'shift_jis')
    expect(directoryOf(await readUnits(ldif, bytes)).map(({ displayName }) => displayName)).toEqual([
      '山田 太郎',
      '森',
    ])
  })

  it('reads directories without SIDs, joined by distinguished name whatever the spacing', async () => {
    const units = await readUnits(ldif, fixture('ldif/good-ldapsearch.ldif'))
    const [person, group] = directoryOf(units)
    expect(recordsOf(units)).toHaveLength(2)
    expect(person).toMatchObject({ kind: 'user', samAccountName: 'scarter', mail: 'scarter@example.com' })
    expect(edgesOf(group)).toEqual([
      `member-of ${person?.objectId ?? ''} -> cn=staff,ou=groups,dc=example,dc=com`,
    ])
  })

  it('reads the textual SIDs and GUIDs of ldbsearch and skips referrals', async () => {
    const items = directoryOf(await readUnits(ldif, fixture('ldif/good-ldbsearch.ldif')))
    expect(items).toHaveLength(1)
    expect(items[0]).toMatchObject({
      sid: `${D}-1107`,
      guid: '57f9d7e0-5997-4af9-9f43-01e648f6764b',
      enabled: true,
    })
  })

  it('reads access lists written as text, names of principals by the domain of the export', async () => {
    const name = 'good-ldbsearch-sddl-20260305093000.ldif'
    const units = await parseAll(ldif, partOf(name, fixture(`ldif/${name}`)), 'UTC')
    const [domain, service, managed, group, person] = directoryOf(units)
    expect(edgesOf(domain)).toEqual([
      `dcsync ${D}-1140 -> ${D}`,
      `get-changes CORP.TEST-S-1-5-9 -> ${D}`,
      `owns CORP.TEST-S-1-5-32-544 -> ${D}`,
    ])
    expect(edgesOf(service)).toEqual(
      [
        `allowed-to-delegate ${D}-1150 -> fqdn:fs1.corp.test`,
        `allowed-to-delegate ${D}-1150 -> fqdn:sql1.corp.test`,
        `allowed-to-delegate ${D}-1150 -> netbios:fs1`,
        `force-change-password ${D}-1110 -> ${D}-1150`,
        `generic-all ${D}-512 -> ${D}-1150`,
        `generic-all ${D}-519 -> ${D}-1150`,
        `generic-write CORP.TEST-S-1-5-32-548 -> ${D}-1150`,
        `member-of ${D}-1150 -> ${D}-513`,
        `owns ${D}-512 -> ${D}-1150`,
        `write-spn ${D}-1110 -> ${D}-1150`,
      ].sort(),
    )
    expect(service).toMatchObject({
      displayName: 'Web service',
      collectedAt: Date.parse('2026-03-05T09:30:00Z') * 1000,
    })
    expect(edgesOf(managed)).toEqual([`read-gmsa ${D}-2001 -> ${D}-1151`])
    expect(group?.edges).toHaveLength(2)
    expect(person).toMatchObject({ enabled: false, guid: '57f9d7e0-5997-4af9-9f43-01e648f6764d' })
    expect(codesOf(units)).toEqual(['ldif.range'])
  })

  it('takes no rights from broken access lists', async () => {
    const [user, group] = directoryOf(await readUnits(ldif, fixture('ldif/hostile-sddl.ldif')))
    expect(edgesOf(user)).toEqual([`allowed-to-delegate ${D}-1 -> netbios:b`])
    expect(group?.edges).toEqual([])
  })

  it.each([
    ['a name', `dn: CN=${'a'.repeat(12_000_000)},DC=x\nobjectClass: user\n`],
    [
      'blanks in a name',
      `dn: CN=a,DC=${' '.repeat(2_000_000)}x${' '.repeat(2_000_000)}=\nobjectClass: user\n`,
    ],
    ['options', `dn: CN=a,DC=x\nobjectClass${';'.repeat(12_000_000)}: user\n`],
    ['policies', `dn: OU=a,DC=x\ngPLink: ${'[LDAP://'.repeat(500_000)}\n`],
    ['an access list', `dn: OU=a,DC=x\nnTSecurityDescriptor: D:${'(A;'.repeat(1_000_000)}\n`],
    ['a member', `dn: CN=a,DC=x\nmember: CN=${'\\,'.repeat(6_000_000)}\n`],
  ])('is not held up by megabytes of %s', async (_, text) => {
    const started = performance.now()
    expect(recordsOf(await readUnits(ldif, text, 65_536))).toHaveLength(1)
    expect(performance.now() - started).toBeLessThan(10_000)
  })

  it('keeps the names of a deleted object but none of its rights', async () => {
    const text =
      'dn: CN=A\\0ADEL:1,CN=Deleted Objects,DC=x\nobjectClass: user\nisDeleted: TRUE\nsAMAccountName: a\nuserAccountControl: 512\nmemberOf: CN=G,DC=x\n'
    expect(directoryOf(await readUnits(ldif, text))).toMatchObject([
      { samAccountName: 'a', enabled: false, edges: [] },
    ])
  })

  it('takes the time of the export from the root entry', async () => {
    const text = 'dn:\ncurrentTime: 20260305093000.0Z\n\ndn: CN=A,DC=x\nobjectClass: user\n'
    expect(directoryOf(await readUnits(ldif, text))).toMatchObject([
      { collectedAt: Date.parse('2026-03-05T09:30:00Z') * 1000 },
    ])
  })

  it.each([1, 3, 17, 1000])('gives the same units in chunks of %i bytes', async (size) => {
    for (const name of [
      'good-ldifde.ldf',
      'good-ldapsearch.ldif',
      'truncated-entry.ldif',
      'hostile-lines.ldif',
    ]) {
      const bytes = fixture(`ldif/${name}`)
      expect(await readUnits(ldif, bytes, size)).toEqual(await readUnits(ldif, bytes))
    }
  })

  it('names entries by number and lines', async () => {
    const [first, second] = recordsOf(await readUnits(ldif, fixture('ldif/good-ldapsearch.ldif')))
    expect([first?.locator, second?.locator]).toEqual(['entry 1, lines 8-14', 'entry 2, lines 16-20'])
  })

  it('remarks a file that ends inside a line', async () => {
    expect(codesOf(await readUnits(ldif, fixture('ldif/truncated-entry.ldif')))).toEqual(['ldif.truncated'])
  })

  it('survives broken values, keeps change records unread and counts blocks without dn', async () => {
    const units = await readUnits(ldif, fixture('ldif/hostile-lines.ldif'))
    expect(codesOf(units)).toEqual(['ldif.bad_line', 'ldif.no_dn', 'ldif.change_record'])
    expect(recordsOf(units)).toHaveLength(4)
    const [first] = directoryOf(units)
    expect(first).toMatchObject({
      name: 'A',
      samAccountName: 'aäö',
      sid: undefined,
      guid: undefined,
      enabled: undefined,
      edges: [],
    })
  })

  it('recognises exports by content', () => {
    for (const name of ['good-ldifde.ldf', 'good-utf16.ldf', 'good-ldapsearch.ldif', 'good-ldbsearch.ldif'])
      expect(ldif.detect(detectInput(fixture(`ldif/${name}`), 'x.txt'))).toBeGreaterThanOrEqual(0.9)
    expect(ldif.detect(detectInput(fixture('eml/good-parcel.eml'), 'x.ldif'))).toBe(0)
    expect(ldif.detect(detectInput('version: 2\nname: x\n'))).toBe(0)
  })
})

describe('directory names', () => {
  it.each([
    ['CN=A\\, B, OU = Staff ,DC=x', 'cn=a\\, b,ou=staff,dc=x'],
    ['CN="A, B",DC=x', 'cn="a, b",dc=x'],
  ])('%s compares as %s', (dn, key) => {
    expect(toDnKey(dn)).toBe(key)
  })

  it('has one form for every id', () => {
    expect(toObjectId('corp.test-s-1-5-32-544')).toBe('CORP.TEST-S-1-5-32-544')
    expect(toObjectId('{B88EC183-544A-4FEE-9492-EBBD3415238C}')).toBe('b88ec183-544a-4fee-9492-ebbd3415238c')
    expect(toObjectId('CN=A,DC=x')).toBe('cn=a,dc=x')
    expect(toDomain('CN=A,DC=Corp,DC=Test')).toBe('corp.test')
  })
})

import { describe, expect, it } from 'vitest'
import csvde from '../../../core/importers/csvde.importer.ts'
import ldif from '../../../core/importers/ldif.importer.ts'
import { parseAll, partOf } from '../../support/parse.ts'
import { codesOf, detectInput, directoryOf, edgesOf, fixture, readUnits } from './read-part.ts'

const D = 'S-1-5-21-1111-2222-3333'
const GOOD = 'good-20260306120000.csv'

describe('csvde importer', () => {
  it('reads a user as LDIF of the same directory does', async () => {
    const units = await parseAll(csvde, partOf(GOOD, fixture(`csvde/${GOOD}`)), 'UTC')
    const [user] = directoryOf(units)
    const [same] = directoryOf(await readUnits(ldif, fixture('ldif/good-ldifde.ldf')))
    const second = `member-of ${D}-1105 -> cn=a;b,ou=groups,dc=corp,dc=test`
    expect(edgesOf(user)).toEqual([...edgesOf(same), second].sort())
    expect({ ...user, edges: [] }).toEqual({
      ...same,
      displayName: 'Jörg Beispiel',
      collectedAt: Date.parse('2026-03-06T12:00:00Z') * 1000,
      named: [...(same?.named ?? []), 'CN=A;B,OU=Groups,DC=corp,DC=test'],
      edges: [],
    })
    expect(codesOf(units)).toEqual([])
  })

  it('reads computers, members, delegation and policy links', async () => {
    const [, computer, group, unit] = directoryOf(await readUnits(csvde, fixture(`csvde/${GOOD}`)))
    expect(edgesOf(computer)).toEqual([
      `allowed-to-act ${D}-2002 -> ${D}-2001`,
      `allowed-to-delegate ${D}-2001 -> fqdn:fs1.corp.test`,
      `allowed-to-delegate ${D}-2001 -> netbios:fs1`,
    ])
    expect(edgesOf(group)).toEqual([
      `member-of cn=bob\\, the second,ou=staff,dc=corp,dc=test -> ${D}-1110`,
      `member-of cn=carol,ou=staff,dc=corp,dc=test -> ${D}-1110`,
    ])
    expect(unit).toMatchObject({ kind: 'ou' })
    expect(unit?.edges).toHaveLength(1)
  })

  it('reads UTF-16 as csvde -u writes it', async () => {
    const [user] = directoryOf(await readUnits(csvde, fixture('csvde/good-unicode.csv')))
    expect(user?.dn).toBe('CN=Jörg Beispiel,OU=Büro,DC=corp,DC=test')
  })

  it('finds columns in any order and case', async () => {
    const text =
      'samaccountname,dn,OBJECTSID,objectclass,extra\nalice,"CN=Alice,DC=corp,DC=test",S-1-5-21-1-2-3-9,user,x\n'
    expect(csvde.detect(detectInput(text))).toBeGreaterThan(0.8)
    expect(directoryOf(await readUnits(csvde, text))).toMatchObject([
      { kind: 'user', sid: 'S-1-5-21-1-2-3-9', samAccountName: 'alice', domain: 'corp.test' },
    ])
  })

  it('survives broken bytes, rows of nothing and traps', async () => {
    const units = await readUnits(csvde, fixture('csvde/hostile.csv'))
    expect(directoryOf(units).map((item) => [item.objectId, item.kind])).toEqual([
      ['cn=a,dc=corp,dc=test', 'user'],
      ['cn=b,dc=corp,dc=test', 'group'],
      ['cn="c', 'user'],
      ['cn=d,dc=corp,dc=test', 'user'],
    ])
    expect(new Set(codesOf(units))).toEqual(
      new Set(['csvde.duplicate_header', 'csvde.no_dn', 'csvde.columns']),
    )
    expect(Object.prototype).not.toHaveProperty('x')
  })

  it.each([
    ['a member', 'a'.repeat(9_000_000)],
    ['semicolons', ';'.repeat(3_000_000)],
    ['hexadecimal', `X'${'0'.repeat(9_000_000)}'`],
  ])('is not held up by megabytes of %s', async (_, cell) => {
    const started = performance.now()
    const text = `DN,objectClass,member\n"CN=A,DC=x",group,${cell}\n`
    expect(directoryOf(await readUnits(csvde, text, 65_536))).toHaveLength(1)
    expect(performance.now() - started).toBeLessThan(10_000)
  })

  it('is found though the last of few rows is cut off', () => {
    expect(csvde.detect(detectInput(fixture('csvde/truncated.csv')))).toBe(0.8)
  })

  it('is not found in other tables', () => {
    expect(csvde.detect(detectInput('dn,name\nx,y\n'))).toBe(0)
    expect(csvde.detect(detectInput('DN,objectClass\nhello,user\n'))).toBe(0)
    expect(csvde.detect(detectInput('objectClass,name\nuser,y\n'))).toBe(0)
  })
})

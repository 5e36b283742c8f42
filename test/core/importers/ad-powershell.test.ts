import { describe, expect, it } from 'vitest'
import powershell from '../../../core/importers/ad-powershell.importer.ts'
import { parseAll, partOf } from '../../support/parse.ts'
import { codesOf, detectInput, directoryOf, edgesOf, fixture, issuesOf, recordsOf } from './read-part.ts'

const D = 'S-1-5-21-1111-2222-3333'
const read = (name: string, zone = 'Europe/Berlin') =>
  parseAll(powershell, partOf(name, fixture(`ad-powershell/${name}`)), zone)

describe('ad-powershell importer', () => {
  it('reads users with dates in the order that the file proves', async () => {
    const [alice, bob] = directoryOf(await read('good-get-aduser-20260307080000.csv'))
    expect(alice).toMatchObject({
      kind: 'user',
      sid: `${D}-1105`,
      guid: '57f9d7e0-5997-4af9-9f43-01e648f6764b',
      samAccountName: 'alice',
      upn: 'alice@corp.test',
      mail: 'alice@corp.test',
      domain: 'corp.test',
      department: 'Finance',
      enabled: true,
      createdAt: Date.parse('2026-01-02T02:04:05Z') * 1000,
      passwordSetAt: Date.parse('2026-02-17T08:00:00Z') * 1000,
      collectedAt: Date.parse('2026-03-07T07:00:00Z') * 1000,
    })
    expect(edgesOf(alice)).toEqual([`member-of ${D}-1105 -> cn=domain users,cn=users,dc=corp,dc=test`])
    expect(bob).toMatchObject({ enabled: false, dn: 'CN=Bob\\, the second,OU=Staff,DC=corp,DC=test' })
  })

  it('names lists that Export-Csv lost, once for a file', async () => {
    const units = await read('good-get-aduser-20260307080000.csv')
    expect(codesOf(units)).toEqual(['ad-powershell.collection_lost'])
    expect(recordsOf(units)[0]?.issues?.[0]?.excerpt).toBe('MemberOf, proxyAddresses')
    expect(issuesOf(units)).toEqual([])
  })

  it('reads computers of a German machine, with lists that were joined by hand', async () => {
    const [computer] = directoryOf(await read('good-get-adcomputer.csv'))
    expect(computer).toMatchObject({
      kind: 'computer',
      dnsHostName: 'ws1.corp.test',
      lastLogonAt: Date.parse('2026-03-14T07:00:00Z') * 1000,
    })
    expect(edgesOf(computer)).toEqual([
      `allowed-to-delegate ${D}-2001 -> fqdn:fs1.corp.test`,
      `allowed-to-delegate ${D}-2001 -> netbios:fs1`,
    ])
  })

  it('reads the members that Get-ADGroupMember lists, and groups in UTF-16 with semicolons', async () => {
    expect(directoryOf(await read('good-get-adgroupmember.csv')).map((item) => item.kind)).toEqual([
      'user',
      'group',
    ])
    const [group] = directoryOf(await read('good-get-adgroup-unicode.csv'))
    expect(group).toMatchObject({ kind: 'group', name: 'Büro' })
    expect(edgesOf(group)).toEqual([
      `member-of cn=alice example,ou=staff,dc=corp,dc=test -> ${D}-1111`,
      `member-of cn=bob\\, the second,ou=staff,dc=corp,dc=test -> ${D}-1111`,
    ])
  })

  it('reads JSON with lists, SID objects and dates in milliseconds', async () => {
    const [carol] = directoryOf(await read('good-convertto-json.json'))
    expect(carol).toMatchObject({
      sid: `${D}-1120`,
      proxyAddresses: ['carol@corp.test', 'cc@corp.test'],
      passwordSetAt: 1_772_438_400_000_000,
      createdAt: 1_767_225_600_000_000,
    })
    expect(carol?.edges).toHaveLength(2)
  })

  it('asks for the order of dates that nothing proves', async () => {
    const text =
      'DistinguishedName,ObjectClass,SID,LastLogonDate\n"CN=A,DC=x",user,S-1-5-21-1-2-3-4,3/4/2026 5:06:07 PM\n'
    const part = partOf('users.csv', Buffer.from(text))
    await expect(
      powershell.settle?.(part, { zone: 'UTC', dateOrder: null, mapping: null }),
    ).rejects.toMatchObject({ code: 'evidence.date_order' })
  })

  it('survives what is no date, no SID and no object', async () => {
    const units: Awaited<ReturnType<typeof read>> = []
    const part = partOf('hostile.csv', fixture('ad-powershell/hostile.csv'))
    const context = { zone: 'UTC', dateOrder: 'day-first', mapping: null } as const
    for await (const batch of powershell.parse(part, context)) units.push(...batch)
    expect(new Set(codesOf(units))).toContain('ad-powershell.time')
    expect(directoryOf(units)[0]).toMatchObject({ sid: undefined, enabled: undefined, samAccountName: 'a' })
    expect(Object.prototype).not.toHaveProperty('y')
  })

  it('is told from other tables', () => {
    const score = (text: string): number => powershell.detect(detectInput(text))
    expect(score('DistinguishedName,Name\n"CN=A,DC=x",A\n')).toBe(0)
    expect(score('DN,objectClass,distinguishedName,sAMAccountName\n"CN=A,DC=x",user,"CN=A,DC=x",a\n')).toBe(0)
    expect(
      score('sid,Name,samaccountname,distinguishedname\nS-1-5-21-1-2-3-4,A,a,"CN=A,DC=x"\n'),
    ).toBeCloseTo(0.9)
  })
})

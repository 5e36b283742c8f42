import { describe, expect, it } from 'vitest'
import powershell from '../../../core/importers/ad-powershell.importer.ts'
import csvde from '../../../core/importers/csvde.importer.ts'
import entra from '../../../core/importers/entra-directory.importer.ts'
import type { Importer } from '../../../core/importers/importer.ts'
import ldif from '../../../core/importers/ldif.importer.ts'
import { directoryOf, readUnits } from './read-part.ts'

const us = (time: string): number => Date.parse(time) * 1000
const read = async (importer: Importer, text: string) =>
  directoryOf(await readUnits(importer, Buffer.from(text)))

describe('when the directory last changed an object', () => {
  it('is read from LDIF and CSVDE, and from directories that are not Active Directory', async () => {
    const dn = 'cn=eve,ou=u,dc=corp,dc=example'
    const [eve] = await read(
      ldif,
      `dn: ${dn}\nobjectClass: user\nsAMAccountName: eve\nwhenChanged: 20260202030405.0Z\n`,
    )
    expect(eve?.changedAt).toBe(us('2026-02-02T03:04:05Z'))
    const [other] = await read(ldif, `dn: ${dn}\nobjectClass: person\nmodifyTimestamp: 20260203030405Z\n`)
    expect(other?.changedAt).toBe(us('2026-02-03T03:04:05Z'))
    const [row] = await read(
      csvde,
      `DN,objectClass,sAMAccountName,whenChanged\n"${dn}",user,eve,20260202030405.0Z\n`,
    )
    expect(row?.changedAt).toBe(us('2026-02-02T03:04:05Z'))
  })

  it('is read from the columns of PowerShell, and from the last synchronisation in Entra ID', async () => {
    const head = 'DistinguishedName,SamAccountName,ObjectClass,ObjectGUID'
    const eve = '"CN=eve,DC=corp,DC=example",eve,user,57f9d7e0-5997-4af9-9f43-01e648f6764b'
    for (const column of ['whenChanged', 'Modified', 'modifyTimeStamp']) {
      const [user] = await read(powershell, `${head},${column}\n${eve},2026-02-02 03:04:05\n`)
      expect(user?.changedAt).toBe(us('2026-02-02T03:04:05Z'))
    }
    const [synced] = await read(
      entra,
      JSON.stringify([
        {
          id: 'aaaaaaaa-0000-4000-8000-000000000001',
          displayName: 'Eve',
          userPrincipalName: 'eve@corp.example',
          accountEnabled: true,
          onPremisesLastSyncDateTime: '2026-02-02T03:04:05Z',
        },
      ]),
    )
    expect(synced?.changedAt).toBe(us('2026-02-02T03:04:05Z'))
  })
})

describe('names in memberships', () => {
  it('are kept as written, each once in an export, and not where nothing is lost', async () => {
    const user = (name: string, group: string): string =>
      `dn: CN=${name},DC=corp,DC=example\nobjectClass: user\nsAMAccountName: ${name}\nmemberOf: ${group}\n\n`
    const users = await read(
      ldif,
      user('eve', 'CN=Domain Admins, CN=Users,DC=corp,DC=example') +
        user('bob', 'CN=Domain Admins,CN=Users,DC=corp,DC=example') +
        user('kim', 'cn=staff,dc=corp,dc=example'),
    )
    expect(users.map(({ named }) => named)).toEqual([
      ['CN=Domain Admins, CN=Users,DC=corp,DC=example'],
      undefined,
      undefined,
    ])
  })
})

import { describe, expect, it } from 'vitest'
import entra from '../../../core/importers/entra-directory.importer.ts'
import { parseAll, partOf } from '../../support/parse.ts'
import { codesOf, detectInput, directoryOf, edgesOf, fixture, recordsOf } from './read-part.ts'

const D = 'S-1-5-21-1111-2222-3333'
const ALICE = 'aaaaaaaa-0000-4000-8000-000000000001'
const CLOUD = 'aaaaaaaa-0000-4000-8000-000000000003'
const ADMINS = 'bbbbbbbb-0000-4000-8000-000000000001'
const DEVICE = 'cccccccc-0000-4000-8000-000000000001'
const read = (name: string, zone = 'Europe/Berlin') =>
  parseAll(entra, partOf(name, fixture(`entra-directory/${name}`)), zone)
const us = (time: string): number => Date.parse(time) * 1000

describe('entra-directory importer', () => {
  it('reads the users of the portal, dates in US order and UTC, the day out of the file name', async () => {
    const [alice, guest] = directoryOf(await read('good-exportUsers_2026-3-5.csv'))
    expect(alice).toMatchObject({
      kind: 'user',
      objectId: ALICE,
      guid: ALICE,
      sid: undefined,
      upn: 'alice@corp.example',
      mail: 'alice@corp.example',
      department: 'Finance',
      title: 'Clerk',
      enabled: true,
      createdAt: us('2021-08-09T13:25:31Z'),
      collectedAt: us('2026-03-04T23:00:00Z'),
    })
    expect(guest).toMatchObject({ name: 'Guest, Gina', enabled: false, title: '=HYPERLINK("x")' })
  })

  it('reads groups, members and devices of the portal', async () => {
    expect(directoryOf(await read('good-exportGroup_2026-3-5.csv'))).toMatchObject([
      { kind: 'group', objectId: ADMINS, isHighValue: true },
      { kind: 'group', mail: 'buero@corp.example', isHighValue: undefined },
    ])
    const members = directoryOf(await read('good-exportGroupMembers_2026-3-5.csv'))
    expect(members.map(({ kind, objectId }) => [kind, objectId])).toEqual([
      ['user', ALICE],
      ['group', ADMINS],
    ])
    expect(directoryOf(await read('good-exportDevice_2026-3-5.csv'))[0]).toMatchObject({
      kind: 'computer',
      objectId: DEVICE,
      guid: 'dddddddd-0000-4000-8000-000000000001',
      name: 'WS1',
      operatingSystem: 'Windows 10.0.22631.3155',
      lastLogonAt: us('2026-03-04T09:10:11Z'),
    })
  })

  it('reads the PowerShell modules with the SID of the account in AD', async () => {
    const old = await read('good-get-azureaduser.csv')
    expect(directoryOf(old)).toMatchObject([{ objectId: ALICE, sid: `${D}-1105` }])
    expect(recordsOf(old)[0]?.issues).toEqual([
      { code: 'entra-directory.collection_lost', excerpt: 'proxyAddresses, AssignedLicenses' },
    ])
    expect(directoryOf(await read('good-get-mguser.csv'))).toMatchObject([
      {
        sid: `${D}-1105`,
        domain: 'corp.test',
        samAccountName: 'alice',
        proxyAddresses: ['alice@corp.example', 'aex@corp.example'],
        createdAt: us('2021-08-19T11:25:31Z'),
      },
    ])
  })

  it('reads answers of Graph with memberships that are expanded; roles are no groups', async () => {
    const [alice, cloud] = directoryOf(await read('good-graph-users.json'))
    expect(alice).toMatchObject({ lastLogonAt: us('2026-03-04T09:10:11Z') })
    expect(edgesOf(alice)).toEqual([`member-of ${ALICE} -> ${ADMINS}`])
    expect(cloud).toMatchObject({ sid: undefined, enabled: false })
    expect(edgesOf(directoryOf(await read('good-graph-groups.json'))[0])).toEqual([
      `add-member ${CLOUD} -> ${ADMINS}`,
      `member-of ${ALICE} -> ${ADMINS}`,
      `member-of ${CLOUD} -> ${ADMINS}`,
    ])
    expect(directoryOf(await read('good-graph-devices.jsonl'))).toMatchObject([
      { kind: 'computer', sid: `${D}-2001`, dnsHostName: 'ws1.corp.test' },
    ])
  })

  it('reads members when a column names the group', async () => {
    const text = `groupId,id,userPrincipalName,displayName,userType\n${ADMINS},${ALICE},alice@corp.example,Alice,Member\n`
    const [alice] = directoryOf(await parseAll(entra, partOf('members.csv', Buffer.from(text))))
    expect(edgesOf(alice)).toEqual([`member-of ${ALICE} -> ${ADMINS}`])
  })

  it('survives ids, lists and addresses that are none', async () => {
    const units = await read('hostile.json')
    expect(directoryOf(units).map((item) => [item.kind, item.objectId, item.edges.length])).toEqual([
      ['user', ALICE, 0],
      ['group', ADMINS, 0],
    ])
    expect(directoryOf(units)[0]).toMatchObject({ proxyAddresses: ['x@y.example'], createdAt: undefined })
    expect(new Set(codesOf(units))).toEqual(
      new Set(['entra-directory.not_an_object', 'entra-directory.not_object']),
    )
    expect(Object.prototype).not.toHaveProperty('polluted')
  })

  it('is told from the logs of Entra ID', () => {
    for (const name of ['graph-signins.json', 'graph-audits.json', 'graph-risk.json', 'portal-signins.csv'])
      expect([name, entra.detect(detectInput(fixture(`entra-log/good-${name}`)))]).toEqual([name, 0])
    expect(entra.detect(detectInput('{"id":"1","displayName":"x"}\n'))).toBe(0)
  })
})

import { describe, expect, it } from 'vitest'
import { fixture } from '../../support/parse.ts'
import { makeZip } from '../../support/make-zip.ts'
import { Workbench } from '../../support/workbench.ts'

const D = 'S-1-5-21-1111-2222-3333'
const user = (rid: number, aces: readonly object[] = []): object => ({
  ObjectIdentifier: `${D}-${rid}`,
  Properties: { name: `USER${rid}@CORP.EXAMPLE`, domain: 'CORP.EXAMPLE', samaccountname: `user${rid}` },
  Aces: aces,
})
const ace = (rid: number, right: string): object => ({
  PrincipalSID: `${D}-${rid}`,
  PrincipalType: 'User',
  RightName: right,
  IsInherited: false,
})
/** A collection of four users; the right is one over the first of them. */
const collection = (right: string): string =>
  JSON.stringify({
    data: [user(1101, [ace(1102, right)]), user(1102), user(1103), user(1104)],
    meta: { methods: 0, type: 'users', count: 4, version: 6 },
  })

describe('two collections of one directory', () => {
  it('marks the older one stale and draws only the rights of the newer one', async () => {
    const bench = await Workbench.open()
    try {
      const newer = bench.file('b.zip', makeZip({ '20260305110018_users.json': collection('GenericAll') }))
      const older = bench.file('a.zip', makeZip({ '20260201110018_users.json': collection('WriteDacl') }))
      await bench.import(newer, older)
      await bench.client.run('correlation.run', {})
      const rows = await bench.client.call('evidence.list', {})
      expect(rows.map(({ name, stale }) => [name, stale])).toEqual([
        ['b.zip', false],
        ['a.zip', true],
      ])
      const at = '2026-02-01T11:00:18.000Z'
      expect(rows[1]?.directory).toEqual({ from: at, to: at, domains: ['corp.example'] })
      const relations = await bench.client.call('relation.list', { limit: 50 })
      expect(relations.rows.map(({ kind }) => kind)).toEqual(['generic-all'])
      await bench.client.call('evidence.remove', { evidenceId: rows[0]?.id ?? '' })
      const left = await bench.client.call('evidence.list', {})
      expect(left.map(({ name, stale }) => [name, stale])).toEqual([['a.zip', false]])
    } finally {
      await bench.close()
    }
  })
})

/** Two users as ldifde writes them: the export says nothing of its time, and holds no groups. */
const ldif = (changed: string, group: string): string =>
  ['eve', 'bob']
    .map((name, index) =>
      [
        `dn: CN=${name},OU=U,DC=corp,DC=example`,
        'objectClass: user',
        `sAMAccountName: ${name}`,
        `objectSid: ${D}-${1105 + index}`,
        `whenChanged: ${changed}`,
        `memberOf: ${group}`,
      ].join('\n'),
    )
    .join('\n\n')

describe('two exports that do not say when they were made', () => {
  it.each([
    ['the older one first', ['a-old.ldif', 'b-new.ldif']],
    ['the newer one first', ['a-new.ldif', 'b-old.ldif']],
  ])('are told apart by the newest time their objects carry: %s', async (_order, names) => {
    const bench = await Workbench.open()
    try {
      const texts = {
        old: ldif('20250102030405.0Z', 'CN=Domain Admins,CN=Users,DC=corp,DC=example'),
        new: ldif('20250602030405.0Z', 'CN=IT,OU=G,DC=corp,DC=example'),
      }
      for (const name of names)
        await bench.import(bench.file(name, Buffer.from(texts[name.includes('old') ? 'old' : 'new'])))
      await bench.client.run('correlation.run', {})
      const rows = await bench.client.call('evidence.list', {})
      expect(rows.map(({ name, stale }) => [name, stale])).toEqual(
        names.map((name) => [name, name.includes('old')]),
      )
      const { rows: relations } = await bench.client.call('relation.list', { limit: 50 })
      expect(relations.map(({ kind, from, to }) => [kind, from.name, to.name]).sort()).toEqual([
        ['member-of', 'bob', 'IT'],
        ['member-of', 'eve', 'IT'],
      ])
    } finally {
      await bench.close()
    }
  })
})

describe('one account in the exports of five collectors', () => {
  it('is one user with all its names', async () => {
    const bench = await Workbench.open()
    try {
      const names = [
        'azurehound/good-meta-first.json',
        'entra-directory/good-graph-users.json',
        'entra-directory/good-exportGroupMembers_2026-3-5.csv',
        'ad-powershell/good-get-aduser-20260307080000.csv',
        'ad-powershell/good-get-adgroupmember.csv',
        'sharphound/good-users.json',
      ]
      const paths = names.map((name) => bench.file(name.replace('/', '-'), fixture(name)))
      const { refused } = await bench.import(...paths)
      expect(refused).toEqual([])
      await bench.client.run('correlation.run', {})
      const { rows } = await bench.client.call('entity.search', { kind: 'user', text: 'alice', limit: 50 })
      expect(rows).toHaveLength(1)
      const known = rows[0]?.aliases.map(({ kind, value }) => `${kind}:${value}`)
      for (const name of [
        `sid:${D}-1105`,
        'object-id:aaaaaaaa-0000-4000-8000-000000000001',
        'guid:57f9d7e0-5997-4af9-9f43-01e648f6764b',
        'upn:alice@corp.example',
        'upn:alice@corp.test',
        'smtp:aex@corp.example',
      ])
        expect(known).toContain(name)
    } finally {
      await bench.close()
    }
  })
})

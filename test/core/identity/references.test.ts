import { describe, expect, it } from 'vitest'
import rights from '../../../core/correlation/rules/directory.rights.rule.ts'
import type { DirectoryItem } from '../../../core/model/directory.ts'
import { relationText, TestCase } from '../../support/case-builder.ts'
import { dumpGraph } from '../../support/graph-dump.ts'
import { aLogon, aUser, listEntities, otherSid, sid } from './people.ts'

const ADMINS = 'CN=Domain Admins,CN=Users,DC=corp,DC=example'
const member = (rid: number, dn: string): DirectoryItem['edges'][number] => ({
  right: 'member-of',
  from: sid(rid),
  to: dn.toLowerCase(),
})
/** A user of an export of users only. */
const user = (name: string, rid: number, ...groups: readonly string[]): DirectoryItem =>
  aUser(name, rid, { named: groups, edges: groups.map((dn) => member(rid, dn)) })
/** A group of an export of groups only. */
const group = (name: string, rid: number, ...members: readonly string[]): DirectoryItem => ({
  type: 'directory',
  kind: 'group',
  objectId: sid(rid),
  sid: sid(rid),
  dn: `CN=${name},CN=Users,DC=corp,DC=example`,
  name,
  named: members,
  edges: members.map((dn) => ({ right: 'member-of', from: dn.toLowerCase(), to: sid(rid) })),
})
const attributesOf = (testCase: TestCase, key: string): unknown => {
  const text = testCase.db.prepare('SELECT attributes FROM entity WHERE key = ?').pluck().get(key)
  return typeof text === 'string' ? JSON.parse(text) : undefined
}
const found = (testCase: TestCase): string[] => {
  testCase.correlate([rights])
  return testCase.relations().map(relationText)
}

describe('groups that no export holds', () => {
  it('are known by their distinguished name as written, and say that they were not exported', () => {
    using testCase = new TestCase()
    testCase.store([user('eve', 1105, ADMINS), user('bob', 1106, ADMINS, 'CN=IT,OU=G,DC=corp,DC=example')])
    expect(found(testCase)).toEqual([
      'member-of: bob -> Domain Admins',
      'member-of: bob -> IT',
      'member-of: eve -> Domain Admins',
    ])
    expect(listEntities(testCase, 'group').map(({ key, aliases }) => [key, aliases])).toEqual([
      ['group:cn=domain admins,cn=users,dc=corp,dc=example', [`dn:${ADMINS}`]],
      ['group:cn=it,ou=g,dc=corp,dc=example', ['dn:CN=IT,OU=G,DC=corp,DC=example']],
    ])
    const [relation] = testCase.relations()
    expect(relation?.reason).toMatchObject({
      key: 'rule.directory.rights.reason.unseen_group',
      params: { object: 'Domain Admins' },
    })
    expect(relation?.confidence).toBeLessThan(0.95)
  })

  it('lead to the domain where Active Directory itself put them under that name; no SID is made up', () => {
    using testCase = new TestCase()
    testCase.store([
      user('eve', 1105, ADMINS, 'CN=Administrators,CN=Builtin,DC=corp,DC=example'),
      user(
        'bob',
        1106,
        'CN=Domain Admins,OU=Mine,DC=corp,DC=example',
        'CN=Domain Users,CN=Users,DC=corp,DC=x',
      ),
    ])
    found(testCase)
    const high = listEntities(testCase, 'group').map(({ key }) => [
      key.slice(6, 30),
      (attributesOf(testCase, key) as { isHighValue?: boolean }).isHighValue,
    ])
    expect(high).toEqual([
      ['cn=administrators,cn=bui', true],
      ['cn=domain admins,cn=user', true],
      ['cn=domain admins,ou=mine', undefined],
      ['cn=domain users,cn=users', undefined],
    ])
    expect(testCase.db.prepare(`SELECT count(*) FROM alias WHERE kind = 'sid'`).pluck().get()).toBe(2)
  })

  it('are one with the object that another export brings, in either order and after each file', () => {
    const files = [[user('eve', 1105, ADMINS)], [group('Domain Admins', 512)]]
    for (const order of [files, files.toReversed()]) {
      using stepwise = new TestCase()
      using whole = new TestCase()
      for (const [index, file] of order.entries()) {
        stepwise.store(file, `file ${index}`)
        stepwise.correlate()
        whole.store(file, `file ${index}`)
      }
      whole.correlate()
      expect(dumpGraph(stepwise)).toEqual(dumpGraph(whole))
      expect(listEntities(stepwise, 'group').map(({ key }) => key)).toEqual([
        `group:${sid(512).toLowerCase()}`,
      ])
      expect(found(stepwise)).toEqual(['member-of: eve -> Domain Admins'])
      expect(stepwise.relations()[0]?.reason.key).toBe('rule.directory.rights.reason.stated')
      expect(stepwise.relations()[0]?.confidence).toBe(0.95)
    }
  })

  it('are called by what compares where an export of an earlier version did not keep the spelling', () => {
    using testCase = new TestCase()
    testCase.store([{ ...user('eve', 1105, ADMINS), named: undefined }])
    expect(found(testCase)).toEqual(['member-of: eve -> domain admins'])
  })
})

describe('members that no export holds', () => {
  it('are what their place says: a group of the system, a machine, else an account', () => {
    using testCase = new TestCase()
    testCase.store([
      group(
        'Backup',
        1301,
        'CN=Eve\\, the first,OU=U,DC=corp,DC=example',
        'CN=ws-01,CN=Computers,DC=corp,DC=example',
        'CN=DC1,OU=Domain Controllers,DC=corp,DC=example',
        'CN=Domain Users,CN=Users,DC=corp,DC=example',
        'CN=Nested,OU=G,DC=corp,DC=example',
      ),
      user('bob', 1106, 'CN=Nested,OU=G,DC=corp,DC=example'),
      aLogon({ host: 'ws-01', account: 'CORP\\eve' }),
    ])
    testCase.correlate([rights])
    expect(
      testCase
        .relations()
        .filter(({ kind }) => kind === 'member-of')
        .map(({ from, fromKind, to, reason }) => [`${fromKind} ${from}`, to, reason.key.split('.').at(-1)]),
    ).toEqual([
      ['endpoint DC1', 'Backup', 'unseen'],
      ['group Domain Users', 'Backup', 'unseen_group'],
      ['user Eve, the first', 'Backup', 'unseen'],
      ['group Nested', 'Backup', 'unseen_group'],
      ['endpoint WS-01', 'Backup', 'unseen'],
      ['user bob', 'Nested', 'unseen_group'],
    ])
    // the machine that events speak of is that one
    expect(listEntities(testCase, 'endpoint').map(({ name }) => name)).toEqual(['DC1', 'WS-01'])
  })

  it('take no host name that two machines of the directory share', () => {
    using testCase = new TestCase()
    testCase.store([
      group('Backup', 1301, 'CN=ws-01,CN=Computers,DC=a,DC=x', 'CN=ws-01,CN=Computers,DC=b,DC=x'),
      aLogon({ host: 'ws-01', account: 'CORP\\eve' }),
    ])
    testCase.correlate([rights])
    expect(
      listEntities(testCase, 'endpoint').filter(({ aliases }) => aliases.includes('netbios:WS-01')),
    ).toEqual([expect.objectContaining({ key: 'endpoint:ws-01' })])
  })

  it('are nobody where the export says that they are contacts, and somebody of another domain by the SID in the name', () => {
    using testCase = new TestCase()
    const contact = 'CN=Printer Service, OU=C,DC=corp,DC=example'
    const foreign = `CN=${otherSid(1107)},CN=ForeignSecurityPrincipals,DC=corp,DC=example`
    const unknown = `CN=${otherSid(1999)},CN=ForeignSecurityPrincipals,DC=corp,DC=example`
    testCase.store([
      group('Backup', 1301, contact.replace(', ', ','), foreign, unknown),
      { type: 'directory', kind: 'other', objectId: 'x', dn: contact, name: 'Printer Service', edges: [] },
      aUser('zoe', 1107, { objectId: otherSid(1107), sid: otherSid(1107), domain: 'other.example' }),
    ])
    expect(found(testCase)).toEqual(['member-of: zoe -> Backup'])
    expect(listEntities(testCase, 'user').map(({ name }) => name)).toEqual(['zoe'])
  })

  it('are no members by a crafted name', () => {
    using testCase = new TestCase()
    testCase.store([
      aUser('eve', 1105, {
        edges: [
          { right: 'member-of', from: sid(1105), to: `cn=${'x'.repeat(5_000)},dc=corp` },
          { right: 'member-of', from: sid(1105), to: '=,=' },
          { right: 'member-of', from: sid(1105), to: 'domain:a=b|' },
        ],
      }),
    ])
    expect(found(testCase)).toEqual([])
    expect(listEntities(testCase, 'group')).toEqual([])
  })
})

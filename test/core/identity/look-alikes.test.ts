import { describe, expect, it } from 'vitest'
import type { RecordItem } from '../../../core/importers/importer.ts'
import type { DirectoryItem } from '../../../core/model/directory.ts'
import { anEvent, TestCase } from '../../support/case-builder.ts'
import { aComputer, aLogon, aMail, aUser, linkedTo, listEntities, otherSid, sid } from './people.ts'

const LOCAL_SID = 'S-1-5-21-77-88-99-1001'
const aCase = (...files: readonly (readonly RecordItem[])[]): TestCase => {
  const testCase = new TestCase()
  for (const [index, file] of files.entries()) testCase.store(file, `file ${index}`)
  testCase.correlate()
  return testCase
}
const keys = (testCase: TestCase, kind: string) => listEntities(testCase, kind).map((entity) => entity.key)

describe('accounts of cloned machines', () => {
  const both: readonly RecordItem[] = [
    aLogon({ host: 'ws-01', account: 'WS-01\\svc', accountSid: LOCAL_SID }),
    aLogon({ host: 'ws-02', account: 'WS-02\\svc', accountSid: LOCAL_SID }),
    aLogon({ host: 'ws-02', accountSid: LOCAL_SID }),
    aLogon({ host: 'ws-01.corp.example', account: 'svc', accountSid: LOCAL_SID }),
  ]

  it('are one per machine though they have one SID, also where a record names the SID alone', () => {
    using testCase = aCase(both)
    const first = `user:${LOCAL_SID.toLowerCase()}|ws-01`
    const second = `user:${LOCAL_SID.toLowerCase()}|ws-02`
    expect(keys(testCase, 'user')).toEqual([first, second])
    expect(linkedTo(testCase, 'user_id')).toEqual([first, second, second, first])
    expect(listEntities(testCase, 'user').map(({ aliases }) => aliases)).toEqual([
      [`account:WS-01\\svc`, `sid:${LOCAL_SID}`],
      [`account:WS-02\\svc`, `sid:${LOCAL_SID}`],
    ])
  })

  it('stay so after a second run, and one machine alone has a plain account', () => {
    using testCase = aCase(both)
    const before = linkedTo(testCase, 'user_id')
    testCase.correlate()
    expect(linkedTo(testCase, 'user_id')).toEqual(before)
    using alone = aCase([aLogon({ host: 'ws-01', account: 'WS-01\\svc', accountSid: LOCAL_SID })])
    expect(keys(alone, 'user')).toEqual([`user:${LOCAL_SID.toLowerCase()}`])
  })

  it('are not seen where a domain account merely logs on to many machines', () => {
    using testCase = aCase([
      aLogon({ host: 'ws-01', account: 'CORP\\amber', accountSid: sid(1105) }),
      aLogon({ host: 'ws-02', account: 'CORP\\amber', accountSid: sid(1105) }),
    ])
    expect(keys(testCase, 'user')).toEqual([`user:${sid(1105)}`.toLowerCase()])
  })
})

describe('names that are used again', () => {
  it('do not fuse two people when an account name is given to somebody else', () => {
    using testCase = aCase(
      [
        aUser('amber', 1105, { collectedAt: Date.UTC(2025, 0, 1) * 1000 }),
        aLogon({ host: 'ws-01', account: 'CORP\\amber', accountSid: sid(1105) }),
      ],
      [
        aUser('amber', 1999, { collectedAt: Date.UTC(2026, 0, 1) * 1000 }),
        aLogon({ host: 'ws-01', account: 'CORP\\amber', accountSid: sid(1999) }),
        aLogon({ host: 'ws-01', account: 'CORP\\amber' }),
      ],
    )
    // a record with the name alone belongs to neither
    expect(keys(testCase, 'user')).toEqual([
      'user:corp\\amber',
      `user:${sid(1105)}`.toLowerCase(),
      `user:${sid(1999)}`.toLowerCase(),
    ])
    expect(linkedTo(testCase, 'user_id').slice(0, 2)).toEqual(
      [`user:${sid(1105)}`, `user:${sid(1999)}`].map((key) => key.toLowerCase()),
    )
  })

  it('do not fuse hosts of one short name in two domains, nor two computers the directory tells apart by SID', () => {
    using testCase = aCase([
      aComputer('ws-01', 1201),
      aComputer('ws-01', 1201, {
        objectId: otherSid(1201),
        sid: otherSid(1201),
        domain: 'other.example',
        dnsHostName: 'ws-01.other.example',
      }),
      aLogon({ host: 'ws-01.corp.example', account: 'CORP\\amber' }),
      aLogon({ host: 'ws-01.other.example', account: 'OTHER\\amber' }),
    ])
    const [first, second] = [`endpoint:${sid(1201)}`, `endpoint:${otherSid(1201)}`].map((key) =>
      key.toLowerCase(),
    )
    expect(linkedTo(testCase, 'endpoint_id')).toEqual([first, second])
  })

  it('do not fuse two machines that had one address, one after the other', () => {
    using testCase = aCase([
      anEvent('logon', '2026-03-01T08:00:00Z', { host: 'ws-01', hostIp: '10.0.0.5' }),
      anEvent('logon', '2026-03-20T08:00:00Z', { host: 'ws-02', hostIp: '10.0.0.5' }),
    ])
    expect(keys(testCase, 'endpoint')).toEqual(['endpoint:ws-01', 'endpoint:ws-02'])
    const spans = testCase.db
      .prepare(
        "SELECT e.name, a.reason FROM alias a JOIN entity e ON e.id = a.entity_id WHERE a.kind = 'ip' ORDER BY e.name",
      )
      .all() as { name: string; reason: string }[]
    expect(
      spans.map(({ name, reason }) => [
        name,
        (JSON.parse(reason) as { params: { first: string } }).params.first,
      ]),
    ).toEqual([
      ['WS-01', '2026-03-01T08:00:00.000Z'],
      ['WS-02', '2026-03-20T08:00:00.000Z'],
    ])
  })

  it('are only a hint when they are display names', () => {
    using testCase = aCase([
      aUser('a.stone', 1105, { displayName: 'Amber Stone' }),
      aUser('amber.s', 1106, { displayName: 'Amber Stone' }),
      aLogon({ host: 'ws-01', account: 'Amber Stone' }),
    ])
    expect(keys(testCase, 'user').length).toBe(2)
    expect(linkedTo(testCase, 'user_id')).toEqual([null])
  })
})

const aGroup = (
  name: string,
  rid: number,
  members: readonly string[],
  facts: Partial<DirectoryItem> = {},
): DirectoryItem => ({
  type: 'directory',
  kind: 'group',
  objectId: sid(rid),
  sid: sid(rid),
  name,
  samAccountName: name,
  mail: `${name}@corp.example`,
  domain: 'corp.example',
  edges: members.map((member) => ({ right: 'member-of', from: member, to: sid(rid) })),
  ...facts,
})
const toSales = (messageId: string, day: string): RecordItem => ({
  ...aMail({ messageId, recipients: [{ address: 'sales@corp.example', role: 'to' }] }),
  mailbox: undefined,
  deliveredAt: Date.parse(`${day}T08:00:00Z`) * 1000,
})
const delivered = (testCase: TestCase, messageId: string): string[] =>
  (
    testCase.db
      .prepare(
        `SELECT t.key, r.reason FROM relation r JOIN entity f ON f.id = r.from_id JOIN entity t ON t.id = r.to_id
         WHERE r.kind = 'delivered-to' AND f.key LIKE ? ORDER BY t.key`,
      )
      .all(`message:${messageId}|%`) as { key: string; reason: string }[]
  ).map(({ key, reason }) => `${key} ${(JSON.parse(reason) as { key: string }).key.split('.').at(-1)}`)

describe('group addresses', () => {
  const people = [aUser('amber', 1105), aUser('basil', 1106), aUser('coral', 1107)]

  it('stand for their members, through groups in groups and circles', () => {
    using testCase = aCase([
      ...people,
      aGroup('sales', 3001, [sid(1105), sid(3002)]),
      aGroup('sales-south', 3002, [sid(1106), sid(3001)], { mail: undefined }),
      toSales('one@out.example', '2026-03-10'),
    ])
    expect(delivered(testCase, 'one@out.example')).toEqual([
      'mailbox:amber@corp.example group',
      'mailbox:basil@corp.example group',
      'mailbox:sales@corp.example recipient',
    ])
    const owners = testCase.relations().filter(({ kind }) => kind === 'owned-by')
    expect(owners.map(({ from, to }) => `${from} -> ${to}`)).toEqual([
      'amber@corp.example -> amber',
      'basil@corp.example -> basil',
    ])
  })

  it('stand for those who were members then: the snapshot before the message, else the first one after it', () => {
    const at = (year: number) => ({ collectedAt: Date.UTC(year, 0, 1) * 1000 })
    using testCase = aCase(
      [...people, aGroup('sales', 3001, [sid(1105)], at(2025))],
      [aGroup('sales', 3001, [sid(1106)], at(2026))],
      [aGroup('sales', 3001, [sid(1107)], at(2027))],
      [toSales('old@out.example', '2024-06-01'), toSales('new@out.example', '2026-06-01')],
    )
    expect(delivered(testCase, 'old@out.example')[0]).toBe('mailbox:amber@corp.example group')
    expect(delivered(testCase, 'new@out.example')[0]).toBe('mailbox:basil@corp.example group')
    expect(delivered(testCase, 'new@out.example').length).toBe(2)
  })

  it('are the copy’s own mailbox only, where the export names it', () => {
    using testCase = aCase([
      ...people,
      aGroup('sales', 3001, [sid(1105), sid(1106)]),
      aMail({
        mailbox: 'basil@corp.example',
        messageId: 'one@out.example',
        recipients: [{ address: 'sales@corp.example', role: 'to' }],
      }),
    ])
    expect(delivered(testCase, 'one@out.example')).toEqual(['mailbox:basil@corp.example copy'])
  })

  it('of the whole company say nothing of who read', () => {
    const many = Array.from({ length: 1_001 }, (_, index) => aUser(`p${index}`, 10_000 + index))
    using testCase = aCase([
      ...many,
      aGroup(
        'sales',
        3001,
        many.map(({ objectId }) => objectId),
      ),
      toSales('one@out.example', '2026-03-10'),
    ])
    expect(delivered(testCase, 'one@out.example').map((text) => text.split(' ')[0])).toEqual([
      'mailbox:sales@corp.example',
    ])
  })
})

describe('a shared mailbox', () => {
  it('belongs to its own (disabled) account, not to those who read it, and is one for all its addresses', () => {
    using testCase = aCase([
      aUser('office', 1300, {
        enabled: false,
        proxyAddresses: ['office@corp.example', 'front-desk@corp.example'],
      }),
      aUser('amber', 1105),
      aMail({ mailbox: 'front-desk@corp.example', messageId: 'one@out.example' }),
      aMail({ mailbox: 'office@corp.example', messageId: 'two@out.example' }),
    ])
    expect(keys(testCase, 'mailbox').filter((key) => key.endsWith('@corp.example'))).toEqual([
      'mailbox:office@corp.example',
    ])
    const owners = testCase.relations().filter(({ kind }) => kind === 'owned-by')
    expect(owners.map(({ from, to }) => `${from} -> ${to}`)).toEqual(['office@corp.example -> office'])
  })
})

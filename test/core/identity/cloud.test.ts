import { describe, expect, it } from 'vitest'
import type { DirectoryItem } from '../../../core/model/directory.ts'
import { anEvent, TestCase } from '../../support/case-builder.ts'
import { aComputer, aUser, linkedTo, listEntities, sid } from './people.ts'

const ALICE = 'aaaaaaaa-0000-4000-8000-000000000001'
const OTHER = 'aaaaaaaa-0000-4000-8000-000000000002'
const DEVICE = 'cccccccc-0000-4000-8000-000000000001'
const DEVICE_ID = 'dddddddd-0000-4000-8000-000000000001'
const AD_GUID = '57f9d7e0-5997-4af9-9f43-01e648f6764b'

const inCloud = (objectId: string, facts: Partial<DirectoryItem>): DirectoryItem => ({
  type: 'directory',
  kind: 'user',
  objectId,
  guid: objectId,
  name: 'Alice Example',
  displayName: 'Alice Example',
  edges: [],
  ...facts,
})
const aDevice = (facts: Partial<DirectoryItem> = {}): DirectoryItem =>
  inCloud(DEVICE, { kind: 'computer', guid: DEVICE_ID, name: 'WS1', displayName: 'WS1', ...facts })

describe('accounts in AD and in Entra ID', () => {
  it.each<[string, Partial<DirectoryItem>]>([
    ['by the SID of the synchronised account', { sid: sid(1105), upn: 'someone@else.example' }],
    ['by the sign-in name', { upn: 'ALICE@corp.example' }],
    ['by the mail address', { upn: 'a.example@corp.onmicrosoft.com', mail: 'alice@corp.example' }],
  ])('are one %s', (_, facts) => {
    using testCase = new TestCase()
    testCase.store([inCloud(ALICE, facts), aUser('alice', 1105, { guid: AD_GUID })])
    testCase.correlate([])
    const [user, ...others] = listEntities(testCase, 'user')
    expect(others).toEqual([])
    expect(user?.key).toBe(`user:${sid(1105).toLowerCase()}`)
    expect(user?.aliases).toEqual(expect.arrayContaining([`guid:${AD_GUID}`, `object-id:${ALICE}`]))
  })

  it('are two where only the mail address is shared and another cloud account has it already', () => {
    using testCase = new TestCase()
    testCase.store([
      aUser('alice', 1105),
      inCloud(ALICE, { upn: 'alice@corp.example' }),
      inCloud(OTHER, { upn: 'admin-alice@corp.onmicrosoft.com', mail: 'alice@corp.example' }),
    ])
    testCase.correlate([])
    expect(listEntities(testCase, 'user')).toHaveLength(2)
  })

  it('carry the SID that Windows gives cloud accounts', () => {
    using testCase = new TestCase()
    testCase.store([
      inCloud(ALICE, { upn: 'alice@corp.example' }),
      anEvent('logon', '2026-03-10T08:00:00Z', {
        account: 'AzureAD\\AliceExample',
        accountSid: 'S-1-12-1-2863311530-1073741824-128-16777216',
      }),
    ])
    testCase.correlate([])
    expect(linkedTo(testCase, 'user_id')).toEqual([`user:${ALICE}`])
  })

  it('are found by the object id of a sign-in though AD has a GUID of its own', () => {
    using testCase = new TestCase()
    testCase.store([
      aUser('alice', 1105, { guid: AD_GUID, objectId: sid(1105) }),
      anEvent('cloud-sign-in', '2026-03-10T08:00:00Z', {
        account: 'alice@corp.example',
        accountId: ALICE,
      }),
    ])
    testCase.correlate([])
    expect(listEntities(testCase, 'user')).toHaveLength(1)
  })
})

describe('devices of Entra ID', () => {
  it('are the computer of AD with that name, and found by their device id', () => {
    using testCase = new TestCase()
    testCase.store([
      aDevice(),
      aComputer('ws1', 2001),
      anEvent('process-start', '2026-03-10T08:00:00Z', { host: 'WS1' }),
    ])
    testCase.correlate([])
    const [endpoint, ...others] = listEntities(testCase, 'endpoint')
    expect(others).toEqual([])
    expect(endpoint?.aliases).toEqual(
      expect.arrayContaining([`device-id:${DEVICE_ID}`, `object-id:${DEVICE}`, `sid:${sid(2001)}`]),
    )
    expect(linkedTo(testCase, 'endpoint_id')).toEqual([endpoint?.key])
  })

  it('do not lend a phone the name of a host', () => {
    using testCase = new TestCase()
    testCase.store([aDevice({ name: "Alice's phone", displayName: "Alice's phone" })])
    testCase.correlate([])
    expect(
      listEntities(testCase, 'endpoint')[0]?.aliases.filter((name) => name.startsWith('netbios:')),
    ).toEqual([])
  })
})

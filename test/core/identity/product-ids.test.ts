import { describe, expect, it } from 'vitest'
import type { EventFields, EventItem, EventKind } from '../../../core/model/event.ts'
import { TestCase } from '../../support/case-builder.ts'
import { aComputer, aUser, linkedTo, listEntities, sid } from './people.ts'

const DEVICE = 'a'.repeat(40)
const ALICE = '11111111-2222-3333-4444-555555555555'
let at = 1_900_000_000_000_000
const event = (fields: EventFields, kind: EventKind = 'process-start'): EventItem => ({
  type: 'event',
  kind,
  at: (at += 1_000_000),
  fields,
})

describe('ids that products write', () => {
  it('name an endpoint beside its name, and alone afterwards', () => {
    using testCase = new TestCase()
    testCase.store([event({ host: 'ws-01.corp.example', hostId: DEVICE }), event({ hostId: DEVICE })])
    testCase.correlate([])
    const [endpoint, ...others] = listEntities(testCase, 'endpoint')
    expect(others).toEqual([])
    expect(endpoint?.aliases).toContain(`device-id:${DEVICE}`)
    expect(linkedTo(testCase, 'endpoint_id')).toEqual([endpoint?.key, endpoint?.key])
  })

  it('stand for an endpoint nobody names', () => {
    using testCase = new TestCase()
    testCase.store([event({ hostId: DEVICE })])
    testCase.correlate([])
    expect(listEntities(testCase, 'endpoint').map(({ key }) => key)).toEqual([`endpoint:device:${DEVICE}`])
  })

  it('join a cloud account, its address and the account of the directory', () => {
    using testCase = new TestCase()
    testCase.store([
      aUser('alice', 1105, { upn: 'alice@corp.example' }),
      event({ accountId: ALICE, accountMail: 'alice@corp.example' }, 'cloud-sign-in'),
      event({ accountId: ALICE }, 'cloud-sign-in'),
    ])
    testCase.correlate([])
    const [user, ...others] = listEntities(testCase, 'user')
    expect(others).toEqual([])
    expect(user?.key).toBe(`user:${sid(1105).toLowerCase()}`)
    expect(user?.aliases).toContain(`object-id:${ALICE}`)
    expect(linkedTo(testCase, 'user_id')).toEqual([user?.key, user?.key])
  })

  it('keep two people apart who share a name but not their object id', () => {
    using testCase = new TestCase()
    testCase.store([
      event({ account: 'CORP\\alice', accountId: ALICE }),
      event({ account: 'CORP\\alice', accountId: ALICE.replaceAll('1', '9') }),
    ])
    testCase.correlate([])
    expect(listEntities(testCase, 'user')).toHaveLength(2)
  })

  it('do not make a machine one with a sensor that others only speak of (S14)', () => {
    using testCase = new TestCase()
    testCase.store([event({ host: 'ws-01', detail: 'asset list' }, 'inventory'), event({ host: 'ws-02' })])
    testCase.correlate([])
    const sensed = testCase.db
      .prepare(`SELECT name FROM entity WHERE kind = 'endpoint' AND attributes LIKE '%hasSensor%'`)
      .pluck()
      .all()
    expect(sensed).toEqual(['WS-02'])
  })

  describe('of devices that sign in to the cloud', () => {
    const [first, second] = ['11111111-2222-4333-8444-555555555551', '11111111-2222-4333-8444-555555555552']
    const host = event({ host: 'lap-01.corp.example' })
    const signIn = (hostId: string, sourceHost = 'LAP-01') =>
      event({ account: 'alice@corp.example', hostId, sourceHost }, 'cloud-sign-in')
    const endpoints = (...items: Parameters<TestCase['store']>[0]) => {
      using testCase = new TestCase()
      testCase.store(items)
      testCase.correlate([])
      return listEntities(testCase, 'endpoint').map(({ key, aliases }) => [
        key,
        aliases.filter((name) => !name.startsWith('fqdn')).toSorted(),
      ])
    }

    it('name the machine whose name stands beside them', () => {
      expect(endpoints(host, signIn(first))).toEqual([
        ['endpoint:lap-01.corp.example', [`device-id:${first}`, 'netbios:LAP-01']],
      ])
    })

    it('name none where two of them have its name, and do not take the name away from it', () => {
      expect(endpoints(host, signIn(first), signIn(second))).toEqual([
        [`endpoint:device:${first}`, [`device-id:${first}`, 'name:LAP-01']],
        [`endpoint:device:${second}`, [`device-id:${second}`, 'name:LAP-01']],
        ['endpoint:lap-01.corp.example', ['netbios:LAP-01']],
      ])
    })

    it('are called by that name where no machine has it', () => {
      expect(endpoints(signIn(first))).toEqual([
        [`endpoint:device:${first}`, [`device-id:${first}`, 'netbios:LAP-01']],
      ])
    })

    it('name the computer of the directory that has the id, and none that has another one', () => {
      const computer = (guid: string, name: string) =>
        aComputer(name, 1300, { guid, dn: `CN=${name},DC=corp,DC=example` })
      expect(endpoints(computer(first, 'lap-02'), signIn(first)).flat(2)).toContain(`device-id:${first}`)
      expect(endpoints(computer(second, 'lap-01'), signIn(first))).toHaveLength(2)
    })
  })
})

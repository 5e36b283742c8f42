import { describe, expect, it } from 'vitest'
import { TestCase } from '../../support/case-builder.ts'
import { aComputer, aLogon, aUser, linkedTo, listEntities, otherSid, sid } from './people.ts'

const seen = (host: string) => aLogon({ host, account: 'NT AUTHORITY\\SYSTEM' })

/** Keys of the endpoints that identity makes, and those the events were linked to. */
function endpointsOf(items: Parameters<TestCase['store']>[0]) {
  using testCase = new TestCase()
  testCase.store(items)
  testCase.correlate([])
  return {
    keys: listEntities(testCase, 'endpoint').map((endpoint) => endpoint.key),
    linked: linkedTo(testCase, 'endpoint_id'),
  }
}

describe('endpoints', () => {
  it('are one by SID, full name, NetBIOS name and computer account, whatever the case of the letters', () => {
    using testCase = new TestCase()
    testCase.store([
      aComputer('ws-01', 1201),
      aUser('amber', 1105),
      seen('WS-01.CORP.example'),
      seen('ws-01'),
      seen('\\\\WS-01'),
    ])
    testCase.correlate([])
    const [endpoint, ...others] = listEntities(testCase, 'endpoint')
    expect(others).toEqual([])
    expect(endpoint).toMatchObject({
      key: `endpoint:${sid(1201).toLowerCase()}`,
      name: 'WS-01',
      aliases: ['account:CORP\\WS-01$', 'fqdn:ws-01.corp.example', 'netbios:WS-01', `sid:${sid(1201)}`],
    })
    expect(new Set(linkedTo(testCase, 'endpoint_id'))).toEqual(new Set([endpoint?.key]))
  })

  it('are not one when a short name fits two full names: the short name then belongs to neither', () => {
    expect(endpointsOf([seen('ws-01'), seen('ws-01.corp.example'), seen('ws-01.other.example')])).toEqual({
      keys: ['endpoint:ws-01', 'endpoint:ws-01.corp.example', 'endpoint:ws-01.other.example'],
      linked: ['endpoint:ws-01', 'endpoint:ws-01.corp.example', 'endpoint:ws-01.other.example'],
    })
  })

  it('take a full name for the one directory computer without DNS name, but not against its domain', () => {
    const nameless = aComputer('ws-01', 1201, { dnsHostName: undefined })
    expect(endpointsOf([nameless, seen('ws-01.corp.example')]).keys).toEqual([
      `endpoint:${sid(1201).toLowerCase()}`,
    ])
    expect(endpointsOf([nameless, seen('ws-01.other.example')]).keys).toEqual([
      `endpoint:${sid(1201).toLowerCase()}`,
      'endpoint:ws-01.other.example',
    ])
    const twin = aComputer('ws-01', 7, {
      objectId: otherSid(1201),
      sid: otherSid(1201),
      dnsHostName: undefined,
      domain: undefined,
    })
    const domainless = { ...nameless, domain: undefined }
    expect(endpointsOf([domainless, twin, seen('ws-01.corp.example')]).linked).toEqual([
      'endpoint:ws-01.corp.example',
    ])
  })

  it('are never made of an address or of localhost', () => {
    expect(endpointsOf([seen('10.0.0.5'), seen('fe80::1'), seen('localhost')])).toEqual({
      keys: [],
      linked: [null, null, null],
    })
  })

  it('say whether they sent logs, and since when', () => {
    using testCase = new TestCase()
    testCase.store([
      aComputer('ws-01', 1201),
      aComputer('srv-01', 1202),
      aLogon({ host: 'WS-01' }, '2026-03-10T09:00:00Z'),
      aLogon({ host: 'ws-01.corp.example' }, '2026-03-10T07:00:00Z'),
    ])
    testCase.correlate([])
    const rows = testCase.db
      .prepare(
        "SELECT name, first_seen AS first, last_seen AS last, json_extract(attributes, '$.hasSensor') AS sensor FROM entity ORDER BY name",
      )
      .all()
    expect(rows).toEqual([
      { name: 'SRV-01', first: null, last: null, sensor: null },
      {
        name: 'WS-01',
        first: Date.parse('2026-03-10T07:00:00Z') * 1000,
        last: Date.parse('2026-03-10T09:00:00Z') * 1000,
        sensor: 1,
      },
    ])
  })
})

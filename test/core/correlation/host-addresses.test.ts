import { describe, expect, it } from 'vitest'
import type { RecordItem } from '../../../core/importers/importer.ts'
import { anEvent, TestCase } from '../../support/case-builder.ts'

const at = (day: number, hour = 8) => Date.UTC(2026, 2, day, hour) * 1000
const iso = (day: number, hour = 8) => new Date(at(day, hour) / 1000).toISOString()
/** The host says of itself that it has the address. */
const hasIp = (host: string, hostIp: string, day: number, hour?: number) =>
  anEvent('logon', iso(day, hour), { host, hostIp })
const connected = (
  host: string,
  fields: { action: string; sourceIp?: string; destinationIp?: string; protocol?: string },
  day: number,
) => anEvent('network-connection', iso(day), { host, ...fields })

/** Asks which endpoint had an address. */
function withAddresses<T>(
  items: readonly RecordItem[],
  ask: (find: (ip: string, time: number | null) => string | undefined) => T,
): T {
  using testCase = new TestCase()
  testCase.store(items)
  const view = testCase.view()
  return ask((ip, time) => view.addresses.find(ip, time)?.name)
}

describe('addresses of endpoints', () => {
  it('belong to whoever had them at the time: a reused address fuses no machines', () => {
    withAddresses([hasIp('ws-01', '10.0.0.5', 1), hasIp('ws-02', '10.0.0.5', 10)], (find) => {
      expect([find('10.0.0.5', at(1, 10)), find('10.0.0.5', at(10, 10)), find('10.0.0.5', at(5))]).toEqual([
        'WS-01',
        'WS-02',
        undefined,
      ])
      expect(find('10.0.0.5', null)).toBeUndefined()
      expect(find('10.0.0.6', at(1))).toBeUndefined()
    })
  })

  it('are not learnt from inbound datagrams, whose two ends may be turned round', () => {
    const inbound = { action: 'inbound', sourceIp: '10.0.0.1', destinationIp: '10.0.0.5' }
    withAddresses(
      [hasIp('ws-01', '10.0.0.5', 1), connected('dc-01', { ...inbound, protocol: 'udp' }, 1)],
      (find) => expect(find('10.0.0.5', at(1))).toBe('WS-01'),
    )
  })

  it('belong to nobody while two machines claim them', () => {
    withAddresses([hasIp('ws-01', '10.0.0.5', 1, 8), hasIp('ws-02', '10.0.0.5', 1, 9)], (find) => {
      expect(find('10.0.0.5', at(1, 10))).toBeUndefined()
    })
  })

  it('belong to the machine whose sightings enclose the time, though another had them that day', () => {
    const items = [
      hasIp('ws-01', '10.0.0.5', 1, 7),
      hasIp('ws-01', '10.0.0.5', 1, 9),
      hasIp('ws-02', '10.0.0.5', 1, 11),
      hasIp('ws-02', '10.0.0.5', 1, 15),
    ]
    withAddresses(items, (find) => {
      expect([8, 12].map((hour) => find('10.0.0.5', at(1, hour)))).toEqual(['WS-01', 'WS-02'])
      // Half way between the two, nobody can say.
      expect(find('10.0.0.5', at(1, 10))).toBeUndefined()
    })
  })

  it('belong to nobody where the sightings of two machines overlap: two networks with the same addresses', () => {
    const items = [6, 8, 10].map((hour) => hasIp('ws-01', '10.0.0.5', 1, hour))
    withAddresses([...items, hasIp('ws-02', '10.0.0.5', 1, 7), hasIp('ws-02', '10.0.0.5', 1, 9)], (find) =>
      expect(find('10.0.0.5', at(1, 8))).toBeUndefined(),
    )
  })

  it('are learnt from the answers to whoever looks a machine up, but not for names of the world outside', () => {
    const asks = (target: string, detail: string) =>
      anEvent('dns-query', iso(1), { host: 'ws-01.corp.example', target, detail })
    const items = [
      anEvent('logon', iso(1), { host: 'fs-01.corp.example' }),
      asks('fs-01.corp.example', '10.0.0.9;'),
      asks('www.example', '203.0.113.5;'),
    ]
    withAddresses(items, (find) =>
      expect([find('10.0.0.9', at(1, 10)), find('203.0.113.5', at(1, 10))]).toEqual(['FS-01', undefined]),
    )
  })

  describe('of a DHCP server’s log', () => {
    const lease = (sourceHost: string, hour: number, action = 'REQUEST, ACK') =>
      anEvent('address-lease', iso(1, hour), { host: undefined, sourceIp: '10.0.0.5', sourceHost, action })
    const machines = ['ws-01', 'ws-02'].map((host) => anEvent('logon', iso(1, 1), { host }))

    it('belong to whom they were given last', () => {
      withAddresses([...machines, lease('ws-01', 7), lease('ws-02', 11)], (find) =>
        expect([8, 10, 12, 20].map((hour) => find('10.0.0.5', at(1, hour)))).toEqual([
          'WS-01',
          'WS-01',
          'WS-02',
          'WS-02',
        ]),
      )
    })

    it('no longer belong to a machine once a stranger got them', () => {
      withAddresses([...machines, lease('ws-01', 7), lease('printer-7', 11)], (find) =>
        expect([8, 12].map((hour) => find('10.0.0.5', at(1, hour)))).toEqual(['WS-01', undefined]),
      )
    })

    it('are not given by a refusal', () => {
      withAddresses([...machines, lease('ws-01', 7), lease('ws-02', 11, 'REQUEST, NAK')], (find) =>
        expect(find('10.0.0.5', at(1, 12))).toBe('WS-01'),
      )
    })
  })

  it('are held over all the days on which the machine was seen with them', () => {
    const days = Array.from({ length: 30 }, (_, day) => hasIp('ws-01', '10.0.0.5', day + 1))
    withAddresses(days, (find) => {
      expect(new Set(Array.from({ length: 30 }, (_, day) => find('10.0.0.5', at(day + 1, 12))))).toEqual(
        new Set(['WS-01']),
      )
    })
  })

  it('are learnt from connections: the source of an outbound one, the destination of an inbound one', () => {
    withAddresses(
      [
        connected('ws-01', { action: 'outbound', sourceIp: '10.0.0.5', destinationIp: '10.0.0.9' }, 1),
        connected('srv-01', { action: 'inbound', sourceIp: '10.0.0.5', destinationIp: '10.0.0.9' }, 1),
      ],
      (find) => expect([find('10.0.0.5', at(1)), find('10.0.0.9', at(1))]).toEqual(['WS-01', 'SRV-01']),
    )
  })

  it.each([
    '127.0.0.1',
    '127.8.8.8',
    '::1',
    '169.254.7.7',
    'fe80::1',
    '224.0.0.252',
    '239.255.255.250',
    'ff02::1:3',
    '0.0.0.0',
    '::',
    '255.255.255.255',
    'nonsense',
  ])('are none when every machine has them or none: %s', (ip) => {
    withAddresses([connected('ws-01', { action: 'inbound', destinationIp: ip }, 1)], (find) =>
      expect(find(ip, at(1))).toBeUndefined(),
    )
  })

  it('become names of the endpoint, each with the record that told', () => {
    using testCase = new TestCase()
    testCase.store([hasIp('ws-01', '10.0.0.5', 1)])
    testCase.store([hasIp('ws-02', '10.0.0.7', 1), hasIp('ws-01', '10.0.0.5', 1, 7)], 'more.json')
    testCase.correlate([])
    expect(
      testCase.db
        .prepare(
          "SELECT e.name, a.value, a.evidence_id AS evidence, a.record FROM alias a JOIN entity e ON e.id = a.entity_id WHERE a.kind = 'ip' ORDER BY e.name",
        )
        .all(),
    ).toEqual([
      { name: 'WS-01', value: '10.0.0.5', evidence: 1, record: 1 },
      { name: 'WS-02', value: '10.0.0.7', evidence: 2, record: 1 },
    ])
  })
})

import { describe, expect, it } from 'vitest'
import fdr from '../../../core/importers/crowdstrike-fdr.importer.ts'
import type { EventItem } from '../../../core/model/event.ts'
import { codesOf, detectInput, readUnits, recordsOf } from './read-part.ts'

const envelope = {
  aid: 'A1',
  cid: 'c1',
  aip: '198.51.100.1',
  event_platform: 'Win',
  timestamp: '1935817800000',
}
async function read(content: string): Promise<EventItem[]> {
  return recordsOf(await readUnits(fdr, content)).flatMap(({ items }) =>
    items.filter((item) => item.type === 'event'),
  )
}
const one = async (more: object): Promise<EventItem | undefined> =>
  (await read(JSON.stringify({ ...envelope, ...more })))[0]

describe('Falcon Data Replicator', () => {
  it('joins the processes of one sensor by ids beyond 2^53 and keeps those of others apart', async () => {
    const id = '18446744073709551615'
    const start = await one({ event_simpleName: 'ProcessRollup2', TargetProcessId: id, ParentProcessId: '7' })
    const query = await one({
      event_simpleName: 'DnsRequest',
      ContextProcessId: id,
      DomainName: 'cdn.example.net',
    })
    const other = await one({ event_simpleName: 'DnsRequest', aid: 'B2', ContextProcessId: id })
    expect(start?.fields).toMatchObject({ processGuid: `${id}@a1`, parentGuid: '7@a1' })
    expect(query?.fields.processGuid).toBe(start?.fields.processGuid)
    expect(other?.fields.processGuid).not.toBe(start?.fields.processGuid)
  })

  it('takes the time of the endpoint before that of the cloud, and the start of a process found running', async () => {
    const at = async (more: object): Promise<unknown> => (await one(more))?.at
    const context = { ContextTimeStamp: '1935817689.051' }
    expect(await at({ event_simpleName: 'DnsRequest', ...context })).toBe(1_935_817_689_051_000)
    expect(await at({ event_simpleName: 'DnsRequest' })).toBe(1_935_817_800_000_000)
    expect(
      await at({ event_simpleName: 'SyntheticProcessRollup2', ProcessStartTime: '1935810000.5', ...context }),
    ).toBe(1_935_810_000_500_000)
  })

  it('reads the field names of Splunk exports', async () => {
    expect(
      await one({
        event_simpleName: 'ProcessRollup2',
        TargetProcessId_decimal: 12,
        UserSid_readable: 'S-1-5-21-1-2-3-1104',
        ContextTimeStamp_decimal: '1935817689.5',
      }),
    ).toMatchObject({
      at: 1_935_817_689_500_000,
      fields: { processGuid: '12@a1', accountSid: 'S-1-5-21-1-2-3-1104' },
    })
  })

  it('turns the ends of an inbound connection round', async () => {
    const ends = {
      event_simpleName: 'NetworkConnectIP4',
      LocalAddressIP4: '192.0.2.21',
      LocalPort: '445',
      RemoteAddressIP4: '198.51.100.7',
      RemotePort: '50000',
    }
    expect((await one({ ...ends, ConnectionDirection: '1' }))?.fields).toMatchObject({
      action: 'inbound',
      sourceIp: '198.51.100.7',
      destinationPort: 445,
    })
    expect((await one({ ...ends, ConnectionDirection: '2' }))?.fields).not.toHaveProperty('action')
  })

  it('writes the status of a failed logon as the Windows log does', async () => {
    const event = await one({
      event_simpleName: 'UserLogonFailed2',
      Status: '3221225581',
      SubStatus: '3221225578',
    })
    expect(event).toMatchObject({
      kind: 'logon-failure',
      fields: { status: '0xc000006a', outcome: 'failure' },
    })
  })

  it('says which computer a sensor is', async () => {
    const [host] = await read(
      '{"aid":"A1","ComputerName":"WS-1","MachineDomain":"corp.example","AgentVersion":"7","Time":"1935817000"}',
    )
    expect(host).toMatchObject({ kind: 'inventory', fields: { host: 'WS-1.corp.example', hostId: 'a1' } })
  })

  it('does not take a neighbour without sensor for a host that reported', async () => {
    const [neighbour] = await read(
      '{"aip":"198.51.100.1","NeighborName":"PRINTER-1","MAC":"02-00","CurrentLocalIP":"192.0.2.50"}',
    )
    expect(neighbour?.fields).toMatchObject({ target: 'PRINTER-1' })
    expect(neighbour?.fields).not.toHaveProperty('host')
  })

  it('keeps an event no table knows with its fields as text', async () => {
    expect(await one({ event_simpleName: 'BrandNew', Odd: 'x y' })).toMatchObject({
      kind: 'generic',
      fields: { channel: 'BrandNew', detail: 'Odd: x y' },
    })
  })

  it('names a time that cannot be', async () => {
    const units = await readUnits(
      fdr,
      JSON.stringify({ ...envelope, event_simpleName: 'DnsRequest', ContextTimeStamp: 'x' }),
    )
    expect(codesOf(units)).toEqual(['crowdstrike-fdr.time'])
    expect(recordsOf(units)[0]?.items).toMatchObject([{ at: 1_935_817_800_000_000 }])
  })

  it('does not take other JSON for its own', () => {
    for (const text of ['{"aid":"x","name":"y"}', '{"ComputerName":"WS-1","EventID":1}'])
      expect(fdr.detect(detectInput(text))).toBeLessThan(0.1)
  })
})

import { describe, expect, it } from 'vitest'
import telemetry from '../../../core/importers/endpoint-telemetry.importer.ts'
import observed from '../../../core/importers/observed-techniques.importer.ts'
import { detectFormat } from '../../../core/importers/registry.ts'
import type { EventItem } from '../../../core/model/event.ts'
import { fixture } from '../../support/parse.ts'
import { codesOf, detectInput, issuesOf, readUnits, recordsOf } from './read-part.ts'

const record = {
  uuid: '00000000-0000-4000-8000-0000000000aa',
  endpointGuid: '3F2A1B00-1111-4222-8333-444455556666',
  endpointHostName: 'WS-1',
  eventId: 1,
  eventSubId: 2,
  eventTime: '1935817689123',
  processFilePath: 'C:\\Windows\\explorer.exe',
  processHashId: '-5857915322177151410',
  objectFilePath: 'C:\\Windows\\System32\\cmd.exe',
  objectCmd: 'cmd /c whoami',
  objectHashId: '5630734348933777026',
}
async function read(content: string | Uint8Array, importer = telemetry): Promise<EventItem[]> {
  const units = await readUnits(importer, content)
  return recordsOf(units).flatMap(({ items }) => items.filter((item) => item.type === 'event'))
}
const one = async (more: object): Promise<EventItem | undefined> =>
  (await read(JSON.stringify({ ...record, ...more })))[0]

describe('endpoint telemetry', () => {
  it('takes the created process as the subject and the acting one as its parent', async () => {
    expect(await one({})).toEqual({
      type: 'event',
      kind: 'process-start',
      at: 1_935_817_689_123_000,
      fields: {
        code: 2,
        action: 'PROCESS_CREATE',
        host: 'WS-1',
        hostId: '3f2a1b00-1111-4222-8333-444455556666',
        processPath: 'C:\\Windows\\System32\\cmd.exe',
        commandLine: 'cmd /c whoami',
        processGuid: '5630734348933777026',
        parentPath: 'C:\\Windows\\explorer.exe',
        parentGuid: '-5857915322177151410',
      },
    })
  })

  it('keeps hash ids exact although they are written as numbers beyond 2^53', async () => {
    const text = JSON.stringify(record).replace('"5630734348933777026"', '5630734348933777027')
    expect((await read(text))[0]?.fields.processGuid).toBe('5630734348933777027')
  })

  it('says the same of a record as JSON, inside a response and as a row', async () => {
    const names = Object.keys(record)
    const row = Object.values(record).map((value) => `"${String(value)}"`)
    const plain = await read(JSON.stringify(record))
    expect(await read(JSON.stringify({ items: [record], nextLink: 'https://api.example.com/x' }))).toEqual(
      plain,
    )
    expect(await read(JSON.stringify({ data: { total: 1, logs: [record] } }, null, 2))).toEqual(plain)
    expect(await read(`${names.join(',')}\r\n${row.join(',')}\r\n`)).toEqual(plain)
    const backwards = `${[...names].reverse().join(';')};more\n${[...row].reverse().join(';')};x\n`
    expect(await read(backwards)).toEqual(plain)
  })

  it('reads tables in UTF-16 with a byte order mark and names in another case', async () => {
    const names = Object.keys(record).map((name) => name.toUpperCase())
    const text = `\ufeff${names.join('\t')}\n${Object.values(record).join('\t')}\n`
    const [event] = await read(Buffer.from(text, 'utf16le'))
    expect(event?.fields.host).toBe('WS-1')
  })

  it('leaves the direction of a connection open where the class does not say it', async () => {
    const action = async (eventSubId: number): Promise<unknown> =>
      (await one({ eventId: 3, eventSubId }))?.fields.action
    expect([await action(201), await action(203), await action(204)]).toEqual([
      undefined,
      'inbound',
      'outbound',
    ])
  })

  it('takes the logged-on user for the actor only when there is one and the process names none', async () => {
    const account = async (more: object): Promise<unknown> =>
      (await one({ eventId: 2, eventSubId: 101, ...more }))?.fields.account
    expect(await account({ logonUser: ['mori'], userDomain: ['NORTHWIND'] })).toBe('NORTHWIND\\mori')
    expect(await account({ logonUser: ['mori', 'sato'] })).toBeUndefined()
    expect(
      await account({ logonUser: ['mori'], processUser: 'SYSTEM', processUserDomain: 'NT AUTHORITY' }),
    ).toBe('NT AUTHORITY\\SYSTEM')
  })

  it('reads a Windows event passed on like the event log itself', async () => {
    const event = await one({
      eventId: 10,
      eventSubId: undefined,
      winEventId: 4625,
      channel: 'Security',
      eventDataTargetUserName: 'mori',
      eventDataIpAddress: '198.51.100.7',
      eventDataSubStatus: '0xC000006A',
    })
    expect(event).toMatchObject({
      kind: 'logon-failure',
      fields: {
        code: 4625,
        account: 'mori',
        sourceIp: '198.51.100.7',
        status: '0xc000006a',
        outcome: 'failure',
      },
    })
  })

  it('keeps a record with an impossible time, undated, and says so', async () => {
    const units = await readUnits(telemetry, JSON.stringify({ ...record, eventTime: 'soon' }))
    expect(codesOf(units)).toEqual(['endpoint-telemetry.time'])
    expect(recordsOf(units)[0]?.items).toMatchObject([{ at: null }])
  })

  it('counts what is no record inside a response, and an answer that is an error', async () => {
    const units = await readUnits(
      telemetry,
      `{"items":[${JSON.stringify(record)},"x",{"uuid":\n]}\n{"error":{"code":"TooManyRequests"}}`,
    )
    expect(recordsOf(units).length + issuesOf(units).length).toBeGreaterThanOrEqual(3)
    expect(recordsOf(units)[0]?.items).toMatchObject([{ kind: 'process-start' }])
  })

  it('is not mistaken for observed techniques, nor they for it', () => {
    const best = (name: string): unknown => detectFormat(detectInput(fixture(name), name))[0]?.importer.id
    expect(best('observed-techniques/good.json')).toBe('observed-techniques')
    expect(best('endpoint-telemetry/good-response.json')).toBe('endpoint-telemetry')
    expect(best('endpoint-telemetry/good.csv')).toBe('endpoint-telemetry')
  })

  it('does not take other products for its own', () => {
    for (const text of [
      '{"eventId":1,"eventTime":1,"uuid":"x","endpoint":"y"}',
      '{"endpointGuid":"g","alertLevel":3}',
      'eventId,eventTime,uuid\n1,2,3\n',
    ])
      expect(telemetry.detect(detectInput(text))).toBe(0)
  })
})

describe('observed attack techniques', () => {
  it('yields the alert and the telemetry under the identity it has in its own export', async () => {
    const item = {
      uuid: 'U-1',
      detectedDateTime: '2031-05-06T07:08:10Z',
      filters: [
        { name: 'one', riskLevel: 'low', mitreTechniqueIds: ['T1059'] },
        { name: 'two', riskLevel: 'medium', mitreTechniqueIds: ['T1059', 'T1204.002'] },
      ],
      detail: record,
    }
    const [alert, inside] = recordsOf(await readUnits(observed, JSON.stringify({ items: [item] })))
    const [alone] = recordsOf(await readUnits(telemetry, JSON.stringify(record)))
    expect(alert).toMatchObject({
      key: 'trend-oat|u-1',
      items: [
        {
          kind: 'alert',
          at: 1_935_817_690_000_000,
          fields: { rule: 'one; two', severity: 'medium', technique: 'T1059 T1204.002', host: 'WS-1' },
        },
      ],
    })
    expect([inside?.key, inside?.items]).toEqual([alone?.key, alone?.items])
  })
})

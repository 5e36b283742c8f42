import { describe, expect, it } from 'vitest'
import evtx from '../../../core/importers/evtx.importer.ts'
import type { ParsedRecord, ParsedUnit } from '../../../core/importers/importer.ts'
import { parseObject } from '../../../core/importers/json/parse-object.ts'
import { MAX_RECORD_BYTES } from '../../../core/importers/json/slices.ts'
import jsonLines from '../../../core/importers/json-lines.importer.ts'
import windowsJson from '../../../core/importers/windows-json.importer.ts'
import { fixture, parseAll, partOf } from '../../support/parse.ts'

const read = (text: string | Uint8Array, zone = 'UTC'): Promise<ParsedUnit[]> =>
  parseAll(windowsJson, partOf('x.json', Buffer.from(text)), zone)
const records = (units: readonly ParsedUnit[]): ParsedRecord[] =>
  units.filter((unit) => unit.kind === 'record')
const rejected = (units: readonly ParsedUnit[]): (string | number)[][] =>
  units.flatMap((unit) => (unit.kind === 'issue' ? [[unit.locator, unit.code, unit.records]] : []))
const flat = { EventID: 5, Channel: 'C', SourceName: 'P', Hostname: 'H' }

describe('Windows events as JSON', () => {
  it.each(['good.evtx', 'good-every-event.evtx'])(
    'makes of our own raw records of %s exactly what the EVTX reader made',
    async (name) => {
      const fromEvtx = records(await parseAll(evtx, partOf(name, fixture(`evtx/${name}`))))
      const fromJson = records(await read(fromEvtx.map((record) => record.raw).join('\n')))
      expect(fromJson.map(({ key, items }) => ({ key, items }))).toEqual(
        fromEvtx.map(({ key, items }) => ({ key, items })),
      )
    },
  )

  it('reads the Event table of a workspace whose data a query made columns of', async () => {
    const row = {
      TenantId: '9a',
      TimeGenerated: '2031-05-06T07:08:09Z',
      Source: 'Microsoft-Windows-Sysmon',
      EventLog: 'Microsoft-Windows-Sysmon/Operational',
      Computer: 'adfs01.corp.example',
      EventID: 18,
      Type: 'Event',
      PipeName: '\\MICROSOFT##WID\\tsql\\query',
      Image: 'C:\\Windows\\powershell.exe',
    }
    const [record] = records(await read(JSON.stringify(row)))
    expect(record?.items[0]).toMatchObject({
      kind: 'pipe-connect',
      fields: { target: row.PipeName, processPath: row.Image, host: 'adfs01.corp.example' },
    })
  })

  it('names the members of what is no Windows event', async () => {
    const units = await read(JSON.stringify({ EventID: 5156, Computer: 'x', SourceAddress: '::1' }))
    expect(records(units)[0]?.issues).toEqual([
      { code: 'windows-json.not_an_event', excerpt: 'EventID, Computer, SourceAddress' },
    ])
  })

  it('keeps record numbers beyond 2^53', async () => {
    const [record] = records(
      await read(
        '{"EventID":5,"Channel":"C","SourceName":"P","Hostname":"H","RecordNumber":18446744073709551615,"@timestamp":"2031-05-06T07:08:09Z"}',
      ),
    )
    expect(record?.key).toBe('win|h|C|18446744073709551615|1935817689|P|5')
  })

  it('says that a name occurs twice', async () => {
    const [record] = records(await read('{"EventID":5,"Channel":"C","SourceName":"P","A":"1","A":"2"}'))
    expect(record?.issues).toContainEqual({ code: 'windows-json.duplicate_key', excerpt: 'A' })
  })

  it('applies the chosen zone only where the record names none', async () => {
    const time = async (more: object): Promise<unknown[]> => {
      const item = records(await read(JSON.stringify({ ...flat, ...more }), 'Europe/Berlin'))[0]?.items[0]
      return item?.type === 'event' ? [item.at, item.zoneAssumed] : []
    }
    expect(await time({ EventTime: '2031-05-06 09:08:09' })).toEqual([1_935_817_689_000_000, true])
    expect(await time({ EventTime: '2031-05-06 09:08:09', '@timestamp': '2031-05-06T07:08:09Z' })).toEqual([
      1_935_817_689_000_000,
      undefined,
    ])
  })

  it("does not take the collector's EventType for that of a registry event", async () => {
    const action = async (EventType: string): Promise<unknown> => {
      const item = records(
        await read(
          JSON.stringify({ ...flat, SourceName: 'Microsoft-Windows-Sysmon', EventID: 13, EventType }),
        ),
      )[0]?.items[0]
      return item?.type === 'event' ? item.fields.action : undefined
    }
    expect([await action('SetValue'), await action('INFO')]).toEqual(['SetValue', undefined])
  })

  it('goes on behind a broken line, and counts it', async () => {
    const line = JSON.stringify(flat)
    const units = await read(`${line}\n{"EventID":5,\n\n${line}\nnot json\n${line}`)
    expect(records(units)).toHaveLength(3)
    expect(rejected(units)).toEqual([
      ['line 2', 'windows-json.syntax', 1],
      ['line 5', 'windows-json.syntax', 1],
    ])
  })

  it('goes on behind a broken object in an array', async () => {
    const object = JSON.stringify(flat, null, 2)
    const units = await read(`[\n${object},\n{\n  "EventID": "5\n},\n${object}\n]`)
    expect(records(units)).toHaveLength(2)
    expect(rejected(units)).toEqual([['record 2', 'windows-json.syntax', 1]])
  })

  it('counts the object a file ends in', async () => {
    const object = JSON.stringify(flat, null, 2)
    expect(rejected(await read(`${object}\n${object.slice(0, -5)}`))).toEqual([
      ['record 2', 'windows-json.truncated', 1],
    ])
  })

  it('reads UTF-16 as PowerShell writes it', async () => {
    const text = JSON.stringify({ ...flat, Name: '山田' })
    const units = await read(Buffer.from(`\ufeff${text}\r\n${text}`, 'utf16le'))
    expect(records(units).map((record) => record.raw)).toEqual([text, text])
  })

  it('leaves a line without end out instead of holding it', async () => {
    const line = Buffer.from(JSON.stringify(flat))
    const endless = Buffer.alloc(MAX_RECORD_BYTES + 1, 0x78)
    const units = await read(
      Buffer.concat([line, Buffer.from('\n{"a":"'), endless, Buffer.from('"}\n'), line]),
    )
    expect(records(units)).toHaveLength(2)
    expect(rejected(units)).toEqual([['line 2', 'windows-json.too_long', 1]])
  })

  it('remarks once that the collector wrote local time', async () => {
    const line = JSON.stringify({
      ...flat,
      SourceName: 'Microsoft-Windows-Sysmon',
      UtcTime: '2031-05-06 07:08:09.000',
      TimeCreated: '2031-05-06T23:08:09Z',
    })
    const units = await read(`${line}\n${line}`)
    expect(rejected(units)).toEqual([['file', 'windows-json.time_contradiction', 0]])
  })

  it('puts the other events of a computer at the time that its Sysmon records prove, also those before them', async () => {
    const at = (minute: number, second: number, more: object) =>
      JSON.stringify({
        ...flat,
        TimeCreated: `2031-05-06T03:${String(minute).padStart(2, '0')}:${String(second).padStart(2, '0')}.123Z`,
        ...more,
      })
    const sysmon = (minute: number, computer = 'WS01') =>
      at(minute, 9, {
        Channel: 'Microsoft-Windows-Sysmon/Operational',
        SourceName: 'Microsoft-Windows-Sysmon',
        EventID: 1,
        Hostname: computer,
        UtcTime: `2031-05-06 07:${String(minute).padStart(2, '0')}:08.900`,
      })
    const other = (minute: number, computer: string) =>
      at(minute, 8, { Channel: 'Security', EventID: 4688, Hostname: computer, UtcTime: undefined })
    const right = at(9, 0, {
      Channel: 'Microsoft-Windows-Sysmon/Operational',
      SourceName: 'Microsoft-Windows-Sysmon',
      EventID: 1,
      Hostname: 'WS02',
      UtcTime: '2031-05-06 03:09:00.000',
    })
    const units = await read(
      [
        other(1, 'WS01'),
        sysmon(1),
        sysmon(2),
        other(2, 'ws01'),
        right,
        right,
        other(3, 'WS02'),
        other(4, 'WS03'),
      ].join('\n'),
    )
    const times = records(units).map(({ items: [item] }) =>
      item?.type === 'event' && item.at !== null
        ? [new Date(item.at / 1000).toISOString().slice(11, 19), item.zoneAssumed ?? false]
        : item,
    )
    expect(times).toEqual([
      ['07:01:08', true],
      ['07:01:08', false],
      ['07:02:08', false],
      ['07:02:08', true],
      ['03:09:00', false],
      ['03:09:00', false],
      // Its own Sysmon proves the collector right; of WS03 nothing is known, and the two others do not agree.
      ['03:03:08', false],
      ['03:04:08', false],
    ])
    expect(rejected(units)).toEqual([['file', 'windows-json.time_contradiction', 0]])
  })

  it('keeps an object that is no Windows event as a plain record', async () => {
    const [, second] = records(await read(`${JSON.stringify(flat)}\n{"message":"hello"}`))
    expect(second).toMatchObject({
      issues: [{ code: 'windows-json.not_an_event' }],
      items: [{ kind: 'generic', at: null, fields: { detail: 'hello' } }],
    })
  })
})

describe('JSON records of any product', () => {
  it('takes only what stands under well-known names', async () => {
    const text =
      '{"ts":1935817689.25,"host":{"name":"fw01"},"source.ip":"192.0.2.1","user":"bob","odd":"203.0.113.1"}'
    const [record] = records(await parseAll(jsonLines, partOf('x.jsonl', Buffer.from(text))))
    expect(record?.items).toEqual([
      {
        type: 'event',
        kind: 'generic',
        at: 1_935_817_689_250_000,
        fields: { host: 'fw01', account: 'bob', sourceIp: '192.0.2.1', detail: text },
      },
    ])
  })
})

describe('JSON objects', () => {
  it.each([
    ['{"a":{"b":1},"b":2}', []],
    ['{"a":"\\"x\\":","b":"y"}', []],
    ['{"a":1,"\\u0061":2}', ['a']],
    ['[{"a":1}]', 'not_object'],
    [`${'{"a":'.repeat(80)}1${'}'.repeat(80)}`, 'nesting'],
    ['{"a":1', 'syntax'],
  ])('tells what is odd about %s', (text, expected) => {
    const parsed = parseObject(text)
    expect(parsed.ok ? parsed.duplicateKeys : parsed.problem).toEqual(expected)
  })
})

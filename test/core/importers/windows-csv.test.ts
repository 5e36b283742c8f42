import { describe, expect, it } from 'vitest'
import type { ParsedRecord, ParsedUnit } from '../../../core/importers/importer.ts'
import { detectFormat } from '../../../core/importers/registry.ts'
import windowsCsv from '../../../core/importers/windows-csv.importer.ts'
import { detectInputOf, parseAll, partOf } from '../../support/parse.ts'

const read = (text: string | Uint8Array, zone = 'UTC'): Promise<ParsedUnit[]> =>
  parseAll(windowsCsv, partOf('x.csv', Buffer.from(text)), zone)
const records = (units: readonly ParsedUnit[]): ParsedRecord[] =>
  units.filter((unit) => unit.kind === 'record')
const best = (text: string): string | undefined =>
  detectFormat(detectInputOf('x.csv', Buffer.from(text)))[0]?.importer.id
const HEADER = 'TimeGenerated,Computer,EventSourceName,Channel,EventID,EventRecordId,SubjectUserName'
const ROW = '2031-05-06T07:08:09.123Z,WS01,Microsoft-Windows-Security-Auditing,Security,4672,5,alice'
const facts = (units: readonly ParsedUnit[]): unknown[] =>
  records(units).map(({ key, items: [item] }) =>
    item?.type === 'event' ? [key, item.kind, item.at, item.fields.account] : item,
  )
const EXPECTED = [
  [
    'win|ws01|Security|5|1935817689|Microsoft-Windows-Security-Auditing|4672',
    'privileges-assigned',
    1_935_817_689_123_000,
    'alice',
  ],
]

describe('Windows events as CSV', () => {
  it('finds columns in any order, with any line ends, encodings and delimiters', async () => {
    const reversed = (line: string): string => line.split(',').reverse().join(',')
    const variants: (string | Uint8Array)[] = [
      `${HEADER}\n${ROW}\n`,
      `\ufeff${HEADER}\r\n${ROW}`,
      `${reversed(HEADER)}\r\n${reversed(ROW)}\r\n`,
      `sep=;\r\n${HEADER.replaceAll(',', ';')}\r\n${ROW.replaceAll(',', ';')}\r\n`,
      `${HEADER.replaceAll(',', '\t')}\n${ROW.replaceAll(',', '\t')}\n`,
      Buffer.from(`\ufeff${HEADER}\r\n${ROW}\r\n`, 'utf16le'),
      `"${HEADER.replaceAll(',', '","')}"\n"${ROW.replaceAll(',', '","')}"\n`,
    ]
    for (const variant of variants) expect(facts(await read(variant))).toEqual(EXPECTED)
  })

  it('reads times of a column that says UTC as UTC, and others in the chosen zone', async () => {
    const at = async (column: string): Promise<unknown[]> => {
      const header = HEADER.replace('TimeGenerated', column)
      const [record] = records(
        await read(
          `${header}\n"5/14/2031, 7:08:09.123 AM",${ROW.split(',').slice(1).join()}\n`,
          'Asia/Taipei',
        ),
      )
      const [item] = record?.items ?? []
      return item?.type === 'event' ? [item.at, item.zoneAssumed] : []
    }
    expect(await at('TimeGenerated [UTC]')).toEqual([Date.UTC(2031, 4, 14, 7, 8, 9, 123) * 1000, undefined])
    expect(await at('TimeGenerated [Local Time]')).toEqual([
      Date.UTC(2031, 4, 13, 23, 8, 9, 123) * 1000,
      true,
    ])
  })

  it('asks for the order of day and month when no date proves it', async () => {
    const part = partOf('x.csv', Buffer.from(`${HEADER}\n5/6/2031 7:08:09 AM${ROW.slice(24)}\n`))
    const asked = { zone: 'UTC', dateOrder: null, mapping: null }
    await expect(windowsCsv.settle?.(part, asked)).rejects.toMatchObject({ code: 'evidence.date_order' })
    expect(await windowsCsv.settle?.(part, { ...asked, dateOrder: 'day-first' })).toMatchObject({
      dateOrder: 'day-first',
    })
  })

  it('keeps an event whose time is impossible, without a time and with a remark', async () => {
    const [record] = records(await read(`${HEADER}\n2031-02-30T00:00:00Z${ROW.slice(24)}\n`))
    expect(record).toMatchObject({
      key: undefined,
      issues: [{ code: 'windows-csv.time' }],
      items: [{ at: null }],
    })
  })

  it('keeps a row that is no event', async () => {
    const units = await read(`${HEADER}\n${ROW}\n,,,,,,bob\n`)
    expect(records(units)[1]).toMatchObject({ issues: [{ code: 'windows-csv.not_an_event' }] })
  })

  it('leaves tables of others alone', () => {
    expect(best('a,b\n1,2\n')).not.toBe('windows-csv')
    expect(
      best(`Timestamp,RuleTitle,Level,Computer,Channel,EventID,RecordID,Details\nx,y,low,C,Sec,1,2,z\n`),
    ).toBe('hayabusa')
    expect(best('EventID,Name\n4624,x\n')).not.toBe('windows-csv')
  })

  it('never reaches the prototype by a column name', async () => {
    await read(`__proto__,constructor,${HEADER}\npolluted,polluted,${ROW}\n`)
    expect(Object.getPrototypeOf({})).toBe(Object.prototype)
    expect('polluted' in {}).toBe(false)
  })

  it('reads a cell of a megabyte', async () => {
    const units = await read(`${HEADER},Extra\n${ROW},${'x'.repeat(1 << 20)}\n`)
    expect(facts(units)).toEqual(EXPECTED)
  })

  it('knows the provider of Splunk by its display name', async () => {
    const lines = [
      '05/06/2031 07:08:09 AM',
      'LogName=Security',
      'EventCode=4624',
      'ComputerName=fs01.corp.example',
      'SourceName=Microsoft Windows security auditing.',
      'RecordNumber=1234',
      'Message=An account was successfully logged on.',
      '',
      'Logon Type:\t\t\t3',
      '',
      'New Logon:',
      '\tAccount Name:\t\tjdoe',
      '\tAccount Domain:\t\tCORP',
    ]
    const table = `"_time","_raw",host\n"2031-05-06T07:08:09.000+0000","${lines.join('\n')}",fs01\n`
    const [record] = records(await read(table))
    expect(record?.items[0]).toMatchObject({
      kind: 'logon',
      fields: { provider: 'Microsoft-Windows-Security-Auditing', account: 'CORP\\jdoe', logonType: 3 },
    })
  })

  it('tells the provider by the channel where the columns chosen in Kibana leave it out', async () => {
    const header =
      '"@timestamp",event.code,host.name,process.command_line,process.pid,process.executable,user.name,winlog.channel'
    const row = (code: number, channel: string): string =>
      `"May 6, 2031 @ 07:08:09.123",${code},ws01,cmd.exe /c whoami,"8844",C:\\Windows\\System32\\cmd.exe,jdoe,${channel}`
    const [start] = records(await read(`${header}\n${row(1, 'Microsoft-Windows-Sysmon/Operational')}\n`))
    expect(start?.items[0]).toMatchObject({
      kind: 'process-start',
      fields: { processPath: 'C:\\Windows\\System32\\cmd.exe', commandLine: 'cmd.exe /c whoami', pid: 8844 },
    })
    const [cleared] = records(await read(`${header}\n${row(1102, 'Security')}\n`))
    expect(cleared?.items[0]).toMatchObject({ kind: 'log-clear' })
  })
})

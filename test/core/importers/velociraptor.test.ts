import { describe, expect, it } from 'vitest'
import type { ParsedRecord, ParsedUnit } from '../../../core/importers/importer.ts'
import { detectFormat } from '../../../core/importers/registry.ts'
import velociraptor from '../../../core/importers/velociraptor.importer.ts'
import { detectInputOf, parseAll, partOf } from '../../support/parse.ts'

const ORIGIN = { ClientId: 'C.1234567890abcdef', Fqdn: 'WS01.corp.example' }
const PROCESS = { Pid: 5, Ppid: 4, Name: 'cmd.exe', Exe: 'C:\\cmd.exe', CommandLine: 'cmd' }
const read = (...rows: object[]): Promise<ParsedUnit[]> =>
  parseAll(
    velociraptor,
    partOf('x.json', Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n'))),
    'Asia/Taipei',
  )
const records = (units: readonly ParsedUnit[]): ParsedRecord[] =>
  units.filter((unit) => unit.kind === 'record')
const kinds = async (row: object): Promise<unknown[]> =>
  records(await read(row)).flatMap(({ items }) =>
    items.map((item) => (item.type === 'event' ? item.kind : item.type)),
  )
const best = (text: string, name = 'x.json'): string | undefined =>
  detectFormat(detectInputOf(name, Buffer.from(text)))[0]?.importer.id

describe('Velociraptor artifacts', () => {
  it('make a start of a process only where the row knows when', async () => {
    expect(await kinds(PROCESS)).toEqual(['inventory'])
    expect(await kinds({ ...PROCESS, CreateTime: '2031-05-06T07:08:09Z' })).toEqual(['process-start'])
    expect(await kinds({ ...PROCESS, CreateTime: '0001-01-01T00:00:00Z' })).toEqual(['inventory'])
  })

  it('remark on a time that cannot be, and make none up', async () => {
    const [record] = records(await read({ ...PROCESS, CreateTime: '2031-13-40T07:08:09Z' }))
    expect(record).toMatchObject({
      issues: [{ code: 'velociraptor.time', excerpt: 'CreateTime: 2031-13-40T07:08:09Z' }],
      items: [{ kind: 'inventory', at: null }],
    })
  })

  it('tell connections from listening sockets', async () => {
    const socket = {
      Pid: 5,
      Name: 'x',
      LaddrIP: '192.0.2.1',
      LaddrPort: 5,
      RaddrIP: '203.0.113.1',
      RaddrPort: 443,
      Type: 'TCP',
    }
    const at = { Timestamp: '2031-05-06T07:08:09Z' }
    expect(await kinds({ ...socket, ...at, Status: 'ESTAB' })).toEqual(['network-connection'])
    expect(await kinds({ ...socket, ...at, Status: 'LISTEN' })).toEqual(['network-bind'])
    expect(await kinds({ ...socket, Status: 'ESTAB' })).toEqual(['inventory'])
  })

  it('count every remembered run of prefetch, but not a list without end', async () => {
    const runs = (count: number): object => ({
      Executable: 'X.EXE',
      RunCount: count,
      LastRunTimes: Array.from({ length: count }, () => '2031-05-06T07:08:09Z'),
    })
    expect(await kinds(runs(8))).toHaveLength(8)
    expect((await kinds(runs(100_000))).length).toBeLessThan(100)
  })

  it('carry where a row came from', async () => {
    const [record] = records(await read({ ...PROCESS, ...ORIGIN, _Source: 'Windows.System.Pslist' }))
    expect(record?.items[0]).toMatchObject({
      fields: { host: 'WS01.corp.example', hostId: 'C.1234567890abcdef', provider: 'Windows.System.Pslist' },
    })
  })

  it('of event logs are Windows events with their identity', async () => {
    const row = {
      ...ORIGIN,
      System: {
        Provider: { Name: 'Microsoft-Windows-Security-Auditing' },
        EventID: { Value: 4634 },
        TimeCreated: { SystemTime: 1935817689.5 },
        EventRecordID: 7,
        Channel: 'Security',
        Computer: 'WS01',
      },
      EventData: { TargetUserName: 'alice' },
    }
    expect(best(JSON.stringify(row))).toBe('windows-json')
    const [record] = records(await read(row))
    expect(record?.key).toBe('win|ws01|Security|7|1935817689|Microsoft-Windows-Security-Auditing|4634')
  })

  it('are recognised by their columns, better with their origin, and not elsewhere', () => {
    expect(best(JSON.stringify(PROCESS))).toBe('velociraptor')
    expect(best(JSON.stringify({ A: 1, ...ORIGIN }))).toBe('velociraptor')
    expect(best('Pid,Ppid,Name,Exe,CommandLine\n1,2,a,b,c\n', 'x.csv')).toBe('velociraptor')
    expect(best(JSON.stringify({ Name: 'x', Status: 'y' }))).not.toBe('velociraptor')
    expect(
      best(
        JSON.stringify({ '@timestamp': '2031-05-06T07:08:09Z', ecs: { version: '8' }, process: { pid: 1 } }),
      ),
    ).not.toBe('velociraptor')
  })

  it('keep rows of artifacts nobody knows', async () => {
    expect(await kinds({ ...ORIGIN, Something: 1 })).toEqual(['inventory'])
    expect(await kinds({ ...ORIGIN, Something: 1, Timestamp: '2031-05-06T07:08:09Z' })).toEqual(['generic'])
  })
})

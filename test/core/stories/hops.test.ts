import { describe, expect, it } from 'vitest'
import { exampleEvent, exampleGuid } from '../../../core/correlation/example.ts'
import type { RecordItem } from '../../../core/importers/importer.ts'
import type { EventFields } from '../../../core/model/event.ts'
import { GraphCase } from '../graph/graph-case.ts'

const ADDRESSES: Readonly<Record<string, string>> = { 'TS-01': '10.0.0.1', 'SRV-02': '10.0.0.2' }
const ROOT = { account: 'CORP\\root', accountSid: 'S-1-5-21-1-2-3-1500' }
const KIM = { account: 'CORP\\kim', accountSid: 'S-1-5-21-1-2-3-1101' }
const host = (name: string) => ({ host: `${name}.corp.example` })

/** Root works on TS-01, where a program of Kim’s then reads the memory of lsass. */
const theft = [
  exampleEvent('logon', -3600, { ...host('TS-01'), ...ROOT, logonType: 10 }),
  exampleEvent('process-start', 0, {
    ...host('TS-01'),
    ...KIM,
    processPath: 'C:\\Users\\Public\\pd.exe',
    processGuid: exampleGuid(1),
    pid: 70,
    parentPath: 'C:\\Windows\\explorer.exe',
    parentPid: 5,
  }),
  exampleEvent('process-access', 10, {
    ...host('TS-01'),
    ...KIM,
    processPath: 'C:\\Users\\Public\\pd.exe',
    processGuid: exampleGuid(1),
    pid: 70,
    target: 'C:\\Windows\\System32\\lsass.exe',
    targetGuid: exampleGuid(2),
    status: '0x1410',
  }),
]
/** A remote desktop from one endpoint to the next. */
const desktop = (from: string, to: string, seconds: number, fields: EventFields = {}): RecordItem[] => [
  exampleEvent('network-connection', seconds - 60, {
    ...host(from),
    sourceIp: ADDRESSES[from] ?? '',
    destinationIp: '10.0.0.250',
    destinationPort: 53,
    action: 'outbound',
  }),
  exampleEvent('logon', seconds, {
    ...host(to),
    ...ROOT,
    logonType: 10,
    sourceIp: ADDRESSES[from] ?? '',
    ...fields,
  }),
]
/** Root deletes the shadow copies on an endpoint. */
const deleted = (on: string, seconds: number): RecordItem =>
  exampleEvent('process-start', seconds, {
    ...host(on),
    ...ROOT,
    processPath: 'C:\\Windows\\System32\\vssadmin.exe',
    commandLine: 'vssadmin delete shadows /all /quiet',
    processGuid: exampleGuid(9),
    pid: 90,
    parentPath: 'C:\\Windows\\explorer.exe',
    parentPid: 60,
  })
const told = async (...items: (RecordItem | RecordItem[])[]): Promise<string[][]> => {
  await using graph = await GraphCase.of([...theft, ...items.flat()])
  const { rows } = await graph.client.call('story.list', {})
  return rows.map((row) => row.endpoints.map(({ name }) => name).sort())
}

describe('who goes on by remote desktop after credentials were read', () => {
  it('reaches the next endpoint, and through it the one where something begins', async () => {
    const way = [...desktop('TS-01', 'SRV-02', 40_000), ...desktop('SRV-02', 'DC-03', 60_000)]
    expect(await told(way, deleted('DC-03', 60_200))).toEqual([['DC-03', 'SRV-02', 'TS-01']])
  })

  it('reaches nothing with an account that had no session there, over the network only, or where it had come before', async () => {
    const apart = [['DC-03'], ['TS-01']]
    const later = desktop('SRV-02', 'DC-03', 60_000)
    const ways = [
      desktop('TS-01', 'SRV-02', 40_000, { account: 'CORP\\lo', accountSid: 'S-1-5-21-1-2-3-1109' }),
      desktop('TS-01', 'SRV-02', 40_000, { logonType: 3 }),
      [...desktop('TS-01', 'SRV-02', -40_000), ...desktop('TS-01', 'SRV-02', 40_000)],
      desktop('TS-01', 'SRV-02', 40_000 + 4 * 86_400),
    ]
    for (const way of ways) expect((await told(way, later, deleted('DC-03', 60_200))).sort()).toEqual(apart)
  })
})

import { describe, expect, it } from 'vitest'
import crowdstrike from '../../../core/importers/crowdstrike-fdr.importer.ts'
import ecs from '../../../core/importers/ecs.importer.ts'
import telemetry from '../../../core/importers/endpoint-telemetry.importer.ts'
import type { Importer } from '../../../core/importers/importer.ts'
import observed from '../../../core/importers/observed-techniques.importer.ts'
import ocsf from '../../../core/importers/ocsf.importer.ts'
import osquery from '../../../core/importers/osquery.importer.ts'
import { relationText, TestCase } from '../../support/case-builder.ts'
import { readUnits, recordsOf } from './read-part.ts'

/** What correlation makes of the lines: relations between processes, names and addresses. */
async function correlated(importer: Importer, lines: readonly object[]): Promise<string[]> {
  const units = await readUnits(importer, lines.map((line) => JSON.stringify(line)).join('\n'))
  using testCase = new TestCase()
  testCase.store(recordsOf(units).flatMap(({ items }) => items))
  testCase.correlate()
  return testCase
    .relations()
    .filter(({ kind }) => ['spawned', 'resolved', 'connected-to', 'ran-on'].includes(kind))
    .map(relationText)
    .sort()
}
const at = (seconds: number): number => 1_935_817_680_000 + seconds * 1000

/** winword starts powershell on WS-1, which asks for a name and connects: said with ids where the product has them. */
const STORY = [
  'connected-to: powershell.exe -> 203.0.113.9',
  'ran-on: powershell.exe -> WS-1',
  'ran-on: winword.exe -> WS-1',
  'resolved: powershell.exe -> cdn.example.net',
  'spawned: winword.exe -> powershell.exe',
]

describe('processes of other endpoint products', () => {
  it('join by the hash ids of the vendor telemetry, also out of observed techniques', async () => {
    const common = { endpointHostName: 'WS-1', endpointGuid: 'g-1', uuid: 'u', productCode: 'xes' }
    const word = { processFilePath: 'C:\\Office\\winword.exe', processHashId: '-5857915322177151410' }
    const shell = { processFilePath: 'C:\\Windows\\powershell.exe', processHashId: '5630734348933777026' }
    const lines = [
      {
        ...common,
        eventId: 1,
        eventSubId: 2,
        eventTime: at(1),
        processFilePath: 'C:\\Windows\\explorer.exe',
        objectFilePath: word.processFilePath,
        objectHashId: word.processHashId,
      },
      {
        ...common,
        ...word,
        eventId: 1,
        eventSubId: 2,
        eventTime: at(2),
        objectFilePath: shell.processFilePath,
        objectHashId: shell.processHashId,
      },
      { ...common, ...shell, eventId: 4, eventSubId: 301, eventTime: at(3), hostName: 'cdn.example.net' },
      { ...common, ...shell, eventId: 3, eventSubId: 204, eventTime: at(4), dst: '203.0.113.9', dpt: 443 },
    ]
    const found = await correlated(telemetry, lines)
    expect(found).toEqual(expect.arrayContaining(STORY))
    const items = lines.map((detail) => ({
      uuid: 'o',
      detectedDateTime: '2031-05-06T07:08:09Z',
      filters: [{ id: 'F1' }],
      detail,
    }))
    expect(await correlated(observed, items)).toEqual(found)
  })

  it('join by the entity ids of ECS', async () => {
    const document = (category: string, second: number, more: object): object => ({
      '@timestamp': new Date(at(second)).toISOString(),
      ecs: { version: '8.0.0' },
      event: { category: [category], type: ['start'] },
      host: { name: 'ws-1' },
      ...more,
    })
    const word = { entity_id: 'd29yZA==', executable: 'C:\\Office\\winword.exe', pid: 5 }
    const shell = { entity_id: 'c2hlbGw=', executable: 'C:\\Windows\\powershell.exe', pid: 6 }
    expect(
      await correlated(ecs, [
        document('process', 1, { process: word }),
        document('process', 2, { process: { ...shell, parent: { entity_id: word.entity_id } } }),
        document('network', 3, { process: shell, dns: { question: { name: 'cdn.example.net' } } }),
        document('network', 4, { process: shell, destination: { ip: '203.0.113.9', port: 443 } }),
      ]),
    ).toEqual(STORY)
  })

  it('join by the process uids of OCSF', async () => {
    const event = (class_uid: number, second: number, more: object): object => ({
      class_uid,
      activity_id: 1,
      type_uid: class_uid * 100 + 1,
      severity_id: 1,
      time: at(second),
      metadata: { version: '1.3.0', product: { name: 'x' } },
      device: { hostname: 'ws-1' },
      ...more,
    })
    const word = { uid: 'p-5', file: { path: 'C:\\Office\\winword.exe' } }
    const shell = { uid: 'p-6', file: { path: 'C:\\Windows\\powershell.exe' } }
    expect(
      await correlated(ocsf, [
        event(1007, 1, { process: word }),
        event(1007, 2, { process: shell, actor: { process: word } }),
        event(4003, 3, { actor: { process: shell }, query: { hostname: 'cdn.example.net' } }),
        event(4001, 4, { actor: { process: shell }, dst_endpoint: { ip: '203.0.113.9', port: 443 } }),
      ]),
    ).toEqual(STORY)
  })

  it('join by Falcon ids, on the host that only aidmaster names', async () => {
    const event = (name: string, second: number, more: object): object => ({
      event_simpleName: name,
      aid: 'A1',
      cid: 'c',
      ContextTimeStamp: String(at(second) / 1000),
      ...more,
    })
    const device = '\\Device\\HarddiskVolume3'
    expect(
      await correlated(crowdstrike, [
        { aid: 'A1', ComputerName: 'WS-1', AgentVersion: '7', Time: String(at(0) / 1000) },
        event('ProcessRollup2', 1, {
          TargetProcessId: '289741187433',
          ImageFileName: `${device}\\Office\\winword.exe`,
        }),
        event('ProcessRollup2', 2, {
          TargetProcessId: '289741187434',
          ParentProcessId: '289741187433',
          ImageFileName: `${device}\\Windows\\powershell.exe`,
        }),
        event('DnsRequest', 3, { ContextProcessId: '289741187434', DomainName: 'cdn.example.net' }),
        event('NetworkConnectIP4', 4, {
          ContextProcessId: '289741187434',
          RemoteAddressIP4: '203.0.113.9',
          RemotePort: '443',
          ConnectionDirection: '0',
        }),
      ]),
    ).toEqual(STORY)
  })

  it('join by PID and time where osquery has nothing else', async () => {
    const row = (second: number, columns: object): object => ({
      name: 'q',
      hostIdentifier: 'ws-1',
      unixTime: at(second) / 1000,
      counter: 3,
      action: 'added',
      columns: { time: String(at(second) / 1000), ...columns },
    })
    expect(
      await correlated(osquery, [
        row(1, { pid: '5', parent: '1', path: 'C:\\Office\\winword.exe', cmdline: 'winword.exe' }),
        row(2, { pid: '6', parent: '5', path: 'C:\\Windows\\powershell.exe', cmdline: 'powershell.exe' }),
        row(3, {
          pid: '6',
          path: 'C:\\Windows\\powershell.exe',
          name: 'cdn.example.net',
          type: 'A',
          response: '',
        }),
        row(4, {
          pid: '6',
          path: 'C:\\Windows\\powershell.exe',
          action: 'connect',
          remote_address: '203.0.113.9',
          remote_port: '443',
        }),
      ]),
    ).toEqual(STORY)
  })
})

import { describe, expect, it } from 'vitest'
import { exampleEvent, exampleGuid } from '../../../core/correlation/example.ts'
import { GraphCase } from '../graph/graph-case.ts'

const ROOT = { account: 'CORP\\root', accountSid: 'S-1-5-21-1-2-3-1500' }
const PROGRAM = 'C:\\Users\\Public\\pd.exe'
const on = (name: string) => ({ host: `${name}.corp.example`, ...ROOT })

/** A program reads credentials on TS-01; hours later its account goes on by desktop to DC-02, from where SRV-03 is run on. */
const attack = [
  exampleEvent('file-create', -60, {
    ...on('TS-01'),
    target: PROGRAM,
    processPath: 'C:\\a\\chrome.exe',
    pid: 4,
  }),
  exampleEvent('logon', -3600, { ...on('TS-01'), logonType: 10 }),
  exampleEvent('process-start', 0, {
    ...on('TS-01'),
    processPath: PROGRAM,
    processGuid: exampleGuid(1),
    pid: 70,
    parentPath: 'C:\\Windows\\explorer.exe',
    parentPid: 5,
  }),
  exampleEvent('process-access', 10, {
    ...on('TS-01'),
    processPath: PROGRAM,
    processGuid: exampleGuid(1),
    pid: 70,
    target: 'C:\\Windows\\System32\\lsass.exe',
    targetGuid: exampleGuid(2),
    status: '0x1410',
  }),
  ...(
    [
      ['TS-01', '10.0.0.1', 39_940],
      ['DC-02', '10.0.0.2', 59_940],
    ] as const
  ).map(([name, sourceIp, seconds]) =>
    exampleEvent('network-connection', seconds, {
      host: `${name}.corp.example`,
      sourceIp,
      destinationIp: '10.0.0.250',
      destinationPort: 53,
      action: 'outbound',
    }),
  ),
  exampleEvent('logon', 40_000, { ...on('DC-02'), logonType: 10, sourceIp: '10.0.0.1' }),
  exampleEvent('logon', 60_000, { ...on('SRV-03'), logonType: 3, sourceIp: '10.0.0.2' }),
  exampleEvent('service-install', 60_001, {
    ...on('SRV-03'),
    target: 'PSEXESVC',
    detail: '%SystemRoot%\\PSEXESVC.exe',
  }),
  exampleEvent('process-start', 60_002, {
    host: 'SRV-03.corp.example',
    processPath: 'C:\\Windows\\PSEXESVC.exe',
    processGuid: exampleGuid(7),
    pid: 71,
    parentPath: 'C:\\Windows\\System32\\services.exe',
    parentPid: 6,
  }),
]

describe('the title of a story', () => {
  it('names where it began, as the story itself says, and not where its best told way begins', async () => {
    await using graph = await GraphCase.of(attack)
    const [row] = (await graph.client.call('story.list', {})).rows
    expect(row?.endpoints.map(({ name }) => name).sort()).toEqual(['DC-02', 'SRV-03', 'TS-01'])
    expect([row?.firstObserved?.entity.name, row?.title.params['first']]).toEqual(['pd.exe', 'pd.exe'])
  })
})

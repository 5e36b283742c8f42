import { describe, expect, it } from 'vitest'
import { exampleEvent, exampleGuid } from '../../../core/correlation/example.ts'
import type { RecordItem } from '../../../core/importers/importer.ts'
import { GraphCase } from '../graph/graph-case.ts'

const ROOT = { account: 'CORP\\root', accountSid: 'S-1-5-21-1-2-3-1500' }
const host = (name: string) => ({ host: `${name}.corp.example` })

/** A remote desktop, which writes the name of the target where the client’s should stand. */
const desktop = (to: string, seconds: number, sourceIp: string): RecordItem =>
  exampleEvent('logon', seconds, { ...host(to), ...ROOT, logonType: 10, sourceIp, sourceHost: to })
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

async function told(...items: RecordItem[]) {
  await using graph = await GraphCase.of(items)
  const { rows } = await graph.client.call('story.list', {})
  return await Promise.all(
    rows.map(async ({ id, endpoints }) => {
      const { claims } = await graph.client.call('story.get', { id })
      return {
        endpoints: endpoints.map(({ name }) => name).sort(),
        from: claims
          .filter(({ text }) => text.key === 'story.claim.remote_logon_address')
          .map(({ text }) => text.params['from']),
      }
    }),
  )
}

describe('where the accounts of a story came from', () => {
  it('is told where no endpoint is known to have had the address', async () => {
    const items = [
      desktop('TS-01', -7200, '10.8.0.11'),
      desktop('TS-01', 0, '10.8.0.23'),
      deleted('TS-01', 300),
    ]
    expect(await told(...items)).toEqual([{ endpoints: ['TS-01'], from: ['10.8.0.23'] }])
  })

  it('makes one story of what is grave and came from one such address within a day', async () => {
    const items = [
      ...[desktop('TS-01', 0, '10.8.0.23'), deleted('TS-01', 300)],
      ...[desktop('SRV-02', 4000, '10.8.0.23'), deleted('SRV-02', 4300)],
    ]
    expect(await told(...items)).toEqual([
      { endpoints: ['SRV-02', 'TS-01'], from: ['10.8.0.23', '10.8.0.23'] },
    ])
  })

  it('keeps apart what came from two addresses, and what came a week later', async () => {
    const first = [desktop('TS-01', 0, '10.8.0.23'), deleted('TS-01', 300)]
    const other = [desktop('SRV-02', 4000, '10.8.0.24'), deleted('SRV-02', 4300)]
    const later = [desktop('SRV-02', 604_800, '10.8.0.23'), deleted('SRV-02', 605_100)]
    expect((await told(...first, ...other)).map(({ endpoints }) => endpoints)).toEqual([
      ['TS-01'],
      ['SRV-02'],
    ])
    expect((await told(...first, ...later)).map(({ endpoints }) => endpoints)).toEqual([
      ['TS-01'],
      ['SRV-02'],
    ])
  })
})

import { describe, expect, it } from 'vitest'
import { exampleEvent, exampleGuid } from '../../../core/correlation/example.ts'
import type { RecordItem } from '../../../core/importers/importer.ts'
import { GraphCase } from '../graph/graph-case.ts'

/** A service is installed on so many endpoints, one after the other. */
const rollout = (count: number, apart: number, program = 'C:\\Windows\\Scan\\scan_0a1b2c3d4e5f.exe') =>
  Array.from({ length: count }, (_, place): RecordItem =>
    exampleEvent('service-install', place * apart, {
      host: `WS-0${place}.corp.example`,
      target: 'scanner',
      detail: program,
    }),
  )
const told = async (...items: readonly RecordItem[]) => {
  await using graph = await GraphCase.of(items)
  const { rows } = await graph.client.call('story.list', {})
  return rows.map(({ endpointTotal, reasons }) => ({
    endpoints: endpointTotal,
    isAdministration: reasons.some(({ code }) => code === 'administration'),
  }))
}

describe('a service that is installed on many endpoints within an hour', () => {
  it('is one story, marked down as a roll-out', async () => {
    expect(await told(...rollout(6, 60))).toEqual([{ endpoints: 6, isAdministration: true }])
  })

  it('is as many stories as endpoints where these are few or the day goes by', async () => {
    const apart = { endpoints: 1, isAdministration: false }
    expect(await told(...rollout(4, 60))).toEqual(Array.from({ length: 4 }, () => apart))
    expect(await told(...rollout(6, 3600))).toEqual(Array.from({ length: 6 }, () => apart))
  })

  it('leaves out endpoints of which something graver is known, and programs anybody may have put there', async () => {
    const deleted = exampleEvent('process-start', 4000, {
      host: 'WS-00.corp.example',
      processPath: 'C:\\Windows\\System32\\vssadmin.exe',
      commandLine: 'vssadmin delete shadows /all /quiet',
      processGuid: exampleGuid(1),
      pid: 5,
    })
    const stories = await told(...rollout(7, 60), deleted)
    expect(stories.map(({ endpoints }) => endpoints).sort()).toEqual([1, 1, 6])
    const fresh = await told(...rollout(6, 60, 'C:\\Windows\\Temp\\u.exe'))
    expect(fresh.every(({ isAdministration }) => !isAdministration)).toBe(true)
  })

  it('is the cause of nothing that an administrator does from the same machine hours later', async () => {
    const scanned = rollout(6, 60)
    const psexec = [
      exampleEvent('network-connection', 20_000, {
        host: 'WS-00.corp.example',
        sourceIp: '10.0.0.50',
        destinationIp: '10.0.0.77',
        destinationPort: 445,
        action: 'outbound',
      }),
      exampleEvent('logon', 20_010, {
        host: 'WS-77.corp.example',
        account: 'CORP\\root',
        logonType: 3,
        sourceIp: '10.0.0.50',
      }),
      exampleEvent('service-install', 20_012, {
        host: 'WS-77.corp.example',
        target: 'PSEXESVC',
        detail: '%SystemRoot%\\PSEXESVC.exe',
      }),
      exampleEvent('process-start', 20_014, {
        host: 'WS-77.corp.example',
        processPath: 'C:\\Windows\\PSEXESVC.exe',
        processGuid: exampleGuid(7),
        pid: 70,
        parentPath: 'C:\\Windows\\System32\\services.exe',
        parentPid: 6,
      }),
    ]
    const endpoints = (await told(...scanned, ...psexec)).map((story) => story.endpoints).sort()
    expect(endpoints).toEqual([2, 6])
  })
})

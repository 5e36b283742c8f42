import { describe, expect, it } from 'vitest'
import { exampleEvent, exampleGuid } from '../../../core/correlation/example.ts'
import type { RecordItem } from '../../../core/importers/importer.ts'
import { GraphCase } from '../graph/graph-case.ts'

const DAY = 86_400
const SYSTEM = { account: 'NT AUTHORITY\\SYSTEM', accountSid: 'S-1-5-18' }
const ADDRESSES = { 'BAK-01': '10.0.0.98', 'SRV-01': '10.0.0.1', 'ADM-01': '10.0.0.60' } as const
type Source = keyof typeof ADDRESSES
const host = (name: string) => ({ host: `${name}.corp.example` })

let made = 0
/** From one endpoint a service is installed on another, which starts its program; that deletes the shadow copies, or does nothing. */
function installed(
  from: Source,
  to: string,
  seconds: number,
  { service, program, isAttack }: { service: string; program: string; isAttack?: boolean },
): RecordItem[] {
  made += 10
  const user = { account: 'CORP\\kim', accountSid: 'S-1-5-21-1-2-3-1101' }
  const started = { ...host(to), ...SYSTEM, processPath: program, processGuid: exampleGuid(made), pid: made }
  return [
    exampleEvent('network-connection', seconds - 60, {
      ...host(from),
      sourceIp: ADDRESSES[from],
      destinationIp: '10.0.0.250',
      destinationPort: 53,
      action: 'outbound',
    }),
    exampleEvent('logon', seconds, { ...host(to), ...user, logonType: 3, sourceIp: ADDRESSES[from] }),
    exampleEvent('service-install', seconds + 3, { ...host(to), target: service, detail: program }),
    exampleEvent('process-start', seconds + 4, {
      ...started,
      parentPath: 'C:\\Windows\\System32\\services.exe',
      parentPid: 600,
    }),
    ...(isAttack === true
      ? [
          exampleEvent('process-start', seconds + 30, {
            ...host(to),
            ...SYSTEM,
            processPath: 'C:\\Windows\\System32\\vssadmin.exe',
            commandLine: 'vssadmin delete shadows /all /quiet',
            processGuid: exampleGuid(made + 1),
            pid: made + 1,
            parentPath: program,
            parentGuid: exampleGuid(made),
            parentPid: made,
          }),
        ]
      : []),
  ]
}
const helper = { service: 'Agent', program: 'C:\\Windows\\Agent\\helper.exe' }
const locker = { service: 'upd', program: 'C:\\Windows\\Temp\\u.exe', isAttack: true }
const psexec = { service: 'PSEXESVC', program: 'C:\\Windows\\PSEXESVC.exe' }

/** Endpoints of each story, the heaviest first. */
const told = async (...items: RecordItem[][]): Promise<string[][]> => {
  await using graph = await GraphCase.of(items.flat())
  const { rows } = await graph.client.call('story.list', {})
  return rows.map((row) => row.endpoints.map(({ name }) => name).sort())
}

describe('what recurs every night', () => {
  const nightly = (...times: number[]): RecordItem[] =>
    times.flatMap((at) => installed('BAK-01', 'SRV-01', at, helper))
  const attack = installed('SRV-01', 'SRV-02', 2 * DAY + 7200, locker)

  it('is one matter, and not the cause of what goes on from there', async () => {
    expect(await told(nightly(0, DAY, 2 * DAY), attack)).toEqual([
      ['SRV-01', 'SRV-02'],
      ['BAK-01', 'SRV-01'],
    ])
  })

  it('may be the cause where it came once, or at all times of the day', async () => {
    const all = [['BAK-01', 'SRV-01', 'SRV-02']]
    expect(await told(nightly(2 * DAY), attack)).toEqual(all)
    const [first] = await told(nightly(2 * DAY - 50_000, 2 * DAY), attack)
    expect(first).toEqual(all[0])
  })

  it('does not make an intruder’s shell of a routine', async () => {
    const shells = [0, DAY, 2 * DAY].flatMap((at) => installed('BAK-01', 'SRV-01', at, psexec))
    expect((await told(shells, attack))[0]).toEqual(['BAK-01', 'SRV-01', 'SRV-02'])
  })
})

describe('a service that is installed again on another day', () => {
  it('is another use of its name', async () => {
    const admin = installed('ADM-01', 'SRV-02', 0, psexec)
    const intruder = installed('SRV-01', 'SRV-02', 2 * DAY, { ...psexec, isAttack: true })
    expect(await told(admin, intruder)).toEqual([
      ['SRV-01', 'SRV-02'],
      ['ADM-01', 'SRV-02'],
    ])
  })

  it('is what a rule calls a job of every night, whatever else happens on its endpoint', async () => {
    const backup = (day: number): RecordItem => {
      made += 10
      return exampleEvent('process-start', day * DAY, {
        ...host('BAK-01'),
        ...SYSTEM,
        processPath: 'C:\\Program Files\\rclone\\rclone.exe',
        commandLine: 'rclone.exe sync E:\\Backups offsite:corp',
        processGuid: exampleGuid(made),
        pid: made,
        parentPath: 'C:\\Windows\\System32\\svchost.exe',
      })
    }
    await using graph = await GraphCase.of([backup(0), backup(1), backup(2)])
    const { rows } = await graph.client.call('detection.list', {})
    expect(rows.map(({ rule, level }) => [rule, level])).toEqual([['exfiltration.tool', 'low']])
    expect((await graph.client.call('story.list', {})).total).toBe(0)
  })
})

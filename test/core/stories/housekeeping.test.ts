import { describe, expect, it } from 'vitest'
import { exampleEvent, exampleGuid } from '../../../core/correlation/example.ts'
import { GraphCase } from '../graph/graph-case.ts'

const KIM = { account: 'CORP\\kim', accountSid: 'S-1-5-21-1-2-3-1101' }

/** From WS-02 a program is run on WS-01 by remote management. */
const weightOf = async (program: string): Promise<number> => {
  await using graph = await GraphCase.of([
    exampleEvent('network-connection', 0, {
      host: 'WS-02.corp.example',
      sourceIp: '10.0.0.2',
      destinationIp: '10.0.0.250',
      destinationPort: 53,
      action: 'outbound',
    }),
    exampleEvent('logon', 5, { ...KIM, logonType: 3, sourceIp: '10.0.0.2', targetLogonId: '0x77' }),
    exampleEvent('process-start', 8, {
      ...KIM,
      logonId: '0x77',
      processPath: `C:\\Windows\\System32\\${program}`,
      processGuid: exampleGuid(1),
      pid: 7,
      parentPath: 'C:\\Windows\\System32\\wsmprovhost.exe',
      parentPid: 6,
    }),
  ])
  const [story] = (await graph.client.call('story.list', {})).rows
  return story?.reasons.find(({ code }) => code === 'remote_execution')?.weight ?? 0
}

describe('a program run from afar', () => {
  it('weighs little where it only shows or refreshes something', async () => {
    const full = await weightOf('cmd.exe')
    expect(full).toBeGreaterThan(2)
    for (const program of ['ipconfig.exe', 'gpupdate.exe'])
      expect(await weightOf(program)).toBeLessThan(full / 4)
  })
})

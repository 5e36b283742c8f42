import { describe, expect, it } from 'vitest'
import { exampleEvent, exampleGuid } from '../../../core/correlation/example.ts'
import type { RecordItem } from '../../../core/importers/importer.ts'
import { GraphCase } from '../graph/graph-case.ts'

const host = 'WEB-01.corp.example'
const SERVER = 'C:\\Windows\\System32\\inetsrv\\w3wp.exe'
const BROUGHT = 'C:\\Users\\Public\\w3wp.exe'
const SCRIPT = 'C:\\inetpub\\wwwroot\\upload\\cmd.aspx'

/** A program that starts something every few minutes for hours, then writes a script, starts a shell and takes credentials. */
const living = (processPath: string): RecordItem[] => {
  const parent = { parentPath: processPath, parentGuid: exampleGuid(1), parentPid: 10 }
  const start = (seconds: number, pid: number, path: string, fields: object): RecordItem =>
    exampleEvent('process-start', seconds, {
      host,
      account: 'IIS APPPOOL\\portal',
      processPath: path,
      processGuid: exampleGuid(pid),
      pid,
      ...fields,
    })
  const services = { parentPath: 'C:\\Windows\\System32\\svchost.exe', parentPid: 5 }
  return [
    start(-10_000, 1, processPath, services),
    start(-9000, 2, 'C:\\Windows\\Microsoft.NET\\csc.exe', parent),
    exampleEvent('file-create', -30, { host, processPath, processGuid: exampleGuid(1), target: SCRIPT }),
    start(0, 3, 'C:\\Windows\\System32\\cmd.exe', parent),
    start(60, 4, 'C:\\Windows\\System32\\rundll32.exe', {
      commandLine: 'rundll32 C:\\Windows\\System32\\comsvcs.dll, MiniDump 700 C:\\Windows\\Temp\\d.bin full',
      parentPath: 'C:\\Windows\\System32\\cmd.exe',
      parentGuid: exampleGuid(3),
      parentPid: 3,
    }),
  ]
}

/** Seconds after the first sign at which the one story begins, what was observed first, and the programs started in it. */
async function begun(processPath: string) {
  await using graph = await GraphCase.of(living(processPath))
  const [row, ...others] = (await graph.client.call('story.list', {})).rows
  expect(others).toEqual([])
  const { claims } = await graph.client.call('story.get', { id: row?.id ?? '' })
  const zero = exampleEvent('generic', 0, {}).at ?? 0
  return {
    startAt: (Date.parse(row?.startAt ?? '') * 1000 - zero) / 1e6,
    first: row?.firstObserved?.entity.name,
    started: claims
      .filter(({ text }) => text.key === 'story.claim.started')
      .map(({ text }) => text.params['to']),
  }
}

describe('a story begins', () => {
  it('where a program that had run for long set off what led to a sign, and not with its ordinary work', async () => {
    expect(await begun(SERVER)).toEqual({
      startAt: -30,
      first: 'w3wp.exe',
      started: ['cmd.exe', 'rundll32.exe'],
    })
  })

  it('with the whole life of a program that somebody brought', async () => {
    const { startAt, started } = await begun(BROUGHT)
    expect(startAt).toBe(-10_000)
    expect(started).toContain('csc.exe')
  })
})

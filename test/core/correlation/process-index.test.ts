import { describe, expect, it } from 'vitest'
import tree from '../../../core/correlation/rules/process.tree.rule.ts'
import type { RecordItem } from '../../../core/importers/importer.ts'
import { anEvent, TestCase } from '../../support/case-builder.ts'

const GUID = '0f1e2d3c-0000-69ae-0000-000000000001'
const OTHER = '0f1e2d3c-0000-69ae-0000-000000000002'
const CMD = 'C:\\Windows\\System32\\cmd.exe'
const WORD = 'C:\\Program Files\\Office\\WINWORD.EXE'
const at = (second: number) => `2026-03-10T08:00:${String(second).padStart(2, '0')}Z`

/** The process each file-create event is ascribed to, as `name@start second`. */
function actors(items: readonly RecordItem[]): (string | undefined)[] {
  using testCase = new TestCase()
  testCase.store(items)
  const view = testCase.view()
  return [...view.events(['file-create'], ['processPath', 'pid', 'processGuid'])].map((event) => {
    const process = view.processes.actorOf(event)
    if (!process) return undefined
    return `${process.draft.name}@${process.startAt === null ? '?' : new Date(process.startAt / 1000).getUTCSeconds()}`
  })
}

describe('ProcessIndex', () => {
  it('tells two programs apart that start at one time without a process id', () => {
    using testCase = new TestCase()
    testCase.store([
      anEvent('process-start', at(1), { processPath: CMD }),
      anEvent('process-start', at(1), { processPath: WORD }),
    ])
    const { started } = testCase.view().processes
    expect(new Set(started.map((process) => process.draft.key)).size).toBe(2)
  })

  it('takes the last process started under a process id', () => {
    expect(
      actors([
        anEvent('process-start', at(1), { processPath: CMD, pid: 8 }),
        anEvent('file-create', at(2), { pid: 8, target: 'C:\\a' }),
        anEvent('process-start', at(3), { processPath: WORD, pid: 8 }),
        anEvent('file-create', at(4), { pid: 8, target: 'C:\\b' }),
      ]),
    ).toEqual(['cmd.exe@1', 'WINWORD.EXE@3'])
  })

  it('does not take a process that has ended, nor one of another endpoint', () => {
    expect(
      actors([
        anEvent('process-start', at(1), { processPath: CMD, pid: 8 }),
        anEvent('process-end', at(2), { pid: 8 }),
        anEvent('file-create', at(3), { pid: 8, target: 'C:\\a' }),
        anEvent('file-create', at(1), { pid: 8, target: 'C:\\a', host: 'WS-02' }),
      ]),
    ).toEqual([undefined, undefined])
  })

  it('does not take a process of another program: the process id was reused unseen', () => {
    expect(
      actors([
        anEvent('process-start', at(1), { processPath: CMD, pid: 8 }),
        anEvent('file-create', at(3), { pid: 8, processPath: WORD, target: 'C:\\a' }),
      ]),
    ).toEqual(['WINWORD.EXE@?'])
  })

  it('trusts a GUID over the process id', () => {
    expect(
      actors([
        anEvent('process-start', at(1), { processPath: WORD, pid: 8, processGuid: GUID }),
        anEvent('process-start', at(2), { processPath: CMD, pid: 8 }),
        anEvent('file-create', at(3), { pid: 8, processGuid: GUID, target: 'C:\\a' }),
      ]),
    ).toEqual(['WINWORD.EXE@1'])
  })

  it('takes two GUIDs of one machine, start second and process id for one process, and others not', () => {
    const start = anEvent('process-start', at(1), {
      processPath: CMD,
      pid: 8,
      processGuid: 'e2c04bb9-08c5-60c4-8619-400100000000',
    })
    const write = (processGuid: string) =>
      anEvent('file-create', at(2), { processPath: CMD, pid: 8, processGuid, target: 'C:\\a' })
    expect(actors([start, write('e2c04bb9-08c5-60c4-7909-000000000300')])).toEqual(['cmd.exe@1'])
    expect(actors([start, write('e2c04bb9-08d0-60c4-7909-000000000300')])).toEqual(['cmd.exe@?'])
  })

  it('sees one process where Sysmon and the Security log write the same start', () => {
    using testCase = new TestCase()
    testCase.store([
      anEvent('process-start', at(1), { processPath: CMD, pid: 8, processGuid: GUID }),
      anEvent('process-start', '2026-03-10T08:00:01.400Z', {
        processPath: '\\Device\\HarddiskVolume2\\Windows\\System32\\cmd.exe',
        pid: 8,
      }),
    ])
    const { started } = testCase.view().processes
    expect(started.map((process) => [process.draft.name, process.alsoStartedBy.length])).toEqual([
      ['cmd.exe', 1],
    ])
  })

  it('sees one process also where the collector lost the PID of the Sysmon record', () => {
    using testCase = new TestCase()
    const start = (seconds: string, fields: Parameters<typeof anEvent>[2]) =>
      anEvent('process-start', `2026-03-10T08:00:${seconds}Z`, { processPath: CMD, parentPid: 4, ...fields })
    const other = GUID.replace(/.$/, (last) => (last === '0' ? '1' : '0'))
    testCase.store([
      start('01.000', { processGuid: GUID, commandLine: 'cmd /c a' }),
      start('01.200', { processGuid: other, commandLine: 'cmd /c b' }),
      start('02.400', { pid: 8, commandLine: 'cmd /c a ' }),
      start('02.500', { pid: 9, commandLine: 'cmd /c c' }),
    ])
    const { processes } = testCase.view()
    expect(processes.started.map((one) => [one.commandLine, one.pid, one.alsoStartedBy.length])).toEqual([
      ['cmd /c a', 8, 1],
      ['cmd /c b', null, 0],
      ['cmd /c c', 9, 0],
    ])
    const late = Date.parse('2026-03-10T08:00:30Z') * 1000
    expect(processes.find(processes.started.at(0)!.endpointId, undefined, 8, late)?.guid).toBe(GUID)
  })

  it('knows one parent where the second log writes the start when the parent is gone', () => {
    using testCase = new TestCase()
    const own = GUID.replace(/.$/, 'a')
    testCase.store([
      anEvent('process-start', at(1), { processPath: CMD, pid: 8, processGuid: GUID }),
      anEvent('process-start', at(2), {
        processPath: 'C:\\t\\a.exe',
        pid: 9,
        processGuid: own,
        parentGuid: GUID,
      }),
      anEvent('process-end', '2026-03-10T08:00:02.500Z', { processGuid: GUID }),
      anEvent('process-start', at(3), {
        processPath: 'C:\\t\\a.exe',
        pid: 9,
        parentPid: 8,
        parentPath: CMD,
      }),
    ])
    testCase.correlate([tree])
    const spawned = `SELECT count(DISTINCT from_id) FROM relation WHERE kind = 'spawned'`
    expect(testCase.db.prepare(spawned).pluck().get()).toBe(1)
  })

  it('makes one process of all mentions of a process that started before the log, with GUID or without', () => {
    using testCase = new TestCase()
    testCase.store([
      anEvent('file-create', at(1), { processPath: CMD, pid: 8, processGuid: GUID, target: 'C:\\a' }),
      anEvent('file-create', at(2), { processPath: CMD, pid: 8, target: 'C:\\b' }),
      anEvent('file-create', at(3), { processPath: '?', target: 'C:\\c' }),
    ])
    const { processes, ...view } = ((view) => ({
      processes: view.processes,
      events: [...view.events(['file-create'], ['processPath', 'pid', 'processGuid'])],
    }))(testCase.view())
    const keys = view.events.map((event) => processes.actorOf(event)?.draft.key)
    expect(keys).toEqual([
      `process:endpoint:ws-01.corp.example|${GUID}`,
      `process:endpoint:ws-01.corp.example|${GUID}`,
      undefined,
    ])
    expect(processes.mentioned.map(({ process, by }) => [process.draft.name, by.at])).toEqual([
      ['cmd.exe', Date.parse(at(1)) * 1000],
    ])
  })

  describe('of a process that two sensors tell of', () => {
    const user = { account: 'CORP\\amber', pid: 8, processPath: CMD }
    const child = { pid: 9, processPath: WORD, parentPid: 8, parentPath: CMD }
    const sysmon = [
      anEvent('process-start', at(1), { ...user, processGuid: GUID, commandLine: 'cmd.exe /c x' }),
      anEvent('process-start', at(2), { ...child, processGuid: OTHER, parentGuid: GUID }),
    ]
    const sensor = [
      anEvent('process-start', at(1), { ...user, processGuid: '8@1' }),
      anEvent('process-start', at(2), { ...child, processGuid: '9@2', parentGuid: '8@1' }),
    ]
    const told = (...files: (readonly RecordItem[])[]) => {
      using testCase = new TestCase()
      for (const [index, file] of files.entries()) testCase.store(file, `${files.length}-${index}.json`)
      testCase.correlate([tree])
      return {
        relations: testCase
          .relations()
          .map((one) => [one.kind, one.from, one.to, one.confidence, one.reason]),
        names: testCase.db
          .prepare(
            "SELECT e.key, a.kind, a.value FROM entity e JOIN alias a ON a.entity_id = e.id WHERE e.kind = 'process' ORDER BY 1, 2, 3",
          )
          .all(),
      }
    }

    it('says the same whichever was imported first', () => {
      expect(told(sysmon, sensor)).toEqual(told(sensor, sysmon))
    })

    it('knows the parent by any of its names, and is found under all of them', () => {
      const { relations, names } = told(sensor, sysmon)
      const spawned = relations.filter(([kind]) => kind === 'spawned')
      expect(spawned).toEqual([
        [
          'spawned',
          'cmd.exe',
          'WINWORD.EXE',
          0.98,
          expect.objectContaining({ params: { parent: 'cmd.exe' } }),
        ],
      ])
      expect(
        (names as { kind: string; value: string }[])
          .filter(({ kind }) => kind === 'guid')
          .map(({ value }) => value)
          .toSorted(),
      ).toEqual(['8@1', '9@2', GUID, OTHER].toSorted())
    })
  })
})

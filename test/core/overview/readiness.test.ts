import { describe, expect, it } from 'vitest'
import { isMailClient, isOutlook } from '../../../core/correlation/mail-programs.ts'
import type { Overview } from '../../../core/contract/nouns/overview.ts'
import type { RecordItem } from '../../../core/importers/importer.ts'
import { mailClientOf } from '../../../core/normalise/mail-client.ts'
import { anEvent, TestCase } from '../../support/case-builder.ts'
import { GraphCase } from '../graph/graph-case.ts'
import { aComputer, aLogon, aMail, aUser } from '../identity/people.ts'

async function overviewOf(items: readonly RecordItem[]): Promise<Overview> {
  await using graph = await GraphCase.of(items)
  return await graph.client.call('overview.get', {})
}
const rowOf = (overview: Overview, id: string) => overview.readiness.find((row) => row.id === id)
const started = (processPath: string, host = 'ws-01.corp.example') =>
  anEvent('process-start', '2026-03-10T08:00:00Z', { host, processPath, pid: 7 })

describe('S3: a correlation that is not possible yet is named with what is missing', () => {
  it.each<[string, string, readonly RecordItem[]]>([
    ['mail', 'unmet', [aUser('amber', 1105)]],
    [
      'mail',
      'partly',
      [{ ...aMail({ recipients: [{ address: 'a@corp.example', role: 'to' }] }), mailbox: undefined }],
    ],
    ['directory', 'unmet', [aMail({ mailbox: 'a@corp.example' })]],
    ['owners', 'unmet', [aMail({ mailbox: 'a@corp.example' }), aUser('basil', 1106)]],
    ['processes', 'unmet', [aLogon({ host: 'ws-01', account: 'CORP\\amber' })]],
    ['processes', 'partly', [started('C:\\a.exe')]],
  ])('%s is %s', async (id, state, items) => {
    expect(rowOf(await overviewOf(items), id)).toMatchObject({
      state,
      detail: { key: `readiness.${id}.${state}` },
    })
  })
})

describe('S16: readiness', () => {
  it('has one row for each of the seven preconditions', async () => {
    const { readiness } = await overviewOf([])
    expect(readiness.map(({ id }) => id)).toEqual([
      'mail',
      'directory',
      'sensor',
      'processes',
      'outlook',
      'owners',
      'packs',
    ])
  })
})

describe('S12: a directory that is not of the time', () => {
  const day = (date: string) => ({ collectedAt: Date.parse(date) * 1000 })

  it('is named with its date when it is a month older than the last event', async () => {
    const overview = await overviewOf([
      aUser('amber', 1105, day('2025-12-01')),
      aComputer('ws-01', 1201, day('2025-12-01')),
      started('C:\\a.exe'),
    ])
    expect(rowOf(overview, 'directory')).toMatchObject({
      state: 'partly',
      detail: {
        key: 'readiness.directory.old',
        params: { date: '2025-12-01', days: 99, users: 1, computers: 1 },
      },
    })
  })

  it('is as old as the newest change it tells of, where nothing says when it was made', async () => {
    const changed = (date: string) => ({ changedAt: Date.parse(date) * 1000 })
    const stateOf = async (date: string) =>
      rowOf(
        await overviewOf([
          aUser('amber', 1105, changed('2025-06-01')),
          aComputer('ws-01', 1201, changed(date)),
          started('C:\\a.exe'),
        ]),
        'directory',
      )
    expect(await stateOf('2026-03-01')).toMatchObject({ state: 'met' })
    expect(await stateOf('2025-12-01')).toMatchObject({
      state: 'partly',
      detail: { key: 'readiness.directory.old', params: { date: '2025-12-01' } },
    })
  })

  it('is met when it is of the same weeks, also when it is younger than the events', async () => {
    for (const date of ['2026-03-01', '2026-06-01'])
      expect(
        rowOf(
          await overviewOf([
            aUser('amber', 1105, day(date)),
            aComputer('ws-01', 1201, day(date)),
            started('C:\\a.exe'),
          ]),
          'directory',
        )?.state,
      ).toBe('met')
  })

  const of = (name: string, date: string, computers: number) => [
    aUser('amber', 1105, { ...day(date), domain: name, objectId: `${name}-u`, sid: undefined }),
    ...Array.from({ length: computers }, (_, index) =>
      aComputer(`ws-${index}`, 1201 + index, {
        ...day(date),
        domain: name,
        objectId: `${name}-${index}`,
        sid: undefined,
      }),
    ),
  ]

  it('is of its own age in each domain: a fresh export of one says nothing of another', async () => {
    const items = [
      ...of('corp.example', '2026-03-01', 1),
      ...of('lab.example', '2025-12-01', 1),
      started('C:\\a.exe'),
    ]
    expect(rowOf(await overviewOf(items), 'directory')).toMatchObject({
      state: 'partly',
      detail: {
        key: 'readiness.directory.old',
        params: { domains: 'lab.example', date: '2025-12-01', days: 99 },
      },
    })
    const older = [...items, ...of('old.example', '2025-11-01', 1)]
    expect(rowOf(await overviewOf(older), 'directory')?.detail).toMatchObject({
      key: 'readiness.directory.olds',
      params: { domains: 'old.example, lab.example', date: '2025-11-01', days: 129 },
    })
  })

  it('is too old also without computers, and when a newer export holds a few of its accounts only', async () => {
    expect(
      rowOf(await overviewOf([...of('corp.example', '2025-12-01', 0), started('C:\\a.exe')]), 'directory')
        ?.detail,
    ).toMatchObject({ key: 'readiness.directory.oldBare', params: { domains: 'corp.example', users: 1 } })
    await using graph = new GraphCase()
    graph.testCase.store(of('corp.example', '2025-12-01', 5), 'whole')
    graph.testCase.store([...of('corp.example', '2026-03-09', 0), started('C:\\a.exe')], 'one account')
    graph.testCase.correlate()
    await graph.client.call('case.open', { grant: graph.testCase.path })
    expect(rowOf(await graph.client.call('overview.get', {}), 'directory')?.detail).toMatchObject({
      key: 'readiness.directory.old',
      params: { date: '2025-12-01' },
    })
  })

  it('is told apart from the newer export that takes its place', async () => {
    await using graph = new GraphCase()
    const export_ = (date: string) => [
      aUser('amber', 1105, day(date)),
      aUser('basil', 1106, day(date)),
      aComputer('ws-01', 1201, day(date)),
    ]
    for (const date of ['2026-01-01', '2026-03-01']) {
      const id = graph.testCase.store(export_(date), date)
      graph.testCase.db.prepare("UPDATE evidence SET format = 'sharphound' WHERE id = ?").run(id)
    }
    graph.testCase.correlate()
    await graph.client.call('case.open', { grant: graph.testCase.path })
    expect(rowOf(await graph.client.call('overview.get', {}), 'directory')).toMatchObject({
      state: 'met',
      detail: { key: 'readiness.directory.superseded', params: { stale: 1, users: 2, computers: 1 } },
    })
  })
})

describe('S14: endpoints without sensor data', () => {
  it('are those that only others tell of: directory, alerts, mail and cloud, the sensor of a domain controller', async () => {
    const overview = await overviewOf([
      aComputer('ws-01', 1201),
      aComputer('ws-02', 1202),
      started('C:\\a.exe', 'ws-01.corp.example'),
      anEvent('alert', '2026-03-10T08:00:00Z', { host: 'ws-03.corp.example' }),
      anEvent('cloud-sign-in', '2026-03-10T08:00:00Z', { host: 'ws-04' }),
      anEvent('directory-query', '2026-03-10T08:00:00Z', { host: 'ws-05' }),
      anEvent('logon', '2026-03-10T08:00:00Z', {
        host: 'ws-06',
        account: 'CORP\\amber',
        channel: 'IdentityLogonEvents',
      }),
    ])
    expect(overview.endpointsWithSensor).toBe(1)
    expect(overview.endpointsWithoutSensor.map(({ name }) => name)).toEqual([
      'WS-02',
      'WS-03',
      'WS-04',
      'WS-05',
      'WS-06',
    ])
    expect(rowOf(overview, 'sensor')).toMatchObject({
      state: 'partly',
      detail: { params: { sensors: 1, endpoints: 6 } },
    })
  })

  it('have it as soon as one record of their own is imported, and lose it with that file', () => {
    using testCase = new TestCase()
    testCase.store([aComputer('ws-01', 1201)])
    const sensed = () =>
      testCase.db
        .prepare("SELECT json_extract(attributes, '$.hasSensor') FROM entity WHERE kind = 'endpoint'")
        .pluck()
        .get()
    testCase.correlate()
    expect(sensed()).toBeNull()
    const id = testCase.store([started('C:\\a.exe')], 'log')
    testCase.correlate()
    expect(sensed()).toBe(1)
    testCase.db.prepare('DELETE FROM event WHERE evidence_id = ?').run(id)
    testCase.correlate()
    expect(sensed()).toBeNull()
  })
})

describe('S15: mail clients', () => {
  it.each([
    ['C:\\Program Files\\Microsoft Office\\root\\Office16\\OUTLOOK.EXE', 'Outlook', true],
    ['C:\\Program Files\\WindowsApps\\Microsoft.OutlookForWindows_1\\olk.exe', 'Outlook (new)', true],
    ['/Applications/Microsoft Outlook.app/Contents/MacOS/Microsoft Outlook', 'Outlook (macOS)', false],
    ['/System/Applications/Mail.app/Contents/MacOS/Mail', 'Apple Mail', false],
    ['C:\\Foxmail 7.2\\Foxmail.exe', 'Foxmail', false],
    ['C:\\RimArts\\B2\\B2.exe', 'Becky!', false],
    ['/usr/bin/thunderbird', 'Thunderbird', false],
  ])('%s is %s', (path, name, isAnchor) => {
    expect(mailClientOf(path)).toEqual({ name, isOutlook: isAnchor })
    expect([isMailClient(path), isOutlook(path)]).toEqual([true, isAnchor])
  })

  it.each(['C:\\Temp\\mail', 'C:\\Windows\\explorer.exe', '/usr/bin/mail', 'C:\\fakeoutlook.exe'])(
    '%s is none',
    (path) => expect(mailClientOf(path)).toBeUndefined(),
  )

  it('other than Outlook are seen, counted by endpoint, and say that correlation is less sure', async () => {
    const overview = await overviewOf([
      started('C:\\Office\\OUTLOOK.EXE', 'ws-01'),
      started('C:\\Foxmail\\Foxmail.exe', 'ws-01'),
      started('C:\\Foxmail\\FOXMAIL.EXE', 'ws-02'),
      started('C:\\Program Files\\Mozilla Thunderbird\\thunderbird.exe', 'ws-02'),
    ])
    expect(overview.mailClients).toEqual([
      { name: 'Foxmail', isOutlook: false, endpoints: 2 },
      { name: 'Outlook', isOutlook: true, endpoints: 1 },
      { name: 'Thunderbird', isOutlook: false, endpoints: 1 },
    ])
    expect(rowOf(overview, 'outlook')).toMatchObject({
      state: 'partly',
      detail: { key: 'readiness.outlook.partly', params: { outlook: 1, other: 2 } },
    })
  })
})

import { describe, expect, it } from 'vitest'
import type { Overview } from '../../../core/contract/nouns/overview.ts'
import type { RecordItem } from '../../../core/importers/importer.ts'
import { anEvent } from '../../support/case-builder.ts'
import { GraphCase } from '../graph/graph-case.ts'
import { aComputer, aLogon, aMail, aUser, sid } from '../identity/people.ts'

async function overviewOf(items: readonly RecordItem[]): Promise<Overview> {
  await using graph = await GraphCase.of(items)
  return await graph.client.call('overview.get', {})
}
/** The seven preconditions; what a case lacks beside them is told by missing-data.test.ts. */
const statesOf = (overview: Overview) =>
  Object.fromEntries(overview.readiness.slice(0, 7).map((row) => [row.id, row.state]))
const started = (path: string, host = 'ws-01.corp.example') =>
  anEvent('process-start', '2026-03-10T08:00:00Z', { host, processPath: path, pid: 7 })

const OUTLOOK = 'C:\\Program Files\\Microsoft Office\\root\\Office16\\OUTLOOK.EXE'

describe('readiness for correlation', () => {
  it('is unmet in all respects in an empty case', async () => {
    const overview = await overviewOf([])
    expect(overview.readiness.map((row) => row.state)).toEqual(Array(7).fill('unmet'))
    expect(overview.readiness.map((row) => row.title.key)).toEqual(
      overview.readiness.map((row) => `readiness.${row.id}.title`),
    )
  })

  it('is partly met where half of something is there, and says the figures', async () => {
    const overview = await overviewOf([
      aUser('amber', 1105),
      aMail({ recipients: [{ address: 'amber@corp.example', role: 'to' }] }),
      started(OUTLOOK),
      started('C:\\Program Files\\Mozilla Thunderbird\\thunderbird.exe', 'ws-02.corp.example'),
    ])
    expect(statesOf(overview)).toEqual({
      mail: 'partly',
      directory: 'partly',
      sensor: 'met',
      processes: 'partly',
      outlook: 'partly',
      owners: 'met',
      packs: 'unmet',
    })
    expect(overview.readiness.find((row) => row.id === 'outlook')?.detail).toEqual({
      key: 'readiness.outlook.partly',
      params: { outlook: 1, other: 1 },
    })
  })

  it('is met when mail, directory, sensors, logons and Outlook are there', async () => {
    const overview = await overviewOf([
      aUser('amber', 1105),
      aComputer('ws-01', 1201),
      aMail({ mailbox: 'amber@corp.example' }),
      started(OUTLOOK),
      aLogon({ host: 'ws-01.corp.example', account: 'CORP\\amber', accountSid: sid(1105) }),
    ])
    expect(statesOf(overview)).toEqual({
      mail: 'met',
      directory: 'met',
      sensor: 'met',
      processes: 'met',
      outlook: 'met',
      owners: 'met',
      packs: 'unmet',
    })
  })

  it('counts a message once, however many mailboxes hold it, as the list of mail does, and names the copies apart', async () => {
    await using graph = await GraphCase.of([
      aMail({ messageId: '<lure@evil.example>', mailbox: 'amber@corp.example' }),
      aMail({ messageId: '<lure@evil.example>', mailbox: 'ben@corp.example' }),
      aMail({ messageId: '<other@evil.example>', subject: 'Other' }),
    ])
    const { counts, readiness } = await graph.client.call('overview.get', {})
    expect(counts).toMatchObject({ messages: 2, message: 2, messageCopies: 3 })
    expect((await graph.client.call('mail.list', {})).total).toBe(2)
    expect((await graph.client.call('case.info', {}))?.counts).toMatchObject({
      messages: 2,
      messageCopies: 3,
    })
    expect(readiness.find((row) => row.id === 'mail')?.detail).toEqual({
      key: 'readiness.mail.met',
      params: { messages: 2, copies: 3, held: 2 },
    })
  })

  it('counts endpoints without sensor data and names them', async () => {
    const overview = await overviewOf([
      aComputer('ws-01', 1201),
      aComputer('ws-02', 1202),
      aComputer('srv-01', 1203),
      started(OUTLOOK),
    ])
    expect(overview.endpointsWithSensor).toBe(1)
    expect(overview.endpointsWithoutSensor.map((row) => row.name)).toEqual(['SRV-01', 'WS-02'])
    expect(statesOf(overview)['sensor']).toBe('partly')
  })
})

describe('the overview', () => {
  it('counts endpoints per mail client, whatever the path and the case of the letters', async () => {
    const overview = await overviewOf([
      started(OUTLOOK, 'ws-01.corp.example'),
      started(OUTLOOK.toLowerCase(), 'ws-02.corp.example'),
      started('D:\\Office\\OUTLOOK.EXE', 'ws-03.corp.example'),
      started('D:\\Office\\OUTLOOK.EXE', 'ws-01.corp.example'),
      started('C:\\Program Files\\WindowsApps\\olk.exe', 'ws-01.corp.example'),
      started('C:\\tools\\notoutlook.exe', 'ws-05.corp.example'),
    ])
    expect(overview.mailClients).toEqual([
      { name: 'Outlook', endpoints: 3, isOutlook: true },
      { name: 'Outlook (new)', endpoints: 1, isOutlook: true },
    ])
    expect(overview.readiness.find((row) => row.id === 'outlook')?.detail.params).toEqual({
      outlook: 3,
      other: 0,
    })
  })

  it('counts Outlook where it is only named as a parent, or as the parent of a parent, once per endpoint', async () => {
    const child = (host: string, more: object) =>
      anEvent('process-start', '2026-03-10T08:05:00Z', {
        host,
        processPath: 'C:\\Office\\WINWORD.EXE',
        pid: 9,
        ...more,
      })
    const overview = await overviewOf([
      started(OUTLOOK, 'ws-01.corp.example'),
      child('ws-01.corp.example', { parentPath: OUTLOOK }),
      child('ws-02.corp.example', { parentPath: OUTLOOK.toLowerCase() }),
      child('ws-03.corp.example', { parentPath: 'OUTLOOK.EXE' }),
      child('ws-04.corp.example', { detail: 'InitiatingProcessParentFileName: outlook.exe' }),
      child('ws-05.corp.example', { parentPath: 'C:\\tools\\notoutlook.exe' }),
      child('ws-06.corp.example', { commandLine: 'find outlook.exe' }),
    ])
    expect(overview.mailClients).toEqual([{ name: 'Outlook', endpoints: 4, isOutlook: true }])
    expect(overview.readiness.find((row) => row.id === 'outlook')?.detail.params).toEqual({
      outlook: 4,
      other: 0,
    })
  })

  it('says per evidence item what time it covers', async () => {
    await using graph = await GraphCase.of([
      aLogon({ account: 'CORP\\amber' }, '2026-03-10T07:00:00Z'),
      aLogon({ account: 'CORP\\amber' }, '2026-03-10T09:00:00Z'),
    ])
    graph.testCase.store([aUser('amber', 1105)], 'users.json')
    const { coverage, counts, retro } = await graph.client.call('overview.get', {})
    expect(coverage.map(({ name, events, firstAt, lastAt }) => [name, events, firstAt, lastAt])).toEqual([
      ['items.json', 2, '2026-03-10T07:00:00.000Z', '2026-03-10T09:00:00.000Z'],
      ['users.json', 0, null, null],
    ])
    expect(counts).toMatchObject({ evidence: 2, events: 2, user: 1, endpoint: 1 })
    expect(retro).toBeNull()
  })
  it('leaves out of the time covered what no event fills, and what a broken clock says', async () => {
    const at = (...times: string[]) => times.map((time) => aLogon({ account: 'CORP\\amber' }, time))
    await using graph = await GraphCase.of([
      ...at('2026-03-01T07:10:00Z', '2026-03-01T07:50:00Z', '2026-03-01T09:30:00Z', '2026-03-20T10:00:00Z'),
      ...at('1601-01-01T00:00:00Z', '2026-03-20T12:10:00Z', '2090-01-01T00:00:00Z'),
    ])
    graph.testCase.store(at('1970-01-01T00:00:01Z'), 'never.json')
    const { coverage } = await graph.client.call('overview.get', {})
    expect(coverage.map((row) => row.parts)).toEqual([
      [
        // Two hours are no gap where the whole is three weeks.
        { firstAt: '2026-03-01T07:10:00.000Z', lastAt: '2026-03-01T09:30:00.000Z' },
        { firstAt: '2026-03-20T10:00:00.000Z', lastAt: '2026-03-20T12:10:00.000Z' },
      ],
      [],
    ])
    expect(coverage.map((row) => [row.events, row.firstAt])).toEqual([
      [7, '1601-01-01T00:00:00.000Z'],
      [1, '1970-01-01T00:00:01.000Z'],
    ])
  })
})

import { describe, expect, it } from 'vitest'
import { exampleEvent, exampleGuid } from '../../../core/correlation/example.ts'
import type { RecordItem } from '../../../core/importers/importer.ts'
import type { EventFields } from '../../../core/model/event.ts'
import { GraphCase } from '../graph/graph-case.ts'

const KIM = { account: 'CORP\\kim', accountSid: 'S-1-5-21-1-2-3-1101' }
const PROGRAM = 'C:\\Windows\\Temp\\u.exe'

/** The source shows its address. */
const source = exampleEvent('network-connection', 0, {
  host: 'WS-02.corp.example',
  sourceIp: '10.0.0.2',
  destinationIp: '10.0.0.250',
  destinationPort: 53,
  action: 'outbound',
})
const logon = (fields: EventFields = {}): RecordItem =>
  exampleEvent('logon', 5, { ...KIM, logonType: 3, sourceIp: '10.0.0.2', targetLogonId: '0x77', ...fields })
const install = (target: string, detail: string, fields: EventFields = {}): RecordItem =>
  exampleEvent('service-install', 15, { target, detail, ...fields })
const start = (processPath: string, number: number): RecordItem =>
  exampleEvent('process-start', 16, {
    processPath,
    processGuid: exampleGuid(number),
    pid: number,
    account: 'NT AUTHORITY\\SYSTEM',
    accountSid: 'S-1-5-18',
    parentPath: 'C:\\Windows\\System32\\services.exe',
    parentPid: 600,
  })
const storiesOf = async (graph: GraphCase) => (await graph.client.call('story.list', {})).rows
const names = (rows: readonly { name: string }[]): string[] => rows.map((row) => row.name).sort()

describe('a story of a service that somebody installed from another endpoint', () => {
  it('holds the service and its program, and begins where they came from', async () => {
    await using graph = await GraphCase.of([source, logon(), install('upd', PROGRAM), start(PROGRAM, 7)])
    const [story, ...others] = await storiesOf(graph)
    expect(others).toEqual([])
    expect(story?.title).toEqual({
      key: 'story.title.endpoints',
      params: { first: 'WS-02', count: 2, endpoint: 'WS-01' },
    })
    expect(names(story?.endpoints ?? [])).toEqual(['WS-01', 'WS-02'])
    expect(story?.reasons.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['remote_execution', 'persistence', 'detection_high']),
    )
    const { paths } = await graph.client.call('story.get', { id: story?.id ?? '' })
    expect(paths[0]?.hops.map((hop) => [hop.from.name, hop.to.name])).toEqual([
      ['WS-02', 'u.exe'],
      ['u.exe', 'WS-01'],
    ])
  })

  it('names the account that came for it, which the program itself does not run as', async () => {
    await using graph = await GraphCase.of([source, logon(), install('upd', PROGRAM), start(PROGRAM, 7)])
    const [story] = await storiesOf(graph)
    expect(names(story?.users ?? [])).toEqual(['kim'])
    const assets = await graph.client.call('story.assets', { id: story?.id ?? '' })
    const kim = assets.rows.find((row) => row.entity.kind === 'user')
    expect(kim).toMatchObject({ roles: ['account-used'], firstAt: '2026-03-10T08:00:05.000Z' })
    const { claims } = await graph.client.call('story.get', { id: story?.id ?? '' })
    expect(claims.map((claim) => claim.text)).toContainEqual({
      key: 'story.claim.account_used',
      params: { from: 'kim', to: 'WS-01' },
    })
  })

  it('leaves a service with another program to itself', async () => {
    const other = 'C:\\Windows\\Temp\\other.exe'
    await using graph = await GraphCase.of([
      source,
      logon(),
      install('upd', PROGRAM),
      start(PROGRAM, 7),
      exampleEvent('service-install', 4000, { target: 'other', detail: other }),
    ])
    const stories = await storiesOf(graph)
    expect(stories.map(({ title }) => title.params['first'] ?? title.params['name'])).toEqual([
      'WS-02',
      'other',
    ])
  })
})

describe('a service after somebody came from an address of which nobody knows whose it is', () => {
  const ROOT = { account: 'CORP\\root', accountSid: 'S-1-5-21-1-2-3-500', sourceIp: '10.0.0.99' }
  const stranger = exampleEvent('logon', 10, { ...ROOT, logonType: 3, targetLogonId: '0x99' })
  const reached = async (...items: RecordItem[]): Promise<string[]> => {
    await using graph = await GraphCase.of([source, ...items, install('upd', PROGRAM), start(PROGRAM, 7)])
    const [story] = await storiesOf(graph)
    return names(story?.endpoints ?? [])
  }

  it('is not put down to somebody else who had come a moment before', async () => {
    expect(await reached(logon())).toEqual(['WS-01', 'WS-02'])
    expect(await reached(logon(), stranger)).toEqual(['WS-01'])
  })

  it('is put down to the one who used a share of administration', async () => {
    const share = (seconds: number, fields: EventFields): RecordItem =>
      exampleEvent('share-access', seconds, { target: '\\\\*\\C$\\Windows\\Temp\\u.exe', ...fields })
    expect(await reached(logon(), stranger, share(6, { ...KIM, sourceIp: '10.0.0.2' }))).toEqual([
      'WS-01',
      'WS-02',
    ])
    expect(await reached(stranger, share(11, ROOT), logon({ targetLogonId: '0x78' }))).toEqual(['WS-01'])
  })
})

describe('a story of a service that was installed at the endpoint itself', () => {
  it('names who the record says installed it', async () => {
    await using graph = await GraphCase.of([
      install('upd', PROGRAM, { account: 'CORP\\lo', accountSid: 'S-1-5-21-1-2-3-1109', logonId: '0x5000' }),
    ])
    const [story] = await storiesOf(graph)
    expect(names(story?.users ?? [])).toEqual(['lo'])
    expect(names(story?.endpoints ?? [])).toEqual(['WS-01'])
  })
})

import { z } from 'zod'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { methods } from '../../../core/contract/methods.ts'
import type { Overview } from '../../../core/contract/nouns/overview.ts'
import type { RecordItem } from '../../../core/importers/importer.ts'
import type { DirectoryItem } from '../../../core/model/directory.ts'
import { anEvent } from '../../support/case-builder.ts'
import { Workbench } from '../../support/workbench.ts'
import { openDemo, type OpenDemo } from '../demo/demo-case.ts'
import { GraphCase } from '../graph/graph-case.ts'
import { aComputer, aLogon, aMail, aUser, sid } from '../identity/people.ts'

/** What threat-investigation.md section 1 asks of correlation (S-numbers), on the demo case and on cases of a few records. */
const OUTLOOK = 'C:\\Program Files\\Microsoft Office\\root\\Office16\\OUTLOOK.EXE'
const started = (path: string, host = 'ws-01.corp.example') =>
  anEvent('process-start', '2026-03-10T08:00:00Z', { host, processPath: path, pid: 7 })
const MAIL = aMail({ mailbox: 'amber@corp.example' })
const LOGON = aLogon({ host: 'ws-01.corp.example', account: 'CORP\\amber', accountSid: sid(1105) })

async function of(items: readonly RecordItem[]): Promise<GraphCase> {
  const graph = await GraphCase.of(items)
  onTestFinished(() => graph[Symbol.asyncDispose]())
  return graph
}
const overviewOf = async (items: readonly RecordItem[]): Promise<Overview> =>
  (await of(items)).client.call('overview.get', {})
const stateOf = (overview: Overview, id: string): string | undefined =>
  overview.readiness.find((row) => row.id === id)?.state
const owners = async (items: readonly RecordItem[]): Promise<number> =>
  (await (await of(items)).client.call('relation.list', { kind: 'owned-by', limit: 10 })).total ?? -1

let demo: OpenDemo
beforeAll(async () => {
  demo = await openDemo()
}, 120_000)
afterAll(() => demo.close())

/** Importers behind the records of the way of the main attack. */
async function formatsOfMainPath(): Promise<Set<string>> {
  const [main] = demo.files.truth.paths
  const { paths } = await demo.client.call('path.find', {
    from: main?.from ?? '',
    to: main?.to ?? '',
    observedOnly: true,
  })
  const evidence = await demo.client.call('evidence.list', {})
  const formats = new Map(evidence.map((row) => [row.id, row.format]))
  const found = new Set<string>()
  for (const hop of paths[0]?.hops ?? []) {
    const { sources } = await demo.client.call('relation.get', { id: hop.relationId })
    for (const source of sources) found.add(formats.get(source.evidenceId) ?? '')
  }
  return found
}

describe('sources (S1-S4, S9)', () => {
  it('S1: endpoint, mail and directory evidence meet in one way of attack', async () => {
    const formats = await formatsOfMainPath()
    expect([...formats].some((format) => ['mail-sweep', 'eml', 'mbox'].includes(format))).toBe(true)
    expect([...formats].some((format) => ['evtx', 'windows-json'].includes(format))).toBe(true)
    expect(await owners([aUser('amber', 1105), MAIL])).toBe(1)
  })
  it('S1 not: without the directory a mailbox is nobody’s', async () => {
    expect(await owners([MAIL, started(OUTLOOK)])).toBe(0)
  })

  it('S2: attacks are told by mail vector, endpoint and user', async () => {
    const [best] = await demo.client.call('path.suggest', { limit: 1 })
    expect(best?.from.kind).toBe('message')
    const kinds = new Set(best?.path.hops.flatMap((hop) => [hop.from.kind, hop.to.kind]))
    expect([...kinds]).toEqual(expect.arrayContaining(['message', 'process']))
    const { total } = await demo.client.call('relation.list', { kind: 'clicked-by', limit: 1 })
    expect(total).toBeGreaterThan(0)
  })
  it('S2 not: a mail nobody touched is the vector of no attack', async () => {
    const graph = await of([MAIL, aUser('amber', 1105), started(OUTLOOK)])
    expect(await graph.client.call('path.suggest', {})).toEqual([])
  })

  it('S3: what is missing for correlation is named, one precondition at a time', async () => {
    const overview = await overviewOf([MAIL])
    expect(stateOf(overview, 'mail')).toBe('met')
    expect(stateOf(overview, 'sensor')).toBe('unmet')
    expect(overview.readiness.find((row) => row.id === 'sensor')?.detail.key).toBe('readiness.sensor.unmet')
  })
  it('S3 not: with both sides there neither is called missing', async () => {
    const overview = await overviewOf([MAIL, started(OUTLOOK), LOGON])
    expect([stateOf(overview, 'mail'), stateOf(overview, 'sensor')]).toEqual(['met', 'met'])
  })

  const sweep = JSON.stringify({
    current_link: '',
    next_link: '',
    value: [
      {
        mailbox: 'amber@corp.example',
        mail_message_sender: 'a@evil.example',
        mail_message_recipient: ['amber@corp.example'],
        mail_message_subject: 'Invoice',
        mail_message_delivery_time: '2026-03-10T08:00:00Z',
        mail_message_id: '<1@evil.example>',
        mail_urls: ['http://evil.example/'],
      },
    ],
  })
  const eml =
    'From: a@evil.example\r\nTo: amber@corp.example\r\nMessage-ID: <1@evil.example>\r\nDate: Tue, 10 Mar 2026 08:00:00 +0000\r\n\r\nx\r\n'
  const formatOf = async (name: string, content: string): Promise<string | null | undefined> => {
    const bench = await Workbench.open()
    onTestFinished(() => bench.close())
    await bench.import(bench.file(name, content))
    return (await bench.client.call('evidence.list', {}))[0]?.format
  }
  it('S4: metadata of the mail scanner is its own kind of evidence', async () => {
    expect(await formatOf('mails.json', sweep)).toBe('mail-sweep')
  })
  it('S4 not: mail of other products never passes for it', async () => {
    expect(await formatOf('mail.eml', eml)).toBe('eml')
  })

  it('S9: the answer of the sweep is what is read', async () => {
    const bench = await Workbench.open()
    onTestFinished(() => bench.close())
    await bench.import(bench.file('mails.json', sweep))
    await bench.client.run('correlation.run', {})
    const { rows } = await bench.client.call('mail.list', {})
    expect(rows.map((row) => [row.messageId, row.from, row.urls])).toEqual([
      ['1@evil.example', 'a@evil.example', 1],
    ])
  })
  it('S9 not: nothing ever asks for an authentication token', () => {
    const asked = Object.entries(methods).flatMap(([name, { input }]) =>
      /"[^"]*(?:api_?key|bearer|credential|auth\w*token|^token)[^"]*"\s*:\s*\{/i.test(
        JSON.stringify(z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' })),
      )
        ? [name]
        : [],
    )
    expect(asked).toEqual([])
  })
})

describe('directory (S11, S12)', () => {
  it('S11: users, groups and computers come from the directory', async () => {
    const users = await demo.client.call('entity.search', { kind: 'user', limit: 1 })
    const groups = await demo.client.call('entity.search', { kind: 'group', limit: 1 })
    const computers = await overviewOf([aComputer('ws-01', 1201), aUser('amber', 1105)])
    expect(users.total).toBeGreaterThan(demo.files.truth.users.length - 1)
    expect(groups.total).toBeGreaterThan(0)
    expect(stateOf(computers, 'directory')).toBe('met')
  })
  it('S11 not: names in mail and logs make no directory', async () => {
    expect(stateOf(await overviewOf([MAIL, LOGON, started(OUTLOOK)]), 'directory')).toBe('unmet')
  })

  const snapshot = (day: number, domain = 'corp.example', start = 1100): DirectoryItem[] =>
    Array.from({ length: 10 }, (_, index) =>
      aUser(`u${index}`, start + index, { domain, collectedAt: Date.UTC(2026, 2, day) * 1000 }),
    )
  const staleOf = async (...snapshots: readonly DirectoryItem[][]): Promise<boolean[]> => {
    const graph = new GraphCase()
    onTestFinished(() => graph[Symbol.asyncDispose]())
    for (const items of snapshots) graph.testCase.store(items)
    graph.testCase.correlate()
    await graph.client.call('case.open', { grant: graph.testCase.path })
    return (await graph.client.call('evidence.list', {})).map((row) => row.stale)
  }
  it('S12: a newer export of a directory takes the place of the older, which is marked as stale', async () => {
    expect(await staleOf(snapshot(1), snapshot(5))).toEqual([true, false])
    expect(await staleOf(snapshot(5), snapshot(1))).toEqual([false, true])
  })
  it('S12 not: one export alone is not stale', async () => {
    expect(await staleOf(snapshot(5))).toEqual([false])
  })
})

describe('endpoints (S14-S16)', () => {
  it('S14: endpoints with and without sensor data are told apart and named', async () => {
    const overview = await overviewOf([aComputer('ws-01', 1201), aComputer('srv-01', 1203), started(OUTLOOK)])
    expect(overview.endpointsWithSensor).toBe(1)
    expect(overview.endpointsWithoutSensor.map((row) => row.name)).toEqual(['SRV-01'])
  })
  it('S14 not: a directory alone gives no endpoint sensor data', async () => {
    expect((await overviewOf([aComputer('ws-01', 1201)])).endpointsWithSensor).toBe(0)
  })

  it('S15: Outlook on the endpoints is the anchor between endpoint and mail', async () => {
    expect(stateOf(await overviewOf([MAIL, started(OUTLOOK)]), 'outlook')).toBe('met')
  })
  it('S15 not: another mail client is warned of, and alone it is no anchor', async () => {
    const thunderbird = started(
      'C:\\Program Files\\Mozilla Thunderbird\\thunderbird.exe',
      'ws-02.corp.example',
    )
    expect(stateOf(await overviewOf([MAIL, started(OUTLOOK), thunderbird]), 'outlook')).toBe('partly')
    expect(stateOf(await overviewOf([MAIL, thunderbird]), 'outlook')).toBe('unmet')
  })

  it('S16: seven preconditions, each with its own state', async () => {
    const { readiness } = await demo.client.call('overview.get', {})
    expect(readiness.slice(0, 7).filter((row) => row.state === 'unmet')).toEqual([])
    // The demo has no volumes and no cloud: what that rules out stands beside the seven.
    expect(readiness.slice(7).map(({ detail }) => detail.key)).toEqual([
      'readiness.missing.network.volume',
      'readiness.missing.cloud.unmet',
    ])
  })
  it('S16 not: none is met by an empty case', async () => {
    expect((await overviewOf([])).readiness.map((row) => row.state)).toEqual(Array(7).fill('unmet'))
  })
})

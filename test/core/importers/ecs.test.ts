import { describe, expect, it } from 'vitest'
import ecs from '../../../core/importers/ecs.importer.ts'
import type { EventItem } from '../../../core/model/event.ts'
import { fixture } from '../../support/parse.ts'
import { codesOf, detectInput, readUnits, recordsOf } from './read-part.ts'

const base = {
  '@timestamp': '2031-05-06T07:08:09.123456789Z',
  ecs: { version: '8.10.0' },
  event: { kind: 'event', category: ['process'], type: ['start'], id: 'e1' },
  host: { name: 'ws-1', ip: ['192.0.2.21'] },
  process: { pid: 12, executable: '/usr/bin/curl', parent: { pid: 4 } },
}
async function read(content: string | Uint8Array): Promise<EventItem[]> {
  return recordsOf(await readUnits(ecs, content)).flatMap(({ items }) =>
    items.filter((item) => item.type === 'event'),
  )
}
const one = async (document: object): Promise<EventItem | undefined> =>
  (await read(JSON.stringify(document)))[0]
const fieldsOf = async (more: object): Promise<EventItem['fields'] | undefined> =>
  (await one({ '@timestamp': base['@timestamp'], 'ecs.version': '8', ...more }))?.fields

describe('Elastic Common Schema', () => {
  it('says the same of nested, dotted, half-dotted and listed names', async () => {
    const nested = await one(base)
    expect(nested).toMatchObject({
      kind: 'process-start',
      at: 1_935_817_689_123_456,
      fields: { host: 'ws-1', pid: 12, parentPid: 4, processPath: '/usr/bin/curl' },
    })
    const dotted = {
      '@timestamp': [base['@timestamp']],
      'ecs.version': ['8.10.0'],
      'event.kind': ['event'],
      'event.category': ['process'],
      'event.type': ['start'],
      'event.id': ['e1'],
      'host.name': ['ws-1'],
      'host.ip': ['192.0.2.21'],
      'process.pid': [12],
      'process.executable': ['/usr/bin/curl'],
      'process.parent.pid': [4],
    }
    const half = { ...base, process: { pid: 12, executable: '/usr/bin/curl', 'parent.pid': 4 } }
    expect(await one(dotted)).toEqual(nested)
    expect(await one(half)).toEqual(nested)
    expect(await one({ _index: 'x', _id: '1', fields: dotted })).toEqual(nested)
    expect(await one({ _index: 'x', _id: '1', _source: base })).toEqual(nested)
  })

  it('gives the same document the same key from a search, a bulk file and plain lines', async () => {
    const { id: _, ...event } = base.event
    const bare = { ...base, event }
    const keys = async (text: string): Promise<unknown[]> =>
      recordsOf(await readUnits(ecs, text)).map(({ key }) => key)
    const search = JSON.stringify({ took: 1, hits: { hits: [{ _index: 'x', _id: 'd1', _source: bare }] } })
    const bulk = `{"index":{"_index":"x","_id":"d1"}}\n${JSON.stringify(bare)}\n`
    expect(await keys(search)).toEqual(['ecs-document|x|d1'])
    expect(await keys(bulk)).toEqual(['ecs-document|x|d1'])
    expect(await keys(JSON.stringify(bare))).toEqual([undefined])
    expect(await keys(JSON.stringify(base))).toEqual(['ecs||ws-1|e1|1935817689123456'])
  })

  it('counts the documents of a bulk file, not the lines that announce them', async () => {
    const units = await readUnits(ecs, fixture('ecs/good-bulk.ndjson'))
    expect(units.map((unit) => unit.kind === 'record' && unit.locator)).toEqual([
      'line 2',
      'line 4',
      'line 6',
    ])
  })

  it('does not make a network sensor the host that connected', async () => {
    const ends = {
      event: { category: 'network' },
      source: { ip: '192.0.2.5' },
      destination: { ip: '203.0.113.1' },
    }
    expect(await fieldsOf({ ...ends, host: { name: 'sensor', ip: ['192.0.2.99'] } })).not.toHaveProperty(
      'host',
    )
    expect(await fieldsOf({ ...ends, host: { name: 'ws-1', ip: ['192.0.2.5'] } })).toMatchObject({
      host: 'ws-1',
    })
    expect(
      await fieldsOf({ ...ends, host: { name: 'ws-1', ip: ['192.0.2.99'] }, process: { pid: 4 } }),
    ).toMatchObject({ host: 'ws-1' })
  })

  it('takes numbers of POSIX users for no SIDs', async () => {
    const fields = await fieldsOf({
      event: { category: 'authentication' },
      user: { id: '1000', name: 'mori' },
    })
    expect(fields).toEqual({ account: 'mori' })
  })

  it('leaves files of Windows events to their importer, and reads those that stand among others', async () => {
    const winlog = {
      ...base,
      winlog: {
        provider_name: 'Microsoft-Windows-Security-Auditing',
        event_id: 4624,
        channel: 'Security',
        event_data: {},
      },
    }
    expect(ecs.detect(detectInput(`${JSON.stringify(base)}\n${JSON.stringify(winlog)}`))).toBe(0)
    expect(await one(winlog)).toMatchObject({ kind: 'logon', fields: { code: 4624 } })
  })

  it('keeps a document whose time is impossible, undated, and says so', async () => {
    const units = await readUnits(ecs, JSON.stringify({ ...base, '@timestamp': '2031-02-30T00:00:00Z' }))
    expect(codesOf(units)).toEqual(['ecs.time'])
  })

  it('does not take JSON of other products for its own', () => {
    for (const text of [
      '{"@timestamp":"2031-05-06T07:08:09Z","message":"x","level":"info"}',
      '{"event":{"kind":"event"},"time":1}',
      '{"index":{"_id":"1"}}',
    ])
      expect(ecs.detect(detectInput(text))).toBe(0)
  })
})

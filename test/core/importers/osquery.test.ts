import { describe, expect, it } from 'vitest'
import osquery from '../../../core/importers/osquery.importer.ts'
import type { EventItem } from '../../../core/model/event.ts'
import { MAX_ROWS } from '../../../core/importers/osquery/result.ts'
import { codesOf, detectInput, readUnits, recordsOf } from './read-part.ts'

const line = {
  name: 'pack_x_q',
  hostIdentifier: 'srv-web',
  calendarTime: 'Tue May  6 07:08:09 2031 UTC',
  unixTime: 1_935_817_689,
  epoch: 0,
  counter: 5,
  action: 'added',
}
async function read(content: object): Promise<EventItem[]> {
  return recordsOf(await readUnits(osquery, JSON.stringify(content))).flatMap(({ items }) =>
    items.filter((item) => item.type === 'event'),
  )
}
const login = { type: 'user', user: 'mori', tty: 'pts/0', host: '198.51.100.7', time: '1935817000', pid: '7' }

describe('osquery results', () => {
  it('dates a row of an event table by its own time and tells the table by its columns', async () => {
    const [event] = await read({
      ...line,
      columns: { pid: '7', parent: '1', path: '/bin/sh', cmdline: 'sh', time: '1935817000' },
    })
    expect(event).toMatchObject({
      kind: 'process-start',
      at: 1_935_817_000_000_000,
      fields: { host: 'srv-web', channel: 'pack_x_q', pid: 7, parentPid: 1, processPath: '/bin/sh' },
    })
  })

  it('makes inventory of states, of what expired and of a first run', async () => {
    const kind = async (more: object): Promise<unknown> =>
      (await read({ ...line, columns: login, ...more }))[0]?.kind
    expect(await kind({})).toBe('logon')
    expect(await kind({ counter: 0 })).toBe('inventory')
    expect(await kind({ action: 'removed' })).toBe('inventory')
    expect(await kind({ columns: { name: 'x', path: '/x' } })).toBe('inventory')
    expect((await read({ ...line, columns: undefined, snapshot: [login] }))[0]?.kind).toBe('inventory')
  })

  it('reads every row of a snapshot and of a batch', async () => {
    const rows = [
      { uid: '0', username: 'root' },
      { uid: '1', username: 'mori' },
    ]
    const snapshot = await read({ ...line, action: 'snapshot', snapshot: rows })
    expect(snapshot.map(({ fields }) => fields.targetAccount)).toEqual(['root', 'mori'])
    const batch = await read({
      ...line,
      action: undefined,
      diffResults: { added: rows.slice(0, 1), removed: rows.slice(1) },
    })
    expect(batch.map(({ fields }) => fields.action)).toEqual(['added', 'removed'])
  })

  it('takes the calendar time where there is no other', async () => {
    const [event] = await read({ ...line, unixTime: undefined, columns: { name: 'x', path: '/x' } })
    expect(event?.at).toBe(1_935_817_689_000_000)
  })

  it('knows a host by its decorations, and an identifier that is a UUID for no name', async () => {
    const uuid = '3F2A1B00-1111-4222-8333-444455556666'
    const columns = { name: 'x', path: '/x' }
    expect((await read({ ...line, hostIdentifier: uuid, columns }))[0]?.fields).not.toHaveProperty('host')
    expect(
      (
        await read({
          ...line,
          hostIdentifier: uuid,
          columns,
          decorations: { hostname: 'srv-1', host_uuid: uuid },
        })
      )[0]?.fields,
    ).toMatchObject({ host: 'srv-1', hostId: uuid.toLowerCase() })
  })

  it('gives rows of one run different identities, and the same line the same', async () => {
    const key = async (columns: object): Promise<unknown> =>
      recordsOf(await readUnits(osquery, JSON.stringify({ ...line, columns })))[0]?.key
    expect(await key({ name: 'a', path: '/x' })).not.toBe(await key({ name: 'b', path: '/x' }))
    expect(await key({ name: 'a', path: '/x' })).toBe(await key({ name: 'a', path: '/x' }))
  })

  it('names a row time that cannot be and keeps the time of the record', async () => {
    const units = await readUnits(osquery, JSON.stringify({ ...line, columns: { ...login, time: 'zero' } }))
    expect(codesOf(units)).toEqual(['osquery.time'])
    expect(recordsOf(units)[0]?.items).toMatchObject([{ at: 1_935_817_689_000_000 }])
  })

  it('stops at a limit of rows and says so', async () => {
    const text = `{"name":"q","hostIdentifier":"h","unixTime":1935817689,"snapshot":[${'{},'.repeat(MAX_ROWS)}{}]}`
    const units = await readUnits(osquery, text)
    expect(codesOf(units)).toEqual(['osquery.too_many_rows'])
    expect(recordsOf(units)[0]?.items).toHaveLength(MAX_ROWS)
  })

  it('recognises a snapshot longer than the sample', () => {
    expect(
      osquery.detect(detectInput(`{"snapshot":[${'{"name":"x","path":"/y"},'.repeat(5_000)}{}]}`)),
    ).toBeGreaterThan(0.5)
  })

  it('does not take other JSON for its own', () => {
    for (const text of [
      '{"name":"x","columns":{}}',
      '{"hostname":"h","unixTime":1,"message":"m"}',
      '{"snapshot":true}',
    ])
      expect(osquery.detect(detectInput(text))).toBe(0)
  })
})

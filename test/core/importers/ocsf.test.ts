import { describe, expect, it } from 'vitest'
import ocsf from '../../../core/importers/ocsf.importer.ts'
import type { EventItem } from '../../../core/model/event.ts'
import { codesOf, detectInput, readUnits, recordsOf } from './read-part.ts'

const base = {
  class_uid: 1007,
  category_uid: 1,
  activity_id: 1,
  type_uid: 100701,
  severity_id: 1,
  time: 1_935_817_689_123,
  metadata: { version: '1.3.0', uid: 'u-1', product: { name: 'Example' } },
  device: { hostname: 'ws-1' },
  actor: {
    process: { pid: 4, uid: 'p-4', cmd_line: 'explorer.exe' },
    user: { name: 'mori', uid: 'S-1-5-21-1-2-3-1104' },
  },
  process: { pid: 5, uid: 'p-5', cmd_line: 'cmd.exe' },
}
async function read(content: string): Promise<EventItem[]> {
  return recordsOf(await readUnits(ocsf, content)).flatMap(({ items }) =>
    items.filter((item) => item.type === 'event'),
  )
}
const one = async (more: object): Promise<EventItem | undefined> =>
  (await read(JSON.stringify({ ...base, ...more })))[0]

describe('OCSF', () => {
  it('takes the process of a launch as the subject and the actor as its parent', async () => {
    expect(await one({})).toMatchObject({
      kind: 'process-start',
      at: 1_935_817_689_123_000,
      fields: {
        host: 'ws-1',
        pid: 5,
        processGuid: 'p-5',
        commandLine: 'cmd.exe',
        parentPid: 4,
        parentGuid: 'p-4',
        account: 'mori',
        accountSid: 'S-1-5-21-1-2-3-1104',
      },
    })
  })

  it('prefers the parent the started process names itself', async () => {
    const event = await one({ process: { pid: 5, parent_process: { pid: 3, uid: 'p-3' } } })
    expect(event?.fields).toMatchObject({ parentPid: 3, parentGuid: 'p-3' })
    expect(event?.fields).not.toHaveProperty('processPath')
  })

  it('tells a failed authentication by its status', async () => {
    const kind = async (more: object): Promise<unknown> => (await one({ class_uid: 3002, ...more }))?.kind
    expect(await kind({ status_id: 1 })).toBe('logon')
    expect(await kind({ status_id: 2 })).toBe('logon-failure')
    expect(await kind({ status: 'Failure' })).toBe('logon-failure')
    expect(await kind({ activity_id: 3, status_id: 2 })).toBe('kerberos-failure')
  })

  it('keeps classes of nobody as plain records', async () => {
    expect(await one({ class_uid: 4_099, activity_id: 77 })).toMatchObject({
      kind: 'generic',
      fields: { code: 4099 },
    })
    expect((await one({ class_uid: 5_040 }))?.kind).toBe('inventory')
  })

  it('identifies an event by the id its product gave it', async () => {
    const [record] = recordsOf(await readUnits(ocsf, JSON.stringify({ events: [base] })))
    expect([record?.locator, record?.key]).toEqual(['record 1', 'ocsf|Example|1007|u-1|1'])
  })

  it('keeps an event whose time is impossible, undated, and says so', async () => {
    expect(codesOf(await readUnits(ocsf, JSON.stringify({ ...base, time: 12 })))).toEqual(['ocsf.time'])
  })

  it('does not take other JSON for its own', () => {
    for (const text of [
      '{"class_uid":1007}',
      '{"class_uid":"x","metadata":{"version":1}}',
      '{"time":1,"metadata":{"version":"1"}}',
    ])
      expect(ocsf.detect(detectInput(text))).toBe(0)
  })
})

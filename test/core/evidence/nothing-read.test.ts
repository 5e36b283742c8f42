import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Workbench } from '../../support/workbench.ts'

let bench: Workbench
beforeEach(async () => {
  bench = await Workbench.open()
})
afterEach(() => bench.close())

const TABLE = 'a;b;c\n1;2;3\n4;5;6\n'
const actions = async () =>
  (await bench.client.call('audit.list', { limit: 100 })).rows.map(({ action }) => action)

describe('a file that is read as a format it is not of', () => {
  it.each([
    ['a table as an event log', 'semi.csv', TABLE, 'evtx'],
    ['bytes that are nothing as a mailbox', 'mail.pst', Buffer.alloc(5000, 9), 'pst'],
    ['bytes that are nothing as a table of a product', 'Security.evtx', Buffer.alloc(5000, 9), 'defender'],
  ])('refuses %s and keeps nothing of it', async (_what, name, content, format) => {
    const path = bench.file(name, content)
    const result = await bench.client.run('evidence.import', { grants: [path], format })
    expect(result.evidence).toEqual([])
    expect(result.refused).toMatchObject([{ name, code: 'evidence.nothing_read', params: { name, format } }])
    expect(await bench.client.call('evidence.list', {})).toEqual([])
    // The log says that it was tried, why it failed, and that nothing is left.
    expect(await actions()).toEqual(
      expect.arrayContaining(['evidence.add', 'evidence.fail', 'evidence.remove', 'evidence.refuse']),
    )
    expect(await bench.client.call('audit.verify', {})).toMatchObject({ ok: true })
  })

  it('can be imported again with the right answer: it is no duplicate', async () => {
    const path = bench.file('lines.jsonl', '{"a":1}\n{"a":2}\n')
    await bench.client.run('evidence.import', { grants: [path], format: 'pst' })
    const again = await bench.client.run('evidence.import', { grants: [path], format: 'json-lines' })
    expect(again.refused).toEqual([])
    expect(again.evidence).toMatchObject([{ read: 2, stored: 2, status: 'done' }])
  })

  it('keeps a log of the format that holds no record: that it is empty is evidence', async () => {
    const header = Buffer.concat([Buffer.from('ElfFile\0'), Buffer.alloc(4096 - 8)])
    const path = bench.file('Security.evtx', header)
    const result = await bench.client.run('evidence.import', { grants: [path], format: 'evtx' })
    expect(result.refused).toEqual([])
    expect(result.evidence).toMatchObject([{ read: 0, stored: 0 }])
  })

  it('refuses a mapping beside another format, which would pass it over', async () => {
    const path = bench.file('semi.csv', TABLE)
    const mapping = {
      schema: 1 as const,
      name: 'm',
      rows: 'csv' as const,
      delimiter: ';',
      kind: 'generic' as const,
      fields: { 'user.name': 'a' },
    }
    await expect(
      bench.client.run('evidence.import', { grants: [path], format: 'evtx', mapping }),
    ).rejects.toMatchObject({ code: 'request.invalid', params: { field: 'format' } })
    expect((await bench.client.run('evidence.import', { grants: [path], mapping })).totals.read).toBe(2)
  })
})

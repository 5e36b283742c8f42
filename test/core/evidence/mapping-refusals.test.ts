import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Mapping } from '../../../core/model/mapping.ts'
import { Workbench } from '../../support/workbench.ts'

const TABLE = 'When,Host,Image\n2031-05-06T07:08:09Z,WS01,C:\\a.exe\n'
const MAPPING: Mapping = {
  schema: 1,
  name: 'tool',
  rows: 'csv',
  kind: 'process',
  time: { field: 'When', format: 'iso' },
  fields: { 'endpoint.name': 'Host', 'process.path': 'Image' },
  constants: {},
}

describe('a mapping made for another file', () => {
  let bench: Workbench
  beforeEach(async () => {
    bench = await Workbench.open()
  })
  afterEach(() => bench.close())
  const importAs = (path: string, mapping: Mapping, answers = {}) =>
    bench.client.run('evidence.import', { grants: [path], mapping, ...answers })
  const problemsOf = async (path: string, mapping: Mapping) =>
    (await bench.client.call('mapping.preview', { grant: path, mapping })).problems
  const issuesOf = async (evidenceId: string) =>
    (await bench.client.call('evidence.issues', { evidenceId })).rows
      .filter(({ code }) => code !== 'evidence.time_ahead')
      .map(({ code, excerpt, records }) => `${code} ${records} ${excerpt}`)

  it.each([
    ['the time', { ...MAPPING, time: { field: 'Date', format: 'iso' } }, ['Date']],
    ['every fact', { ...MAPPING, fields: { 'process.path': 'Path', 'process.pid': 'PID' } }, ['Path', 'PID']],
  ])('is refused before anything is stored when %s is missing', async (_what, mapping, missing) => {
    const path = bench.file('tool.csv', TABLE)
    expect(await problemsOf(path, mapping)).toEqual(missing.map((what) => ({ code: 'unknown_column', what })))
    const { refused } = await importAs(path, mapping)
    expect(refused).toMatchObject([
      { code: 'mapping.invalid', params: { name: 'tool', field: missing[0], problem: 'unknown_column' } },
    ])
    expect(await bench.client.call('evidence.list', {})).toEqual([])
  })

  it('is used when only some columns are missing, which is said once, in the preview too', async () => {
    const path = bench.file('tool.csv', TABLE + TABLE.split('\n')[1] + '\n')
    const mapping = { ...MAPPING, fields: { ...MAPPING.fields, 'process.pid': 'PID', 'user.name': 'User' } }
    const preview = await bench.client.call('mapping.preview', { grant: path, mapping })
    expect(preview.problems).toEqual([])
    expect(preview.rows.map(({ issues }) => issues)).toEqual([['mapping.missing_column'], []])
    const { evidence } = await importAs(path, mapping)
    expect(evidence[0]).toMatchObject({ read: 2, stored: 2, rejected: 0, status: 'done' })
    expect(await issuesOf(evidence[0]?.id ?? '')).toEqual(['mapping.missing_column 0 PID, User'])
  })

  it('is refused for JSON records that have none of its members', async () => {
    const path = bench.file('tool.jsonl', '{"at":1935817689,"host":"WS01"}\n')
    const mapping: Mapping = {
      ...MAPPING,
      rows: 'jsonl',
      time: { field: '$.when', format: 'epoch-s' },
      fields: { 'endpoint.name': '$.host' },
    }
    expect(await problemsOf(path, mapping)).toEqual([{ code: 'unknown_column', what: '$.when' }])
    const { refused } = await importAs(path, mapping)
    expect(refused).toMatchObject([{ code: 'mapping.invalid', params: { field: '$.when' } }])
    const { evidence } = await importAs(path, { ...mapping, time: { field: '$.at', format: 'epoch-s' } })
    expect(evidence).toMatchObject([{ stored: 1, status: 'done' }])
  })

  it.each([
    ['csv' as const, 'When,Host\n13/4/2031 5:06,A\n4/13/2031 5:06,B\n'],
    ['jsonl' as const, '{"When":"13/4/2031 5:06","Host":"A"}\n{"When":"4/13/2031 5:06","Host":"B"}\n'],
  ])('asks for the order of dates that prove two orders (%s), and then keeps to it', async (rows, text) => {
    const path = bench.file(`mixed.${rows}`, text)
    const mapping: Mapping = { ...MAPPING, rows, fields: { 'endpoint.name': 'Host' } }
    const { refused } = await importAs(path, mapping)
    expect(refused).toMatchObject([
      { code: 'evidence.date_order', params: { example: '13/4/2031 5:06, 4/13/2031 5:06' } },
    ])
    const { evidence } = await importAs(path, mapping, { dateOrder: 'day-first' })
    expect(await issuesOf(evidence[0]?.id ?? '')).toEqual(['mapping.time 0 4/13/2031 5:06'])
    const { rows: events } = await bench.client.call('event.search', {})
    expect(events.map(({ at }) => at)).toEqual(expect.arrayContaining(['2031-04-13T05:06:00.000Z', null]))
  })
})

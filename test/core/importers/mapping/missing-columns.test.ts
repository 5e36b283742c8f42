import { describe, expect, it } from 'vitest'
import { findMissingColumns } from '../../../../core/importers/mapping/missing-columns.ts'
import { Mapping } from '../../../../core/model/mapping.ts'
import { partOf } from '../read-part.ts'

const mapping = (change: object): Mapping =>
  Mapping.parse({
    schema: 1,
    name: 'tool',
    rows: 'csv',
    kind: 'process',
    time: { field: 'When', format: 'iso' },
    fields: { 'endpoint.name': 'Host', 'process.path': 'Image' },
    ...change,
  })
const missing = (content: string, change = {}, chunkSize?: number) =>
  findMissingColumns(partOf(content, chunkSize).open(), mapping(change))
const json = { rows: 'jsonl', time: { field: '$.event.when', format: 'iso' } }

describe('columns that a mapping names and a file does not have', () => {
  it.each([
    ['when,host,image\n', [], false],
    ['"When",Host\n1,2\n', ['Image'], false],
    ['Host,Image\n1,2\n', ['When'], true],
    ['When,Computer,Path\n1,2,3\n', ['Host', 'Image'], true],
    ['a,b\n1,2\n', ['When', 'Host', 'Image'], true],
    ['\n\n', [], false],
  ])('of a table %j', async (text, names, isFatal) => {
    expect(await missing(text)).toEqual({ names, isFatal })
    expect(await missing(text, {}, 3)).toEqual({ names, isFatal })
  })

  it('are none where rows need no time or no facts', async () => {
    expect((await missing('Host\nx\n', { time: null })).isFatal).toBe(false)
    expect((await missing('When,x\n1,2\n', { fields: {} })).isFatal).toBe(false)
  })

  it('are looked for with the delimiter of the mapping', async () => {
    expect((await missing('When^Host^Image\n1,2,3\n', { delimiter: '^' })).names).toEqual([])
    expect((await missing('When,Host,Image\n1,2,3\n', { delimiter: ';' })).isFatal).toBe(true)
  })

  it('of JSON are members that none of the first records has, be they empty', async () => {
    const first = JSON.stringify({ event: {}, Host: null })
    const second = JSON.stringify({ event: { when: '' }, Image: 'x' })
    expect(await missing(`${first}\n${second}\n`, json)).toEqual({ names: [], isFatal: false })
    expect(await missing(`${first}\n`, json)).toEqual({ names: ['$.event.when', 'Image'], isFatal: true })
    expect(await missing(`[${second}]`, json)).toEqual({ names: ['Host'], isFatal: false })
    expect(await missing('{ broken', json)).toEqual({ names: [], isFatal: false })
  })
})

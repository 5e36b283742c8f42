import { writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { zipOf } from '../../support/archives.ts'
import { Workbench } from '../../support/workbench.ts'
import { textRows, workbookOf } from '../../support/workbook-file.ts'

const LIST = [
  ['type', 'value', 'comment'],
  ['domain', 'bad.example', 'seen'],
  ['ip', '203.0.113.9', ''],
]
const PICTURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13])
const CSV = 'type,value\ndomain,other.example\n'

describe('files of indicators', () => {
  let bench: Workbench
  beforeEach(async () => {
    bench = await Workbench.open()
  })
  afterEach(() => bench.close())

  const read = (name: string, bytes: Uint8Array) =>
    bench.client.call('sweep.read', { grants: [bench.file(name, bytes)], operator: 'any' })

  it('may be a workbook, whose sheets are named where there are several', async () => {
    const sheets = [
      { name: 'IOC', rows: textRows(LIST) },
      { name: 'More', rows: textRows([['d41d8cd98f00b204e9800998ecf8427e']]) },
    ]
    expect(await read('ioc.xlsx', await workbookOf(sheets.slice(0, 1)))).toMatchObject({
      name: 'ioc.xlsx',
      counts: { indicators: 2, supported: 2 },
    })
    expect(await read('ioc.xlsx', await workbookOf(sheets))).toMatchObject({
      name: 'ioc.xlsx · IOC, ioc.xlsx · More',
      counts: { indicators: 3 },
    })
  })

  it('may be packed', async () => {
    expect(await read('ioc.csv.gz', gzipSync(CSV))).toMatchObject({ counts: { indicators: 1 } })
    const both = await zipOf({
      'a.csv': CSV,
      'logo.png': PICTURE,
      'b/ioc.xlsx': await workbookOf([{ name: 'IOC', rows: textRows(LIST) }]),
    })
    expect(await read('all.zip', both)).toMatchObject({
      name: 'all.zip · a.csv, all.zip · b/ioc.xlsx > IOC',
      counts: { indicators: 3 },
    })
  })

  it('are refused when nothing in them is one, when damaged, and when they unpack to more than is looked through', async () => {
    await expect(read('logo.zip', await zipOf({ 'logo.png': PICTURE }))).rejects.toMatchObject({
      code: 'sweep.unrecognised',
      params: { name: 'logo.zip' },
    })
    const packed = gzipSync(CSV.repeat(5_000))
    await expect(read('cut.csv.gz', packed.subarray(0, packed.length / 2))).rejects.toMatchObject({
      code: 'evidence.archive_broken',
    })
    await expect(read('large.csv.gz', gzipSync(Buffer.alloc(11 << 20, 'a\n')))).rejects.toMatchObject({
      code: 'evidence.too_large',
    })
    const path = bench.file('large.csv', '')
    writeFileSync(path, Buffer.alloc(11 << 20, 'a\n'))
    await expect(bench.client.call('sweep.read', { grants: [path], operator: 'any' })).rejects.toMatchObject({
      code: 'evidence.too_large',
    })
  })
})

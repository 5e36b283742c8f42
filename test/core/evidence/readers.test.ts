import { zstdDecompressSync } from 'node:zlib'
import { existsSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { textsOf } from '../../../core/evidence/dictionary.ts'
import { packPart } from '../../../core/evidence/pack-part.ts'
import { EVENT_HEAD, type PackedBatch } from '../../../core/evidence/packed-batch.ts'
import type { FromParseThread } from '../../../core/evidence/parse-port.ts'
import { batchesOfReaders, type Reader } from '../../../core/evidence/readers.ts'
import type { ImportContext, Importer, PartSource } from '../../../core/importers/importer.ts'
import { importers } from '../../../core/importers/registry.ts'
import { CannotShare, Share } from '../../../core/importers/share.ts'
import { EVENT_COLUMNS } from '../../../core/store/event-columns.ts'
import { KEY_BYTES } from '../../../core/store/key-writer.ts'
import { HEAD_BYTES } from '../../../core/store/raw-writer.ts'
import { fixture, partOf } from '../../support/parse.ts'

const CONTEXT: ImportContext = { zone: 'UTC', dateOrder: 'day-first', mapping: null }

/** Reads without a thread, one batch ahead of who takes them, as a thread does. */
function readHere(
  part: PartSource & { prefix: string },
  importer: Importer,
  segmentBytes: number,
  started: string[],
) {
  return (skip: number, share: { index: number; count: number; from: number } | null): Reader => {
    started.push(
      share === null
        ? `all behind ${skip}`
        : `${share.index}/${share.count} from ${share.from} behind ${skip}`,
    )
    const own = share === null ? undefined : new Share(share.index, share.count, share.from, segmentBytes)
    const batches = packPart({ part, importer, context: CONTEXT, skip, share: own }, () => 0)
    return {
      async next(): Promise<FromParseThread> {
        try {
          const { value, done } = await batches.next()
          return done === true ? { type: 'end' } : { type: 'batch', batch: value }
        } catch (thrown) {
          if (thrown instanceof CannotShare) return { type: 'end', alone: thrown.from }
          throw thrown
        }
      },
      taken: () => undefined,
      stop: async () => void (await batches.return(undefined)),
    }
  }
}

/** What the writer makes of the batches: everything that will stand in the case, in its order. */
class Content {
  units = 0
  readonly records: unknown[] = []
  readonly strings: string[] = []
  readonly issues: unknown[] = []
  readonly headings: unknown[] = []
  readonly #seen = new Set<string>()
  readonly #texts = new Map<number, string[]>()

  add(batch: PackedBatch): void {
    const first = this.records.length
    const texts = this.#texts.get(batch.reader) ?? []
    this.#texts.set(batch.reader, texts)
    let number = batch.strings.first
    for (const text of textsOf(batch.strings)) {
      texts[number++] = text
      if (!this.#seen.has(text)) this.strings.push(text)
      this.#seen.add(text)
    }
    for (const { data } of batch.raw) this.#addRaw(zstdDecompressSync(data))
    const events: unknown[][] = Array.from({ length: batch.records }, () => [])
    for (let at = 0; at < batch.events.length;) {
      const end = at + EVENT_HEAD + batch.events[at + 3]! * 2
      const cells: unknown[] = [batch.events[at + 1], batch.events[at + 2]]
      for (let cell = at + EVENT_HEAD; cell < end; cell += 2) {
        const { name, isText } = EVENT_COLUMNS[batch.events[cell]!]!
        const value = batch.events[cell + 1]!
        cells.push(`${name}: ${isText ? texts[value] : value}`)
      }
      events[batch.events[at]!]!.push(cells)
      at = end
    }
    for (let record = 0; record < batch.records; record++)
      this.records[first + record] = [
        this.records[first + record],
        events[record],
        batch.items.filter((item) => item.record === record).map(({ item }) => item),
        Buffer.from(batch.keys.subarray(record * KEY_BYTES, (record + 1) * KEY_BYTES)).toString('hex') ||
          '00'.repeat(KEY_BYTES),
      ]
    for (const { record, ...issue } of batch.issues)
      this.issues.push({ ...issue, record: record < 0 ? null : first + record })
    for (const { record, text } of batch.headings) this.headings.push({ record: first + record, text })
    expect(this.records).toHaveLength(first + batch.records)
    this.units = batch.units
  }

  #addRaw(bytes: Buffer): void {
    for (let at = 0; at < bytes.length;) {
      const locator = at + HEAD_BYTES + bytes.readUInt32LE(at)
      const end = locator + bytes.readUInt32LE(at + 4)
      this.records.push(
        `${bytes.toString('utf8', at + HEAD_BYTES, locator)}: ${bytes.toString('utf8', locator, end)}`,
      )
      at = end
    }
  }
}

async function read(importer: Importer, bytes: Uint8Array, count: number, segmentBytes = 0, skip = 0) {
  const part = { ...partOf('evidence', bytes, 1_000), prefix: '' }
  const started: string[] = []
  const content = new Content()
  const task = { part, importer, context: CONTEXT, skip }
  for await (const batch of batchesOfReaders(task, count, readHere(part, importer, segmentBytes, started)))
    content.add(batch)
  return { content, started }
}

async function expectSame(importer: Importer, bytes: Uint8Array, about: string): Promise<string[]> {
  const { content: whole } = await read(importer, bytes, 1)
  const all: string[] = []
  for (const [count, segmentBytes] of [
    [2, 700],
    [3, 4_000],
  ] as const) {
    const { content, started } = await read(importer, bytes, count, segmentBytes)
    expect(content.records, about).toEqual(whole.records)
    expect(content.strings, about).toEqual(whole.strings)
    expect(content.issues, about).toEqual(whole.issues)
    expect(content.headings, about).toEqual(whole.headings)
    expect(content.units, about).toBe(whole.units)
    all.push(...started.slice(count))
  }
  return all
}

const sharing = importers.filter((importer) => importer.sharing !== undefined)
const importerOf = (id: string): Importer => sharing.find((importer) => importer.id === id)!
const fixturesOf = (id: string): string[] => {
  const folder = new URL(`../../fixtures/${id}/`, import.meta.url)
  return existsSync(folder) ? readdirSync(folder).sort() : []
}
const lines = (count: number, line: (index: number) => string): Buffer =>
  Buffer.from(Array.from({ length: count }, (_, index) => `${line(index)}\n`).join(''))

describe('several readers of one file', () => {
  it('can share the formats that grow large', () => {
    expect(sharing.map(({ id }) => id)).toEqual([
      'crowdstrike-fdr',
      'defender',
      'ecs',
      'endpoint-telemetry',
      'ez-tools',
      'hayabusa',
      'json-lines',
      'observed-techniques',
      'ocsf',
      'osquery',
      'velociraptor',
      'windows-csv',
      'windows-json',
      'zeek',
    ])
  })

  it.each(sharing.map(({ id }) => id))('give what one gives, of every fixture of %s', async (id) => {
    const importer = importerOf(id)
    expect(fixturesOf(id).length).toBeGreaterThan(0)
    for (const name of fixturesOf(id)) await expectSame(importer, fixture(`${id}/${name}`), name)
  })

  it('count lines over records of any length, blank lines and lines that are no JSON', async () => {
    const mixed = lines(400, (index) =>
      index % 31 === 0
        ? ''
        : index % 47 === 0
          ? '{"cut": "of'
          : JSON.stringify({ index, host: `ws${index % 5}`, filler: 'x'.repeat((index * 37) % 900) }),
    )
    expect(await expectSame(importerOf('json-lines'), mixed, 'lines')).toEqual([])
    const long = lines(9, (index) => JSON.stringify({ index, filler: 'y'.repeat(index === 4 ? 30_000 : 50) }))
    expect(await expectSame(importerOf('json-lines'), long, 'longer than segments')).toEqual([])
    expect(await expectSame(importerOf('json-lines'), long.subarray(0, -20), 'cut off')).toEqual([])
  })

  it('leave it to one from the line on that shows a code page', async () => {
    const ascii = lines(60, (index) => JSON.stringify({ index, user: `user ${index}` }))
    const russian = Buffer.concat([
      Buffer.from('{"text": "'),
      Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2, 0x20, 0xec, 0xe8, 0xf0]),
      Buffer.from('"}\n'),
    ])
    const alone = await expectSame(
      importerOf('json-lines'),
      Buffer.concat([ascii, russian, ascii, russian, ascii]),
      'page',
    )
    expect(alone).toHaveLength(2)
    expect(alone[0]).toMatch(/^0\/1 from [1-9]\d* behind \d+$/)
  })

  it('leave it to one from the beginning when objects stand in an array, or clocks are off', async () => {
    const array = Buffer.from(JSON.stringify(Array.from({ length: 50 }, (_, index) => ({ index }))))
    expect(await expectSame(importerOf('json-lines'), array, 'array')).toEqual([
      'all behind 0',
      'all behind 0',
    ])
    const event = (index: number, hour: number): string =>
      JSON.stringify({
        EventID: index % 3 === 0 ? 1 : 4688,
        Channel: index % 3 === 0 ? 'Microsoft-Windows-Sysmon/Operational' : 'Security',
        SourceName: index % 3 === 0 ? 'Microsoft-Windows-Sysmon' : 'Microsoft-Windows-Security-Auditing',
        Hostname: 'ws1.corp.example',
        RecordNumber: index,
        '@timestamp': `2031-05-06T0${hour}:00:0${index % 10}.000Z`,
        UtcTime: `2031-05-06 01:00:0${index % 10}.000`,
        Image: 'C:\\Windows\\cmd.exe',
      })
    const late = lines(1_500, (index) => event(index, index < 1_200 ? 1 : 4))
    const alone = await expectSame(importerOf('windows-json'), late, 'clocks')
    expect(alone).toHaveLength(2)
    for (const one of alone) expect(one).toMatch(/^all behind \d{3,4}$/)
  })

  it('know a table by its header, also rows over several lines and rows that nothing closes', async () => {
    const header = 'Timestamp,DeviceName,ActionType,FileName,ProcessCommandLine,ReportId\n'
    const row = (index: number): string =>
      `2031-05-06T01:02:03.${String(index).padStart(3, '0')}Z,ws${index % 7},ProcessCreated,cmd.exe,${
        index % 9 === 0 ? '"echo ""a""\nline two"' : `cmd ${'z'.repeat(index % 50)}`
      },${index}`
    const table = Buffer.concat([Buffer.from(header), lines(300, row)])
    expect(await expectSame(importerOf('defender'), table, 'rows')).toEqual([])
    const twice = Buffer.concat([table, table])
    expect(await expectSame(importerOf('defender'), twice, 'two exports')).toEqual([])
    const open = Buffer.concat([table, Buffer.from('2031-05-06T01:02:03Z,"ws1,Proc\n'), lines(90, row)])
    expect((await expectSame(importerOf('defender'), open, 'open')).length).toBeGreaterThan(0)
  })

  it('say once what only the number of all rows tells, or what is said once', async () => {
    const header = 'Timestamp,DeviceName,ActionType,ReportId\n'
    const full = Buffer.concat([
      Buffer.from(header),
      lines(10_000, (index) => `2031-05-06T01:02:03Z,ws1,ProcessCreated,${index}`),
    ])
    const { content } = await read(importerOf('defender'), full, 2, 50_000)
    expect(content.issues).toMatchObject([{ code: 'defender.row_limit', excerpt: '10000' }])
    await expectSame(importerOf('defender'), full, 'row limit')
    const unknown = lines(80, (index) =>
      JSON.stringify({
        time: '2031-05-06T01:02:03Z',
        category: index < 40 ? 'AdvancedHunting-DeviceInfo' : 'AdvancedHunting-NobodyKnows',
        properties: { Timestamp: '2031-05-06T01:02:03Z', DeviceName: `ws${index}`, DeviceId: `d${index}` },
      }),
    )
    const alone = await expectSame(importerOf('defender'), unknown, 'unknown table')
    expect(alone[0]).toMatch(/^0\/1 from [1-9]/)
  })

  it('are one reader when an import goes on', async () => {
    const bytes = lines(100, (index) => JSON.stringify({ index }))
    const { content, started } = await read(importerOf('json-lines'), bytes, 1, 0, 40)
    expect(started).toEqual(['all behind 40'])
    expect(content.records).toHaveLength(60)
    expect(content.units).toBe(100)
  })
})

import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { writeEvtx } from '../../../core/demo/evtx-writer.ts'
import { type EvtxUnit, readEvtx } from '../../../core/importers/evtx/read-evtx.ts'
import { partOf } from '../../support/parse.ts'
import { randomBytes, seededRandom } from '../../support/random.ts'

const SEED = 20_311_123
const CHUNK = 65_536
const HEADER = 4096
const COUNT = 420
/** Six chunks. */
const WHOLE = Buffer.from(
  writeEvtx(
    Array.from({ length: COUNT }, (_, index) => ({
      provider: 'Example',
      eventId: 1,
      channel: 'Application',
      computer: 'WS01',
      timeUs: Date.UTC(2031, 4, 6, 7, 8, 9) * 1000,
      recordId: index + 1,
      data: [['Text', `${index} ${'x'.repeat(300)}`]],
    })),
  ),
)
const chunkAt = (index: number): number => HEADER + index * CHUNK
const noise = (bytes: number): Buffer => randomBytes(seededRandom(SEED), bytes)

async function read(bytes: Uint8Array): Promise<EvtxUnit[]> {
  const units: EvtxUnit[] = []
  for await (const batch of readEvtx(partOf('x.evtx', bytes).open())) units.push(...batch)
  return units
}
const stored = (units: readonly EvtxUnit[]): number => units.filter((unit) => unit.kind === 'record').length
const problems = (units: readonly EvtxUnit[]): (string | number)[][] =>
  units.flatMap((unit) => (unit.kind === 'problem' ? [[unit.locator, unit.what, unit.records]] : []))
/** Whole file with the header changed by `change` and its checksum right. */
function withHeader(bytes: Buffer, change: (header: Buffer) => void): Buffer {
  const changed = Buffer.from(bytes)
  change(changed)
  changed.writeUInt32LE(crc32(changed.subarray(0, 120)), 124)
  return changed
}
const dirty = (bytes: Buffer, chunks: number): Buffer =>
  withHeader(bytes, (header) => {
    header.writeUInt32LE(1, 120)
    header.writeUInt16LE(chunks, 42)
  })
const idOf = (index: number, field: 24 | 32): number => Number(WHOLE.readBigUInt64LE(chunkAt(index) + field))

describe('EVTX blocks that are no chunks', () => {
  it('are damage when nothing in the file is readable: one record for every chunk at least', async () => {
    const units = await read(Buffer.concat([Buffer.from('ElfFile\0'), noise(HEADER - 8 + 300_000)]))
    expect(problems(units)).toEqual([
      ['header', 'header_damaged', 0],
      [`bytes ${HEADER}-${HEADER + 299_999}`, 'bytes_damaged', 4],
    ])
    expect(problems(await read(noise(5_000))).map((problem) => problem.slice(1))).toEqual([
      ['header_damaged', 0],
      ['bytes_damaged', 1],
    ])
  })

  it('count as many records as the ids around them tell', async () => {
    for (const [index, count] of [
      [2, 1],
      [1, 3],
      [4, 2],
    ] as const) {
      const bytes = Buffer.from(WHOLE)
      noise(count * CHUNK).copy(bytes, chunkAt(index))
      const units = await read(bytes)
      const missing = idOf(index + count - 1, 32) - idOf(index, 24) + 1
      expect(problems(units)).toEqual([
        [`bytes ${chunkAt(index)}-${chunkAt(index + count) - 1}`, 'bytes_damaged', missing],
      ])
      expect(stored(units)).toBe(COUNT - missing)
    }
  })

  it('are told when they were made zeros and the ids show that records stood there', async () => {
    const bytes = Buffer.from(WHOLE)
    bytes.fill(0, chunkAt(3), chunkAt(4))
    const missing = idOf(3, 32) - idOf(3, 24) + 1
    expect(problems(await read(bytes))).toEqual([
      [`bytes ${chunkAt(3)}-${chunkAt(4) - 1}`, 'records_missing', missing],
    ])
    expect(problems(await read(Buffer.concat([WHOLE, Buffer.alloc(10 * CHUNK)])))).toEqual([])
  })

  it('are unused behind the chunks that the header of a closed log counts', async () => {
    const units = await read(Buffer.concat([WHOLE, noise(8 * CHUNK)]))
    expect([stored(units), problems(units)]).toEqual([COUNT, [['file', 'unused_space', 0]]])
  })

  it('are damage within what the header counts, and behind it when it is itself damaged', async () => {
    const counted = await read(
      withHeader(Buffer.concat([WHOLE, noise(2 * CHUNK)]), (header) => header.writeUInt16LE(7, 42)),
    )
    expect(problems(counted)).toEqual([
      [`bytes ${chunkAt(6)}-${chunkAt(7) - 1}`, 'bytes_damaged', 1],
      ['file', 'unused_space', 0],
    ])
    const damaged = Buffer.concat([WHOLE, noise(2 * CHUNK)])
    damaged[124]! ^= 1
    expect(problems(await read(damaged)).map((problem) => problem.slice(1))).toEqual([
      ['header_damaged', 0],
      ['bytes_damaged', 2],
    ])
  })

  it('may be unused at the end of a log that was not closed, up to the 1 MiB it grows by, and never before a chunk', async () => {
    const what = async (bytes: Buffer): Promise<(string | number)[][]> =>
      problems(await read(bytes)).map((problem) => problem.slice(1))
    const open = ['not_closed', 0]
    expect(await what(dirty(Buffer.concat([WHOLE, noise(16 * CHUNK)]), 6))).toEqual([
      open,
      ['unused_space', 0],
    ])
    expect(await what(dirty(Buffer.concat([WHOLE, noise(17 * CHUNK)]), 6))).toEqual([
      open,
      ['bytes_damaged', 17],
    ])
    const between = Buffer.concat([WHOLE.subarray(0, chunkAt(5)), noise(CHUNK), WHOLE.subarray(chunkAt(5))])
    expect(await what(dirty(between, 2))).toEqual([open, ['bytes_damaged', 1]])
  })

  it('take a second or less for each MiB, however many false starts they hold', async () => {
    const size = 1_048_576
    const signatures = Buffer.alloc(size, 'ElfChnk\0', 'latin1')
    const headers = Buffer.alloc(size)
    const whole = Buffer.alloc(size)
    const records = Buffer.alloc(size)
    // Such that no start has another one exactly where it is expected.
    for (let at = 0; at + 512 <= size; at += 520) {
      WHOLE.copy(headers, at, chunkAt(1), chunkAt(1) + 512)
      WHOLE.copy(whole, at, 0, 128)
      WHOLE.copy(records, at, chunkAt(1), chunkAt(1) + 128)
    }
    for (let at = 0; at < size; at += 4) if (records[at] === 0) records.write('**\0\0', at, 'latin1')
    for (const bytes of [signatures, headers, whole, records]) {
      const started = performance.now()
      let units = 0
      for await (const batch of readEvtx(partOf('x.evtx', Buffer.concat([WHOLE, bytes])).open()))
        units += batch.length
      expect(performance.now() - started).toBeLessThan(2_000)
      expect(units).toBeLessThan(COUNT + (4 * size) / 512)
    }
  })
})

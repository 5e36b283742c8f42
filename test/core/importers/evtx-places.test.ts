import { describe, expect, it } from 'vitest'
import { writeEvtx, type WindowsEventSpec } from '../../../core/demo/evtx-writer.ts'
import importer from '../../../core/importers/evtx.importer.ts'
import { type EvtxUnit, readEvtx } from '../../../core/importers/evtx/read-evtx.ts'
import { type Span, spansOf } from '../../../core/importers/evtx/spans.ts'
import { mutate } from '../../support/mutate.ts'
import { detectInputOf, partOf } from '../../support/parse.ts'
import { below, randomBytes, seededRandom } from '../../support/random.ts'
import { Workbench } from '../../support/workbench.ts'

const SEED = 20_311_122
const CHUNK = 65_536
const HEADER = 4096
const AT = Date.UTC(2031, 4, 6, 7, 8, 9) * 1000

const event = (recordId: number, text: string): WindowsEventSpec => ({
  provider: 'Example',
  eventId: 1,
  channel: 'Application',
  computer: 'WS01',
  timeUs: AT + recordId,
  recordId,
  data: [
    ['Name', `value ${recordId}`],
    ['Text', text],
  ],
})
const log = (count: number, from = 1): Buffer =>
  Buffer.from(writeEvtx(Array.from({ length: count }, (_, index) => event(from + index, 'x'.repeat(300)))))
/** Six chunks. */
const COUNT = 420
const WHOLE = log(COUNT)
const ALL = Array.from({ length: COUNT }, (_, index) => String(index + 1))
const chunkAt = (index: number): number => HEADER + index * CHUNK
const insert = (bytes: Buffer, at: number, what: Buffer): Buffer =>
  Buffer.concat([bytes.subarray(0, at), what, bytes.subarray(at)])
const remove = (bytes: Buffer, at: number, count: number): Buffer =>
  Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + count)])

async function read(bytes: Uint8Array, pieceBytes?: number): Promise<EvtxUnit[]> {
  const units: EvtxUnit[] = []
  for await (const batch of readEvtx(partOf('x.evtx', bytes, pieceBytes).open())) units.push(...batch)
  return units
}
const records = (units: readonly EvtxUnit[]): (EvtxUnit & { kind: 'record' })[] =>
  units.filter((unit) => unit.kind === 'record')
const ids = (units: readonly EvtxUnit[]): string[] => records(units).map((unit) => unit.event.recordId)
const problems = (units: readonly EvtxUnit[]): (string | number)[][] =>
  units.flatMap((unit) => (unit.kind === 'problem' ? [[unit.locator, unit.what, unit.records]] : []))
const lost = (units: readonly EvtxUnit[]): number =>
  units.reduce((sum, unit) => sum + (unit.kind === 'problem' ? unit.records : 0), 0)
/** How many records the chunk holds. */
const inChunk = (index: number): number =>
  Number(WHOLE.readBigUInt64LE(chunkAt(index) + 32) - WHOLE.readBigUInt64LE(chunkAt(index) + 24)) + 1
const idsOutside = (index: number): string[] => {
  const first = Number(WHOLE.readBigUInt64LE(chunkAt(index) + 24))
  return ALL.filter((id) => Number(id) < first || Number(id) >= first + inChunk(index))
}
async function spans(bytes: Buffer, pieceBytes: number): Promise<Span[]> {
  const found: Span[] = []
  for await (const span of spansOf(partOf('x.evtx', bytes, pieceBytes).open()))
    found.push({ ...span, bytes: Buffer.from(span.bytes) })
  return found
}

describe('EVTX chunks that are not where they belong', () => {
  it('are the six chunks these tests speak of', () => {
    expect(WHOLE.length).toBe(HEADER + 6 * CHUNK)
  })

  it('are found behind inserted bytes; their locators and their raw text lead to the right bytes', async () => {
    const bytes = insert(WHOLE, chunkAt(2), Buffer.alloc(1000, 0xaa))
    const units = await read(bytes)
    expect(ids(units)).toEqual(ALL)
    expect(problems(units)).toEqual([[`bytes ${chunkAt(2)}-${chunkAt(2) + 999}`, 'bytes_damaged', 1]])
    const plain = records(await read(WHOLE))
    for (const [index, { locator, raw, inPlace, event: found }] of records(units).entries()) {
      expect([raw, { ...found }]).toEqual([plain[index]!.raw, { ...plain[index]!.event }])
      const [, chunk, byte, id] = /^chunk (\d)(?: at byte (\d+))?, record (\d+)$/.exec(locator) ?? []
      expect(id).toBe(found.recordId)
      expect(byte).toBe(Number(chunk) < 3 ? undefined : String(chunkAt(Number(chunk) - 1) + 1000))
      const start = byte === undefined ? chunkAt(Number(chunk) - 1) : Number(byte)
      expect(bytes.compare(inPlace!.source.bytes, 0, CHUNK, start, start + CHUNK)).toBe(0)
      expect(bytes.readBigUInt64LE(start + inPlace!.at + 8)).toBe(BigInt(found.recordId))
    }
  })

  it('are rendered by the importer out of the bytes kept in the case', async () => {
    const bytes = insert(WHOLE, chunkAt(1), Buffer.alloc(77, 0xaa))
    let seen = 0
    for await (const batch of importer.parse(partOf('x.evtx', bytes), {
      zone: 'UTC',
      dateOrder: null,
      mapping: null,
    }))
      for (const unit of batch) {
        if (unit.kind !== 'record' || unit.inPlace === undefined) continue
        seen += 1
        const { source, at } = unit.inPlace
        const rendered = importer.renderInPlace!(source.bytes, at)
        expect([source.locator + rendered.locator, rendered.raw, rendered.isWhole]).toEqual([
          unit.locator,
          unit.raw,
          true,
        ])
      }
    expect(seen).toBe(COUNT)
  })

  it('are shown from the case as the log that nothing was put into, and their locators name their bytes', async () => {
    const bench = await Workbench.open()
    try {
      await bench.import(bench.file('shifted.evtx', insert(WHOLE, chunkAt(1), Buffer.alloc(1000, 0xaa))))
      const [one] = await bench.client.call('evidence.list', {})
      expect([one?.status, one?.read, one?.stored, one?.rejected]).toEqual([
        'done-with-rejects',
        COUNT + 1,
        COUNT,
        1,
      ])
      const plain = records(await read(WHOLE))
      for (const record of [1, 70, 71, 72, 201, COUNT]) {
        const { raw, locator } = await bench.client.call('record.get', { evidenceId: one!.id, record })
        expect(raw).toBe(plain[record - 1]!.raw)
        const byte = /^chunk \d at byte (\d+), record/.exec(locator)?.[1]
        expect(locator).toBe(plain[record - 1]!.locator.replace(',', byte ? ` at byte ${byte},` : ','))
        expect(byte === undefined).toBe(locator.startsWith('chunk 1,'))
      }
    } finally {
      await bench.close()
    }
  })

  it('are found behind inserted zeros, which are no damage', async () => {
    const units = await read(insert(WHOLE, chunkAt(4), Buffer.alloc(5000)))
    expect([ids(units), problems(units)]).toEqual([ALL, []])
  })

  it('lose the end of a chunk that bytes were put into, and nothing else', async () => {
    const units = await read(insert(WHOLE, chunkAt(2) + 30_000, Buffer.alloc(1000, 0xaa)))
    expect(ids(units)).toEqual(expect.arrayContaining(idsOutside(2)))
    expect(records(units).filter((unit) => unit.patched === undefined).length).toBeGreaterThan(COUNT - 40)
    expect(lost(units)).toBeGreaterThan(0)
    expect(ids(units).length + lost(units)).toBeGreaterThanOrEqual(COUNT)
    expect(ids(units).length + lost(units)).toBeLessThanOrEqual(COUNT + 2)
  })

  it('are found where bytes are missing in the chunk before, and it says so', async () => {
    const units = await read(remove(WHOLE, chunkAt(2) + 30_000, 1000))
    expect(ids(units)).toEqual(expect.arrayContaining(idsOutside(2)))
    expect(problems(units).map(([, what]) => what)).toContain('chunk_cut')
    expect(ids(units).length + lost(units)).toBe(COUNT)
    // A chunk cut off in its records, and one that lacks only unused room.
    const cut = await read(remove(WHOLE, chunkAt(3) + 20_000, CHUNK - 20_000))
    expect(ids(cut).length + lost(cut)).toBe(COUNT)
    expect(ids(cut)).toEqual(expect.arrayContaining(idsOutside(3)))
    const unused = await read(remove(WHOLE, chunkAt(4) - 100, 100))
    expect([ids(unused), problems(unused)]).toEqual([ALL, [['chunk 4', 'chunk_cut', 0]]])
  })

  it('are found wherever bytes are put in or taken out', async () => {
    const random = seededRandom(SEED)
    for (let round = 0; round < 60; round++) {
      const index = below(random, 6)
      // Behind its header: without that nobody knows which record was its first.
      const at = chunkAt(index) + 512 + below(random, CHUNK - 512)
      const size = 1 + below(random, round % 3 === 0 ? 100_000 : 3000)
      const isIn = random() < 0.6 || at + size > chunkAt(index + 1)
      const bytes = isIn ? insert(WHOLE, at, randomBytes(random, size)) : remove(WHOLE, at, size)
      const units = await read(bytes)
      const name = `seed ${SEED}, round ${round}: ${isIn ? 'in' : 'out'} ${at} ${size}`
      const live = records(units).filter((unit) => unit.inPlace !== undefined)
      expect(ids(live), name).toEqual(expect.arrayContaining(idsOutside(index)))
      expect(new Set(ids(units)).size, name).toBe(ids(units).length)
      expect(ids(units).length + lost(units), name).toBeGreaterThanOrEqual(COUNT)
    }
  })

  it('are found without a file header, even when the first of them lost its own', async () => {
    const noise = randomBytes(seededRandom(SEED), 10_000)
    for (const head of [Buffer.alloc(HEADER), noise.subarray(0, HEADER), noise.subarray(0, 700)]) {
      const units = await read(Buffer.concat([head, WHOLE.subarray(HEADER)]))
      expect([ids(units), problems(units)]).toEqual([ALL, [['header', 'header_damaged', 0]]])
    }
    const more = await read(Buffer.concat([noise.subarray(0, 6000), WHOLE.subarray(HEADER)]))
    expect(problems(more)).toEqual([
      ['header', 'header_damaged', 0],
      ['bytes 4096-5999', 'bytes_damaged', 1],
    ])
    const both = Buffer.from(WHOLE)
    both.fill(0, 0, HEADER + 100)
    const units = await read(both)
    expect([ids(units), problems(units)]).toEqual([
      ALL,
      [
        ['header', 'header_damaged', 0],
        ['chunk 1', 'chunk_damaged', 0],
      ],
    ])
    expect(records(units).every((unit) => unit.inPlace !== undefined)).toBe(true)
  })

  it('belong to several logs when these stand one behind the other', async () => {
    const second = log(120, 5001)
    const behind = Array.from({ length: 120 }, (_, index) => String(5001 + index))
    const joined = await read(Buffer.concat([WHOLE, second]))
    expect([ids(joined), problems(joined)]).toEqual([[...ALL, ...behind], []])
    expect(joined.at(-1)?.locator).toBe(`chunk 8 at byte ${WHOLE.length + HEADER + CHUNK}, record 5120`)
    // The first one is cut off in a chunk, and tells what it lacks.
    const cut = await read(Buffer.concat([WHOLE.subarray(0, chunkAt(4) + 30_000), second]))
    expect(ids(cut).slice(-120)).toEqual(behind)
    expect(ids(cut).length + lost(cut)).toBe(COUNT + 120)
  })

  it('are not looked for in the text of events', async () => {
    const quoted = WHOLE.subarray(chunkAt(1), chunkAt(1) + 8192).toString('utf16le')
    const quote = Buffer.from(
      writeEvtx([
        event(1, 'before'),
        event(2, quoted),
        event(3, 'behind'),
        event(4, quoted),
        event(5, 'end'),
      ]),
    )
    expect(quote.indexOf('ElfChnk', HEADER + 8)).toBeGreaterThan(HEADER)
    const whole = await read(quote)
    expect([ids(whole), problems(whole)]).toEqual([['1', '2', '3', '4', '5'], []])
    // The same in a chunk with nothing behind it whose checksum is wrong, and in one without a header.
    quote[HEADER + 53]! ^= 1
    expect(ids(await read(quote))).toEqual(['1', '2', '3', '4', '5'])
    quote.fill(0, HEADER, HEADER + 128)
    expect(ids(await read(Buffer.concat([quote, Buffer.alloc(CHUNK)])))).toEqual(['1', '2', '3', '4', '5'])
  })

  it('leave no byte out and read none twice, however the bytes arrive and whatever happened to them', async () => {
    const random = seededRandom(SEED)
    const small = WHOLE.subarray(0, chunkAt(3))
    for (let round = 0; round < 60; round++) {
      const bytes = round === 0 ? small : mutate(Buffer.from(small), random)
      const found = await spans(bytes, CHUNK)
      expect(Buffer.concat(found.map((span) => span.bytes)).equals(bytes), `round ${round}`).toBe(true)
      let at = 0
      for (const span of found) {
        expect(span.at).toBe(at)
        at += span.bytes.length
      }
      const pieceBytes = 1 + below(random, 3 * CHUNK)
      expect(await spans(bytes, pieceBytes), `round ${round}, pieces ${pieceBytes}`).toEqual(found)
    }
  })
})

describe('EVTX detection without a file header', () => {
  const confidence = (bytes: Buffer): number => importer.detect(detectInputOf('x.evtx', bytes))
  it('knows a log by a chunk further on, less surely', () => {
    const chunks = WHOLE.subarray(HEADER)
    expect(confidence(Buffer.concat([Buffer.alloc(HEADER), chunks]))).toBe(0.7)
    expect(confidence(Buffer.concat([Buffer.alloc(999, 1), chunks]))).toBe(0.5)
    expect(confidence(Buffer.concat([Buffer.alloc(999, 1), WHOLE]))).toBe(0.5)
  })
  it('does not take the words alone for a chunk', () => {
    const text = 'The chunk begins with ElfChnk\0 and the file with ElfFile\0. '
    expect(confidence(Buffer.from(text.repeat(300)))).toBe(0)
  })
})

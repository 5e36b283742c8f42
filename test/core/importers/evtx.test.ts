import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { writeEvtx, type WindowsEventSpec } from '../../../core/demo/evtx-writer.ts'
import importer from '../../../core/importers/evtx.importer.ts'
import { type EvtxUnit, readEvtx } from '../../../core/importers/evtx/read-evtx.ts'
import { partOf } from '../../support/parse.ts'
import { below, seededRandom } from '../../support/random.ts'

const SEED = 20_311_121
const CONTEXT = { zone: 'UTC', dateOrder: null, mapping: null }
const AT = Date.UTC(2031, 4, 6, 7, 8, 9) * 1000 + 123_456

function anEvent(recordId: number, more: Partial<WindowsEventSpec> = {}): WindowsEventSpec {
  return {
    provider: 'Example',
    eventId: 1,
    channel: 'Application',
    computer: 'WS01',
    timeUs: AT,
    recordId,
    data: [['Name', 'value']],
    ...more,
  }
}
const many = (count: number, text = ''): WindowsEventSpec[] =>
  Array.from({ length: count }, (_, index) =>
    anEvent(index + 1, {
      data: [
        ['Name', `value ${index}`],
        ['Text', text],
      ],
    }),
  )

async function read(bytes: Uint8Array, pieceBytes?: number): Promise<EvtxUnit[]> {
  const units: EvtxUnit[] = []
  for await (const batch of readEvtx(partOf('x.evtx', bytes, pieceBytes).open())) units.push(...batch)
  return units
}
const ids = (units: readonly EvtxUnit[]): string[] =>
  units.flatMap((unit) => (unit.kind === 'record' ? [unit.event.recordId] : []))
const problems = (units: readonly EvtxUnit[]): (string | number)[][] =>
  units.flatMap((unit) => (unit.kind === 'problem' ? [[unit.locator, unit.what, unit.records]] : []))
const readOne = async (event: WindowsEventSpec): Promise<EvtxUnit & { kind: 'record' }> => {
  const [unit] = await read(writeEvtx([event]))
  if (unit?.kind !== 'record') throw new Error('no record')
  return unit
}

/** Places of the records of the first chunk. */
function recordOffsets(bytes: Buffer): number[] {
  const offsets: number[] = []
  for (let at = 4096 + 512; bytes.readUInt32LE(at) === 0x2a2a; at += bytes.readUInt32LE(at + 4))
    offsets.push(at)
  return offsets
}
const recovered = (units: readonly EvtxUnit[]): (string | undefined)[][] =>
  units.flatMap((unit) => (unit.kind === 'record' ? [[unit.event.recordId, unit.recovered]] : []))
/** The chunk twice: first with nothing live in it, then as it was. */
function withoutLive(whole: Buffer): Buffer {
  const stale = Buffer.from(whole.subarray(0, 4096 + 65_536))
  stale.writeUInt32LE(512, 4096 + 48)
  stale.writeUInt32LE(0, 4096 + 44)
  stale.writeBigUInt64LE(0n, 4096 + 32)
  return resum(Buffer.concat([stale, whole.subarray(4096)]))
}
/** Puts the sums right again, so that only the planted damage is found. */
function resum(bytes: Buffer): Buffer {
  for (let at = 4096; at + 65_536 <= bytes.length; at += 65_536) {
    const chunk = bytes.subarray(at, at + 65_536)
    chunk.writeUInt32LE(crc32(chunk.subarray(512, chunk.readUInt32LE(48))), 52)
    chunk.writeUInt32LE(crc32(chunk.subarray(128, 512), crc32(chunk.subarray(0, 120))), 124)
  }
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 120)), 124)
  return bytes
}

describe('EVTX reader', () => {
  it('reads System and EventData with their types', async () => {
    const { event, locator } = await readOne(
      anEvent(77, {
        provider: 'Microsoft-Windows-Sysmon',
        eventId: 22,
        version: 5,
        channel: 'Microsoft-Windows-Sysmon/Operational',
        computer: 'WS01.corp.example',
        userSid: 'S-1-5-21-1-2-3-1104',
        data: [
          ['QueryName', 'files.example'],
          ['Empty', ''],
        ],
      }),
    )
    expect(locator).toBe('chunk 1, record 77')
    expect({ ...event, data: [...event.data] }).toEqual({
      provider: 'Microsoft-Windows-Sysmon',
      eventId: 22,
      version: 5,
      channel: 'Microsoft-Windows-Sysmon/Operational',
      computer: 'WS01.corp.example',
      timeUs: AT,
      zoneAssumed: false,
      recordId: '77',
      userSid: 'S-1-5-21-1-2-3-1104',
      executionPid: 4,
      isAuditFailure: false,
      data: [
        ['QueryName', 'files.example'],
        ['Empty', ''],
      ],
    })
  })

  it('keeps the whole event as JSON, 64-bit numbers as text', async () => {
    const { raw } = await readOne(
      anEvent(9_007_199_254_740_991, { providerGuid: '{5770385f-c22a-43e0-bf4c-06f5698ffbd9}' }),
    )
    expect(JSON.parse(raw)).toEqual({
      Event: {
        '#attributes': { xmlns: 'http://schemas.microsoft.com/win/2004/08/events/event' },
        System: {
          Provider: { '#attributes': { Name: 'Example', Guid: '{5770385F-C22A-43E0-BF4C-06F5698FFBD9}' } },
          EventID: 1,
          Version: 0,
          Level: 4,
          Task: 0,
          Opcode: 0,
          Keywords: '0x8000000000000000',
          TimeCreated: { '#attributes': { SystemTime: '2031-05-06T07:08:09.1234560Z' } },
          EventRecordID: '9007199254740991',
          Correlation: {},
          Execution: { '#attributes': { ProcessID: 4, ThreadID: 8 } },
          Channel: 'Application',
          Computer: 'WS01',
          Security: {},
        },
        EventData: { Name: 'value' },
      },
    })
  })

  it('numbers unnamed data, suffixes repeated names and keeps control characters', async () => {
    const { event, raw } = await readOne(
      anEvent(1, {
        data: [
          [null, 'a'],
          ['Same', '1'],
          [null, 'b'],
          ['Same', '2'],
          ['__proto__', 'x\u0007\u0000y'],
        ],
      }),
    )
    expect([...event.data]).toEqual([
      ['param1', 'a'],
      ['Same', '1'],
      ['param2', 'b'],
      ['Same_2', '2'],
      ['__proto__', 'x\u0007\u0000y'],
    ])
    expect(JSON.stringify((JSON.parse(raw) as { Event: { EventData: unknown } }).Event.EventData)).toBe(
      '{"Data":["a","b"],"Same":"1","Same_2":"2","__proto__":"x\\u0007\\u0000y"}',
    )
  })

  it('reads UserData by the names of its elements', async () => {
    const { data: _none, ...bare } = anEvent(1)
    const { event } = await readOne({
      ...bare,
      userData: {
        element: 'LogFileCleared',
        namespace: 'urn:x',
        fields: [
          ['SubjectUserName', 'alice'],
          ['Channel', 'System'],
        ],
      },
    })
    expect([...event.data]).toEqual([
      ['SubjectUserName', 'alice'],
      ['Channel', 'System'],
    ])
  })

  it('reads many chunks, however the bytes arrive', async () => {
    const bytes = writeEvtx(many(500, 'x'.repeat(300)))
    expect(bytes.length).toBeGreaterThan(4096 + 3 * 65_536)
    const expected = Array.from({ length: 500 }, (_, index) => String(index + 1))
    for (const pieceBytes of [bytes.length, 65_536, 777])
      expect(ids(await read(bytes, pieceBytes))).toEqual(expected)
  })

  it('reads a single carved chunk without the file header', async () => {
    expect(ids(await read(writeEvtx(many(3)).subarray(4096)))).toEqual(['1', '2', '3'])
  })

  it('does not believe the chunk count of a log that was not closed', async () => {
    const bytes = Buffer.from(writeEvtx(many(400, 'x'.repeat(300))))
    bytes.writeUInt16LE(1, 42)
    bytes.writeUInt32LE(1, 120)
    const units = await read(resum(bytes))
    expect(ids(units)).toHaveLength(400)
    expect(problems(units)).toEqual([['header', 'not_closed', 0]])
  })

  it('reads records behind the free space of a dirty chunk as long as their ids go on', async () => {
    const bytes = Buffer.from(writeEvtx(many(6)))
    const offsets = recordOffsets(bytes)
    bytes.writeUInt32LE(offsets[3]! - 4096, 4096 + 48)
    bytes.writeUInt32LE(1, 120)
    expect(ids(await read(resum(Buffer.from(bytes))))).toEqual(['1', '2', '3', '4', '5', '6'])
    bytes.writeUInt32LE(900, offsets[4]! + 8)
    const units = await read(resum(Buffer.from(bytes)))
    expect(recovered(units).map(([, by]) => by)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      'own',
      'own',
    ])
  })

  it('recovers left-overs behind the free space of a closed log and says so', async () => {
    const bytes = Buffer.from(writeEvtx(many(6)))
    bytes.writeUInt32LE(recordOffsets(bytes)[3]! - 4096, 4096 + 48)
    bytes.writeUInt32LE(recordOffsets(bytes)[2]! - 4096, 4096 + 44)
    const units = await read(resum(bytes))
    expect(recovered(units)).toEqual([
      ['1', undefined],
      ['2', undefined],
      ['3', undefined],
      ['4', 'own'],
      ['5', 'own'],
      ['6', 'own'],
    ])
    expect(problems(units)).toEqual([])
    expect(units.at(-1)?.locator).toMatch(/^chunk 1, offset \d+, left-over record 6$/)
  })

  it('drops left-overs that repeat a live record, even of a later chunk, and counts them', async () => {
    const whole = Buffer.from(writeEvtx(many(6)))
    const units = await read(withoutLive(whole))
    expect(ids(units)).toEqual(['1', '2', '3', '4', '5', '6'])
    expect(problems(units)).toEqual([['file', 'repeated', 0]])
  })

  it('keeps left-overs of before the log was cleared, whose ids the live records have again', async () => {
    const bytes = withoutLive(Buffer.from(writeEvtx(many(6))))
    for (const at of recordOffsets(bytes)) bytes.writeUInt32LE(bytes.readUInt32LE(at + 20) - 5_000, at + 20)
    const units = await read(bytes)
    expect(recovered(units).filter(([, by]) => by !== undefined)).toHaveLength(6)
    expect(problems(units)).toEqual([])
  })

  it('never believes a template that is no longer there: the values remain, and System where its place is known', async () => {
    const bytes = Buffer.from(writeEvtx(many(3)))
    const [, second, third] = recordOffsets(bytes)
    bytes.writeUInt32LE(second! - 4096, 4096 + 48)
    bytes.writeUInt32LE(0, 4096 + 44)
    bytes.writeUInt32LE(0xdeadbeef, second! + 24 + 4 + 2)
    bytes.writeUInt32LE(0, third! + 24 + 4 + 2)
    const units = await read(resum(bytes))
    expect(recovered(units)).toEqual([
      ['1', undefined],
      ['2', 'values'],
      ['3', 'values'],
    ])
    const unit = units[1]
    expect(
      unit?.kind === 'record' && [unit.event.timeUs, [...unit.event.data.values()].includes('value 1')],
    ).toEqual([AT, true])
    // The same log out of two collections is the same record; what the values stand for stays open.
    const keys = async (source: Uint8Array) => {
      const found: (string | undefined)[] = []
      for await (const batch of importer.parse(partOf('x.evtx', source), CONTEXT))
        for (const one of batch) if (one.kind === 'record') found.push(one.key)
      return found
    }
    const [named, ...unnamed] = await keys(resum(bytes))
    expect([named, ...unnamed]).toEqual(await keys(Buffer.concat([bytes])))
    expect(named).toMatch(/^win\|/)
    expect(unnamed.map((key) => key?.slice(0, 14))).toEqual(['evtx-values|2|', 'evtx-values|3|'])
  })

  it('takes the template of a left-over from elsewhere in the file when its own place was overwritten', async () => {
    const first = Buffer.from(writeEvtx(many(2)))
    const second = Buffer.from(
      writeEvtx([anEvent(11, { eventId: 9, data: [['Another', 'x'.repeat(400)]] }), ...many(6).slice(2)]),
    )
    const chunk = second.subarray(4096)
    const offsets = recordOffsets(second)
    // The definition of the left-overs' template is overwritten; its id names the one of the first chunk.
    const definition = offsets[1]! - 4096 + 24 + 4 + 10
    expect(chunk.readUInt32LE(definition - 4)).toBe(definition)
    chunk.fill(0x55, definition + 4, definition + 20)
    chunk.writeUInt32LE(offsets[1]! - 4096, 48)
    chunk.writeUInt32LE(512, 44)
    const units = await read(resum(Buffer.concat([first, chunk])))
    expect(recovered(units).slice(3)).toEqual([
      ['4', 'file'],
      ['5', 'file'],
      ['6', 'file'],
    ])
  })

  it('says that a checksum is wrong and goes on', async () => {
    const bytes = Buffer.from(writeEvtx(many(3)))
    bytes[4096 + 53] = bytes[4096 + 53]! ^ 1
    const units = await read(bytes)
    expect(ids(units)).toHaveLength(3)
    expect(problems(units)).toEqual([['chunk 1', 'chunk_checksum', 0]])
  })

  it('steps over a record whose size is zero and counts it', async () => {
    const bytes = Buffer.from(writeEvtx(many(5)))
    bytes.writeUInt32LE(0, recordOffsets(bytes)[2]! + 4)
    const units = await read(resum(bytes))
    expect(ids(units)).toEqual(['1', '2', '4', '5'])
    expect(problems(units).map((problem) => problem.slice(1))).toEqual([['records_missing', 1]])
  })

  it('takes records of another chunk that lie in an overwritten place for what they are', async () => {
    const bytes = Buffer.from(writeEvtx(many(8)))
    const offsets = recordOffsets(bytes)
    bytes.writeUInt32LE(0, offsets[2]! + 4)
    for (const at of offsets.slice(3)) bytes.writeUInt32LE(100_000 + at, at + 8)
    const units = await read(resum(bytes))
    expect(recovered(units).map(([, by]) => by)).toEqual([
      undefined,
      undefined,
      'own',
      'own',
      'own',
      'own',
      'own',
    ])
    expect(problems(units).map((problem) => problem.slice(1))).toEqual([['records_missing', 6]])
  })

  it('keeps the values of a record whose template is damaged, and names them where the file holds the template elsewhere', async () => {
    const bytes = Buffer.from(writeEvtx(many(300, 'x'.repeat(300))))
    const offsets = recordOffsets(bytes)
    bytes.writeUInt32LE(65_500, offsets[5]! + 24 + 4 + 6)
    bytes.writeUInt32LE(65_500, offsets[6]! + 24 + 4 + 6)
    bytes.writeUInt32LE(0x12345678, offsets[6]! + 24 + 4 + 2)
    const units = await read(resum(bytes))
    expect(ids(units)).toHaveLength(300)
    expect(problems(units)).toEqual([])
    const patched = units.flatMap((unit) => (unit.kind === 'record' && unit.patched ? [unit] : []))
    expect(patched.map((unit) => [unit.patched, unit.event.recordId, unit.event.data.get('Name')])).toEqual([
      ['file', '6', 'value 5'],
      ['values', '7', undefined],
    ])
  })

  it('reads or counts every record, whatever single byte of a record is damaged', async () => {
    const source = Buffer.from(writeEvtx(many(40)))
    const offsets = recordOffsets(source)
    const random = seededRandom(SEED)
    for (let round = 0; round < 300; round++) {
      const bytes = Buffer.from(source)
      const start = offsets[below(random, offsets.length)]!
      const size = bytes.readUInt32LE(start + 4)
      // Behind magic, size and id, and before the size copy: those decide where records are and which.
      const at = start + 16 + below(random, size - 20)
      bytes[at] = below(random, 256)
      const units = await read(resum(bytes))
      const lost = units.reduce((sum, unit) => sum + (unit.kind === 'problem' ? unit.records : 0), 0)
      expect([round, ids(units).length + lost], `seed ${SEED}, round ${round}, byte ${at}`).toEqual([
        round,
        40,
      ])
    }
  })

  it('stores fields that first appear late in a file', async () => {
    const late = anEvent(401, { eventId: 2, data: [['Late', 'seen']] })
    const units = await read(writeEvtx([...many(400, 'x'.repeat(300)), late]))
    const last = units.at(-1)
    expect(last?.kind === 'record' && [...last.event.data]).toEqual([['Late', 'seen']])
  })

  it('counts the records a cut file lacks', async () => {
    const bytes = writeEvtx(many(400, 'x'.repeat(300)))
    const whole = ids(await read(bytes)).length
    for (const size of [bytes.length - 65_536 - 40_000, 4096 + 30_000, 4096 + 65_536 + 300]) {
      const units = await read(bytes.subarray(0, size))
      const lost = units.reduce((sum, unit) => sum + (unit.kind === 'problem' ? unit.records : 0), 0)
      expect([size, ids(units).length + lost]).toEqual([size, whole])
    }
  })

  it('refuses to expand a small chunk into gigabytes', async () => {
    const data = [
      [null, 'x'.repeat(15_000)] as const,
      ...Array.from({ length: 1_200 }, () => [null, ''] as const),
    ]
    const bytes = Buffer.from(writeEvtx([anEvent(1, { data }), anEvent(2)]))
    // Every further Data element (values 17 and up) is made to name the one large value 16.
    for (let index = 17; index < 16 + data.length; index++) {
      const at = bytes.indexOf(Buffer.from([0x02, 0x0d, index & 255, index >> 8, 1, 0x04]), 4096)
      bytes.writeUInt16LE(16, at + 2)
    }
    const units = await read(resum(bytes))
    expect(problems(units)).toEqual([['chunk 1', 'chunk_budget', 2]])
  })

  it('does not let one forged template rename the fields of later chunks', async () => {
    const one = Buffer.from(writeEvtx([anEvent(1)]))
    const other = Buffer.from(one.subarray(4096))
    const name = Buffer.from('Name', 'utf16le')
    const literal = other.lastIndexOf(name)
    Buffer.from('Fake', 'utf16le').copy(other, literal)
    const units = await read(resum(Buffer.concat([one, other])))
    expect(units.flatMap((unit) => (unit.kind === 'record' ? [...unit.event.data.keys()] : []))).toEqual([
      'Name',
      'Fake',
    ])
  })

  it('gives up on a fragment that holds itself many times over', async () => {
    const width = 150
    const definition = 512 + 24 + 4 + 10
    const nested = (depth: number): Buffer => {
      const inner = depth === 0 ? Buffer.alloc(0) : nested(depth - 1)
      const head = Buffer.from([0x0f, 1, 1, 0, 0x0c, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
      head.writeUInt32LE(definition, 10)
      head.writeUInt32LE(16 + width, 14)
      const table = Buffer.alloc((16 + width) * 4)
      table.writeUInt16LE(inner.length, 16 * 4)
      table[16 * 4 + 2] = inner.length > 0 ? 0x21 : 0
      return Buffer.concat([head, table, inner])
    }
    const bomb = nested(6)
    const data = [
      [null, bomb.toString('utf16le')] as const,
      ...Array.from({ length: width - 1 }, () => [null, ''] as const),
    ]
    const bytes = Buffer.from(writeEvtx([anEvent(1, { data })]))
    for (let index = 17; index < 16 + width; index++) {
      const at = bytes.indexOf(Buffer.from([0x02, 0x0d, index, 0, 1, 0x04]), 4096)
      bytes.writeUInt16LE(16, at + 2)
    }
    const valueTable = 4096 + definition + 24 + bytes.readUInt32LE(4096 + definition + 20) + 4
    expect(bytes.readUInt16LE(valueTable + 16 * 4)).toBe(bomb.length)
    bytes[valueTable + 16 * 4 + 2] = 0x21
    const started = performance.now()
    expect(problems(await read(resum(bytes)))).toEqual([['chunk 1', 'chunk_budget', 1]])
    expect(performance.now() - started).toBeLessThan(2_000)
  })
})

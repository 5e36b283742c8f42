import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { writeEvtx, type WindowsEventSpec } from '../../../core/demo/evtx-writer.ts'

const CHUNK_BYTES = 65_536
const HEADER_BYTES = 4_096
const FIRST_RECORD = 512
/** Chunks that are nearly full: what a busy log consists of. */
const FILLED_TO = 52_000
const RECORD_MAGIC = 0x2a2a

/** An EVTX file of about `bytes` bytes at `path`, its records numbered through; returns how many there are. */
export function writeEvtxInput(path: string, bytes: number, chunks: readonly Buffer[]): number {
  const wanted = Math.ceil(bytes / CHUNK_BYTES)
  const file = openSync(path, 'w')
  let nextId = 1
  writeSync(file, Buffer.alloc(HEADER_BYTES))
  for (let index = 0; index < wanted; index++) {
    const chunk = Buffer.from(chunks[index % chunks.length]!)
    nextId = renumber(chunk, nextId, BigInt(Math.floor(index / chunks.length)) * REPEAT_TICKS)
    writeSync(file, chunk)
  }
  writeSync(file, fileHeader(wanted, nextId), 0, HEADER_BYTES, 0)
  closeSync(file)
  return nextId - 1
}

/** The well-filled chunks of EVTX files. */
export function filledChunks(paths: readonly string[]): Buffer[] {
  return paths.flatMap((path) => chunksOf(readFileSync(path)))
}

/** Chunks of our own writer, for a bench without samples; every command line and file name occurs once. */
export function inventedChunks(): Buffer[] {
  return chunksOf(Buffer.from(writeEvtx(Array.from({ length: 12_000 }, (_, index) => inventedEvent(index)))))
}

function chunksOf(file: Buffer): Buffer[] {
  const chunks: Buffer[] = []
  for (let at = HEADER_BYTES; at + CHUNK_BYTES <= file.length; at += CHUNK_BYTES) {
    const chunk = file.subarray(at, at + CHUNK_BYTES)
    if (
      chunk.toString('latin1', 0, 7) === 'ElfChnk' &&
      chunk.readUInt32LE(48) >= FILLED_TO &&
      canDelay(chunk)
    )
      chunks.push(chunk)
  }
  return chunks
}

/** The records of a chunk. */
function* recordsOf(chunk: Buffer): Generator<Buffer> {
  const end = Math.min(chunk.readUInt32LE(48), CHUNK_BYTES)
  for (let at = FIRST_RECORD; at + 28 <= end && chunk.readUInt32LE(at) === RECORD_MAGIC;) {
    const size = chunk.readUInt32LE(at + 4)
    if (size < 28 || at + size > end) return
    yield chunk.subarray(at, at + size)
    at += size
  }
}

/** Whether every record holds its time once more inside: else its copies could not be told apart. */
const canDelay = (chunk: Buffer) =>
  [...recordsOf(chunk)].every((record) => record.indexOf(record.subarray(16, 24), 24) !== -1)

/** Each time around, the chunks are an hour later (FILETIME counts 100 ns). */
const REPEAT_TICKS = 36_000_000_000n

/**
 * Gives the records new numbers and times, sets the checksums right again, and returns the next number. Without another
 * time all but the first copy of a record would count as duplicates. The number inside the BinXML stays: eight bytes
 * that are mostly zero cannot be told from others.
 */
function renumber(chunk: Buffer, firstId: number, later: bigint): number {
  let id = firstId
  const end = Math.min(chunk.readUInt32LE(48), CHUNK_BYTES)
  for (const record of recordsOf(chunk)) {
    record.writeBigUInt64LE(BigInt(id), 8)
    delay(record, later)
    id += 1
  }
  for (const [place, value] of [
    [8, firstId],
    [16, id - 1],
    [24, firstId],
    [32, id - 1],
  ] as const)
    chunk.writeBigUInt64LE(BigInt(value), place)
  chunk.writeUInt32LE(crc32(chunk.subarray(FIRST_RECORD, end)), 52)
  chunk.writeUInt32LE(crc32(chunk.subarray(128, FIRST_RECORD), crc32(chunk.subarray(0, 120))), 124)
  return id
}

/** Makes the time of the record later, in its header and where it stands inside. */
function delay(record: Buffer, later: bigint): void {
  const old = Buffer.from(record.subarray(16, 24))
  const time = record.readBigUInt64LE(16) + later
  for (let place = 16; place !== -1; place = record.indexOf(old, place + 8))
    record.writeBigUInt64LE(time, place)
}

function fileHeader(chunks: number, nextId: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES)
  header.write('ElfFile\0', 'latin1')
  header.writeBigUInt64LE(BigInt(chunks - 1), 16)
  header.writeBigUInt64LE(BigInt(nextId), 24)
  header.writeUInt32LE(128, 32)
  header.writeUInt16LE(1, 36)
  header.writeUInt16LE(3, 38)
  header.writeUInt16LE(HEADER_BYTES, 40)
  header.writeUInt16LE(chunks & 0xffff, 42)
  header.writeUInt32LE(crc32(header.subarray(0, 120)), 124)
  return header
}

function inventedEvent(index: number): WindowsEventSpec {
  const isProcess = index % 3 === 0
  return {
    provider: 'Microsoft-Windows-Sysmon',
    providerGuid: '{5770385F-C22A-43E0-BF4C-06F5698FFBD9}',
    channel: 'Microsoft-Windows-Sysmon/Operational',
    computer: `ws${index % 40}.corp.example`,
    eventId: isProcess ? 1 : 11,
    version: 5,
    timeUs: Date.UTC(2031, 4, 6) * 1000 + index * 731_000,
    recordId: index + 1,
    userSid: 'S-1-5-18',
    data: [
      ['UtcTime', `2031-05-06 07:08:${String(index % 60).padStart(2, '0')}.100`],
      ['ProcessGuid', '{11111111-2222-3333-4444-000000000100}'],
      ['ProcessId', String(index)],
      ['Image', `C:\\Program Files\\Example\\tool-${index % 97}.exe`],
      [
        isProcess ? 'CommandLine' : 'TargetFilename',
        `C:\\Users\\user${index % 31}\\AppData\\Local\\Temp\\file-${index}.tmp`,
      ],
      ['User', `CORP\\user${index % 31}`],
    ],
  }
}

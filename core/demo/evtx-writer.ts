import { crc32 } from 'node:zlib'
import { WorkbenchError } from '../model/errors.ts'
import { ByteWriter } from './evtx-bytes.ts'
import { eventTemplate, eventValues, toFiletime, type WindowsEventSpec } from './evtx-event.ts'
import { type NameTable, templateShortId, writeTemplate } from './evtx-template.ts'

export type { WindowsEventSpec } from './evtx-event.ts'

const CHUNK_BYTES = 65_536
const RECORDS_AT = 512
interface OpenChunk {
  readonly out: ByteWriter
  readonly names: NameTable
  readonly templates: Map<string, number>
  readonly ids: number[]
  lastRecordAt: number
}

/**
 * Writes a valid EVTX file (version 3.1): typed templates, resident at first use in each chunk, correct CRCs, as many
 * chunks as needed. Meant for demo evidence and fixtures; other EVTX readers accept it.
 * @throws WorkbenchError `limit.record_size` when one event does not fit into a chunk
 */
export function writeEvtx(events: readonly WindowsEventSpec[]): Uint8Array {
  const chunks: Uint8Array[] = []
  let chunk = openChunk()
  let written = 0
  for (const event of events) {
    if (!appendRecord(chunk, event)) {
      if (chunk.ids.length > 0) chunks.push(closeChunk(chunk, written))
      written += chunk.ids.length
      chunk = openChunk()
      if (!appendRecord(chunk, event))
        throw new WorkbenchError('limit.record_size', { record: event.recordId })
    }
  }
  if (chunk.ids.length > 0) chunks.push(closeChunk(chunk, written))
  return Buffer.concat([fileHeader(chunks.length, (events.at(-1)?.recordId ?? 0) + 1), ...chunks])
}

function openChunk(): OpenChunk {
  return {
    out: new ByteWriter(CHUNK_BYTES, RECORDS_AT),
    names: new Map(),
    templates: new Map(),
    ids: [],
    lastRecordAt: 0,
  }
}

/** False when the record does not fit; the chunk is then unchanged. */
function appendRecord(chunk: OpenChunk, event: WindowsEventSpec): boolean {
  const { out } = chunk
  const start = out.position
  const saved = out.bytes.slice(0, RECORDS_AT)
  const names = new Map(chunk.names)
  try {
    writeRecord(chunk, event, names)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    out.bytes.fill(0, start)
    out.bytes.set(saved)
    out.position = start
    return false
  }
  for (const [name, at] of names) chunk.names.set(name, at)
  chunk.lastRecordAt = start
  chunk.ids.push(event.recordId)
  return true
}

function writeRecord(chunk: OpenChunk, event: WindowsEventSpec, names: NameTable): void {
  const { out } = chunk
  const start = out.position
  out.u32(0x00002a2a).u32(0).u64(BigInt(event.recordId)).u64(toFiletime(event.timeUs))
  out.u8(0x0f).u8(1).u8(1).u8(0)
  const { identity, root } = eventTemplate(event)
  const known = chunk.templates.get(identity)
  out.u8(0x0c).u8(1).u32(templateShortId(identity))
  const definitionAt = known ?? out.position + 4
  out.u32(definitionAt)
  if (known === undefined) writeTemplate(out, names, identity, root)
  const values = eventValues(event)
  out.u32(values.length)
  for (const value of values) out.u16(value.bytes.length).u8(value.kind).u8(0)
  for (const value of values) out.raw(value.bytes)
  out.u8(0x00)
  // Windows aligns records to eight bytes; what stands between the end token and the size copy is padding.
  while ((out.position + 4) % 8 !== 0) out.u8(0)
  const size = out.position - start + 4
  out.u32(size)
  out.patchU32(start + 4, size)
  if (known === undefined) chunk.templates.set(identity, definitionAt)
}

/** Fills the 512-byte chunk header. `before` is the number of records in earlier chunks. */
function closeChunk(chunk: OpenChunk, before: number): Uint8Array {
  const { bytes, position } = chunk.out
  const header = new DataView(bytes.buffer)
  bytes.set(Buffer.from('ElfChnk\0', 'latin1'))
  header.setBigUint64(8, BigInt(before + 1), true)
  header.setBigUint64(16, BigInt(before + chunk.ids.length), true)
  header.setBigUint64(24, BigInt(chunk.ids[0] ?? 0), true)
  header.setBigUint64(32, BigInt(chunk.ids.at(-1) ?? 0), true)
  header.setUint32(40, 128, true)
  header.setUint32(44, chunk.lastRecordAt, true)
  header.setUint32(48, position, true)
  header.setUint32(52, crc32(bytes.subarray(RECORDS_AT, position)), true)
  header.setUint32(124, crc32(bytes.subarray(128, RECORDS_AT), crc32(bytes.subarray(0, 120))), true)
  return bytes
}

function fileHeader(chunks: number, nextRecordId: number): Uint8Array {
  const out = new ByteWriter(4096)
  out
    .raw(Buffer.from('ElfFile\0', 'latin1'))
    .u64(0n)
    .u64(BigInt(Math.max(0, chunks - 1)))
    .u64(BigInt(nextRecordId))
  out.u32(128).u16(1).u16(3).u16(4096).u16(chunks)
  out.position = 124
  out.u32(crc32(out.bytes.subarray(0, 120)))
  return out.bytes
}

import type { RenderedRaw } from '../importer.ts'
import { u32, u64Text } from './bytes.ts'
import { CHUNK_BYTES, MIN_RECORD_BYTES } from './chunk.ts'
import { EventReader } from './event-reader.ts'

const reader = new EventReader()

/** How the locator of a record goes on behind that of its chunk. */
export const locatorInPlace = (chunk: Uint8Array, at: number): string => `, record ${u64Text(chunk, at + 8)}`

/**
 * The record at `at` of a chunk as compact JSON. A chunk holds all the templates of its records, so nothing else is needed.
 */
export function renderInPlace(chunk: Uint8Array, at: number): RenderedRaw {
  const end = at + u32(chunk, at + 4)
  if (chunk.length > CHUNK_BYTES || at + MIN_RECORD_BYTES > end || end > chunk.length)
    return { locator: '', raw: '', isWhole: false }
  reader.openChunk(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))
  return { locator: locatorInPlace(chunk, at), ...reader.render(at + 24, end - 4) }
}

import { PackDefect, packTooLarge } from '../pack-refusal.ts'

/** JSON is read whole: a larger file would take the memory of the machine. Larger packs come as lists or CSV. */
export const MAX_JSON_BYTES = 256 * 1024 * 1024

/**
 * The whole file as one JSON value.
 * @throws PackDefect `pack.too_large`, `pack.not_json`
 */
export function readJson(chunks: Iterable<Uint8Array>): unknown {
  const parts: Uint8Array[] = []
  let bytes = 0
  for (const chunk of chunks) {
    bytes += chunk.length
    if (bytes > MAX_JSON_BYTES) throw packTooLarge(MAX_JSON_BYTES)
    parts.push(chunk)
  }
  try {
    return JSON.parse(new TextDecoder('utf-8').decode(Buffer.concat(parts)))
  } catch (cause) {
    throw new PackDefect('pack.not_json', {}, { cause })
  }
}

/** An own member of an object; undefined for everything else. Names of evidence never reach Object.prototype. */
export function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined
}

/** A member that is text or a number, as trimmed text; empty when there is none. */
export function textOf(value: unknown, name: string): string {
  const found = member(value, name)
  return typeof found === 'string' ? found.trim() : typeof found === 'number' ? String(found) : ''
}

/** A member that is a list, else an empty one. */
export function listOf(value: unknown, name: string): readonly unknown[] {
  const found = member(value, name)
  return Array.isArray(found) ? found : []
}

import type { NameReference, NameSource } from './binxml.ts'
import { u16, u32 } from './bytes.ts'

/** A hostile file could bring a new template with every record; past this many the library starts anew. */
const MAX_TEMPLATES = 4_096
/** Forged definitions that share GUID and size must not make every look-up a long list. */
const MAX_PER_IDENTITY = 4

interface Entry<T> {
  readonly definition: Buffer
  /** Relative to the definition's start. */
  readonly references: readonly NameReference[]
  readonly template: T
}

/**
 * Templates of a whole file, so that each is compiled once and not once per chunk. GUID and size find the candidate;
 * then every byte is compared, and every name it refers to (names lie at different offsets in each chunk): otherwise
 * one forged definition could rename the fields of all later chunks.
 */
export class TemplateLibrary<T> {
  readonly #entries = new Map<string, Entry<T>[]>()
  #size = 0

  find(source: NameSource, start: number, end: number): T | undefined {
    const candidates = this.#entries.get(identityOf(source, start))
    return candidates?.find((entry) => isSame(entry, source, start, end))?.template
  }

  add(
    source: NameSource,
    start: number,
    end: number,
    references: readonly NameReference[],
    template: T,
  ): void {
    if (this.#size >= MAX_TEMPLATES) {
      this.#entries.clear()
      this.#size = 0
    }
    const identity = identityOf(source, start)
    const known = this.#entries.get(identity) ?? []
    if (known.length >= MAX_PER_IDENTITY) return
    known.push({
      definition: Buffer.from(source.bytes.subarray(start, end)),
      references: references.map((reference) => ({ ...reference, at: reference.at - start })),
      template,
    })
    this.#entries.set(identity, known)
    this.#size += 1
  }
}

function identityOf(source: NameSource, start: number): string {
  return source.bytes.toString('latin1', start + 4, start + 24)
}

function isSame<T>(entry: Entry<T>, source: NameSource, start: number, end: number): boolean {
  const { definition, references } = entry
  if (definition.length !== end - start) return false
  let from = 4
  for (const reference of references) {
    if (!isSameRange(definition, source.bytes, start, from, reference.at)) return false
    const offset = u32(source.bytes, start + reference.at)
    if ((offset === start + reference.at + 4) !== reference.isInline) return false
    if (!isNameAt(source.bytes, offset, reference.name)) return false
    // An inline name begins with the offset of the next name in its bucket, which differs from chunk to chunk.
    from = reference.at + (reference.isInline ? 8 : 4)
  }
  return isSameRange(definition, source.bytes, start, from, definition.length)
}
function isSameRange(definition: Buffer, bytes: Buffer, start: number, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (definition[i] !== bytes[start + i]) return false
  return true
}
function isNameAt(bytes: Buffer, offset: number, name: string): boolean {
  if (u16(bytes, offset + 6) !== name.length) return false
  for (let i = 0, at = offset + 8; i < name.length; i++, at += 2) {
    if (u16(bytes, at) !== name.charCodeAt(i)) return false
  }
  return true
}

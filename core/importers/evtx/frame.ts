import { BrokenRecord, u16, u32 } from './bytes.ts'
import { ARRAY, arrayTexts, NULL_VALUE, valueText } from './values.ts'

/**
 * The values of one template instance: where each lies in the chunk. Frames are reused from record to record, so that
 * reading a record allocates nothing but its strings.
 */
export class Frame {
  bytes: Buffer = Buffer.alloc(0)
  count = 0
  /** First byte after the last value. */
  end = 0
  #at = new Int32Array(64)
  #size = new Int32Array(64)
  #kind = new Uint8Array(64)
  #text: (string | undefined)[] = []

  /**
   * Reads the value table at `start`: u32 count, count x { u16 size, u8 type, u8 0 }, then the values back to back.
   * @throws BrokenRecord when the count or a size does not fit before `limit` (a count of 2^32 allocated 17 GB
   *   elsewhere; TRUST H4)
   */
  read(bytes: Buffer, start: number, limit: number): void {
    if (start + 4 > limit) throw new BrokenRecord('values_cut', start)
    const count = u32(bytes, start)
    let at = start + 4 + count * 4
    if (at > limit) throw new BrokenRecord('value_count', start)
    if (count > this.#at.length) this.#grow(count)
    for (let i = 0, entry = start + 4; i < count; i++, entry += 4) {
      const size = u16(bytes, entry)
      this.#at[i] = at
      this.#size[i] = size
      this.#kind[i] = bytes[entry + 2]!
      this.#text[i] = undefined
      at += size
    }
    if (at > limit) throw new BrokenRecord('value_size', start)
    this.bytes = bytes
    this.count = count
    this.end = at
  }

  /** A frame without values, for fragments that have no template. */
  clear(bytes: Buffer): void {
    this.bytes = bytes
    this.count = 0
  }

  /** Value type; a value beyond the table counts as null. */
  kind(index: number): number {
    return index < this.count ? this.#kind[index]! : NULL_VALUE
  }
  at(index: number): number {
    return this.#at[index]!
  }
  size(index: number): number {
    return index < this.count ? this.#size[index]! : 0
  }
  /** The value as text; arrays are joined by line feeds. Decoded once per record. */
  text(index: number): string {
    if (index >= this.count) return ''
    const known = this.#text[index]
    if (known !== undefined) return known
    const kind = this.#kind[index]!
    const text =
      (kind & ARRAY) !== 0
        ? this.items(index).join('\n')
        : valueText(this.bytes, kind, this.#at[index]!, this.#size[index]!)
    this.#text[index] = text
    return text
  }
  items(index: number): string[] {
    return arrayTexts(this.bytes, this.#kind[index]!, this.#at[index]!, this.#size[index]!)
  }

  #grow(count: number): void {
    this.#at = new Int32Array(count)
    this.#size = new Int32Array(count)
    this.#kind = new Uint8Array(count)
  }
}

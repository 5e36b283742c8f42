/** Little-endian byte writer of fixed capacity; the position is chunk-relative, as every BinXML offset is. */
export class ByteWriter {
  readonly bytes: Uint8Array
  position: number
  readonly #view: DataView

  constructor(capacity: number, position = 0) {
    this.bytes = new Uint8Array(capacity)
    this.#view = new DataView(this.bytes.buffer)
    this.position = position
  }

  u8(value: number): this {
    this.#view.setUint8(this.#advance(1), value)
    return this
  }
  u16(value: number): this {
    this.#view.setUint16(this.#advance(2), value, true)
    return this
  }
  u32(value: number): this {
    this.#view.setUint32(this.#advance(4), value, true)
    return this
  }
  u64(value: bigint): this {
    this.#view.setBigUint64(this.#advance(8), value, true)
    return this
  }
  /** UTF-16LE without length or terminator. */
  utf16(text: string): this {
    for (let i = 0; i < text.length; i++) this.u16(text.charCodeAt(i))
    return this
  }
  raw(bytes: Uint8Array): this {
    this.bytes.set(bytes, this.#advance(bytes.length))
    return this
  }
  /** Overwrites an earlier u32, for sizes known only afterwards. */
  patchU32(at: number, value: number): void {
    this.#view.setUint32(at, value, true)
  }
  readU32(at: number): number {
    return this.#view.getUint32(at, true)
  }

  #advance(size: number): number {
    const at = this.position
    if (at + size > this.bytes.length) throw new RangeError('chunk is full')
    this.position = at + size
    return at
  }
}

/** Little-endian reads. Callers check bounds; a read past the end yields zero bits, never an exception. */
export function u16(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8)
}
export function u32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
}
/** An unsigned 64-bit number as decimal text: ids and counters never go through a float. */
export function u64Text(bytes: Uint8Array, at: number): string {
  const high = u32(bytes, at + 4)
  if (high < 0x200000) return String(high * 0x100000000 + u32(bytes, at))
  return ((BigInt(high) << 32n) | BigInt(u32(bytes, at))).toString()
}
/** The same as a number; above 2^53 it is only good for comparing sizes. */
export function u64Number(bytes: Uint8Array, at: number): number {
  return u32(bytes, at + 4) * 0x100000000 + u32(bytes, at)
}
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}

/** What stops one record: the reader turns it into an issue. Not a product error. */
export class BrokenRecord extends Error {
  readonly reason: string
  readonly at: number
  constructor(reason: string, at: number) {
    super(reason)
    this.name = 'BrokenRecord'
    this.reason = reason
    this.at = at
  }
}

/** Typed views over bytes that come out of the case. Cases are written and read by little-endian machines alone (x86, ARM). */

/** A view of 32-bit numbers; copied where the bytes do not begin at a multiple of four. */
export function toUint32(bytes: Uint8Array): Uint32Array {
  const whole = bytes.byteLength - (bytes.byteLength % 4)
  if (bytes.byteOffset % 4 === 0) return new Uint32Array(bytes.buffer, bytes.byteOffset, whole / 4)
  return new Uint32Array(bytes.slice(0, whole).buffer)
}

/** The bytes of an array of numbers, without a copy. */
export const toBytes = (numbers: Uint32Array): Uint8Array =>
  new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)

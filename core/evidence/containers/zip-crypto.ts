import { crc32 } from 'node:zlib'

/** Random bytes before each member; the last one repeats a byte both sides know (APPNOTE 6.1.6). */
export const ZIP_CRYPTO_HEADER = 12

/** One step of CRC-32 over one byte: the table of the polynomial, read off zlib. */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  // zlib inverts before and after; with register 0 the step is the table's entry itself.
  return (crc32(Uint8Array.of(byte), 0xffffffff) ^ 0xffffffff) >>> 0
})
const step = (register: number, byte: number): number =>
  (register >>> 8) ^ (TABLE[(register ^ byte) & 0xff] ?? 0)

/** The traditional cipher of PKZIP (APPNOTE 6.1): three registers, fed with the password and then with the plain text. */
export class ZipCrypto {
  #a = 0x12345678
  #b = 0x23456789
  #c = 0x34567890
  constructor(password: Uint8Array) {
    for (const byte of password) this.#feed(byte)
  }
  #feed(byte: number): void {
    this.#a = step(this.#a, byte)
    this.#b = (Math.imul(this.#b + (this.#a & 0xff), 134775813) + 1) | 0
    this.#c = step(this.#c, this.#b >>> 24)
  }
  decrypt(bytes: Uint8Array): Uint8Array {
    const plain = new Uint8Array(bytes.length)
    for (let at = 0; at < bytes.length; at += 1) {
      const t = (this.#c & 0xffff) | 2
      const byte = ((bytes[at] ?? 0) ^ (Math.imul(t, t ^ 1) >>> 8)) & 0xff
      plain[at] = byte
      this.#feed(byte)
    }
    return plain
  }
}

/** Deciphers a member; its first {@link ZIP_CRYPTO_HEADER} bytes are used up. */
export async function* decryptZipCrypto(
  stream: AsyncIterable<Uint8Array>,
  password: Uint8Array,
): AsyncGenerator<Uint8Array> {
  const cipher = new ZipCrypto(password)
  let header = ZIP_CRYPTO_HEADER
  for await (const chunk of stream) {
    const plain = cipher.decrypt(chunk)
    const skipped = Math.min(header, plain.length)
    header -= skipped
    if (plain.length > skipped) yield plain.subarray(skipped)
  }
}

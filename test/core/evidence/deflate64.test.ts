import { createHash } from 'node:crypto'
import { constants, deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { ByteReader } from '../../../core/evidence/containers/byte-stream.ts'
import { inflate64 } from '../../../core/evidence/containers/deflate64.ts'
import { seededRandom } from '../../support/random.ts'

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  await Promise.resolve()
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
async function unpack(packed: Uint8Array, size = 4096): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of inflate64(new ByteReader(inChunks(packed, size)))) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** Writes bits, lowest first; codes of Huffman come highest first. */
class BitWriter {
  readonly #bytes: number[] = []
  #count = 0
  bits(value: number, count: number): this {
    for (let bit = 0; bit < count; bit += 1) {
      if (this.#count % 8 === 0) this.#bytes.push(0)
      if ((value >> bit) & 1) this.#bytes[this.#bytes.length - 1]! |= 1 << (this.#count % 8)
      this.#count += 1
    }
    return this
  }
  code(value: number, count: number): this {
    for (let bit = count - 1; bit >= 0; bit -= 1) this.bits((value >> bit) & 1, 1)
    return this
  }
  /** A literal, length or end of block in the fixed code. */
  symbol(symbol: number): this {
    if (symbol < 144) return this.code(0x30 + symbol, 8)
    if (symbol < 256) return this.code(0x190 + symbol - 144, 9)
    return symbol < 280 ? this.code(symbol - 256, 7) : this.code(0xc0 + symbol - 280, 8)
  }
  done(): Buffer {
    return Buffer.from(this.#bytes)
  }
}

describe('Deflate64', () => {
  const random = seededRandom(11)
  const words = Buffer.from(Array.from({ length: 40_000 }, () => `w${Math.floor(random() * 3000)}`).join(' '))
  it.each([
    ['stored blocks', { level: 0 }],
    ['codes of its own', { strategy: constants.Z_HUFFMAN_ONLY }],
    ['matches', { level: 9 }],
    ['the fixed codes', { strategy: constants.Z_FIXED }],
  ])('reads what Deflate has in common with it: %s', async (_what, options) => {
    const packed = deflateRawSync(words, options)
    for (const size of [1, 13, 4096, packed.length])
      expect((await unpack(packed, size)).equals(words)).toBe(true)
  })

  it('reads the long matches and the far distances that Deflate has not', async () => {
    const writer = new BitWriter().bits(1, 1).bits(1, 2)
    for (const letter of Buffer.from('abc')) writer.symbol(letter)
    // 65,538 bytes from three back: the longest match; then five bytes from 65,536 back: the furthest distance.
    writer.symbol(285).bits(65_535, 16).code(2, 5)
    writer.symbol(259).code(31, 5).bits(16_383, 14)
    writer.symbol(256)
    const wanted = Buffer.from('abc'.repeat(30_000)).subarray(0, 65_541)
    const far = wanted.subarray(65_541 - 65_536, 65_541 - 65_536 + 5)
    expect((await unpack(writer.done(), 1)).equals(Buffer.concat([wanted, far]))).toBe(true)
  })

  it('hands on all that came before the damage, then says what it is', async () => {
    const packed = deflateRawSync(words, { level: 9 })
    const got: Uint8Array[] = []
    const reading = (async () => {
      for await (const piece of inflate64(
        new ByteReader(inChunks(packed.subarray(0, packed.length / 2), 999)),
      ))
        got.push(piece)
    })()
    await expect(reading).rejects.toThrow('unexpected end of file')
    const part = Buffer.concat(got)
    expect(part.length).toBeGreaterThan(words.length / 3)
    expect(words.subarray(0, part.length).equals(part)).toBe(true)
  })

  it('ends with an error or bytes, whatever it is given', async () => {
    const packed = deflateRawSync(words.subarray(0, 5000), { level: 9 })
    for (let round = 0; round < 300; round += 1) {
      const bytes = Buffer.from(packed)
      for (let flips = 0; flips < 4; flips += 1)
        bytes[Math.floor(random() * bytes.length)]! ^= 1 << Math.floor(random() * 8)
      const outcome = await unpack(bytes).then(
        (whole) => createHash('md5').update(whole).digest('hex'),
        (thrown: unknown) => (thrown instanceof Error && !(thrown instanceof TypeError) ? 'error' : 'bug'),
      )
      expect(outcome, `round ${round}`).not.toBe('bug')
    }
  })
})

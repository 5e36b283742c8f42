import { describe, expect, it } from 'vitest'
import { toUtf8 } from '../../../core/importers/text-encoding.ts'

const TEXT = '時刻,使用者\r\n2031,Ünal\r\n'
const big = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16()

/** The bytes in pieces of this length, every piece in the same buffer as the one before: a stream may do that. */
async function* inPieces(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  const reused = Buffer.alloc(length)
  for (let at = 0; at < bytes.length; at += length) {
    const piece = bytes.subarray(at, at + length)
    reused.set(piece)
    yield reused.subarray(0, piece.length)
  }
}

async function read(bytes: Uint8Array, length: number): Promise<string> {
  const out: Buffer[] = []
  for await (const piece of toUtf8(inPieces(bytes, length))) out.push(Buffer.from(piece))
  return Buffer.concat(out).toString('utf8')
}

describe('the encoding of a text file', () => {
  it.each([
    ['UTF-8', Buffer.from(TEXT)],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${TEXT}`)],
    ['UTF-16LE with a byte order mark', Buffer.from(`\ufeff${TEXT}`, 'utf16le')],
    ['UTF-16BE with a byte order mark', big(`\ufeff${TEXT}`)],
  ])('is found in pieces of any length: %s', async (_, bytes) => {
    for (const length of [1, 2, 3, 4, 5, 7, 1000]) expect(await read(bytes, length)).toBe(TEXT)
  })

  it('is found without a mark, though the first characters have no zero byte', async () => {
    const plain = `時刻,${'user name,'.repeat(20)}\r\n`
    expect(await read(Buffer.from(plain, 'utf16le'), 1000)).toBe(plain)
    expect(await read(big(plain), 1000)).toBe(plain)
  })

  it('of next to nothing is UTF-8', async () => {
    expect(await read(Buffer.from('a'), 1)).toBe('a')
    expect(await read(Buffer.from('\ufeff'), 1)).toBe('')
    expect(await read(Buffer.alloc(0), 1)).toBe('')
  })
})

import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { recodeHead, recodePart } from '../../../core/importers/recode.ts'

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  await Promise.resolve()
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
async function read(bytes: Uint8Array, label: string | null, size = 7): Promise<Buffer> {
  const part = recodePart({ name: 'x', size: bytes.length, open: () => inChunks(bytes, size) }, label)
  const chunks: Uint8Array[] = []
  for await (const chunk of part.open()) chunks.push(Uint8Array.from(chunk))
  return Buffer.concat(chunks)
}

describe('an encoding the analyst named', () => {
  it.each([
    ['windows-1251', 'Событие,Иванов\n'],
    ['big5', '使用者,王小明\n'],
    ['shift_jis', 'ユーザー,山田太郎\n'],
    ['gb18030', '用户,张伟\n'],
    ['cp850', 'Größe,Ärger\n'],
    ['euc-kr', '사용자,김민수\n'],
  ])('reads %s, however the bytes arrive', async (label, text) => {
    // The first text that is no ASCII lies beyond the first window, and a character across its border.
    const long = `${'a,b\n'.repeat(16_383)}abc${text}`
    for (const size of [1, 7, 65_536]) {
      expect((await read(iconv.encode(text, label), label, size)).toString()).toBe(text)
      expect((await read(iconv.encode(long, label), label, size * 991)).toString()).toBe(long)
    }
  })
  it('reads ISO-2022-JP, all bytes of which look like ASCII', async () => {
    const bytes = Buffer.from('\x1b$B;3ED\x1b(B,WS01\n', 'latin1')
    expect((await read(bytes, 'iso-2022-jp')).toString()).toBe('山田,WS01\n')
    expect(Buffer.from(recodeHead(bytes, 'iso-2022-jp')).toString()).toBe('山田,WS01\n')
  })
  it.each([
    ['UTF-8', Buffer.from('名前,山田太郎\n')],
    ['UTF-8 with its mark', Buffer.from('\ufeff名前\n')],
    ['UTF-16 with its mark', Buffer.from('\ufeff名前\n', 'utf16le')],
    ['zero bytes', Buffer.from([0x41, 0, 0x93, 0xfa, 0, 1])],
    ['nothing', Buffer.alloc(0)],
  ])('leaves alone what proves to be something else: %s', async (_what, bytes) => {
    expect(await read(bytes, 'shift_jis')).toEqual(bytes)
    expect(Buffer.from(recodeHead(bytes, 'shift_jis'))).toEqual(bytes)
  })
  it('reads UTF-16 without a mark where it is said', async () => {
    expect((await read(Buffer.from('山田,東京\n', 'utf16le'), 'utf-16le')).toString()).toBe('山田,東京\n')
  })
  it('keeps what is no character of the encoding as a replacement, and goes on', async () => {
    expect((await read(Buffer.from([0x8c, 0x62, 0xff, 0x0a, 0x41]), 'shift_jis')).toString()).toBe(
      '恵\ufffd\nA',
    )
  })
})

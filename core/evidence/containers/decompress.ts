import type { Transform } from 'node:stream'
import type { ByteReader } from './byte-stream.ts'

/** A decoder of `node:zlib`; `bytesWritten` is how much of its input it has used. */
type Decoder = Transform & { readonly bytesWritten: number }

/** Bytes given to the decoder at once: a thousandfold ratio then stays a few megabytes in memory. */
const SLICE = 16 * 1024
/** Bytes a decoder hands out at once. */
export const DECODED_CHUNK = 128 * 1024

/**
 * Drives a decoder of `node:zlib` by hand to the end of one coded content; what stands behind it is left in the reader. A
 * stream piped through it loses what it has decoded when an error comes; here all that came before the error is handed
 * on first, so a cut-off archive is read up to the cut.
 * @throws whatever the decoder says, after the last good byte
 */
export async function* decompress(decoder: Decoder, reader: ByteReader): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = []
  const state: { failure: Error | undefined; hasEnded: boolean } = { failure: undefined, hasEnded: false }
  let wake: (() => void) | undefined
  decoder.on('data', (chunk: Uint8Array) => ready.push(chunk))
  decoder.on('error', (error: Error) => {
    state.failure ??= error
    wake?.()
  })
  // A decoder that is done with bytes left over ends without a word to whoever wrote them.
  decoder.on('end', () => {
    state.hasEnded = true
    wake?.()
  })
  const settled = (start: (done: () => void) => void) =>
    new Promise<void>((resolve) => {
      wake = resolve
      start(resolve)
    })
  let given = 0
  try {
    for (;;) {
      const slice = await reader.some(SLICE)
      if (!slice) break
      given += slice.length
      await settled((done) => decoder.write(slice, () => done()))
      yield* ready.splice(0)
      if (state.failure) throw state.failure
      if (state.hasEnded) {
        reader.unread(slice.subarray(slice.length - (given - decoder.bytesWritten)))
        return
      }
    }
    await settled(() => decoder.end())
    yield* ready.splice(0)
    if (state.failure) throw state.failure
  } finally {
    decoder.destroy()
  }
}

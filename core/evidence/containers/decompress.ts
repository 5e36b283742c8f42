import type { Transform } from 'node:stream'

/** A decoder of `node:zlib`; `bytesWritten` is how much of its input it has used. */
type Decoder = Transform & { readonly bytesWritten: number }

/** Bytes given to the decoder at once: a thousandfold ratio then stays a few megabytes in memory. */
const SLICE = 16 * 1024
/** Bytes a decoder hands out at once. */
export const DECODED_CHUNK = 128 * 1024

/**
 * Drives a decoder of `node:zlib` by hand. A stream piped through it loses what it has decoded when an error comes;
 * here all that came before the error is handed on first, so a cut-off archive is read up to the cut.
 * @param onRest told how many bytes behind the end of the coded content were left alone
 * @throws whatever the decoder says, after the last good byte
 */
export async function* decompress(
  decoder: Decoder,
  stream: AsyncIterable<Uint8Array>,
  onRest?: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = []
  let failure: Error | undefined
  let hasEnded = false
  let wake: (() => void) | undefined
  decoder.on('data', (chunk: Uint8Array) => ready.push(chunk))
  decoder.on('error', (error: Error) => {
    failure ??= error
    wake?.()
  })
  decoder.on('end', () => {
    hasEnded = true
    wake?.()
  })
  const settled = (start: (done: () => void) => void) =>
    new Promise<void>((resolve) => {
      wake = resolve
      start(resolve)
    })
  let given = 0
  try {
    for await (const chunk of stream) {
      for (let at = 0; at < chunk.length; at += SLICE) {
        const slice = chunk.subarray(at, at + SLICE)
        given += slice.length
        if (hasEnded) continue
        await settled((done) => decoder.write(slice, () => done()))
        yield* ready.splice(0)
        if (failure) throw failure
      }
    }
    if (!hasEnded) {
      await settled(() => decoder.end())
      yield* ready.splice(0)
    }
    if (failure) throw failure
    if (given > decoder.bytesWritten) onRest?.(given - decoder.bytesWritten)
  } finally {
    decoder.destroy()
  }
}

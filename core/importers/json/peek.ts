/** How a file is written is decided by its beginning, whatever the pieces of the stream. */
const SAMPLE_BYTES = 65_536

/** The beginning of a stream, and the whole of it to be read afterwards. */
export async function peek(
  stream: AsyncGenerator<Buffer>,
): Promise<{ sample: Buffer; rest: AsyncIterable<Buffer> }> {
  const pieces: Buffer[] = []
  let size = 0
  while (size < SAMPLE_BYTES) {
    const next = await stream.next()
    if (next.done === true) break
    // The source may reuse its buffer; what is kept must be our own.
    pieces.push(Buffer.from(next.value))
    size += next.value.length
  }
  async function* rest(): AsyncGenerator<Buffer> {
    yield* pieces
    yield* stream
  }
  return { sample: Buffer.concat(pieces).subarray(0, SAMPLE_BYTES), rest: rest() }
}

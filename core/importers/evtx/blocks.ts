/**
 * Cuts a byte stream into a first block of `first` bytes and then blocks of `size` bytes; the last one may be short.
 * A block is only valid until the next one is asked for.
 */
export async function* blocksOf(
  stream: AsyncIterable<Uint8Array>,
  firstSize: (head: Buffer) => number,
  headBytes: number,
  size: number,
): AsyncGenerator<Buffer> {
  let pending: Buffer = Buffer.alloc(0)
  let wanted = -1
  for await (const piece of stream) {
    const fresh = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)
    pending = pending.length === 0 ? fresh : Buffer.concat([pending, fresh])
    if (wanted < 0 && pending.length >= headBytes) wanted = firstSize(pending)
    while (wanted >= 0 && pending.length >= Math.max(wanted, 1)) {
      if (wanted > 0) yield pending.subarray(0, wanted)
      pending = pending.subarray(wanted)
      wanted = size
    }
  }
  if (pending.length > 0) yield pending
}

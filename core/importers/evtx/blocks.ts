/**
 * Cuts a byte stream into blocks: the first of the size that `firstSize` reads out of the first `headBytes` (0: none),
 * all others of `size` bytes; the last one may be short. A block is only valid until the next one is asked for: blocks
 * inside a piece of the stream are not copied, and one buffer serves all that span two pieces.
 */
export async function* blocksOf(
  stream: AsyncIterable<Uint8Array>,
  headBytes: number,
  firstSize: (head: Buffer) => number,
  size: number,
): AsyncGenerator<Buffer> {
  let wanted = headBytes
  let isFirst = true
  let held = Buffer.alloc(size)
  let heldBytes = 0
  for await (const bytes of stream) {
    const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    let at = 0
    for (;;) {
      const missing = wanted - heldBytes
      if (piece.length - at < missing) break
      const block = heldBytes === 0 ? piece.subarray(at, at + wanted) : held.subarray(0, wanted)
      if (heldBytes > 0) piece.copy(held, heldBytes, at, at + missing)
      if (isFirst) {
        // Only now is it known how long the first block is; its beginning is still held or still in the piece.
        isFirst = false
        const first = firstSize(block)
        if (first > held.length) held = Buffer.concat([held], first)
        if (heldBytes > 0) {
          at += missing
          heldBytes = wanted
        }
        wanted = first === 0 ? size : first
        continue
      }
      yield block
      at += missing
      heldBytes = 0
      wanted = size
    }
    piece.copy(held, heldBytes, at)
    heldBytes += piece.length - at
  }
  if (heldBytes > 0) yield held.subarray(0, heldBytes)
}

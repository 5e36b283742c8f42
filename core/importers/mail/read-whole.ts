import type { PartSource } from '../importer.ts'

/** All bytes of a part in memory, at most `limit`. Chunks are copied: a stream may use its buffer again. */
export async function readWhole(
  part: PartSource,
  limit: number,
): Promise<{ readonly bytes: Buffer; readonly size: number; readonly isCut: boolean }> {
  const pieces: Uint8Array[] = []
  let kept = 0
  let size = 0
  for await (const chunk of part.open()) {
    size += chunk.length
    if (kept >= limit) continue
    const piece = chunk.subarray(0, limit - kept)
    pieces.push(Uint8Array.from(piece))
    kept += piece.length
  }
  return { bytes: Buffer.concat(pieces), size, isCut: size > kept }
}

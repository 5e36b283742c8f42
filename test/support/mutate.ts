import { below, randomBytes } from './random.ts'

/** One damaged copy of `source`: flipped bytes, a cut, a removed, doubled or zeroed stretch, or noise put in. */
export function mutate(source: Buffer, random: () => number): Buffer {
  let bytes: Buffer = Buffer.from(source)
  const times = 1 + below(random, 4)
  for (let round = 0; round < times && bytes.length > 0; round++) bytes = damage(bytes, random)
  return bytes
}

function damage(bytes: Buffer, random: () => number): Buffer {
  const at = below(random, bytes.length)
  const length = 1 + below(random, Math.min(256, bytes.length - at))
  switch (below(random, 7)) {
    case 0:
      bytes[at] = below(random, 256)
      return bytes
    case 1:
      // Extreme numbers where lengths and offsets are likely to be.
      for (let i = at; i < Math.min(at + 4, bytes.length); i++) bytes[i] = random() < 0.5 ? 0xff : 0x00
      return bytes
    case 2:
      return bytes.subarray(0, at)
    case 3:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)])
    case 4:
      return Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)])
    case 5:
      bytes.fill(0, at, at + length)
      return bytes
    default:
      return Buffer.concat([bytes.subarray(0, at), randomBytes(random, length), bytes.subarray(at)])
  }
}

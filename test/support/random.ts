/** Small seeded generator (mulberry32): the same seed gives the same numbers everywhere, so a failure can be repeated. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** An integer from 0 up to and without `limit`. */
export function below(random: () => number, limit: number): number {
  return Math.floor(random() * limit)
}

export function randomBytes(random: () => number, size: number): Buffer {
  const bytes = Buffer.alloc(size)
  for (let at = 0; at < size; at++) bytes[at] = below(random, 256)
  return bytes
}

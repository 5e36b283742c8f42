/** Seeded numbers for the demo case: the same seed gives the same evidence on every machine. */
export interface Random {
  /** Whole number from 0 up to, not including, `limit`. */
  int(limit: number): number
  /** Whole number from `low` to `high`, both included. */
  between(low: number, high: number): number
  chance(probability: number): boolean
  pick<T>(list: readonly T[]): T
  /** `count` different items in list order of the draw; all of them when the list is shorter. */
  sample<T>(list: readonly T[], count: number): T[]
  /** Lower-case hex text of `length` characters. */
  hex(length: number): string
  /** An independent stream: what is drawn there never moves what is drawn here. */
  fork(label: string): Random
}

/** Mulberry32 (public domain, Tommy Ettinger): 32-bit state, integer arithmetic only. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const int = (limit: number): number => next() % limit
  const pick = <T>(list: readonly T[]): T => {
    const item = list[int(list.length)]
    if (item === undefined) throw new RangeError('pick from an empty list')
    return item
  }
  return {
    int,
    between: (low, high) => low + int(high - low + 1),
    chance: (probability) => next() / 0x1_0000_0000 < probability,
    pick,
    sample: (list, count) => {
      const rest = [...list]
      const drawn = []
      while (drawn.length < count && rest.length > 0) drawn.push(...rest.splice(int(rest.length), 1))
      return drawn
    },
    hex: (length) => Array.from({ length }, () => int(16).toString(16)).join(''),
    fork: (label) => createRandom(hashLabel(label) ^ seed),
  }
}

/** FNV-1a over UTF-16 units. */
function hashLabel(label: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < label.length; i++) hash = Math.imul(hash ^ label.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

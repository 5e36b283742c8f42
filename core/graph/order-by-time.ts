const DIGIT = 65_536
const WORD = DIGIT * DIGIT

/**
 * Positions of times in ascending order, equal ones as they stand. A radix sort by 16 bits: five million take a fifth of what a
 * comparing sort takes. Times are whole microseconds; each is taken apart by itself, for the distance from 1601 to today is no exact number.
 */
export function orderByTime(times: Float64Array): Int32Array {
  const count = times.length
  let order = new Int32Array(count)
  let least = Infinity
  let most = -Infinity
  for (let at = 0; at < count; at += 1) {
    const time = times[at] ?? 0
    order[at] = at
    if (time < least) least = time
    if (time > most) most = time
  }
  // 32 bits at a time as whole numbers: remainders of floating numbers are what makes this slow.
  let other = new Int32Array(count)
  const half = new Uint32Array(count)
  const digits = new Uint16Array(count)
  const counts = new Int32Array(DIGIT + 1)
  const leastHigh = Math.floor(least / WORD)
  const span = Math.floor(most / WORD) - leastHigh
  const passes = least === most || count === 0 ? 0 : span === 0 ? 2 : span < DIGIT ? 3 : 4
  for (let pass = 0; pass < passes; pass += 1) {
    const isLow = pass % 2 === 0
    if (isLow)
      for (let at = 0; at < count; at += 1) {
        const time = times[at] ?? 0
        const high = Math.floor(time / WORD)
        half[at] = pass === 0 ? time - high * WORD : high - leastHigh
      }
    counts.fill(0)
    for (let at = 0; at < count; at += 1) {
      const word = half[at] ?? 0
      const digit = isLow ? word & 0xffff : word >>> 16
      digits[at] = digit
      counts[digit + 1] = (counts[digit + 1] ?? 0) + 1
    }
    for (let digit = 0; digit < DIGIT; digit += 1)
      counts[digit + 1] = (counts[digit + 1] ?? 0) + (counts[digit] ?? 0)
    for (let at = 0; at < count; at += 1) {
      const from = order[at] ?? 0
      const digit = digits[from] ?? 0
      const to = counts[digit] ?? 0
      other[to] = from
      counts[digit] = to + 1
    }
    const sorted = other
    other = order
    order = sorted
  }
  return order
}

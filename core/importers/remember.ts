/** Results kept per function; a power of two. */
const SLOTS = 2_048
/** Longer texts are read anew each time: they rarely return, and keeping them would cost memory. */
const LONGEST = 256

/**
 * The same function, which keeps what it made of texts seen lately: the same host, path and hash stand in record after
 * record. Only for functions whose result depends on the text alone and is not changed by anybody. Bounded: each slot
 * holds the last text that fell into it.
 */
export function remember<T>(read: (text: string) => T): (text: string) => T {
  const texts: (string | undefined)[] = Array.from({ length: SLOTS }, () => undefined)
  const results: (T | undefined)[] = Array.from({ length: SLOTS }, () => undefined)
  return (text) => {
    if (text.length > LONGEST) return read(text)
    const slot = slotOf(text)
    if (texts[slot] === text) return results[slot] as T
    const result = read(text)
    texts[slot] = ownCopy(text)
    results[slot] = result
    return result
  }
}

/**
 * The same function, which keeps what it made of the last text: all importers look at the head of a file, one after the other. Only for
 * functions whose result depends on the text alone and is not changed by anybody.
 */
export function rememberLast<T>(read: (text: string) => T): (text: string) => T {
  let last: { readonly text: string; readonly result: T } | undefined
  return (text) => {
    if (last?.text !== text) last = { text, result: read(text) }
    return last.result
  }
}

/** The same for a function of two texts. */
export function rememberPair<T>(
  read: (one: string | undefined, other: string | undefined) => T,
): (one: string | undefined, other: string | undefined) => T {
  const ones: (string | undefined)[] = Array.from({ length: SLOTS }, () => undefined)
  const others: (string | undefined)[] = Array.from({ length: SLOTS }, () => undefined)
  const results: (T | undefined)[] = Array.from({ length: SLOTS }, () => undefined)
  return (one, other) => {
    if (one === undefined || other === undefined || one.length + other.length > LONGEST)
      return read(one, other)
    const slot = (Math.imul(slotOf(one), 31) + slotOf(other)) & (SLOTS - 1)
    if (others[slot] === other && ones[slot] === one) return results[slot] as T
    const result = read(one, other)
    ones[slot] = ownCopy(one)
    others[slot] = ownCopy(other)
    results[slot] = result
    return result
  }
}

/** Shorter texts are copied by the engine anyway when cut out of a larger one. */
const SHORT = 13
/** Texts are copied through it; a UTF-16 unit becomes three bytes at most. */
const scratch = Buffer.allocUnsafeSlow(LONGEST * 2 * 3)

/**
 * The text in memory of its own, half surrogate pairs as U+FFFD: one cut out of a larger text would keep all of that alive,
 * and is slow to compare.
 */
export function ownCopy(text: string): string {
  if (text.length < SHORT) return text
  if (text.length > LONGEST * 2) return Buffer.from(text, 'utf8').toString('utf8')
  return scratch.toString('utf8', 0, scratch.write(text, 0, 'utf8'))
}

/** A few characters tell most texts apart; the comparison tells the rest. */
function slotOf(text: string): number {
  const { length } = text
  if (length === 0) return 0
  let slot = length
  slot = Math.imul(slot, 31) + text.charCodeAt(length - 1)
  slot = Math.imul(slot, 31) + text.charCodeAt(length >> 1)
  slot = Math.imul(slot, 31) + text.charCodeAt(length >> 2)
  slot = Math.imul(slot, 31) + text.charCodeAt(length - 1 - (length >> 2))
  slot = Math.imul(slot, 31) + text.charCodeAt(length > 1 ? length - 2 : 0)
  return (slot ^ (slot >>> 12)) & (SLOTS - 1)
}

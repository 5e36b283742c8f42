import { ownCopy } from '../importers/remember.ts'
import { stringHash } from '../store/strings.ts'

/**
 * Characters the younger half of the dictionary may hold before it becomes the older half and that one is forgotten: a
 * log with a new command line in every record must not grow the memory without end. An entry costs about a byte for each
 * character here, so the two halves stay below 8 MB; a text that comes again afterwards is found in the case.
 */
const GENERATION_CHARS = 3_000_000
/** What an entry costs beside its characters, in characters. */
const ENTRY_COST = 80
/** Numbers given before they start anew: the writer keeps four bytes for each. */
const MAX_NUMBERS = 1_000_000
/** Machines, accounts and programs return in record after record: these are found by comparing one text. A power of two. */
const RECENT_SLOTS = 8_192
/** Longer texts rarely return, and each slot could hold one as long as a field may be. Longer than any script text is kept. */
const LONGEST_RECENT = 16_500
/** Of the texts known but not found that way, one in so many takes the place of another. */
const RECALL_EVERY = 8

/** New texts since the last `take`, in the order of their numbers. */
export interface NewStrings {
  /** Number of the first. */
  readonly first: number
  /** The texts as UTF-8 one after the other, and where each ends: as an array of strings all of them would be alive at once. */
  readonly bytes: Uint8Array
  readonly ends: Uint32Array
  readonly hashes: Float64Array
}

/**
 * The texts of one parse, numbered as they come. What was seen lately is remembered in two generations, so that a text
 * used all the time is never forgotten and dropping the others costs nothing.
 */
export class Dictionary {
  #young = new Map<string, number>()
  #old = new Map<string, number>()
  #youngChars = 0
  readonly #recentTexts = new Array<string>(RECENT_SLOTS).fill('')
  readonly #recentNumbers = new Float64Array(RECENT_SLOTS)
  #missed = 0
  #next = 0
  #first = 0
  #texts: string[] = []

  /** Number of the text; it is not empty. */
  number(text: string): number {
    const slot = slotOf(text)
    if (this.#recentTexts[slot] === text) return this.#recentNumbers[slot]!
    const known = this.#young.get(text)
    if (known !== undefined) {
      this.#missed += 1
      if (this.#missed % RECALL_EVERY === 0) this.#recall(slot, ownCopy(text), known)
      return known
    }
    const own = ownCopy(text)
    if (own !== text) {
      // Half a surrogate pair became U+FFFD, as it does in the store.
      const again = this.#young.get(own)
      if (again !== undefined) return again
    }
    let number = this.#old.get(own)
    if (number === undefined) {
      number = this.#next
      this.#next += 1
      this.#texts.push(own)
    }
    // It takes no place among the recent ones before it returns: most never do.
    this.#young.set(own, number)
    this.#youngChars += own.length + ENTRY_COST
    if (this.#youngChars > GENERATION_CHARS) this.#age()
    return number
  }

  #recall(slot: number, own: string, number: number): void {
    if (own.length > LONGEST_RECENT) return
    this.#recentTexts[slot] = own
    this.#recentNumbers[slot] = number
  }

  take(): NewStrings {
    const texts = this.#texts
    const hashes = new Float64Array(texts.length)
    const ends = new Uint32Array(texts.length)
    // A UTF-16 unit becomes three bytes at most.
    const room = Buffer.allocUnsafe(texts.reduce((sum, text) => sum + text.length * 3, 0))
    let end = 0
    for (const [index, text] of texts.entries()) {
      hashes[index] = stringHash(text)
      end += room.write(text, end, 'utf8')
      ends[index] = end
    }
    const taken = { first: this.#first, bytes: new Uint8Array(room.subarray(0, end)), ends, hashes }
    this.#texts = []
    this.#first = this.#next
    if (this.#next > MAX_NUMBERS) this.#startAnew()
    return taken
  }

  #age(): void {
    this.#old = this.#young
    this.#young = new Map()
    this.#youngChars = 0
  }
  #startAnew(): void {
    this.#recentTexts.fill('')
    this.#old = new Map()
    this.#young = new Map()
    this.#youngChars = 0
    this.#next = 0
    this.#first = 0
  }
}

/** A few characters tell most texts apart; the comparison tells the rest. */
function slotOf(text: string): number {
  const last = text.length - 1
  let slot = text.length
  slot = Math.imul(slot, 31) + text.charCodeAt(last)
  slot = Math.imul(slot, 31) + text.charCodeAt(last >> 1)
  slot = Math.imul(slot, 31) + text.charCodeAt(last - (last >> 2))
  slot = Math.imul(slot, 31) + text.charCodeAt(last - (last >> 3))
  slot = Math.imul(slot, 31) + text.charCodeAt(last > 0 ? last - 1 : 0)
  return (slot ^ (slot >>> 13)) & (RECENT_SLOTS - 1)
}

/** The texts again, one at a time. */
export function* textsOf({ bytes, ends }: NewStrings): Generator<string> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let start = 0
  for (const end of ends) {
    yield buffer.toString('utf8', start, end)
    start = end
  }
}

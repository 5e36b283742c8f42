/** States are numbered; transitions of all states share one map under `state * 65536 + UTF-16 unit`. */
const UNITS = 65_536

/** Finds all of many words in a text in one pass (Aho and Corasick, 1975). Compares UTF-16 units as they are. */
export class WordFinder {
  readonly #next = new Map<number, number>()
  readonly #fail: number[] = [0]
  /** Words that end in a state, by their number. */
  readonly #ends: number[][] = [[]]
  readonly #words: string[] = []
  #isBuilt = false

  get size(): number {
    return this.#words.length
  }

  /** Adds a word; its number is told by {@link find}. Empty words are in every text and find nothing. */
  add(word: string, number: number): void {
    if (word === '') return
    this.#isBuilt = false
    this.#words.push(word)
    let state = 0
    for (let at = 0; at < word.length; at += 1) {
      const key = state * UNITS + word.charCodeAt(at)
      let next = this.#next.get(key)
      if (next === undefined) {
        next = this.#fail.length
        this.#next.set(key, next)
        this.#fail.push(0)
        this.#ends.push([])
      }
      state = next
    }
    this.#ends[state]?.push(number)
  }

  /** Numbers of the words in the text, each once. */
  find(text: string): readonly number[] {
    if (this.#words.length === 0) return []
    if (!this.#isBuilt) this.#build()
    let state = 0
    let found: Set<number> | undefined
    for (let at = 0; at < text.length; at += 1) {
      state = this.#step(state, text.charCodeAt(at))
      const ends = this.#ends[state]
      if (ends === undefined || ends.length === 0) continue
      found ??= new Set()
      for (const number of ends) found.add(number)
    }
    return found === undefined ? [] : [...found]
  }

  #step(from: number, unit: number): number {
    let state = from
    for (;;) {
      const next = this.#next.get(state * UNITS + unit)
      if (next !== undefined) return next
      if (state === 0) return 0
      state = this.#fail[state] ?? 0
    }
  }

  /** Where to go on when a word breaks off: breadth first, so that shorter ways are known before longer ones. */
  #build(): void {
    const children = new Map<number, { unit: number; to: number }[]>()
    for (const [key, to] of this.#next) {
      const from = Math.floor(key / UNITS)
      const list = children.get(from)
      if (list) list.push({ unit: key % UNITS, to })
      else children.set(from, [{ unit: key % UNITS, to }])
    }
    const queue: number[] = []
    for (const { to } of children.get(0) ?? []) {
      this.#fail[to] = 0
      queue.push(to)
    }
    for (let head = 0; head < queue.length; head += 1) {
      const state = queue[head] ?? 0
      for (const { unit, to } of children.get(state) ?? []) {
        const fallback = this.#step(this.#fail[state] ?? 0, unit)
        this.#fail[to] = fallback
        const own = this.#ends[to] ?? []
        for (const number of this.#ends[fallback] ?? []) if (!own.includes(number)) own.push(number)
        queue.push(to)
      }
    }
    this.#isBuilt = true
  }
}

/** Marks of entries, sorted by key; a key of which a unit spoke several times stands once, with all it said mixed. */
export interface Marks {
  readonly keys: Float64Array
  readonly contents: Float64Array
}
export const NO_MARKS: Marks = { keys: new Float64Array(0), contents: new Float64Array(0) }

/** Marks are numbers below this; sums of what was said of one key stay below it. */
export const MARKS_BELOW = 2 ** 52

/** Gathers the marks of a unit, sixteen bytes for each entry. */
export class MarkList {
  #all = new Float64Array(64)
  #size = 0

  add(key: number, content: number): void {
    if (this.#size === this.#all.length) {
      const grown = new Float64Array(this.#size * 2)
      grown.set(this.#all)
      this.#all = grown
    }
    this.#all[this.#size] = key
    this.#all[this.#size + 1] = content
    this.#size += 2
  }

  sorted(): Marks {
    const count = this.#size / 2
    const all = this.#all
    const order = Uint32Array.from({ length: count }, (_, index) => index)
    order.sort((a, b) => (all[a * 2] ?? 0) - (all[b * 2] ?? 0) || a - b)
    const keys = new Float64Array(count)
    const contents = new Float64Array(count)
    let kept = 0
    for (const place of order) {
      const key = all[place * 2] ?? 0
      const content = all[place * 2 + 1] ?? 0
      if (kept > 0 && keys[kept - 1] === key)
        contents[kept - 1] = (((contents[kept - 1] ?? 0) * 2) % MARKS_BELOW) + (content % 2 ** 51)
      else {
        keys[kept] = key
        contents[kept] = content
        kept += 1
      }
    }
    return { keys: keys.subarray(0, kept), contents: contents.subarray(0, kept) }
  }
}

/** Keys of which one says something else than the other; `isGone`: only the first speaks of it. */
export function* differences(before: Marks, now: Marks): Generator<{ key: number; isGone: boolean }> {
  let old = 0
  let place = 0
  while (old < before.keys.length || place < now.keys.length) {
    const a = before.keys[old] ?? Infinity
    const b = now.keys[place] ?? Infinity
    if (a < b) yield { key: a, isGone: true }
    else if (b < a) yield { key: b, isGone: false }
    else if (before.contents[old] !== now.contents[place]) yield { key: a, isGone: false }
    if (a <= b) old += 1
    if (b <= a) place += 1
  }
}

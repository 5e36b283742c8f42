/**
 * Things with a time, by key: the last one before a moment, all of a span. Binary search, so that a rule that asks once
 * per event stays linear in events.
 */
export class TimeIndex<T extends { readonly at: number }> {
  readonly #lists = new Map<string, { items: T[]; isSorted: boolean }>()

  get size(): number {
    return this.#lists.size
  }

  add(key: string, item: T): void {
    const list = this.#lists.get(key)
    if (!list) {
      this.#lists.set(key, { items: [item], isSorted: true })
      return
    }
    const before = list.items.at(-1)
    if (before !== undefined && before.at > item.at) list.isSorted = false
    list.items.push(item)
  }

  has(key: string): boolean {
    return this.#lists.has(key)
  }

  /** All of a key in time order. */
  all(key: string): readonly T[] {
    const list = this.#lists.get(key)
    if (!list) return []
    if (!list.isSorted) {
      list.items.sort((a, b) => a.at - b.at)
      list.isSorted = true
    }
    return list.items
  }

  /** The last one in the span, both ends included. */
  last(key: string, from: number, to: number): T | undefined {
    const items = this.all(key)
    const found = items[firstAfter(items, to) - 1]
    return found !== undefined && found.at >= from ? found : undefined
  }

  /** The first one in the span, both ends included. */
  first(key: string, from: number, to: number): T | undefined {
    const items = this.all(key)
    const found = items[firstAfter(items, from - 1)]
    return found !== undefined && found.at <= to ? found : undefined
  }

  /** Those in the span, both ends included, in time order. */
  *between(key: string, from: number, to: number): Generator<T> {
    const items = this.all(key)
    for (let place = firstAfter(items, from - 1); place < items.length; place += 1) {
      const item = items[place]
      if (item === undefined || item.at > to) return
      yield item
    }
  }
}

/** Place of the first item later than the time. */
function firstAfter(items: readonly { readonly at: number }[], time: number): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((items[middle]?.at ?? 0) <= time) low = middle + 1
    else high = middle
  }
  return low
}

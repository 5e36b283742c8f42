/** The data of an event by name, in order. A `Map` is one, too. */
export interface EventData extends Iterable<[string, string]> {
  readonly size: number
  get(name: string): string | undefined
  has(name: string): boolean
  set(name: string, value: string): unknown
  keys(): Iterable<string>
  values(): Iterable<string>
}

/** Up to here looking through the names is faster than hashing one; a hostile record has tens of thousands. */
const MAX_SEARCHED = 40

/**
 * The data of an event that is made once, read a few times and forgotten: a list is several times quicker to make than a
 * hash table, and leaves the garbage collector a tenth.
 */
export class EventValues implements EventData {
  /** Name, value, name, value. */
  readonly #cells: string[] = []
  /** Places of the values, once there are many. */
  #places: Map<string, number> | undefined

  get size(): number {
    return this.#cells.length >> 1
  }
  get(name: string): string | undefined {
    const place = this.#placeOf(name)
    return place === -1 ? undefined : this.#cells[place]
  }
  has(name: string): boolean {
    return this.#placeOf(name) !== -1
  }
  set(name: string, value: string): this {
    const place = this.#placeOf(name)
    if (place === -1) this.append(name, value)
    else this.#cells[place] = value
    return this
  }
  /** Adds a value under a name that is known not to be there. */
  append(name: string, value: string): void {
    this.#cells.push(name, value)
    this.#places?.set(name, this.#cells.length - 1)
  }
  *[Symbol.iterator](): Generator<[string, string]> {
    for (let at = 0; at < this.#cells.length; at += 2) yield [this.#cells[at]!, this.#cells[at + 1]!]
  }
  *keys(): Generator<string> {
    for (let at = 0; at < this.#cells.length; at += 2) yield this.#cells[at]!
  }
  *values(): Generator<string> {
    for (let at = 1; at < this.#cells.length; at += 2) yield this.#cells[at]!
  }

  #placeOf(name: string): number {
    const cells = this.#cells
    if (cells.length > MAX_SEARCHED * 2) return this.#indexed().get(name) ?? -1
    for (let at = 0; at < cells.length; at += 2) if (cells[at] === name) return at + 1
    return -1
  }
  #indexed(): Map<string, number> {
    if (this.#places === undefined) {
      this.#places = new Map()
      for (let at = 0; at < this.#cells.length; at += 2) this.#places.set(this.#cells[at]!, at + 1)
    }
    return this.#places
  }
}

/** The same text as the engine keeps names of members: comparing two of them is comparing two addresses. */
export function internal(name: string): string {
  const holder: Record<string, true> = Object.create(null) as Record<string, true>
  holder[name] = true
  return Object.keys(holder)[0] ?? name
}

/** How many numbers a column begins with. */
const FIRST_SIZE = 64

type Numbers = Float64Array<ArrayBuffer> | Uint32Array<ArrayBuffer>

/** Numbers that grow in number: what an index over a whole case holds of each of its things, four or eight bytes each. */
export class Column {
  #values: Numbers
  #size = 0
  readonly #make: (size: number) => Numbers

  /** @param width `id` holds whole numbers from 0 to 2^32 - 1; `number` anything, NaN for none */
  constructor(width: 'id' | 'number') {
    this.#make =
      width === 'id' ? (size: number) => new Uint32Array(size) : (size: number) => new Float64Array(size)
    this.#values = this.#make(FIRST_SIZE)
  }

  get length(): number {
    return this.#size
  }

  push(value: number): void {
    if (this.#size === this.#values.length) {
      const grown = this.#make(this.#size * 2)
      grown.set(this.#values)
      this.#values = grown
    }
    this.#values[this.#size] = value
    this.#size += 1
  }

  /** The number at a place; 0 beyond the end. */
  at(place: number): number {
    return place < this.#size ? (this.#values[place] ?? 0) : 0
  }

  /** The numbers, smallest first; the column is empty afterwards. */
  sorted(): Float64Array {
    const values = Float64Array.from(this.#values.subarray(0, this.#size)).sort()
    this.#values = this.#make(FIRST_SIZE)
    this.#size = 0
    return values
  }

  set(place: number, value: number): void {
    if (place < this.#size) this.#values[place] = value
  }
}

/** Places from 0 on in the order that a comparison says; equal ones stay as they are. */
export function sortedPlaces(
  count: number,
  compare: (a: number, b: number) => number,
): Uint32Array<ArrayBuffer> {
  const places = new Uint32Array(count)
  for (let place = 0; place < count; place += 1) places[place] = place
  return places.sort((a, b) => compare(a, b) || a - b)
}

/** The first of `count` places of which something no longer holds; it holds for those before and for none after. */
export function partition(count: number, isBefore: (place: number) => boolean): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isBefore(middle)) low = middle + 1
    else high = middle
  }
  return low
}

/** The places 0 to `count - 1` by what `keyOf` says of them, each list in the order of the places. */
export function placesBy(count: number, keyOf: (place: number) => number): Map<number, Uint32Array> {
  const sizes = new Map<number, number>()
  for (let place = 0; place < count; place += 1) {
    const key = keyOf(place)
    sizes.set(key, (sizes.get(key) ?? 0) + 1)
  }
  const lists = new Map([...sizes].map(([key, size]) => [key, new Uint32Array(size)]))
  for (let place = count - 1; place >= 0; place -= 1) {
    const key = keyOf(place)
    const left = (sizes.get(key) ?? 0) - 1
    sizes.set(key, left)
    const list = lists.get(key)
    if (list) list[left] = place
  }
  return lists
}

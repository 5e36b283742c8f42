import { hash, randomBytes } from 'node:crypto'
import { Column, partition, sortedPlaces } from './columns.ts'

/** Known to nobody who writes evidence, so that no two texts can be made to have one sum. */
const SALT = randomBytes(16).toString('hex')

/**
 * A number for a text, below 2^52 and above 0. An index over all mail or all processes of a company holds these instead of the texts:
 * among a million texts two have the same one in one case of ten thousand.
 */
export const sumOf = (text: string): number => parseInt(hash('sha1', SALT + text).slice(0, 13), 16) || 1

/** A slot of three stays empty at least. */
const FULL = 2 / 3
const FIRST_SLOTS = 256
/** Sums that are made of two numbers, or that follow each other, spread over the slots as those of texts do. */
function mixed(sum: number): number {
  let bits = Math.imul((sum % 2 ** 32) ^ Math.imul(Math.floor(sum / 2 ** 32), 0x85ebca6b), 0x9e3779b1)
  bits = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d)
  return bits ^ (bits >>> 13)
}

/** Numbers sums from 0 on, in the order they come in: eighteen bytes for each. */
export class SumNumbers {
  #sums = new Float64Array(FIRST_SLOTS)
  #numbers = new Uint32Array(FIRST_SLOTS)
  #size = 0

  get size(): number {
    return this.#size
  }

  /** The number of a sum; undefined when it has none. */
  find(sum: number): number | undefined {
    const slot = this.#slotOf(sum)
    return this.#sums[slot] === sum ? this.#numbers[slot] : undefined
  }

  /** The number of a sum; a new one, equal to the size before, when it had none. */
  number(sum: number): number {
    const slot = this.#slotOf(sum)
    if (this.#sums[slot] === sum) return this.#numbers[slot] ?? 0
    this.#sums[slot] = sum
    this.#numbers[slot] = this.#size
    this.#size += 1
    if (this.#size > this.#sums.length * FULL) this.#grow()
    return this.#size - 1
  }

  #slotOf(sum: number): number {
    const last = this.#sums.length - 1
    let slot = mixed(sum) & last
    for (let at = this.#sums[slot]; at !== 0 && at !== sum; at = this.#sums[slot])
      slot = slot === last ? 0 : slot + 1
    return slot
  }

  #grow(): void {
    const [sums, numbers] = [this.#sums, this.#numbers]
    this.#sums = new Float64Array(sums.length * 2)
    this.#numbers = new Uint32Array(sums.length * 2)
    for (const [old, sum] of sums.entries()) {
      if (sum === 0) continue
      const slot = this.#slotOf(sum)
      this.#sums[slot] = sum
      this.#numbers[slot] = numbers[old] ?? 0
    }
  }
}

/** A number for each sum that was given one: some twenty-six bytes. */
export class SumValues {
  readonly #numbers = new SumNumbers()
  readonly #values = new Column('id')

  /** The number of a sum; undefined when it has none. */
  get(sum: number): number | undefined {
    const number = this.#numbers.find(sum)
    return number === undefined ? undefined : this.#values.at(number)
  }

  /** @param value a whole number from 0 to 2^32 - 1 */
  set(sum: number, value: number): void {
    const number = this.#numbers.number(sum)
    if (number === this.#values.length) this.#values.push(value)
    else this.#values.set(number, value)
  }
}

/** Places by sum: twelve bytes for each once they are sorted. All are added before the first is asked for. */
export class SumPlaces {
  readonly #compare: (a: number, b: number) => number
  #added = { sums: new Column('number'), places: new Column('id') }
  #sums = new Float64Array(0)
  #places = new Uint32Array(0)

  /** @param compare orders the places of one sum; those that are equal stay in the order they were added in */
  constructor(compare: (a: number, b: number) => number = () => 0) {
    this.#compare = compare
  }

  add(sum: number, place: number): void {
    this.#added.sums.push(sum)
    this.#added.places.push(place)
  }

  has(sum: number): boolean {
    this.#sort()
    return this.#sums[this.#firstOf(sum)] === sum
  }

  /** Places with the sum, in their order. */
  of(sum: number): Uint32Array {
    this.#sort()
    const first = this.#firstOf(sum)
    let end = first
    while (this.#sums[end] === sum) end += 1
    return this.#places.subarray(first, end)
  }

  #firstOf(sum: number): number {
    return partition(this.#sums.length, (next) => (this.#sums[next] ?? 0) < sum)
  }

  #sort(): void {
    const { sums, places } = this.#added
    if (sums.length === 0) return
    const order = sortedPlaces(
      sums.length,
      (a, b) => sums.at(a) - sums.at(b) || this.#compare(places.at(a), places.at(b)),
    )
    this.#sums = Float64Array.from(order, (next) => sums.at(next))
    this.#places = order.map((next) => places.at(next))
    this.#added = { sums: new Column('number'), places: new Column('id') }
  }
}

/** Times by sum: sixteen bytes for each. All are added before the first is asked for. */
export class SumTimes {
  #added = { sums: new Column('number'), times: new Column('number') }
  #sums = new Float64Array(0)
  #times = new Float64Array(0)

  add(sum: number, at: number): void {
    this.#added.sums.push(sum)
    this.#added.times.push(at)
  }

  /** Whether there is one in the span, both ends included. */
  hasBetween(sum: number, from: number, to: number): boolean {
    this.#sort()
    const next = partition(
      this.#sums.length,
      (one) => (this.#sums[one] ?? 0) < sum || (this.#sums[one] === sum && (this.#times[one] ?? 0) < from),
    )
    return this.#sums[next] === sum && (this.#times[next] ?? Infinity) <= to
  }

  #sort(): void {
    const { sums, times } = this.#added
    if (sums.length === 0) return
    const order = sortedPlaces(sums.length, (a, b) => sums.at(a) - sums.at(b) || times.at(a) - times.at(b))
    this.#sums = Float64Array.from(order, (next) => sums.at(next))
    this.#times = Float64Array.from(order, (next) => times.at(next))
    this.#added = { sums: new Column('number'), times: new Column('number') }
  }
}

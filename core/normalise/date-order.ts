import type { DateOrder } from '../model/date-order.ts'

const NUMERIC_DATE = /^\s*(\d{1,2})[/.-](\d{1,2})[/.-](?:\d{4}|\d{2})(?!\d)/

/** An excerpt of a date for the question. */
const EXAMPLE_CHARS = 40

/** Gathers what dates such as `3/4/2025` say about the order of day and month. */
export class DateOrderProof {
  /** The first date that proves an order, and the order. */
  #proof: { readonly order: DateOrder; readonly text: string } | undefined
  #contradiction: string | undefined
  #unclear: string | undefined

  /** Takes one text into account; anything but such a date says nothing. */
  look(text: string): void {
    const match = NUMERIC_DATE.exec(text)
    if (match === null) return
    const first = Number(match[1])
    const second = Number(match[2])
    const says =
      first > 12 && second <= 12 ? 'day-first' : second > 12 && first <= 12 ? 'month-first' : undefined
    const example = (): string => text.trim().slice(0, EXAMPLE_CHARS)
    if (says === undefined) {
      if (first !== second) this.#unclear ??= example()
    } else if (this.#proof === undefined) this.#proof = { order: says, text: example() }
    else if (this.#proof.order !== says) this.#contradiction ??= `${this.#proof.text}, ${example()}`
  }

  /** The order that is proven; undefined when nothing proves it, or when two dates prove different ones. */
  get order(): DateOrder | undefined {
    return this.isContradicted ? undefined : this.#proof?.order
  }

  /** Two dates prove different orders: nothing that comes can settle it. */
  get isContradicted(): boolean {
    return this.#contradiction !== undefined
  }

  /** A date that needs the order to be read, or two that contradict each other; undefined when there is none. */
  get unclear(): string | undefined {
    return this.#contradiction ?? this.#unclear
  }
}

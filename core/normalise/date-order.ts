import type { DateOrder } from '../model/date-order.ts'

const NUMERIC_DATE = /^\s*(\d{1,2})[/.-](\d{1,2})[/.-](?:\d{4}|\d{2})(?!\d)/

/** Gathers what dates such as `3/4/2025` say about the order of day and month. */
export class DateOrderProof {
  #order: DateOrder | undefined
  #unclear: string | undefined
  #isContradicted = false

  /** Takes one text into account; anything but such a date says nothing. */
  look(text: string): void {
    const match = NUMERIC_DATE.exec(text)
    if (match === null) return
    const first = Number(match[1])
    const second = Number(match[2])
    const says =
      first > 12 && second <= 12 ? 'day-first' : second > 12 && first <= 12 ? 'month-first' : undefined
    if (says === undefined) {
      if (first !== second) this.#unclear ??= text.trim().slice(0, 40)
    } else if (this.#order === undefined) this.#order = says
    else if (this.#order !== says) this.#isContradicted = true
  }

  /** The order that is proven; undefined when nothing proves it, or when two dates prove different ones. */
  get order(): DateOrder | undefined {
    return this.#isContradicted ? undefined : this.#order
  }

  /** A date that needs the order to be read; undefined when there is none. */
  get unclear(): string | undefined {
    return this.#unclear
  }
}

/** Sysmon and the Security log write the same start within this time of each other. */
const SAME_START_US = 2_000_000

export type TwinKey = number | `parent ${number}`

interface Waiting {
  readonly key: string
  readonly at: number
  readonly place: number
}

/**
 * Starts near in time to the one that is looked at, by endpoint and a number that both records give. Those looked at come in the order
 * of time.
 */
export class TwinStarts {
  readonly #near = new Map<string, Waiting[]>()
  readonly #inOrder: Waiting[] = []
  #oldest = 0

  /** @param by its PID, or `parent` and the PID of its parent where a record leaves its own out */
  add(endpointId: number, by: TwinKey, at: number, place: number): void {
    const one = { key: `${endpointId}|${by}`, at, place }
    const list = this.#near.get(one.key)
    if (list) list.push(one)
    else this.#near.set(one.key, [one])
    this.#inOrder.push(one)
  }

  /** Places of those with the key within the time, earliest first. */
  around(endpointId: number, by: TwinKey, at: number): number[] {
    this.#forget(at - SAME_START_US)
    const list = this.#near.get(`${endpointId}|${by}`) ?? []
    return list
      .filter((one) => Math.abs(one.at - at) <= SAME_START_US)
      .sort((a, b) => a.at - b.at || a.place - b.place)
      .map((one) => one.place)
  }

  /** Until when others have to be added for {@link around} to see them. */
  static reach(at: number): number {
    return at + SAME_START_US
  }

  /** Nearly in the order of time: one out of order stays a moment longer. */
  #forget(before: number): void {
    for (let one = this.#inOrder[this.#oldest]; one && one.at < before; one = this.#inOrder[this.#oldest]) {
      const list = this.#near.get(one.key)
      if (list && list.length > 1) list.splice(list.indexOf(one), 1)
      else this.#near.delete(one.key)
      this.#oldest += 1
    }
    if (this.#oldest < 1024 || this.#oldest * 2 < this.#inOrder.length) return
    this.#inOrder.splice(0, this.#oldest)
    this.#oldest = 0
  }
}

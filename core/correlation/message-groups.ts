import type { Traced } from './campaign-traits.ts'

/** Messages that hang together, by union of pairs. */
export class MessageGroups {
  readonly #parent = new Map<Traced, Traced>()

  #root(one: Traced): Traced {
    let root = one
    for (let next = this.#parent.get(root); next && next !== root; next = this.#parent.get(root)) root = next
    for (let step = one; step !== root;) {
      const next = this.#parent.get(step) ?? root
      this.#parent.set(step, root)
      step = next
    }
    return root
  }

  join(a: Traced, b: Traced): void {
    const [left, right] = [this.#root(a), this.#root(b)]
    this.#parent.set(left, left)
    // The earlier one stands for the group.
    if (left !== right)
      this.#parent.set(left.at <= right.at ? right : left, left.at <= right.at ? left : right)
  }

  all(): Traced[][] {
    const groups = new Map<Traced, Traced[]>()
    for (const one of this.#parent.keys()) {
      const root = this.#root(one)
      const group = groups.get(root)
      if (group) group.push(one)
      else groups.set(root, [one])
    }
    return [...groups.values()].map((group) => group.sort((a, b) => a.at - b.at))
  }
}

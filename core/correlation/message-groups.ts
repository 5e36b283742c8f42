/** Messages that hang together, by union of pairs; each by its place in the order of time. */
export class MessageGroups {
  readonly #parent = new Map<number, number>()

  #root(one: number): number {
    let root = one
    for (
      let next = this.#parent.get(root);
      next !== undefined && next !== root;
      next = this.#parent.get(root)
    )
      root = next
    for (let step = one; step !== root;) {
      const next = this.#parent.get(step) ?? root
      this.#parent.set(step, root)
      step = next
    }
    return root
  }

  join(a: number, b: number): void {
    const [left, right] = [this.#root(a), this.#root(b)]
    this.#parent.set(left, left)
    // The earlier one stands for the group.
    if (left !== right) this.#parent.set(Math.max(left, right), Math.min(left, right))
  }

  all(): number[][] {
    const groups = new Map<number, number[]>()
    for (const one of this.#parent.keys()) {
      const root = this.#root(one)
      const group = groups.get(root)
      if (group) group.push(one)
      else groups.set(root, [one])
    }
    return [...groups.values()].map((group) => group.sort((a, b) => a - b))
  }
}

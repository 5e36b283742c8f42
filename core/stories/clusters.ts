/** Disjoint sets over numbers 0..n-1. */
export class Clusters {
  readonly #parent: Int32Array

  constructor(size: number) {
    this.#parent = Int32Array.from({ length: size }, (_, index) => index)
  }

  find(element: number): number {
    let root = element
    for (let next = this.#parent[root] ?? root; next !== root; next = this.#parent[root] ?? root) root = next
    for (let at = element; at !== root;) {
      const next = this.#parent[at] ?? root
      this.#parent[at] = root
      at = next
    }
    return root
  }

  /** The smaller root stays, so that the result does not depend on the order of joins. */
  join(a: number, b: number): void {
    const first = this.find(a)
    const second = this.find(b)
    if (first !== second) this.#parent[Math.max(first, second)] = Math.min(first, second)
  }
}

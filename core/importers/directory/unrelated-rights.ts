/** Names of rights come from outside; beyond this many different ones the rest is one number. */
const MAX_NAMES = 200
const MAX_LISTED = 30
const MAX_NAME = 60

/**
 * Counts rights and links that the collection states and that no kind of relation stands for (`WriteSPN`, `Enroll`), so
 * that they are said instead of lost.
 */
export class UnrelatedRights {
  readonly #counts = new Map<string, number>()

  add(name: string, times = 1): void {
    if (times === 0) return
    const known = this.#counts.has(name) || this.#counts.size < MAX_NAMES
    const key = known ? name.slice(0, MAX_NAME) : '...'
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + times)
  }
  get isEmpty(): boolean {
    return this.#counts.size === 0
  }
  /** `Enroll 12, WriteSPN 3`: the most frequent first. */
  toText(): string {
    const sorted = [...this.#counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    const shown = sorted.slice(0, MAX_LISTED).map(([name, count]) => `${name} ${count}`)
    return sorted.length > MAX_LISTED ? `${shown.join(', ')}, ...` : shown.join(', ')
  }
}

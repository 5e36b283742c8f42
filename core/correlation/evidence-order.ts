import type { ReadStore } from '../store/store.ts'

/** Things of one moment that are put in order at once. Attack: a log without times, or with one time for all of it. */
const MAX_AT_ONCE = 8_192

/**
 * An order of evidence that follows from its bytes. What happened at one moment has no order of its own, and rules go by the first that
 * tells of something: by this one, a case says the same whatever was imported first.
 */
export class EvidenceOrder {
  readonly #ranks: ReadonlyMap<number, number>

  constructor(db: ReadStore) {
    const ids = db.prepare('SELECT id FROM evidence ORDER BY sha256').pluck().all() as number[]
    this.#ranks = new Map(ids.map((id, rank) => [id, rank]))
  }

  get isTrivial(): boolean {
    return this.#ranks.size < 2
  }

  rankOf(evidenceId: number): number {
    return this.#ranks.get(evidenceId) ?? 0
  }

  /** Things in the order of time and id, put in that of evidence within each moment. */
  *within<T>(
    things: Iterable<T>,
    of: { at(thing: T): number | null; evidence(thing: T): number },
  ): Generator<T> {
    if (this.isTrivial) {
      yield* things
      return
    }
    let moment: T[] = []
    for (const thing of things) {
      const [first] = moment
      if (first !== undefined && (of.at(first) !== of.at(thing) || moment.length >= MAX_AT_ONCE)) {
        yield* this.#sorted(moment, of)
        moment = []
      }
      moment.push(thing)
    }
    yield* this.#sorted(moment, of)
  }

  #sorted<T>(things: T[], of: { evidence(thing: T): number }): T[] {
    // Rows of one item come by id, which is the order of its records.
    return things.length < 2
      ? things
      : things.sort((a, b) => this.rankOf(of.evidence(a)) - this.rankOf(of.evidence(b)))
  }
}

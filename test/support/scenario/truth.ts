import type { RelationKind } from '../../../core/model/relation.ts'

/** One use of a relation: when it really happened, and what the clock of the recording machine said. */
export interface TrueUse {
  readonly at: number
  readonly recordedAt: number
  readonly isAttack: boolean
}

/**
 * A relation that holds.
 * @property isRequired a careful reader of all records would assert it; otherwise it is true, but nobody has to say it
 *   (proxied browsing drawn as connections, programs of Windows as files, processes only named in passing)
 */
export interface TrueRelation {
  readonly kind: RelationKind
  readonly from: string
  readonly to: string
  isRequired: boolean
  isAttack: boolean
  readonly uses: TrueUse[]
}

export const relationKey = (kind: RelationKind, from: string, to: string): string =>
  `${kind}: ${from} -> ${to}`

/** What really happened and is on record. The engine never sees it. */
export class Truth {
  readonly relations = new Map<string, TrueRelation>()
  #isAttack = false

  /** What `play` does is the attacker's doing. */
  attack<T>(play: () => T): T {
    const before = this.#isAttack
    this.#isAttack = true
    try {
      return play()
    } finally {
      this.#isAttack = before
    }
  }

  get isAttack(): boolean {
    return this.#isAttack
  }

  /** A relation that has to be found; `at` is null for a standing fact. */
  say(kind: RelationKind, from: string, to: string, at: number | null, recordedAt = at): void {
    this.#note(kind, from, to, at, recordedAt, true)
  }

  /** A relation that is true, whether it is found or not. */
  allow(kind: RelationKind, from: string, to: string, at: number | null = null, recordedAt = at): void {
    this.#note(kind, from, to, at, recordedAt, false)
  }

  #note(
    kind: RelationKind,
    from: string,
    to: string,
    at: number | null,
    recordedAt: number | null,
    isRequired: boolean,
  ): void {
    const key = relationKey(kind, from, to)
    const known = this.relations.get(key)
    const relation = known ?? { kind, from, to, isRequired, isAttack: false, uses: [] }
    relation.isRequired ||= isRequired
    relation.isAttack ||= this.#isAttack
    if (at !== null) relation.uses.push({ at, recordedAt: recordedAt ?? at, isAttack: this.#isAttack })
    if (!known) this.relations.set(key, relation)
  }
}

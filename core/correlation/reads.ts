import type { BookEntity } from '../identity/entity-book.ts'
import type { AliasKind, EntityKind } from '../model/relation.ts'

/** Single entities, names and addresses that are held; of more, their kinds are known, and that some were. */
export const MOST_SINGLES = 2_000

/**
 * What a rule read, written down by the view while it ran (never declared by hand). Each read has a short name, which the
 * next run turns into a fingerprint of what it would read now (`CaseDigests.of`):
 * `e<kind>` events of a kind in the unit's scope, `e*` all of them, `m` mail, `d` the directory, `x` everything stored,
 * `b:<kind>` all entities of a kind that identity made, `n:<key>` one of them, `f:<kind>|<alias>|<value>` who carries a
 * name, `h:<ip>` which endpoints had an address, `h*` all addresses.
 */
export class ReadTrace {
  readonly #names = new Set<string>()
  /** Names of single reads -> kind of entity; none once they are too many to be told singly. */
  readonly #singles = new Map<string, EntityKind>()
  readonly #kinds = new Set<EntityKind>()
  #areAll = false
  readonly #addresses = new Set<string>()
  /** The last entity, which most rules ask for again. */
  #last: BookEntity | undefined

  add(name: string): void {
    this.#names.add(name)
  }

  entity(entity: BookEntity): void {
    if (entity === this.#last) return
    this.#last = entity
    this.#kinds.add(entity.kind)
    if (!this.#areAll) this.#single(`n:${entity.key}`, entity.kind)
  }

  lookup(kind: EntityKind, alias: AliasKind, folded: string): void {
    this.#kinds.add(kind)
    if (!this.#areAll) this.#single(`f:${kind}|${alias}|${folded}`, kind)
  }

  #single(name: string, kind: EntityKind): void {
    this.#singles.set(name, kind)
    if (this.#singles.size <= MOST_SINGLES) return
    this.#areAll = true
    this.#singles.clear()
  }

  address(ip: string): void {
    if (this.#addresses.size <= MOST_SINGLES) this.#addresses.add(`h:${ip}`)
  }

  /** All that another trace holds: an index was built once, and every rule that uses it depends on what it was built from. */
  include(other: ReadTrace): void {
    for (const name of other.#names) this.#names.add(name)
    for (const kind of other.#kinds) this.#kinds.add(kind)
    if (other.#areAll) {
      this.#areAll = true
      this.#singles.clear()
    }
    if (!this.#areAll) for (const [name, kind] of other.#singles) this.#single(name, kind)
    for (const name of other.#addresses) this.address(name.slice(2))
  }

  /**
   * The reads by name. Many single ones are told as all of their kind: finding out whether one of a hundred thousand
   * changed would cost more than it saves.
   * @param most not above {@link MOST_SINGLES}
   */
  list(most: number): string[] {
    const found = new Set(this.#names)
    if (this.#areAll || this.#singles.size > most) for (const kind of this.#kinds) found.add(`b:${kind}`)
    else for (const name of this.#singles.keys()) found.add(name)
    if (this.#addresses.size <= most) for (const name of this.#addresses) found.add(name)
    else found.add('h*')
    return [...found].sort()
  }
}

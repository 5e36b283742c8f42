import type { BookEntity } from '../identity/entity-book.ts'
import type { AliasKind, EntityKind } from '../model/relation.ts'

/**
 * What a rule read, written down by the view while it ran (never declared by hand). Each read has a short name, which the
 * next run turns into a fingerprint of what it would read now (`CaseDigests.of`):
 * `e<kind>` events of a kind in the unit's scope, `e*` all of them, `m` mail, `d` the directory, `x` everything stored,
 * `b:<kind>` all entities of a kind that identity made, `n:<key>` one of them, `f:<kind>|<alias>|<value>` who carries a
 * name, `h:<ip>` which endpoints had an address, `h*` all addresses.
 */
export class ReadTrace {
  readonly #names = new Set<string>()
  readonly #entities = new Set<BookEntity>()
  readonly #lookups = new Map<string, EntityKind>()
  readonly #addresses = new Set<string>()

  add(name: string): void {
    this.#names.add(name)
  }

  entity(entity: BookEntity): void {
    this.#entities.add(entity)
  }

  lookup(kind: EntityKind, alias: AliasKind, folded: string): void {
    this.#lookups.set(`f:${kind}|${alias}|${folded}`, kind)
  }

  address(ip: string): void {
    this.#addresses.add(`h:${ip}`)
  }

  /** All that another trace holds: an index was built once, and every rule that uses it depends on what it was built from. */
  include(other: ReadTrace): void {
    for (const name of other.#names) this.#names.add(name)
    for (const entity of other.#entities) this.#entities.add(entity)
    for (const [name, kind] of other.#lookups) this.#lookups.set(name, kind)
    for (const name of other.#addresses) this.#addresses.add(name)
  }

  /**
   * The reads by name. Many single ones are told as all of their kind: finding out whether one of a hundred thousand
   * changed would cost more than it saves.
   */
  list(most: number): string[] {
    const found = new Set(this.#names)
    if (this.#entities.size + this.#lookups.size <= most) {
      for (const entity of this.#entities) found.add(`n:${entity.key}`)
      for (const name of this.#lookups.keys()) found.add(name)
    } else {
      for (const { kind } of this.#entities) found.add(`b:${kind}`)
      for (const kind of this.#lookups.values()) found.add(`b:${kind}`)
    }
    if (this.#addresses.size <= most) for (const name of this.#addresses) found.add(name)
    else found.add('h*')
    return [...found].sort()
  }
}

import type { TextRef } from '../contract/shapes.ts'
import type { AliasKind, EntityKind } from '../model/relation.ts'

export interface Proof {
  readonly evidenceId: number
  readonly record: number
}
export interface BookAlias {
  readonly kind: AliasKind
  readonly value: string
  readonly proof: Proof | null
  confidence: number
  reason: TextRef
}
export type Attributes = Record<string, string | number | boolean>

export interface BookEntity {
  readonly kind: EntityKind
  readonly key: string
  name: string
  first: number | null
  last: number | null
  attributes: Attributes
  readonly aliases: Map<string, BookAlias>
  /** Row id, once saved. */
  id: number
  /** Of a user: the primary address in the oldest snapshot; names the mailbox for good, whatever the user is called later. */
  firstMail?: string
}

/**
 * Names compare without case (formats.md section 0); a Message-ID and a path on Unix do not, but differ by case only by
 * accident. Distinguished names also compare without space around `,` and `=` (RFC 4514, 3).
 */
export const foldAlias = (kind: AliasKind, value: string): string =>
  (kind === 'dn' ? value.replace(/\s*([,=])\s*/g, '$1') : value).toLowerCase()

/**
 * Entities under construction with an index over their aliases. One alias may belong to several entities (a reused
 * name): `find` answers only when it is unambiguous.
 */
export class EntityBook {
  readonly entities = new Map<string, BookEntity>()
  readonly #byAlias = new Map<string, Set<BookEntity>>()

  /** The entity with this key, made when new. `key` is stable over runs and unique over all kinds. */
  ensure(kind: EntityKind, key: string, name: string): BookEntity {
    const known = this.entities.get(key)
    if (known) return known
    const entity: BookEntity = {
      kind,
      key,
      name,
      first: null,
      last: null,
      attributes: {},
      aliases: new Map(),
      id: 0,
    }
    this.entities.set(key, entity)
    return entity
  }

  /** Adds a name; the first proof of a name is kept, the confidence only rises. */
  addAlias(
    entity: BookEntity,
    kind: AliasKind,
    value: string,
    proof: Proof | null,
    confidence: number,
    reason: string,
    params: TextRef['params'] = {},
  ): void {
    if (value === '') return
    const folded = foldAlias(kind, value)
    const own = `${kind}|${folded}`
    const present = entity.aliases.get(own)
    if (present) {
      if (confidence > present.confidence) {
        present.confidence = confidence
        present.reason = { key: `identity.${reason}`, params }
      }
      return
    }
    entity.aliases.set(own, { kind, value, proof, confidence, reason: { key: `identity.${reason}`, params } })
    const index = `${entity.kind}|${own}`
    const holders = this.#byAlias.get(index)
    if (holders) holders.add(entity)
    else this.#byAlias.set(index, new Set([entity]))
  }

  /** All entities of a kind that carry the name. */
  all(kind: EntityKind, alias: AliasKind, value: string): readonly BookEntity[] {
    return [...(this.#byAlias.get(`${kind}|${alias}|${foldAlias(alias, value)}`) ?? [])]
  }

  /** The one entity that carries the name; undefined when none or several do. */
  find(kind: EntityKind, alias: AliasKind, value: string): BookEntity | undefined {
    const holders = this.#byAlias.get(`${kind}|${alias}|${foldAlias(alias, value)}`)
    return holders?.size === 1 ? holders.values().next().value : undefined
  }

  /** Stretches the time an entity was seen. */
  see(entity: BookEntity, at: number | null): void {
    if (at === null) return
    if (entity.first === null || at < entity.first) entity.first = at
    if (entity.last === null || at > entity.last) entity.last = at
  }
}

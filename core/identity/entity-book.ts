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
  /** Of an endpoint: it and the others that had its name in turn, oldest first. All of them hold the same list. */
  family?: readonly Turn[]
}

/** From this time on (microseconds) this one of several machines of a name is meant. */
export interface Turn {
  readonly since: number
  entity: BookEntity
}

/**
 * Names compare without case (formats.md section 0); a Message-ID and a path on Unix do not, but differ by case only by
 * accident. Distinguished names also compare without space around `,` and `=` (RFC 4514, 3).
 */
export const foldAlias = (kind: AliasKind, value: string): string =>
  (kind === 'dn' ? value.replace(/\s*([,=])\s*/g, '$1') : value).toLowerCase()

const plain = new Map<string, TextRef>()

/** Reasons without parameters are shared: every name has one. */
function reasonOf(reason: string, params: TextRef['params']): TextRef {
  const key = `identity.${reason}`
  if (Object.keys(params).length > 0) return { key, params }
  let known = plain.get(key)
  if (known === undefined) plain.set(key, (known = { key, params }))
  return known
}

/**
 * Entities under construction with an index over their aliases. One alias may belong to several entities (a reused
 * name): `find` answers only when it is unambiguous.
 */
export class EntityBook {
  readonly entities = new Map<string, BookEntity>()
  /** Most names belong to one; a hundred thousand messages would have twice as many sets. */
  readonly #byAlias = new Map<string, BookEntity | Set<BookEntity>>()

  /** Address -> key of its mailbox: what it was before users were joined, who may have had two. */
  readonly mailboxes = new Map<string, string>()
  readonly #joined: ReadonlyMap<string, string>

  /** @param joined keys that an analyst said mean another entity */
  constructor(joined: ReadonlyMap<string, string> = new Map()) {
    this.#joined = joined
  }

  /** The entity with this key, made when new. `key` is stable over runs and unique over all kinds. */
  ensure(kind: EntityKind, said: string, name: string): BookEntity {
    const key = this.#joined.get(said) ?? said
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
        present.reason = reasonOf(reason, params)
      }
      return
    }
    entity.aliases.set(own, { kind, value, proof, confidence, reason: reasonOf(reason, params) })
    this.#index(entity, own)
  }

  #index(entity: BookEntity, own: string): void {
    const index = `${entity.kind}|${own}`
    const holders = this.#byAlias.get(index)
    if (holders === undefined) this.#byAlias.set(index, entity)
    else if (holders instanceof Set) holders.add(entity)
    else if (holders !== entity) this.#byAlias.set(index, new Set([holders, entity]))
  }

  #unindex(entity: BookEntity, own: string): void {
    const index = `${entity.kind}|${own}`
    const holders = this.#byAlias.get(index)
    if (holders === entity) this.#byAlias.delete(index)
    else if (holders instanceof Set) {
      holders.delete(entity)
      if (holders.size === 0) this.#byAlias.delete(index)
    }
  }

  /** Makes two entities one: names, facts and times of the other go to the first, whose own stand. */
  merge(into: BookEntity, other: BookEntity): void {
    for (const [own, alias] of other.aliases) {
      this.#unindex(other, own)
      if (into.aliases.has(own)) continue
      into.aliases.set(own, alias)
      this.#index(into, own)
    }
    other.aliases.clear()
    into.attributes = { ...other.attributes, ...into.attributes }
    for (const turn of other.family ?? []) if (turn.entity === other) turn.entity = into
    if (other.family && !into.family) into.family = other.family
    if (into.firstMail === undefined && other.firstMail !== undefined) into.firstMail = other.firstMail
    this.see(into, other.first)
    this.see(into, other.last)
    this.entities.delete(other.key)
  }

  /** Takes a name away. */
  dropAlias(entity: BookEntity, kind: AliasKind, value: string): void {
    const own = `${kind}|${foldAlias(kind, value)}`
    if (entity.aliases.delete(own)) this.#unindex(entity, own)
  }

  /** Notes that these endpoints had one name in turn: `find` then tells them apart by time. */
  addGenerations(turns: readonly Turn[]): void {
    const known = turns.flatMap(({ entity }) => entity.family ?? [])
    const family = [...new Set([...known, ...turns])].sort((a, b) => a.since - b.since)
    for (const { entity } of family) entity.family = family
  }

  /** Gives a name to another entity, because an analyst said so. */
  moveAlias(from: BookEntity, to: BookEntity, kind: AliasKind, value: string, why: string): void {
    const own = `${kind}|${foldAlias(kind, value)}`
    const alias = from.aliases.get(own)
    if (!alias) return
    from.aliases.delete(own)
    this.#unindex(from, own)
    to.aliases.set(own, { ...alias, reason: { key: 'identity.analyst_split', params: { reason: why } } })
    this.#index(to, own)
  }

  /** All entities of a kind that carry the name. */
  all(kind: EntityKind, alias: AliasKind, value: string): readonly BookEntity[] {
    const holders = this.#byAlias.get(`${kind}|${alias}|${foldAlias(alias, value)}`)
    return holders === undefined ? [] : holders instanceof Set ? [...holders] : [holders]
  }

  /**
   * The one entity that carries the name; undefined when none or several do. Of endpoints that had it in turn, the one of the time.
   * @param at microseconds; null for the latest
   */
  find(kind: EntityKind, alias: AliasKind, value: string, at: number | null = null): BookEntity | undefined {
    const holders = this.#byAlias.get(`${kind}|${alias}|${foldAlias(alias, value)}`)
    return holders instanceof Set ? ofTime(holders, at) : holders
  }

  /** Stretches the time an entity was seen. */
  see(entity: BookEntity, at: number | null): void {
    if (at === null) return
    if (entity.first === null || at < entity.first) entity.first = at
    if (entity.last === null || at > entity.last) entity.last = at
  }
}

function ofTime(holders: ReadonlySet<BookEntity>, at: number | null): BookEntity | undefined {
  const [first] = holders
  if (holders.size === 1) return first
  const family = first?.family
  if (family === undefined) return undefined
  for (const holder of holders) if (holder.family !== family) return undefined
  let found: BookEntity | undefined
  for (const { since, entity } of family)
    if (holders.has(entity) && (found === undefined || at === null || since <= at)) found = entity
  return found
}

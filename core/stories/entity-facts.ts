import type { EntityKind } from '../model/relation.ts'
import type { ReadStore } from '../store/store.ts'
import type { PackedNetwork } from '../graph/packed-network.ts'

/** What a story needs to know of an entity. */
export interface EntityFact {
  readonly id: number
  readonly key: string
  readonly kind: EntityKind
  readonly name: string
  readonly firstSeen: number | null
  readonly attributes: ReadonlyMap<string, string | number | boolean>
}

const one = 'SELECT id, key, kind, name, first_seen, attributes FROM entity WHERE id = ?'

/** Facts of nodes, read where it comes to: a story touches few of a case's entities. */
export class EntityFacts {
  readonly #network: PackedNetwork
  readonly #one
  readonly #known = new Map<number, EntityFact>()

  constructor(db: ReadStore, network: PackedNetwork) {
    this.#network = network
    this.#one = db.prepare(one)
  }

  of(node: number): EntityFact {
    const known = this.#known.get(node)
    if (known) return known
    const id = this.#network.entities[node] ?? -1
    const row = this.#one.get(id) as
      | {
          id: number
          key: string
          kind: EntityKind
          name: string
          first_seen: number | null
          attributes: string
        }
      | undefined
    const fact: EntityFact = {
      id,
      key: row?.key ?? '',
      kind: row?.kind ?? 'process',
      name: row?.name ?? '',
      firstSeen: row?.first_seen ?? null,
      attributes: new Map(
        Object.entries(JSON.parse(row?.attributes ?? '{}') as Record<string, string | number | boolean>),
      ),
    }
    this.#known.set(node, fact)
    return fact
  }

  /** By key: row ids tell in which order the evidence was imported, and say nothing of the case. */
  inOrder(a: number, b: number): number {
    const [one, other] = [this.of(a).key, this.of(b).key]
    return one < other ? -1 : Number(one > other)
  }
}

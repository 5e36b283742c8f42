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

/** Facts read at once: entities that have to do with each other came with one another, and asking for each took longer than reading. */
const BLOCK = 16

const block = `SELECT id, key, kind, name, first_seen AS firstSeen, attributes FROM entity WHERE id > ? AND id <= ?`

interface Row extends Omit<EntityFact, 'attributes'> {
  readonly attributes: string
}

/** Facts of nodes, read where it comes to: a story touches few of a case's entities. */
export class EntityFacts {
  readonly #network: PackedNetwork
  readonly #block
  readonly #rows = new Map<number, EntityFact>()
  readonly #read = new Set<number>()

  constructor(db: ReadStore, network: PackedNetwork) {
    this.#network = network
    this.#block = db.prepare(block)
  }

  of(node: number): EntityFact {
    const id = this.#network.entities[node] ?? -1
    return this.#rows.get(id) ?? this.#find(id)
  }

  #find(id: number): EntityFact {
    const number = Math.floor((id - 1) / BLOCK)
    if (!this.#read.has(number)) {
      this.#read.add(number)
      for (const row of this.#block.iterate(number * BLOCK, (number + 1) * BLOCK) as Iterable<Row>)
        this.#rows.set(row.id, factOf(row))
    }
    const known = this.#rows.get(id)
    if (known !== undefined) return known
    const none = { id, key: '', kind: 'process', name: '', firstSeen: null, attributes: new Map() } as const
    this.#rows.set(id, none)
    return none
  }

  /** By key: row ids tell in which order the evidence was imported, and say nothing of the case. */
  inOrder(a: number, b: number): number {
    const [one, other] = [this.of(a).key, this.of(b).key]
    return one < other ? -1 : Number(one > other)
  }
}

/** Attributes are needed of few: they are taken apart when somebody asks. */
function factOf({ attributes, ...row }: Row): EntityFact {
  let read: EntityFact['attributes'] | undefined
  return {
    ...row,
    get attributes() {
      read ??= new Map(Object.entries(JSON.parse(attributes) as Record<string, string | number | boolean>))
      return read
    },
  }
}

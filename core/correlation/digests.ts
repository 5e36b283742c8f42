import { createHash, hash } from 'node:crypto'
import type { BookEntity, EntityBook } from '../identity/entity-book.ts'
import { eventSlices } from '../identity/event-slices.ts'
import { MAIL_ENTITIES } from '../identity/mail-entities.ts'
import type { AliasKind, EntityKind } from '../model/relation.ts'
import type { Statement } from '../store/connection.ts'
import type { ReadStore } from '../store/store.ts'
import type { HostAddresses } from './host-addresses.ts'

/**
 * Two sums that tell one set of events from another: numbers of rows are used again after a removal and the links to
 * users change, so both are mixed in. Every term stays below 2^32, so that the sum of a slice is exact as a number.
 */
const MIX = (factor: number): string =>
  `sum(((id * 7919 + coalesce(user_id, 0) * 104729 + record * 31) % 2147483647) * ${factor} % 4294967291)`
const groups = `SELECT coalesce(endpoint_id, 0) AS endpoint, kind, evidence_id AS evidence, count(*) AS count, ${MIX(2654435761)} AS a, ${MIX(1597334677)} AS b
  FROM event WHERE id BETWEEN @from AND @to GROUP BY endpoint_id, kind, evidence_id`
const mailMarks =
  'SELECT e.id, c.mark FROM entity e JOIN correlation_identity c ON c.entity_id = e.id WHERE e.kind = ? ORDER BY e.name, e.id'
const mailMark =
  'SELECT e.id, c.mark FROM entity e JOIN correlation_identity c ON c.entity_id = e.id WHERE e.key = ?'
const evidence = `SELECT id, sha256, zone, format, choices, imported_at FROM evidence ORDER BY id`
const messages = `SELECT evidence_id AS evidence, count(*) AS count, CAST(sum((id * 7919 + coalesce(entity_id, 0) * 104729) % 4294967291) AS TEXT) AS a
  FROM message GROUP BY evidence_id ORDER BY evidence_id`
const directory = `SELECT evidence_id AS evidence, count(*) AS count, CAST(sum((id * 7919 + record * 31) % 4294967291) AS TEXT) AS a
  FROM directory_object GROUP BY evidence_id ORDER BY evidence_id`

interface Group {
  readonly endpoint: number
  readonly kind: number
  readonly evidence: number
  readonly count: number
  readonly a: number
  readonly b: number
}
/** Of one endpoint, kind and evidence item, over all slices. */
interface Mix {
  readonly evidence: number
  count: number
  a: bigint
  b: bigint
}
interface Sum {
  readonly evidence: number
  readonly count: number
  readonly a: string
}

/** Endpoint (0 for none) -> kind -> evidence item -> what its events add up to. One pass over the event table, a slice at a time. */
function mixEvents(db: ReadStore): [number, Map<number, Map<number, Mix>>][] {
  const statement = db.prepare(groups)
  const mixed = new Map<number, Map<number, Map<number, Mix>>>()
  for (const slice of eventSlices(db))
    for (const row of statement.iterate(slice) as IterableIterator<Group>) {
      const kinds = mixed.get(row.endpoint) ?? new Map<number, Map<number, Mix>>()
      mixed.set(row.endpoint, kinds)
      const mixes = kinds.get(row.kind) ?? new Map<number, Mix>()
      kinds.set(row.kind, mixes)
      const { evidence: id } = row
      const mix = mixes.get(id) ?? { evidence: id, count: 0, a: 0n, b: 0n }
      mixes.set(id, mix)
      mix.count += row.count
      mix.a += BigInt(row.a)
      mix.b += BigInt(row.b)
    }
  return [...mixed].sort(([x], [y]) => x - y)
}

/** What is stored now, as short texts that differ when it does: compared with what a rule read when it last ran. */
export class CaseDigests {
  readonly #db: ReadStore
  readonly #book: EntityBook
  readonly #addresses: () => HostAddresses
  /** Endpoint id -> kind -> digest; 0 for events of no endpoint. */
  readonly #events = new Map<number, Map<number, string>>()
  readonly #generations: ReadonlyMap<number, string>
  readonly #known = new Map<string, string>()
  #mailMark: Statement | undefined
  readonly #entities = new Map<BookEntity, string>()

  /** @param addresses asked for only when a read names an address */
  constructor(db: ReadStore, book: EntityBook, addresses: () => HostAddresses) {
    this.#db = db
    this.#book = book
    this.#addresses = addresses
    this.#generations = new Map(
      (db.prepare(evidence).all() as Record<string, unknown>[]).map((row) => [
        row['id'] as number,
        hash('sha1', JSON.stringify(row)),
      ]),
    )
    for (const [endpoint, kinds] of mixEvents(db)) {
      const texts = new Map<number, string>()
      this.#events.set(endpoint, texts)
      for (const [kind, mixes] of kinds)
        texts.set(
          kind,
          [...mixes.values()]
            .sort((x, y) => x.evidence - y.evidence)
            .map(({ evidence: id, count, a, b }) => `${this.#generations.get(id) ?? ''}:${count}:${a}:${b};`)
            .join(''),
        )
    }
  }

  /** What tells one import of a file from another under the same number: part of everything its records prove. */
  generationOf(evidenceId: number): string {
    return this.#generations.get(evidenceId) ?? ''
  }

  /** Ids of endpoints that have events. */
  endpoints(): number[] {
    return [...this.#events.keys()].filter((id) => id !== 0)
  }

  /** Kinds of event the endpoint has. */
  kindsOf(endpointId: number): ReadonlySet<number> {
    return new Set(this.#events.get(endpointId)?.keys())
  }

  /**
   * One text for all the reads of a unit.
   * @param endpointId the unit's endpoint; null for the whole case
   */
  fingerprint(reads: readonly string[], endpointId: number | null): string {
    const sum = createHash('sha256')
    for (const read of reads) sum.update(`${read}=${this.#of(read, endpointId)}\n`)
    return sum.digest('hex')
  }

  #of(read: string, endpointId: number | null): string {
    const rest = read.slice(2)
    if (endpointId !== null && read.startsWith('e')) {
      const kinds = this.#events.get(endpointId)
      return read === 'e*' ? allOf(kinds) : (kinds?.get(Number(read.slice(1))) ?? '')
    }
    if (read.startsWith('n:')) {
      const entity = this.#book.entities.get(rest)
      return entity === undefined ? this.#ofMail(rest) : this.#contentOf(entity)
    }
    const known = this.#known.get(read)
    if (known !== undefined) return known
    const made = this.#make(read, rest)
    this.#known.set(read, made)
    return made
  }

  #make(read: string, rest: string): string {
    if (read === 'x')
      return digest(
        [...this.#generations.values(), this.#of('e*', null), this.#of('m', null), this.#of('d', null)].join(
          '|',
        ),
      )
    if (read === 'm') return this.#sums(messages)
    if (read === 'd') return this.#sums(directory)
    if (read === 'h*') return this.#addresses().digest()
    if (read === 'e*')
      return digest([...this.#events].map(([id, kinds]) => `${id}>${allOf(kinds)}`).join('|'))
    if (read.startsWith('e')) {
      const kind = Number(read.slice(1))
      return digest([...this.#events].map(([id, kinds]) => `${id}>${kinds.get(kind) ?? ''}`).join('|'))
    }
    if (read.startsWith('h:')) return this.#addresses().digest(rest)
    if (read.startsWith('f:')) {
      const [kind, alias, ...value] = rest.split('|')
      const holders = this.#book.all(kind as EntityKind, alias as AliasKind, value.join('|'))
      return holders
        .map((entity) => `${entity.key}=${this.#contentOf(entity)}`)
        .sort()
        .join('|')
    }
    if (read.startsWith('b:')) {
      const sum = createHash('sha1')
      for (const entity of this.#book.entities.values())
        if (rest === '*' || entity.kind === rest) sum.update(this.#contentOf(entity))
      for (const kind of MAIL_ENTITIES)
        if (rest === '*' || kind === rest)
          for (const row of this.#db.prepare(mailMarks).raw().iterate(kind) as IterableIterator<number[]>)
            sum.update(`${row.join('=')};`)
      return sum.digest('hex')
    }
    throw new Error(`No read is called ${read}`)
  }

  /** Entities of mail are not in the book: what was written of them has a mark. */
  #ofMail(key: string): string {
    this.#mailMark ??= this.#db.prepare(mailMark).raw()
    const row = this.#mailMark.get(key) as number[] | undefined
    return row === undefined ? '' : row.join('=')
  }

  /** Everything about an entity but when it was seen, which is no matter of rules and changes with every event. */
  #contentOf(entity: BookEntity): string {
    const known = this.#entities.get(entity)
    if (known !== undefined) return known
    const aliases = [...entity.aliases.values()]
      .map(({ kind, value, proof, confidence }) => JSON.stringify([kind, value, proof, confidence]))
      .sort()
    const { id, key, name, attributes } = entity
    const turns = entity.family?.map(({ since, entity: one }) => [since, one.key])
    const made = digest(JSON.stringify([id, key, name, Object.entries(attributes).sort(), aliases, turns]))
    this.#entities.set(entity, made)
    return made
  }

  #sums(sql: string): string {
    const rows = this.#db.prepare(sql).all() as Sum[]
    return digest(
      rows.map((row) => `${this.#generations.get(row.evidence) ?? ''}:${row.count}:${row.a}`).join('|'),
    )
  }
}

const digest = (text: string): string => hash('sha1', text)
const allOf = (kinds: ReadonlyMap<number, string> | undefined): string =>
  [...(kinds ?? [])]
    .sort(([a], [b]) => a - b)
    .map(([kind, text]) => `${kind}:${text}`)
    .join(',')

import type { AliasKind, EntityKind } from '../model/relation.ts'
import type { WriteStore } from '../store/store.ts'
import type { EntityDraft, RelationDraft } from './rule.ts'

/** What one unit says of an entity that rules brought into being. */
export interface EntityEntry {
  readonly key: string
  readonly kind: EntityKind
  readonly name: string
  attributes: Readonly<Record<string, string | number | boolean>>
  aliases: readonly { readonly kind: AliasKind; readonly value: string }[]
  first: number | null
  last: number | null
  readonly evidenceId: number | null
  readonly record: number | null
}

/** When and by which record an entity was named. */
export type Mention = Pick<RelationDraft, 'at' | 'proof'>

/** Entities that rules of one unit bring into being: one per key, with the names and times of all who drafted it. */
export class DraftedEntities {
  readonly #entries = new Map<string, EntityEntry>()

  get size(): number {
    return this.#entries.size
  }

  add(draft: EntityDraft, mention: Mention): void {
    const made = this.#entries.get(draft.key)
    if (made) {
      enrich(made, draft.attributes ?? {}, draft.aliases ?? [])
      stretch(made, mention.at, mention.at)
      return
    }
    const [proof] = mention.proof
    this.#entries.set(draft.key, {
      key: draft.key,
      kind: draft.kind,
      name: draft.name,
      attributes: { ...draft.attributes },
      aliases: [...(draft.aliases ?? [])],
      first: mention.at,
      last: mention.at,
      evidenceId: proof?.evidenceId ?? null,
      record: proof?.record ?? null,
    })
  }

  entries(): Iterable<EntityEntry> {
    return this.#entries.values()
  }
}

/** What all units say of one entity: facts and the proof of the first stand, others add to them. */
export function foldEntities(entries: readonly EntityEntry[]): EntityEntry | undefined {
  const [first, ...others] = entries
  if (!first || others.length === 0) return first
  const whole = { ...first }
  for (const other of others) {
    enrich(whole, other.attributes, other.aliases)
    stretch(whole, other.first, other.last)
  }
  return whole
}

function enrich(
  entry: EntityEntry,
  attributes: EntityEntry['attributes'],
  aliases: EntityEntry['aliases'],
): void {
  if (Object.keys(attributes).some((name) => !Object.hasOwn(entry.attributes, name)))
    entry.attributes = { ...attributes, ...entry.attributes }
  const more = aliases.filter(
    (name) => !entry.aliases.some((other) => other.kind === name.kind && other.value === name.value),
  )
  if (more.length > 0) entry.aliases = [...entry.aliases, ...more]
}

function stretch(entry: EntityEntry, first: number | null, last: number | null): void {
  if (first !== null && (entry.first === null || first < entry.first)) entry.first = first
  if (last !== null && (entry.last === null || last > entry.last)) entry.last = last
}

const upsertEntity = `INSERT INTO entity (key, kind, name, first_seen, last_seen, attributes, run) VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (key) DO UPDATE SET kind = excluded.kind, name = excluded.name, first_seen = excluded.first_seen,
  last_seen = excluded.last_seen, attributes = excluded.attributes, run = excluded.run RETURNING id`
const insertAlias = `INSERT INTO alias (entity_id, kind, value, evidence_id, record, confidence, reason) VALUES (?, ?, ?, ?, ?, 0.9, ?) ON CONFLICT DO NOTHING`
const SEEN = JSON.stringify({ key: 'identity.event_mention', params: {} })
const REASON: Partial<Record<AliasKind, string>> = {
  sha256: JSON.stringify({ key: 'identity.event_hash', params: {} }),
}

/** Writes drafted entities; ids of known keys stay. */
export class EntityRows {
  readonly #run: number
  readonly #entity
  readonly #alias
  readonly #forget

  constructor(db: WriteStore, run: number) {
    this.#run = run
    this.#entity = db.prepare(upsertEntity).pluck()
    this.#alias = db.prepare(insertAlias)
    this.#forget = db.prepare('DELETE FROM alias WHERE entity_id = ?')
  }

  write(entry: EntityEntry): void {
    const { key, kind, name, first, last, attributes, evidenceId, record } = entry
    const sorted = JSON.stringify(attributes)
    const id = this.#entity.get(key, kind, name, first, last, sorted, this.#run) as number
    this.#forget.run(id)
    for (const alias of entry.aliases)
      this.#alias.run(id, alias.kind, alias.value, evidenceId, record, REASON[alias.kind] ?? SEEN)
  }
}

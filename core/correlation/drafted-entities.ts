import type { AliasKind } from '../model/relation.ts'
import type { WriteStore } from '../store/store.ts'
import type { EntityDraft, EntityHandle, RelationDraft } from './rule.ts'

const upsertEntity = `INSERT INTO entity (key, kind, name, first_seen, last_seen, attributes, run) VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (key) DO UPDATE SET name = excluded.name, first_seen = excluded.first_seen, last_seen = excluded.last_seen,
  attributes = excluded.attributes, run = excluded.run RETURNING id`
const insertAlias = `INSERT INTO alias (entity_id, kind, value, evidence_id, record, confidence, reason) VALUES (?, ?, ?, ?, ?, 0.9, ?) ON CONFLICT DO NOTHING`
interface NewEntity {
  draft: EntityDraft
  id: number
  first: number | null
  last: number | null
  evidenceId: number | null
  record: number | null
}

/** When and by which record an entity was named. */
export type Mention = Pick<RelationDraft, 'at' | 'proof'>

/** Entities that rules bring into being: one per key, with the names and times of all who drafted it. */
export class DraftedEntities {
  readonly #entities = new Map<string, NewEntity>()
  /** Temporary ids of entities not saved yet are negative. */
  #nextTemporary = -1
  readonly #known: ReadonlyMap<string, number>

  /** @param known keys of entities identity has saved */
  constructor(known: ReadonlyMap<string, number>) {
    this.#known = known
  }

  /** The id of an entity: its own where identity made it, else a temporary one that `save` turns into a row id. */
  idOf(handle: EntityHandle, mention: Mention): number {
    if (typeof handle === 'number') return handle
    const known = this.#known.get(handle.key)
    if (known !== undefined) return known
    const made = this.#entities.get(handle.key)
    if (made) {
      made.draft = merge(made.draft, handle)
      stretch(made, mention.at)
      return made.id
    }
    const [proof] = mention.proof
    const entity: NewEntity = {
      draft: handle,
      id: this.#nextTemporary--,
      first: mention.at,
      last: mention.at,
      evidenceId: proof?.evidenceId ?? null,
      record: proof?.record ?? null,
    }
    this.#entities.set(handle.key, entity)
    return entity.id
  }

  /** Writes them; ids of known keys stay. @returns row id by temporary id */
  save(db: WriteStore, run: number): Map<number, number> {
    const ids = new Map<number, number>()
    const entity = db.prepare(upsertEntity).pluck()
    const alias = db.prepare(insertAlias)
    for (const made of this.#entities.values()) {
      const { draft } = made
      const id = entity.get(
        draft.key,
        draft.kind,
        draft.name,
        made.first,
        made.last,
        JSON.stringify(draft.attributes ?? {}),
        run,
      ) as number
      ids.set(made.id, id)
      for (const name of draft.aliases ?? [])
        alias.run(id, name.kind, name.value, made.evidenceId, made.record, REASON[name.kind] ?? SEEN)
    }
    return ids
  }
}

const SEEN = JSON.stringify({ key: 'identity.event_mention', params: {} })
const REASON: Partial<Record<AliasKind, string>> = {
  sha256: JSON.stringify({ key: 'identity.event_hash', params: {} }),
}

const merge = (a: EntityDraft, b: EntityDraft): EntityDraft => ({
  ...a,
  attributes: { ...b.attributes, ...a.attributes },
  aliases: [
    ...(a.aliases ?? []),
    ...(b.aliases ?? []).filter(
      (name) => !a.aliases?.some((other) => other.kind === name.kind && other.value === name.value),
    ),
  ],
})
function stretch(entity: NewEntity, at: number | null): void {
  if (at === null) return
  if (entity.first === null || at < entity.first) entity.first = at
  if (entity.last === null || at > entity.last) entity.last = at
}

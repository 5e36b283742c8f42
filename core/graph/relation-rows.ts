import type { RelationRow } from '../contract/nouns/graph.ts'
import type { Page, Source } from '../contract/shapes.ts'
import type { RelationKind } from '../model/relation.ts'
import type { RawReader } from '../store/raw.ts'
import type { ReadStore } from '../store/store.ts'
import { readTimeCursor } from '../store/cursor.ts'
import { toIsoOrNull } from '../store/time.ts'
import { loadEntities, toRef } from './entity-rows.ts'

export interface StoredRelation {
  readonly id: number
  readonly kind: RelationKind
  readonly from_id: number
  readonly to_id: number
  readonly first_at: number | null
  readonly last_at: number | null
  readonly count: number
  readonly confidence: number
  readonly observed: number
  readonly rule: string
  readonly reason: string
  readonly event_total: number
}

export const RELATION_COLUMNS =
  'id, kind, from_id, to_id, first_at, last_at, count, confidence, observed, rule, reason, event_total'
const proofs = `SELECT relation_id, event_id FROM relation_proof WHERE relation_id IN (SELECT value FROM json_each(?)) AND event_id IS NOT NULL ORDER BY relation_id, position`

/** Proving events a relation names (CLI.md); `eventTotal` says how many there are. */
const SHOWN_EVENTS = 20

/** Relations in the contract's shape, with their proving event ids. */
export function toRelationRows(db: ReadStore, rows: readonly StoredRelation[]): RelationRow[] {
  const entities = loadEntities(db, new Set(rows.flatMap((row) => [row.from_id, row.to_id])))
  const events = new Map<number, string[]>()
  for (const proof of db.prepare(proofs).all(JSON.stringify(rows.map((row) => row.id))) as {
    relation_id: number
    event_id: number
  }[]) {
    const list = events.get(proof.relation_id) ?? []
    list.push(String(proof.event_id))
    events.set(proof.relation_id, list)
  }
  return rows.flatMap((row) => {
    const from = entities.get(row.from_id)
    const to = entities.get(row.to_id)
    if (!from || !to) return []
    return {
      id: String(row.id),
      kind: row.kind,
      from: toRef(from),
      to: toRef(to),
      firstAt: toIsoOrNull(row.first_at),
      lastAt: toIsoOrNull(row.last_at),
      count: row.count,
      confidence: row.confidence,
      observed: row.observed === 1,
      rule: row.rule,
      reason: JSON.parse(row.reason) as RelationRow['reason'],
      events: (events.get(row.id) ?? []).slice(0, SHOWN_EVENTS),
      eventTotal: row.event_total,
    }
  })
}

/** Both ends by their index: a case has many times more relations than one entity. */
const ofEntity =
  'id IN (SELECT id FROM relation WHERE from_id = @entity UNION ALL SELECT id FROM relation WHERE to_id = @entity)'
const matching = (hasEntity: boolean): string =>
  `${hasEntity ? ofEntity : '@entity IS NULL'} AND (@kind IS NULL OR kind = @kind) AND (@observed = 0 OR observed = 1)`
const list = (hasEntity: boolean): string => `SELECT ${RELATION_COLUMNS} FROM relation
  WHERE ${matching(hasEntity)} AND (coalesce(first_at, 9007199254740991), id) > (@at, @after)
  ORDER BY coalesce(first_at, 9007199254740991), id LIMIT @limit`
const listTotal = (hasEntity: boolean): string => `SELECT count(*) FROM relation WHERE ${matching(hasEntity)}`
/** Where a list begins; times before 1970 are negative. */
const BEGINNING = Number.MIN_SAFE_INTEGER
/** Sorts undated relations behind all dated ones. */
const UNDATED = Number.MAX_SAFE_INTEGER

/** Relations in time order, standing ones last. */
export function listRelations(
  db: ReadStore,
  input: {
    entity: number | null
    kind: RelationKind | null
    observedOnly: boolean
    limit: number
    cursor?: string | null | undefined
  },
): Page<RelationRow> {
  const after = readTimeCursor(input.cursor) ?? { at: BEGINNING, id: 0 }
  const hasEntity = input.entity !== null
  const match = { entity: input.entity, kind: input.kind, observed: input.observedOnly ? 1 : 0 }
  const rows = db
    .prepare(list(hasEntity))
    .all({ ...match, at: after.at ?? UNDATED, after: after.id, limit: input.limit + 1 }) as StoredRelation[]
  const shown = rows.slice(0, input.limit)
  const end = shown.at(-1)
  return {
    rows: toRelationRows(db, shown),
    next: rows.length > input.limit && end ? `${end.first_at ?? UNDATED}:${end.id}` : null,
    total: db.prepare(listTotal(hasEntity)).pluck().get(match) as number,
  }
}

const sources = 'SELECT evidence_id, record FROM relation_proof WHERE relation_id = ? ORDER BY position'

/** The records that prove a relation. */
export function sourcesOf(db: ReadStore, raw: RawReader, id: number): Source[] {
  const rows = db.prepare(sources).all(id) as { evidence_id: number; record: number }[]
  return rows.map((row) => ({
    evidenceId: String(row.evidence_id),
    record: row.record,
    locator: raw.find(row.evidence_id, row.record)?.locator ?? '',
  }))
}

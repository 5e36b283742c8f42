import type { EntityKind } from '../../model/relation.ts'
import type { ReadStore } from '../../store/store.ts'
import type { ExportSource } from '../exporter.ts'
import { inPages, PAGE } from './pages.ts'

export interface ExportAlias {
  readonly kind: string
  readonly value: string
}
/** An entity with all its names. */
export interface ExportEntity {
  readonly id: number
  readonly key: string
  readonly kind: EntityKind
  readonly name: string
  readonly firstSeen: number | null
  readonly lastSeen: number | null
  /** Facts of its kind, in the order of their names; own Map: keys may be any text. */
  readonly attributes: ReadonlyMap<string, string | number | boolean>
  readonly aliases: readonly ExportAlias[]
}
export interface ExportEnd {
  readonly id: number
  readonly key: string
  readonly kind: EntityKind
  readonly name: string
}
export interface ExportRelation {
  readonly id: number
  readonly kind: string
  readonly from: ExportEnd
  readonly to: ExportEnd
  readonly firstAt: number | null
  readonly lastAt: number | null
  readonly count: number
  readonly confidence: number
  readonly isObserved: boolean
  readonly rule: string
  /** Why, in English. */
  readonly reason: string
  /** The first proving events and records; `eventTotal` says how many there are. */
  readonly events: readonly number[]
  readonly records: readonly { readonly evidenceId: number; readonly record: number }[]
  readonly eventTotal: number
}

/** Proofs carried along with a relation. */
const SHOWN_PROOFS = 20

/** A rule that fired: what it saw, about whom, with its proof. */
export interface ExportDetection {
  readonly id: number
  readonly rule: string
  /** What of all the rule knows it was. */
  readonly what: string
  readonly level: string
  readonly subject: ExportEnd
  /** Everything it is about, the subject among them. */
  readonly entities: readonly ExportEnd[]
  readonly firstAt: number | null
  readonly lastAt: number | null
  readonly count: number
  readonly confidence: number
  readonly reason: string
  readonly events: readonly number[]
  readonly proofTotal: number
}

/** A relation belongs to a span when it was used in it; what holds without a time always does. */
const used = (alias: string) =>
  `(${alias}.first_at IS NULL OR (${alias}.first_at < @to AND coalesce(${alias}.last_at, ${alias}.first_at) >= @from))`
const inSpan = `((@whole = 1) OR (e.first_seen IS NOT NULL AND e.first_seen < @to AND coalesce(e.last_seen, e.first_seen) >= @from)
  OR EXISTS (SELECT 1 FROM relation r WHERE r.from_id = e.id AND ${used('r')}) OR EXISTS (SELECT 1 FROM relation r WHERE r.to_id = e.id AND ${used('r')})
  OR EXISTS (SELECT 1 FROM detection_entity x JOIN detection d ON d.id = x.detection_id WHERE x.entity_id = e.id AND ${used('d')})
  OR EXISTS (SELECT 1 FROM detection d WHERE d.subject_id = e.id AND ${used('d')}))`

const entities = `SELECT e.id, e.key, e.kind, e.name, e.first_seen, e.last_seen, e.attributes FROM entity e
  WHERE e.id > @after AND ${inSpan} ORDER BY e.id LIMIT ${PAGE}`
const aliases =
  'SELECT entity_id, kind, value FROM alias WHERE entity_id IN (SELECT value FROM json_each(?)) ORDER BY entity_id, kind, value'
const relations = `SELECT r.*, f.key AS from_key, f.kind AS from_kind, f.name AS from_name, t.key AS to_key, t.kind AS to_kind, t.name AS to_name
  FROM relation r JOIN entity f ON f.id = r.from_id JOIN entity t ON t.id = r.to_id
  WHERE r.id > @after AND (@whole = 1 OR ${used('r')}) ORDER BY r.id LIMIT ${PAGE}`
const proofs = `SELECT relation_id, event_id, evidence_id, record FROM relation_proof
  WHERE relation_id IN (SELECT value FROM json_each(?)) AND position < ${SHOWN_PROOFS} ORDER BY relation_id, position`
const detections = `SELECT d.*, e.key AS subject_key, e.kind AS subject_kind, e.name AS subject_name FROM detection d JOIN entity e ON e.id = d.subject_id
  WHERE d.id > @after AND (@whole = 1 OR ${used('d')}) ORDER BY d.id LIMIT ${PAGE}`
const detectionEntities = `SELECT x.detection_id, e.id, e.key, e.kind, e.name FROM detection_entity x JOIN entity e ON e.id = x.entity_id
  WHERE x.detection_id IN (SELECT value FROM json_each(?)) ORDER BY x.detection_id, e.id`
const detectionProofs = `SELECT detection_id, event_id FROM detection_proof
  WHERE detection_id IN (SELECT value FROM json_each(?)) AND position < ${SHOWN_PROOFS} AND event_id IS NOT NULL ORDER BY detection_id, position`
const countDetectionsSql = `SELECT count(*) FROM detection d WHERE @whole = 1 OR ${used('d')}`
const countEntitiesSql = `SELECT count(*) FROM entity e WHERE ${inSpan}`
const countRelationsSql = `SELECT count(*) FROM relation r WHERE @whole = 1 OR ${used('r')}`

const spanOf = ({ from, to }: Pick<ExportSource, 'from' | 'to'>) => ({
  from: from ?? Number.MIN_SAFE_INTEGER,
  to: to ?? Number.MAX_SAFE_INTEGER,
  whole: from === null && to === null ? 1 : 0,
})
type Span = Pick<ExportSource, 'from' | 'to'>

export const countEntities = (db: ReadStore, span: Span): number =>
  db.prepare(countEntitiesSql).pluck().get(spanOf(span)) as number
export const countRelations = (db: ReadStore, span: Span): number =>
  db.prepare(countRelationsSql).pluck().get(spanOf(span)) as number

export const countDetections = (db: ReadStore, span: Span): number =>
  db.prepare(countDetectionsSql).pluck().get(spanOf(span)) as number

interface StoredEntity {
  readonly id: number
  readonly key: string
  readonly kind: EntityKind
  readonly name: string
  readonly first_seen: number | null
  readonly last_seen: number | null
  readonly attributes: string
}

/** Plain values of a stored JSON object, sorted by name. Anything else in it is left out. */
function readAttributes(text: string): ReadonlyMap<string, string | number | boolean> {
  const parsed: unknown = JSON.parse(text)
  if (typeof parsed !== 'object' || parsed === null) return new Map()
  return new Map(
    Object.entries(parsed)
      .filter((entry): entry is [string, string | number | boolean] =>
        ['string', 'number', 'boolean'].includes(typeof entry[1]),
      )
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}

function byOwner<R>(rows: readonly R[], ownerOf: (row: R) => number): Map<number, R[]> {
  const map = new Map<number, R[]>()
  for (const row of rows) {
    const list = map.get(ownerOf(row))
    if (list) list.push(row)
    else map.set(ownerOf(row), [row])
  }
  return map
}

/** Entities by id; within a span those seen in it and those that a relation of the span ends at. */
export async function* entityPages(source: ExportSource): AsyncGenerator<readonly ExportEntity[]> {
  const read = source.db.prepare(entities)
  const readAliases = source.db.prepare(aliases)
  const span = spanOf(source)
  for await (const page of inPages<StoredEntity>(
    source.signal,
    (last) => read.all({ ...span, after: last?.id ?? -1 }) as StoredEntity[],
  )) {
    const ids = JSON.stringify(page.map((row) => row.id))
    const names = byOwner(
      readAliases.all(ids) as (ExportAlias & { entity_id: number })[],
      (row) => row.entity_id,
    )
    source.count('entities', page.length)
    yield page.map((row) => ({
      id: row.id,
      key: row.key,
      kind: row.kind,
      name: row.name,
      firstSeen: row.first_seen,
      lastSeen: row.last_seen,
      attributes: readAttributes(row.attributes),
      aliases: (names.get(row.id) ?? []).map(({ kind, value }) => ({ kind, value })),
    }))
  }
}

interface StoredRelation {
  readonly id: number
  readonly kind: string
  readonly from_id: number
  readonly from_key: string
  readonly from_kind: EntityKind
  readonly from_name: string
  readonly to_id: number
  readonly to_key: string
  readonly to_kind: EntityKind
  readonly to_name: string
  readonly first_at: number | null
  readonly last_at: number | null
  readonly count: number
  readonly confidence: number
  readonly observed: number
  readonly rule: string
  readonly reason: string
  readonly event_total: number
}
interface StoredProof {
  readonly relation_id: number
  readonly event_id: number | null
  readonly evidence_id: number
  readonly record: number
}

/** Relations by id, with their ends, reason and first proofs. */
export async function* relationPages(source: ExportSource): AsyncGenerator<readonly ExportRelation[]> {
  const { db, t } = source
  const read = db.prepare(relations)
  const readProofs = db.prepare(proofs)
  const span = spanOf(source)
  for await (const page of inPages<StoredRelation>(
    source.signal,
    (last) => read.all({ ...span, after: last?.id ?? -1 }) as StoredRelation[],
  )) {
    const ids = JSON.stringify(page.map((row) => row.id))
    const proven = byOwner(readProofs.all(ids) as StoredProof[], (row) => row.relation_id)
    source.count('relations', page.length)
    yield page.map((row) => {
      const own = proven.get(row.id) ?? []
      const { key, params } = JSON.parse(row.reason) as {
        key: string
        params: Record<string, string | number>
      }
      return {
        id: row.id,
        kind: row.kind,
        from: { id: row.from_id, key: row.from_key, kind: row.from_kind, name: row.from_name },
        to: { id: row.to_id, key: row.to_key, kind: row.to_kind, name: row.to_name },
        firstAt: row.first_at,
        lastAt: row.last_at,
        count: row.count,
        confidence: row.confidence,
        isObserved: row.observed === 1,
        rule: row.rule,
        reason: t(key, params),
        events: own.flatMap(({ event_id }) => (event_id === null ? [] : [event_id])),
        records: own.map(({ evidence_id, record }) => ({ evidenceId: evidence_id, record })),
        eventTotal: row.event_total,
      }
    })
  }
}

interface StoredDetection {
  readonly id: number
  readonly rule: string
  readonly what: string
  readonly level: string
  readonly subject_id: number
  readonly subject_key: string
  readonly subject_kind: EntityKind
  readonly subject_name: string
  readonly first_at: number | null
  readonly last_at: number | null
  readonly count: number
  readonly confidence: number
  readonly reason: string
  readonly proof_total: number
}

/** Detections by id, with what they are about, reason and first proofs. */
export async function* detectionPages(source: ExportSource): AsyncGenerator<readonly ExportDetection[]> {
  const { db, t } = source
  const read = db.prepare(detections)
  const readEntities = db.prepare(detectionEntities)
  const readProofs = db.prepare(detectionProofs)
  const span = spanOf(source)
  for await (const page of inPages<StoredDetection>(
    source.signal,
    (last) => read.all({ ...span, after: last?.id ?? -1 }) as StoredDetection[],
  )) {
    const ids = JSON.stringify(page.map((row) => row.id))
    const about = byOwner(
      readEntities.all(ids) as (ExportEnd & { detection_id: number })[],
      (row) => row.detection_id,
    )
    const proven = byOwner(
      readProofs.all(ids) as { detection_id: number; event_id: number }[],
      (row) => row.detection_id,
    )
    source.count('detections', page.length)
    yield page.map((row) => {
      const { key, params } = JSON.parse(row.reason) as {
        key: string
        params: Record<string, string | number>
      }
      const subject = {
        id: row.subject_id,
        key: row.subject_key,
        kind: row.subject_kind,
        name: row.subject_name,
      }
      const others = (about.get(row.id) ?? []).filter(({ id }) => id !== subject.id)
      return {
        id: row.id,
        rule: row.rule,
        what: row.what,
        level: row.level,
        subject,
        entities: [subject, ...others.map(({ id, key: own, kind, name }) => ({ id, key: own, kind, name }))],
        firstAt: row.first_at,
        lastAt: row.last_at,
        count: row.count,
        confidence: row.confidence,
        reason: t(key, params),
        events: (proven.get(row.id) ?? []).map(({ event_id }) => event_id),
        proofTotal: row.proof_total,
      }
    })
  }
}

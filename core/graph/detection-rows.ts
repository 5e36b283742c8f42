import type { DetectionOrder, DetectionRow } from '../contract/nouns/detection.ts'
import type { ResultOf } from '../contract/types.ts'
import type { Page, Source } from '../contract/shapes.ts'
import type { DetectionLevel } from '../model/detection.ts'
import { readIdCursor, readTimeCursor } from '../store/cursor.ts'
import type { RawReader } from '../store/raw.ts'
import type { ReadStore } from '../store/store.ts'
import { toIsoOrNull } from '../store/time.ts'
import type { AttackOf } from './attack-of.ts'
import { loadEntities, toRef } from './entity-rows.ts'

interface StoredDetection {
  readonly id: number
  readonly rule: string
  readonly what: string
  readonly level: DetectionLevel
  readonly subject_id: number
  readonly first_at: number | null
  readonly last_at: number | null
  readonly count: number
  readonly confidence: number
  readonly reason: string
  readonly proof_total: number
}

/** Entities and events a row names; totals say how many there are. */
const SHOWN_ENTITIES = 50
const SHOWN_EVENTS = 20

const columns = 'id, rule, what, level, subject_id, first_at, last_at, count, confidence, reason, proof_total'
const match = `(@entity IS NULL OR id IN (SELECT detection_id FROM detection_entity WHERE entity_id = @entity))
  AND (@rule IS NULL OR rule = @rule) AND (@levels IS NULL OR level IN (SELECT value FROM json_each(@levels)))`
// Undated ones sort as the oldest, so that the newest come first and the list ends with them.
const list = `SELECT ${columns} FROM detection WHERE (coalesce(first_at, -9007199254740991), id) < (@at, @after) AND ${match}
  ORDER BY coalesce(first_at, -9007199254740991) DESC, id DESC LIMIT @limit`
/** In another order than that of time: the key of the last row shown is read from that row itself. */
const sortedBy = (key: string): string => `WITH d AS (
    SELECT ${columns}, coalesce(first_at, -9007199254740991) AS at, ${key} AS k FROM detection WHERE ${match})
  SELECT ${columns} FROM d WHERE @after = 0 OR (k, -at, -id) > (SELECT k, -at, -id FROM d WHERE id = @after)
  ORDER BY k, at DESC, id DESC LIMIT @limit`
const sorted: Readonly<Record<Exclude<DetectionOrder, 'newest'>, string>> = {
  oldest: sortedBy('coalesce(first_at, 9007199254740991)'),
  level: sortedBy("CASE level WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 ELSE 3 END"),
  rule: sortedBy('rule'),
  subject: sortedBy('(SELECT lower(name) FROM entity WHERE entity.id = subject_id)'),
}
const total = `SELECT count(*) FROM detection WHERE ${match}`
const countLevels = `SELECT level, count(*) AS count FROM detection WHERE ${match} GROUP BY level`
const countRules = `SELECT rule, count(*) AS count FROM detection WHERE ${match} GROUP BY rule ORDER BY count DESC, rule`
const byId = `SELECT ${columns} FROM detection WHERE id = ?`
const involved = `SELECT entity_id FROM detection_entity WHERE detection_id = ? ORDER BY entity_id`
const events = `SELECT event_id FROM detection_proof WHERE detection_id = ? AND event_id IS NOT NULL ORDER BY position LIMIT ${SHOWN_EVENTS}`
const sources = `SELECT evidence_id, record FROM detection_proof WHERE detection_id = ? ORDER BY position`

const UNDATED = -Number.MAX_SAFE_INTEGER

function toRows(db: ReadStore, rows: readonly StoredDetection[], attackOf: AttackOf): DetectionRow[] {
  const entityIds = db.prepare(involved).pluck()
  const eventIds = db.prepare(events).pluck()
  return rows.flatMap((row) => {
    const others = (entityIds.all(row.id) as number[]).filter((id) => id !== row.subject_id)
    const entities = loadEntities(db, new Set([row.subject_id, ...others.slice(0, SHOWN_ENTITIES)]))
    const subject = entities.get(row.subject_id)
    if (!subject) return []
    const reason = JSON.parse(row.reason) as DetectionRow['reason']
    return {
      id: String(row.id),
      rule: row.rule,
      title: { key: `rule.${row.rule}.detection.${row.what}`, params: {} },
      level: row.level,
      subject: toRef(subject),
      involved: others.flatMap((id) => {
        const other = entities.get(id)
        return other ? [toRef(other)] : []
      }),
      involvedTotal: others.length,
      firstAt: toIsoOrNull(row.first_at),
      lastAt: toIsoOrNull(row.last_at),
      count: row.count,
      confidence: row.confidence,
      reason,
      attack: [...attackOf(row.rule, row.what, reason)],
      events: (eventIds.all(row.id) as number[]).map(String),
      eventTotal: row.proof_total,
    }
  })
}

/** Detections in the order asked for, undated ones last. */
export function listDetections(
  db: ReadStore,
  input: {
    entity: number | null
    rule: string | null
    levels: readonly DetectionLevel[] | null
    order: DetectionOrder
    limit: number
    cursor?: string | null | undefined
  },
  attackOf: AttackOf,
): Page<DetectionRow> {
  const filter = {
    entity: input.entity,
    rule: input.rule,
    levels: input.levels === null ? null : JSON.stringify(input.levels),
  }
  const { order } = input
  const question = { ...filter, limit: input.limit + 1 }
  const rows = (
    order === 'newest'
      ? db.prepare(list).all({ ...question, ...afterTime(input.cursor) })
      : db.prepare(sorted[order]).all({ ...question, after: readIdCursor(input.cursor) })
  ) as StoredDetection[]
  const shown = rows.slice(0, input.limit)
  const end = rows.length > input.limit ? shown.at(-1) : undefined
  return {
    rows: toRows(db, shown, attackOf),
    next: end ? (order === 'newest' ? `${end.first_at ?? UNDATED}:${end.id}` : String(end.id)) : null,
    total: db.prepare(total).pluck().get(filter) as number,
  }
}

function afterTime(cursor: string | null | undefined): { at: number; after: number } {
  const after = readTimeCursor(cursor) ?? { at: Number.MAX_SAFE_INTEGER, id: 0 }
  return { at: after.at ?? UNDATED, after: after.id }
}

/** How many detections there are of each level and rule. */
export function countDetections(db: ReadStore, entity: number | null): ResultOf<'detection.counts'> {
  const filter = { entity, rule: null, levels: null }
  return {
    total: db.prepare(total).pluck().get(filter) as number,
    levels: db.prepare(countLevels).all(filter) as ResultOf<'detection.counts'>['levels'],
    rules: db.prepare(countRules).all(filter) as ResultOf<'detection.counts'>['rules'],
  }
}

/** One detection; undefined when there is none with this id. */
export function findDetection(db: ReadStore, id: number, attackOf: AttackOf): DetectionRow | undefined {
  const row = db.prepare(byId).get(id) as StoredDetection | undefined
  return row && toRows(db, [row], attackOf)[0]
}

/** The records that prove a detection. */
export function detectionSources(db: ReadStore, raw: RawReader, id: number): Source[] {
  const rows = db.prepare(sources).all(id) as { evidence_id: number; record: number }[]
  return rows.map((row) => ({
    evidenceId: String(row.evidence_id),
    record: row.record,
    locator: raw.find(row.evidence_id, row.record)?.locator ?? '',
  }))
}

import type { DetectionRow } from '../contract/nouns/detection.ts'
import type { Page, Source } from '../contract/shapes.ts'
import type { DetectionLevel } from '../model/detection.ts'
import { readTimeCursor } from '../store/cursor.ts'
import type { RawReader } from '../store/raw.ts'
import type { ReadStore } from '../store/store.ts'
import { toIsoOrNull } from '../store/time.ts'
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
const total = `SELECT count(*) FROM detection WHERE ${match}`
const byId = `SELECT ${columns} FROM detection WHERE id = ?`
const involved = `SELECT entity_id FROM detection_entity WHERE detection_id = ? ORDER BY entity_id`
const events = `SELECT event_id FROM detection_proof WHERE detection_id = ? AND event_id IS NOT NULL ORDER BY position LIMIT ${SHOWN_EVENTS}`
const sources = `SELECT evidence_id, record FROM detection_proof WHERE detection_id = ? ORDER BY position`

const UNDATED = -Number.MAX_SAFE_INTEGER

/** ATT&CK techniques by rule id. */
export type AttackOf = (rule: string) => readonly string[]

function toRows(db: ReadStore, rows: readonly StoredDetection[], attackOf: AttackOf): DetectionRow[] {
  const entityIds = db.prepare(involved).pluck()
  const eventIds = db.prepare(events).pluck()
  return rows.flatMap((row) => {
    const others = (entityIds.all(row.id) as number[]).filter((id) => id !== row.subject_id)
    const entities = loadEntities(db, new Set([row.subject_id, ...others.slice(0, SHOWN_ENTITIES)]))
    const subject = entities.get(row.subject_id)
    if (!subject) return []
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
      reason: JSON.parse(row.reason) as DetectionRow['reason'],
      attack: [...attackOf(row.rule)],
      events: (eventIds.all(row.id) as number[]).map(String),
      eventTotal: row.proof_total,
    }
  })
}

/** Detections, newest first, undated ones last. */
export function listDetections(
  db: ReadStore,
  input: {
    entity: number | null
    rule: string | null
    levels: readonly DetectionLevel[] | null
    limit: number
    cursor?: string | null | undefined
  },
  attackOf: AttackOf,
): Page<DetectionRow> {
  const after = readTimeCursor(input.cursor) ?? { at: Number.MAX_SAFE_INTEGER, id: 0 }
  const filter = {
    entity: input.entity,
    rule: input.rule,
    levels: input.levels === null ? null : JSON.stringify(input.levels),
  }
  const rows = db
    .prepare(list)
    .all({ ...filter, at: after.at ?? UNDATED, after: after.id, limit: input.limit + 1 }) as StoredDetection[]
  const shown = rows.slice(0, input.limit)
  const end = shown.at(-1)
  return {
    rows: toRows(db, shown, attackOf),
    next: rows.length > input.limit && end ? `${end.first_at ?? UNDATED}:${end.id}` : null,
    total: db.prepare(total).pluck().get(filter) as number,
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

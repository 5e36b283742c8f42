import type { EventRow } from '../contract/nouns/event.ts'
import type { EntityRef } from '../contract/shapes.ts'
import { EVENT_FIELDS } from '../model/event.ts'
import { EVENT_COLUMNS, kindOfNumber } from '../store/event-columns.ts'
import { type FoundBlocks, RawReader } from '../store/raw.ts'
import type { ReadStore } from '../store/store.ts'
import { toIsoOrNull } from '../store/time.ts'
import { summarise } from './summary.ts'

export type StoredEvent = Record<string, number | null> & {
  id: number
  at: number | null
  kind: number
  evidence_id: number
  record: number
  zone_assumed: number
  endpoint_id: number | null
  user_id: number | null
}

const readers = new WeakMap<ReadStore, RawReader>()

/**
 * Turns stored rows into the contract's shape: strings joined, entities named, locators read back.
 * @param isBrief without locators: each may stand in a block of raw records of its own that has to be unpacked
 */
export function toEventRows(db: ReadStore, rows: readonly StoredEvent[], isBrief = false): EventRow[] {
  let raw = readers.get(db)
  if (!raw) readers.set(db, (raw = new RawReader(db)))
  const strings = loadStrings(db, rows)
  const entities = loadEntities(db, rows)
  const blocks: FoundBlocks = new Map()
  return rows.map((row) => {
    const fields: Record<string, string | number> = {}
    for (const { name, column, isText } of EVENT_COLUMNS) {
      const value = row[column]
      if (value == null) continue
      fields[EVENT_FIELDS[name].name] = isText ? (strings.get(value) ?? '') : value
    }
    const kind = kindOfNumber(row.kind)
    return {
      id: String(row.id),
      at: toIsoOrNull(row.at),
      kind,
      endpoint: entities.get(row.endpoint_id ?? 0) ?? null,
      user: entities.get(row.user_id ?? 0) ?? null,
      summary: summarise(kind, fields),
      fields,
      evidenceId: String(row.evidence_id),
      record: row.record,
      locator: isBrief ? '' : (raw.find(row.evidence_id, row.record, blocks)?.locator ?? ''),
    }
  })
}

function loadStrings(db: ReadStore, rows: readonly StoredEvent[]): Map<number, string> {
  const ids = new Set<number>()
  for (const row of rows)
    for (const { column, isText } of EVENT_COLUMNS) {
      const value = row[column]
      if (isText && value != null) ids.add(value)
    }
  const found = db
    .prepare('SELECT id, v FROM str WHERE id IN (SELECT value FROM json_each(?))')
    .all(JSON.stringify([...ids])) as { id: number; v: string }[]
  return new Map(found.map((row) => [row.id, row.v]))
}

function loadEntities(db: ReadStore, rows: readonly StoredEvent[]): Map<number, EntityRef> {
  const ids = new Set(rows.flatMap((row) => [row.endpoint_id, row.user_id]).filter((id) => id !== null))
  const found = db
    .prepare('SELECT id, kind, name FROM entity WHERE id IN (SELECT value FROM json_each(?))')
    .all(JSON.stringify([...ids])) as { id: number; kind: EntityRef['kind']; name: string }[]
  return new Map(found.map((row) => [row.id, { id: String(row.id), kind: row.kind, name: row.name }]))
}

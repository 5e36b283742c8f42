import type { z } from 'zod'
import type { CriteriaNode, Sighting, SweepCriteria, SweepMatch, SweepRun } from '../contract/nouns/sweep.ts'
import type { EntityRef, Page } from '../contract/shapes.ts'
import { WorkbenchError } from '../model/errors.ts'
import { readIdCursor } from '../store/cursor.ts'
import { RawReader } from '../store/raw.ts'
import type { ReadStore } from '../store/store.ts'
import { toIso, toIsoOrNull } from '../store/time.ts'
import type { IndicatorTotal } from './run-sweep.ts'

/** Rows of the match table; a sweep that matches more endpoints is one for every endpoint. */
const MAX_MATCHES = 2_000

interface StoredRun {
  readonly id: number
  readonly at: number
  readonly name: string
  readonly from_at: number | null
  readonly to_at: number | null
  readonly counts: string
  readonly totals: string
  readonly criteria: string
}

const listRuns = 'SELECT id, at, name, from_at, to_at, counts FROM sweep_run ORDER BY id DESC'
const oneRun = 'SELECT * FROM sweep_run WHERE id = ?'
const matchRows = `SELECT coalesce(entity_id, user_id) AS id, count(*) AS occurrences, min(at) AS first, max(at) AS last,
  json_group_array(DISTINCT indicator) AS indicators, json_group_array(DISTINCT user_id) AS users
  FROM sweep_sighting WHERE run_id = ? AND coalesce(entity_id, user_id) IS NOT NULL
  GROUP BY coalesce(entity_id, user_id) ORDER BY count(DISTINCT indicator) DESC, min(at) IS NULL, min(at), id LIMIT ${MAX_MATCHES}`
const entitySql = 'SELECT id, kind, name, attributes FROM entity WHERE id = ?'
const addressSql = `SELECT value FROM alias WHERE entity_id = ? AND kind = 'ip' ORDER BY value LIMIT 20`
const sightingRows = `SELECT * FROM sweep_sighting WHERE run_id = @run AND id > @after AND (@indicator IS NULL OR indicator = @indicator)
  AND (@entity IS NULL OR entity_id = @entity OR user_id = @entity) ORDER BY id LIMIT @limit`
const sightingTotal = `SELECT count(*) FROM sweep_sighting WHERE run_id = @run AND (@indicator IS NULL OR indicator = @indicator)
  AND (@entity IS NULL OR entity_id = @entity OR user_id = @entity)`

const toRun = (row: Omit<StoredRun, 'totals' | 'criteria'>): SweepRun => ({
  id: String(row.id),
  at: toIso(row.at),
  name: row.name,
  from: toIsoOrNull(row.from_at),
  to: toIsoOrNull(row.to_at),
  counts: JSON.parse(row.counts) as SweepRun['counts'],
})

/** Runs, newest first. */
export const listSweeps = (db: ReadStore): SweepRun[] =>
  (db.prepare(listRuns).all() as StoredRun[]).map(toRun)

interface Named {
  readonly ref: EntityRef
  readonly operatingSystem: string | null
}
function entities(db: ReadStore): (id: number | null) => Named | null {
  const statement = db.prepare(entitySql)
  const known = new Map<number, Named | null>()
  return (id) => {
    if (id === null) return null
    const before = known.get(id)
    if (before !== undefined) return before
    const row = statement.get(id) as
      { id: number; kind: EntityRef['kind']; name: string; attributes: string } | undefined
    const system = row && (JSON.parse(row.attributes) as Record<string, unknown>)['operatingSystem']
    const named = row
      ? {
          ref: { id: String(row.id), kind: row.kind, name: row.name },
          operatingSystem: typeof system === 'string' ? system : null,
        }
      : null
    known.set(id, named)
    return named
  }
}

/** A run with its criteria, what is known of each indicator, and the match table. @throws WorkbenchError `request.not_found` */
export function getSweep(db: ReadStore, id: number) {
  const row = db.prepare(oneRun).get(id) as StoredRun | undefined
  if (!row) throw new WorkbenchError('request.not_found', { what: `sweep ${id}` })
  const criteria = JSON.parse(row.criteria) as SweepCriteria & { tree: CriteriaNode }
  const totals = new Map(Object.entries(JSON.parse(row.totals) as Record<string, IndicatorTotal>))
  return {
    ...toRun(row),
    criteria,
    indicators: criteria.indicators.map((one) => {
      const total = totals.get(one.id)
      return {
        ...one,
        sightings: total?.sightings ?? 0,
        kept: total?.kept ?? 0,
        firstAt: toIsoOrNull(total?.first ?? null),
        lastAt: toIsoOrNull(total?.last ?? null),
      }
    }),
    matches: matchesOf(db, id),
  }
}

function matchesOf(db: ReadStore, run: number): z.output<typeof SweepMatch>[] {
  const named = entities(db)
  const addresses = db.prepare(addressSql).pluck()
  const rows = db.prepare(matchRows).all(run) as {
    id: number
    occurrences: number
    first: number | null
    last: number | null
    indicators: string
    users: string
  }[]
  return rows.flatMap((row) => {
    const entity = named(row.id)
    if (!entity) return []
    const users = (JSON.parse(row.users) as (number | null)[]).flatMap((user) =>
      user === row.id ? [] : (named(user)?.ref ?? []),
    )
    return {
      entity: entity.ref,
      addresses: addresses.all(row.id) as string[],
      operatingSystem: entity.operatingSystem,
      users,
      firstAt: toIsoOrNull(row.first),
      lastAt: toIsoOrNull(row.last),
      occurrences: row.occurrences,
      indicators: JSON.parse(row.indicators) as string[],
    }
  })
}

/** Sightings of a run, in the order of its indicators and of time. @throws WorkbenchError `request.not_found` */
export function listSightings(
  db: ReadStore,
  input: {
    run: number
    indicator: string | null
    entity: number | null
    limit: number
    cursor?: string | null | undefined
  },
): Page<Sighting> {
  if (db.prepare(oneRun).get(input.run) === undefined)
    throw new WorkbenchError('request.not_found', { what: `sweep ${input.run}` })
  const filter = { run: input.run, indicator: input.indicator, entity: input.entity }
  const rows = db
    .prepare(sightingRows)
    .all({ ...filter, after: readIdCursor(input.cursor), limit: input.limit + 1 }) as {
    id: number
    indicator: string
    at: number | null
    event_id: number | null
    entity_id: number | null
    user_id: number | null
    evidence_id: number
    record: number
    field: string
    value: string
  }[]
  const named = entities(db)
  const raw = new RawReader(db)
  const shown = rows.slice(0, input.limit)
  return {
    rows: shown.map((row) => ({
      id: String(row.id),
      indicator: row.indicator,
      at: toIsoOrNull(row.at),
      entity: named(row.entity_id)?.ref ?? named(row.user_id)?.ref ?? null,
      user: named(row.user_id)?.ref ?? null,
      event: row.event_id === null ? null : String(row.event_id),
      field: row.field,
      value: row.value,
      source: {
        evidenceId: String(row.evidence_id),
        record: row.record,
        locator: raw.find(row.evidence_id, row.record)?.locator ?? '',
      },
    })),
    next: rows.length > input.limit ? String(shown.at(-1)?.id ?? '') : null,
    total: db.prepare(sightingTotal).pluck().get(filter) as number,
  }
}

import type { PackEntryRow } from '../contract/nouns/reputation.ts'
import type { Page } from '../contract/shapes.ts'
import { PATTERN_SCOPES, type PatternScope, type RiskLevel } from '../model/verdict.ts'
import { refang } from '../normalise/defang.ts'
import { escapeLike } from '../store/strings.ts'
import type { ReadStore } from '../store/store.ts'
import { toIsoOrNull } from '../store/time.ts'
import { getPack } from './packs-stored.ts'
import { parseCursor } from './paging.ts'
import { toRiskLevel } from './severity.ts'

/** A pack is stored in one transaction: its rows follow each other, and a page is a walk along the row ids. */
const range = 'SELECT min(id) AS first, max(id) AS last FROM pack_entry WHERE pack_id = ?'
const page = `SELECT id, pattern, scope, host, level, category, first_seen, expires_at, note FROM pack_entry
  WHERE id > @after AND id <= @last AND +pack_id = @pack
    AND (@like IS NULL OR pattern LIKE @like ESCAPE '\\')
    AND (@level IS NULL OR level = @level) AND (@scope IS NULL OR scope = @scope)
  ORDER BY id LIMIT @limit`

interface Row {
  id: number
  pattern: string
  scope: string
  host: string
  level: string
  category: string | null
  first_seen: number | null
  expires_at: number | null
  note: string | null
}

export interface EntryFilter {
  readonly text: string
  readonly level?: RiskLevel | null | undefined
  readonly scope?: PatternScope | null | undefined
  readonly cursor?: string | null | undefined
  readonly limit: number
}

/**
 * Entries of a pack in the order of its file. `total` is known only without a filter: counting would read the whole pack.
 * @throws WorkbenchError `request.not_found`
 */
export function listPackEntries(
  db: ReadStore,
  now: number,
  id: number,
  filter: EntryFilter,
): Page<PackEntryRow> {
  const pack = getPack(db, id)
  const { first, last } = rangeOf(db, id)
  const text = refang(filter.text.trim())
  const [after] = parseCursor(filter.cursor, 1) ?? [first - 1]
  const rows = db.prepare(page).all({
    after: Math.max(after ?? 0, first - 1),
    last,
    pack: id,
    like: text === '' ? null : `%${escapeLike(text)}%`,
    level: filter.level ?? null,
    scope: filter.scope ?? null,
    limit: filter.limit + 1,
  }) as Row[]
  const shown = rows.slice(0, filter.limit)
  const isAll = text === '' && filter.level == null && filter.scope == null
  return {
    rows: shown.map((row) => toEntryRow(row, now)),
    next: rows.length > shown.length ? String(shown.at(-1)?.id ?? 0) : null,
    total: isAll ? pack.entries : null,
  }
}

/** A stored pack never changes: found once per connection. */
const ranges = new WeakMap<ReadStore, Map<number, { first: number; last: number }>>()

function rangeOf(db: ReadStore, id: number): { first: number; last: number } {
  const known = ranges.get(db) ?? new Map<number, { first: number; last: number }>()
  ranges.set(db, known)
  const before = known.get(id)
  if (before !== undefined) return before
  const found = db.prepare(range).get(id) as { first: number | null; last: number | null }
  const whole = { first: found.first ?? 1, last: found.last ?? 0 }
  known.set(id, whole)
  return whole
}

const toEntryRow = (row: Row, now: number): PackEntryRow => ({
  id: String(row.id),
  pattern: row.pattern,
  scope: PATTERN_SCOPES.find((scope) => scope === row.scope) ?? 'exact',
  host: row.host,
  level: toRiskLevel(row.level) ?? 'untested',
  category: row.category,
  firstSeenAt: toIsoOrNull(row.first_seen),
  expiresAt: toIsoOrNull(row.expires_at),
  isExpired: row.expires_at !== null && row.expires_at <= now,
  note: row.note,
})

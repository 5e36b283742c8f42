import { PATTERN_SCOPES } from '../model/verdict.ts'
import type { ReadStore } from '../store/store.ts'
import { listShelfPacks } from './packs-stored.ts'
import { unpackNormal } from './pattern.ts'
import { toRiskLevel } from './severity.ts'
import { CasePatterns, findTouched } from './shelf/scan-case.ts'
import { Shelf, suffixesOf, type ShelfEntry, type ShelfPack } from './shelf.ts'

/** One look-up per pack and name over `pack_entry_pack`; names travel as one JSON array. */
const entriesOf = `SELECT e.id, e.pattern, e.scope, e.host, e.normal, e.level, e.expires_at
  FROM json_each(@names) n CROSS JOIN pack_entry e WHERE e.pack_id = @pack AND e.host = n.value ORDER BY e.id`

/** Names per look-up: a JSON text of millions of hosts would exceed SQLite's limit on the length of a text. */
const NAMES_AT_ONCE = 50_000

interface Row {
  id: number
  pattern: string
  scope: string
  host: string
  normal: string
  level: string
  expires_at: number | null
}

function toEntry(row: Row, pack: number): ShelfEntry | undefined {
  const scope = PATTERN_SCOPES.find((known) => known === row.scope)
  const level = toRiskLevel(row.level)
  if (scope === undefined || level === undefined) return undefined
  return {
    id: row.id,
    scope,
    host: row.host,
    ...unpackNormal(row.normal),
    text: row.pattern,
    level,
    pack,
    expiresAt: row.expires_at,
  }
}

function* readEntries(
  db: ReadStore,
  packs: readonly ShelfPack[],
  names: readonly string[],
): Iterable<ShelfEntry> {
  const find = db.prepare(entriesOf)
  for (let at = 0; at < names.length; at += NAMES_AT_ONCE) {
    const some = JSON.stringify(names.slice(at, at + NAMES_AT_ONCE))
    for (const [index, pack] of packs.entries()) {
      for (const row of find.iterate({ names: some, pack: pack.id }) as IterableIterator<Row>) {
        const entry = toEntry(row, index)
        if (entry !== undefined) yield entry
      }
    }
  }
}

/**
 * The patterns of all stored packs that can concern these hosts: a page of URLs needs a handful of a million entries, and the
 * whole case only those of its own hosts and their parents.
 */
export function loadShelf(db: ReadStore, hosts: Iterable<string>): Shelf {
  const packs = listShelfPacks(db)
  const names = new Set<string>()
  if (packs.length > 0)
    for (const host of new Set(hosts)) for (const name of suffixesOf(host)) names.add(name)
  return new Shelf(packs, readEntries(db, packs, [...names]))
}

const entriesById = `SELECT e.id, e.pack_id, e.pattern, e.scope, e.host, e.normal, e.level, e.expires_at
  FROM json_each(?) n CROSS JOIN pack_entry e ON e.id = n.value`

/** The packs ready for all URLs of the case. */
export interface CaseShelf {
  readonly shelf: Shelf
  /** Row ids of the URLs that some pattern of some pack covers; no pack says anything of the others. */
  readonly touched: readonly number[]
}

/**
 * The packs for the whole case: all URLs meet all patterns in one pass (see {@link findTouched}), and the shelf gets only the entries
 * that cover one. It answers for the stored URLs alone.
 */
export function loadCaseShelf(db: ReadStore): CaseShelf {
  const packs = listShelfPacks(db)
  if (packs.length === 0) return { shelf: new Shelf(packs, []), touched: [] }
  const { urls, entries } = findTouched(db, new CasePatterns(db))
  return { shelf: new Shelf(packs, readTouched(db, packs, [...entries])), touched: urls }
}

function* readTouched(
  db: ReadStore,
  packs: readonly ShelfPack[],
  ids: readonly number[],
): Iterable<ShelfEntry> {
  const indexOf = new Map(packs.map((pack, index) => [pack.id, index]))
  const find = db.prepare(entriesById)
  for (let at = 0; at < ids.length; at += NAMES_AT_ONCE) {
    const rows = find.all(JSON.stringify(ids.slice(at, at + NAMES_AT_ONCE))) as (Row & { pack_id: number })[]
    for (const row of rows) {
      const entry = toEntry(row, indexOf.get(row.pack_id) ?? 0)
      if (entry !== undefined) yield entry
    }
  }
}

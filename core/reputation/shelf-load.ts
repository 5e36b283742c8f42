import { PATTERN_SCOPES } from '../model/verdict.ts'
import type { ReadStore } from '../store/store.ts'
import { listShelfPacks } from './packs-stored.ts'
import { unpackNormal } from './pattern.ts'
import { toRiskLevel } from './severity.ts'
import { Shelf, suffixesOf, type ShelfEntry, type ShelfPack } from './shelf.ts'

/** One look-up per pack and name over `pack_entry_pack`; names travel as one JSON array. */
const entriesOf = `SELECT e.pattern, e.scope, e.host, e.normal, e.level, e.expires_at
  FROM json_each(@names) n CROSS JOIN pack_entry e WHERE e.pack_id = @pack AND e.host = n.value ORDER BY e.id`

/** Names per look-up: a JSON text of millions of hosts would exceed SQLite's limit on the length of a text. */
const NAMES_AT_ONCE = 50_000

interface Row {
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

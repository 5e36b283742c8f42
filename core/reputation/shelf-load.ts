import { PATTERN_SCOPES } from '../model/verdict.ts'
import type { ReadStore } from '../store/store.ts'
import { listShelfPacks } from './packs-stored.ts'
import { unpackNormal } from './pattern.ts'
import { toRiskLevel } from './severity.ts'
import { findCandidates, readPatternNames } from './shelf/scan-case.ts'
import { type PackedCase, readPackedCase, scanPacked } from './shelf/scan-packed.ts'
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

const entriesById = `SELECT e.id, e.pattern, e.scope, e.host, e.normal, e.level, e.expires_at
  FROM json_each(?) n CROSS JOIN pack_entry e WHERE e.id = n.value`

/** Entries by row id, pack by pack; in the order of the file each page of it is read once. @param ids per place of a pack */
export function* readEntriesById(db: ReadStore, ids: readonly (readonly number[])[]): Iterable<ShelfEntry> {
  const find = db.prepare(entriesById)
  for (const [pack, wanted] of ids.entries()) {
    const sorted = [...new Set(wanted)].sort((a, b) => a - b)
    for (let at = 0; at < sorted.length; at += NAMES_AT_ONCE) {
      const some = JSON.stringify(sorted.slice(at, at + NAMES_AT_ONCE))
      for (const row of find.iterate(some) as IterableIterator<Row>) {
        const entry = toEntry(row, pack)
        if (entry !== undefined) yield entry
      }
    }
  }
}

/** A pack with those of its entries that can concern some hosts. */
export interface PackPart {
  readonly pack: ShelfPack
  readonly entries: readonly ShelfEntry[]
}

/** The stored packs apart, oldest first, to stand on a shelf with others; `pack` of the entries is the place in this list. */
export function readStoredPacks(db: ReadStore, hosts: Iterable<string>): PackPart[] {
  const packs = listShelfPacks(db)
  const names = [...new Set([...new Set(hosts)].flatMap(suffixesOf))]
  const parts = packs.map((pack): PackPart & { entries: ShelfEntry[] } => ({ pack, entries: [] }))
  if (packs.length > 0)
    for (const entry of readEntries(db, packs, names)) parts[entry.pack]?.entries.push(entry)
  return parts
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

const entryCount = 'SELECT coalesce(sum(entries), 0) FROM pack'
const urlIdsOf = 'SELECT u.id FROM json_each(?) n CROSS JOIN url u ON u.host = n.value'
const urlsOf = 'SELECT u.id, u.url FROM json_each(?) n CROSS JOIN url u ON u.id = n.value'

/** A stored URL that patterns may cover. */
export interface TouchedUrl {
  readonly id: number
  readonly url: string
}

/** The packs ready for all URLs of the case. */
export interface CaseShelf {
  readonly shelf: Shelf
  /** URLs on hosts of which, or of whose parents, some pattern of some pack speaks; no pack says anything of the others. */
  readonly touched: readonly TouchedUrl[]
}

/**
 * The packs for the whole case. The names of all patterns are met by the names of all URLs in one pass (see shelf/scan-case.ts); only the
 * entries of names that occur are read, by their text. The shelf answers for the stored URLs alone.
 */
export function loadCaseShelf(db: ReadStore): CaseShelf {
  const packs = listShelfPacks(db)
  const packed = packs.length === 0 ? undefined : readPackedCase(db, packs)
  return packed === undefined ? loadShelfByRows(db) : loadPackedShelf(db, packs, packed)
}

/** The same out of the rows of packs and URLs, where nothing is packed yet. */
export function loadShelfByRows(db: ReadStore): CaseShelf {
  const packs = listShelfPacks(db)
  if (packs.length === 0) return { shelf: new Shelf(packs, []), touched: [] }
  const count = db.prepare(entryCount).pluck().get() as number
  const filter = readPatternNames(
    db,
    packs.map((pack) => pack.id),
    count,
  )
  const candidates = findCandidates(db, filter)
  const names = new Set<string>()
  for (const some of candidates.values()) for (const name of some) names.add(name)
  const known = new Set<string>()
  const shelf = new Shelf(packs, noteHosts(readEntries(db, packs, [...names]), known))
  const hosts = [...candidates].flatMap(([host, some]) =>
    some.some((name) => known.has(name)) ? [host] : [],
  )
  return { shelf, touched: readTouched(db, hosts) }
}

function loadPackedShelf(db: ReadStore, packs: readonly ShelfPack[], packed: PackedCase): CaseShelf {
  const entries = packs.map((): number[] => [])
  const ids: number[] = []
  scanPacked(packed, (part, host, matches) => {
    for (const { pack, entry } of matches) entries[pack]?.push(packed.packs[pack]?.ids[entry] ?? 0)
    for (let place = part.first[host] ?? 0; place < (part.first[host + 1] ?? 0); place++)
      ids.push(part.ids[place] ?? 0)
  })
  return { shelf: new Shelf(packs, readEntriesById(db, entries)), touched: readUrls(db, ids) }
}

function* noteHosts(entries: Iterable<ShelfEntry>, known: Set<string>): Iterable<ShelfEntry> {
  for (const entry of entries) {
    known.add(entry.host)
    yield entry
  }
}

/** Row ids from the index first, then the rows in the order of the file: each page of it is read once. */
function readTouched(db: ReadStore, hosts: readonly string[]): TouchedUrl[] {
  const readIds = db.prepare(urlIdsOf).pluck()
  const ids: number[] = []
  for (let at = 0; at < hosts.length; at += NAMES_AT_ONCE)
    for (const id of readIds.all(JSON.stringify(hosts.slice(at, at + NAMES_AT_ONCE))) as number[])
      ids.push(id)
  return readUrls(db, ids)
}

function readUrls(db: ReadStore, ids: number[]): TouchedUrl[] {
  ids.sort((a, b) => a - b)
  const read = db.prepare(urlsOf).raw()
  const touched: TouchedUrl[] = []
  for (let at = 0; at < ids.length; at += NAMES_AT_ONCE) {
    const rows = read.all(JSON.stringify(ids.slice(at, at + NAMES_AT_ONCE))) as [number, string][]
    for (const [id, url] of rows) touched.push({ id, url })
  }
  return touched
}

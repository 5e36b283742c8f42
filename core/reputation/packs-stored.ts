import type { PackRow } from '../contract/nouns/reputation.ts'
import type { RiskLevel } from '../model/verdict.ts'
import type { ReadStore } from '../store/store.ts'
import { toIso } from '../store/time.ts'
import { severityOf, toRiskLevel } from './severity.ts'
import type { ShelfPack } from './shelf.ts'

interface Row {
  id: number
  name: string
  version: string
  created_at: number
  imported_at: number
  source: string
  format: string
  sha256: string
  entries: number
  rejected: number
}

/** Oldest first; of two with one time the one imported later counts as newer (JUDGE.md: "then order given"). */
const all = 'SELECT * FROM pack ORDER BY created_at, id'
const levelsOf = 'SELECT level, count(*) AS count FROM pack_entry WHERE pack_id = ? GROUP BY level'

type LevelCount = { level: RiskLevel; count: number }

/** Counting a million entries takes a while and a stored pack never changes: counted once per connection and pack. */
const counted = new WeakMap<ReadStore, Map<string, LevelCount[]>>()

function countLevels(db: ReadStore, pack: Row): LevelCount[] {
  const known = counted.get(db) ?? new Map<string, LevelCount[]>()
  counted.set(db, known)
  const before = known.get(pack.sha256)
  if (before !== undefined) return before
  const levels: LevelCount[] = []
  for (const row of db.prepare(levelsOf).all(pack.id) as { level: string; count: number }[]) {
    const level = toRiskLevel(row.level)
    if (level !== undefined) levels.push({ level, count: row.count })
  }
  levels.sort((a, b) => severityOf(a.level) - severityOf(b.level))
  known.set(pack.sha256, levels)
  return levels
}

/** All packs, oldest first. `createdAt` equal to `importedAt` means: the file states no time, now was assumed. */
export function listPacks(db: ReadStore): PackRow[] {
  return (db.prepare(all).all() as Row[]).map((row, index) => ({
    id: String(row.id),
    name: row.name,
    version: row.version,
    createdAt: toIso(row.created_at),
    importedAt: toIso(row.imported_at),
    source: row.source,
    format: row.format,
    sha256: row.sha256,
    entries: row.entries,
    rejected: row.rejected,
    levels: countLevels(db, row),
    number: index + 1,
  }))
}

/** The packs as matching needs them, oldest first. */
export function listShelfPacks(db: ReadStore): ShelfPack[] {
  return (db.prepare(all).all() as Row[]).map((row) => ({
    id: row.id,
    name: row.name,
    version: row.version,
    createdAt: row.created_at,
  }))
}

/** `name@version`, as documents cite a pack. */
export const citePack = (pack: Pick<ShelfPack, 'name' | 'version'>): string => `${pack.name}@${pack.version}`

import type { PackRow } from '../contract/nouns/reputation.ts'
import { WorkbenchError } from '../model/errors.ts'
import type { RiskLevel } from '../model/verdict.ts'
import type { ReadStore } from '../store/store.ts'
import { toIso } from '../store/time.ts'
import { severityOf, toRiskLevel } from './severity.ts'
import { newestOf, type ShelfPack } from './shelf.ts'

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
  is_off: number
}

/** Oldest first; of two with one time the one imported later counts as newer (JUDGE.md: "then order given"). */
const all = `SELECT p.*, o.pack_id IS NOT NULL AS is_off FROM pack p LEFT JOIN pack_off o ON o.pack_id = p.id
  ORDER BY p.created_at, p.id`
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

const readPacks = (db: ReadStore): Row[] => db.prepare(all).all() as Row[]

/**
 * All packs, oldest first, with what each of them counts for now (JUDGE.md, "Matching URLs"): the newest version of its name that is
 * switched on; among equally specific entries of two packs the newer pack wins. `createdAt` equal to `importedAt` means: the file
 * states no time, now was assumed.
 */
export function listPacks(db: ReadStore): PackRow[] {
  const rows = readPacks(db)
  const packs = rows.map(toShelfPack)
  const inForce = newestOf(packs, (pack) => pack.isOff !== true)
  let rank = inForce.reduce((sum, counts) => sum + counts, 0)
  return rows.map((row, index) => {
    const isCurrent = inForce[index] === 1
    const newer = isCurrent
      ? undefined
      : packs.find((pack, place) => place > index && pack.name === row.name && inForce[place] === 1)
    return {
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
      isOn: row.is_off === 0,
      isCurrent,
      replacedBy: newer === undefined ? null : citePack(newer),
      precedence: isCurrent ? rank-- : null,
    }
  })
}

/** @throws WorkbenchError `request.not_found` */
export function getPack(db: ReadStore, id: number): PackRow {
  const pack = listPacks(db).find((row) => row.id === String(id))
  if (pack === undefined) throw new WorkbenchError('request.not_found', { what: `pack ${id}` })
  return pack
}

const toShelfPack = (row: Row): ShelfPack => ({
  id: row.id,
  name: row.name,
  version: row.version,
  createdAt: row.created_at,
  isOff: row.is_off !== 0,
})

/** The packs as matching needs them, oldest first. */
export const listShelfPacks = (db: ReadStore): ShelfPack[] => readPacks(db).map(toShelfPack)

/** `name@version`, as documents cite a pack. */
export const citePack = (pack: Pick<ShelfPack, 'name' | 'version'>): string => `${pack.name}@${pack.version}`

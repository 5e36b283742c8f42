import { z } from 'zod'
import { PATTERN_SCOPES } from '../../model/verdict.ts'
import { packNormal, toPattern } from '../../reputation/pattern.ts'
import { toRiskLevel } from '../../reputation/severity.ts'
import { packPatterns } from '../../reputation/shelf/packed-patterns.ts'
import type { ReadStore, WriteStore } from '../../store/store.ts'
import { toIso } from '../../store/time.ts'
import { definePart, type Reading, type Side } from '../part.ts'
import { Time, toProblem } from '../shapes.ts'

const Word = z.string().min(1).max(300)
const State = z.strictObject({
  name: Word,
  version: Word,
  createdAt: Time,
  importedAt: Time,
  source: z.string().max(4000),
  format: z.string().max(60),
  entries: z.number().int().min(0).max(20_000_000),
  rejected: z.number().int().min(0),
  isOff: z.boolean(),
  by: z.string().max(100),
})
type State = z.infer<typeof State>
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)

const all = `SELECT p.*, o.pack_id IS NOT NULL AS is_off FROM pack p LEFT JOIN pack_off o ON o.pack_id = p.id ORDER BY p.id`
const theirEntries = `SELECT pattern, scope, level, category, first_seen, expires_at, note FROM pack_entry WHERE pack_id = (SELECT id FROM pack WHERE sha256 = ?) ORDER BY id`
const insertPack = `INSERT INTO pack (name, version, created_at, imported_at, source, format, sha256, entries, rejected) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`
const insertEntry = `INSERT INTO pack_entry (pack_id, pattern, scope, host, normal, level, category, first_seen, expires_at, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
const count = 'UPDATE pack SET entries = ?, rejected = ? WHERE id = ?'
const isTaken = 'SELECT 1 FROM pack WHERE name = ? AND version = ?'
const idOf = 'SELECT id FROM pack WHERE sha256 = ?'
const remove = 'DELETE FROM pack WHERE sha256 = ?'
const switchOff = 'INSERT OR IGNORE INTO pack_off (pack_id, at) VALUES (?, ?)'
const switchOn = 'DELETE FROM pack_off WHERE pack_id = ?'

interface PackRow {
  readonly name: string
  readonly version: string
  readonly created_at: number
  readonly imported_at: number
  readonly source: string
  readonly format: string
  readonly sha256: string
  readonly entries: number
  readonly rejected: number
  readonly is_off: number
}

function read({ db, who }: Side): Reading<State> {
  const items = new Map<string, State>()
  const unreadable = []
  for (const row of db.prepare(all).iterate() as IterableIterator<PackRow>) {
    try {
      const { name, version, source, format, entries, rejected } = row
      const [createdAt, importedAt, isOff] = [row.created_at, row.imported_at, row.is_off !== 0]
      items.set(
        Sha256.parse(row.sha256),
        State.parse({
          name,
          version,
          createdAt,
          importedAt,
          source,
          format,
          entries,
          rejected,
          isOff,
          by: who,
        }),
      )
    } catch (cause) {
      unreadable.push({ item: `pack ${row.name.slice(0, 100)}`, problem: toProblem(cause) })
    }
  }
  return { items, history: new Map(), unreadable }
}

interface EntryRow {
  readonly pattern: string
  readonly scope: string
  readonly level: string
  readonly category: string | null
  readonly first_seen: number | null
  readonly expires_at: number | null
  readonly note: string | null
}
const short = (text: string | null): string | null => (text === null ? null : text.slice(0, 4000))
const time = (at: number | null): number | null => (Time.safeParse(at).success ? at : null)

/**
 * Copies the patterns of one pack. What they match is worked out from their text, never taken over: the other case could say that
 * one pattern is another.
 */
function copyEntries(db: WriteStore, other: ReadStore, sha256: string, id: number): void {
  const put = db.prepare(insertEntry)
  let [entries, rejected] = [0, 0]
  for (const row of other.prepare(theirEntries).iterate(sha256) as IterableIterator<EntryRow>) {
    const scope = PATTERN_SCOPES.find((one) => one === row.scope)
    const level = toRiskLevel(row.level)
    const pattern = scope && row.pattern.length <= 8000 ? toPattern(scope, row.pattern) : undefined
    if (pattern === undefined || level === undefined) {
      rejected += 1
      continue
    }
    put.run(
      id, row.pattern, pattern.scope, pattern.host, packNormal(pattern), level, short(row.category),
      time(row.first_seen), time(row.expires_at), short(row.note),
    ) // prettier-ignore
    entries += 1
  }
  db.prepare(count).run(entries, rejected, id)
}

/** Pattern packs that are missing here, and whether packs are switched on. A pack is named by the hash of its file. */
export default definePart<State>({
  id: 'pack',
  order: 20,
  tables: ['pack', 'pack_entry', 'pack_off'],
  state: State,
  read,
  same: ({ isOff }) => (isOff ? 'off' : 'on'),
  sort: ({ isOff }) => (isOff ? 'pack-off' : 'pack-on'),
  show: ({ version, entries, by, importedAt }) => ({
    value: version,
    text: String(entries),
    by,
    at: toIso(importedAt),
  }),
  subject: (_mine, _other, _item, { name }) => ({ kind: 'pack', id: null, name }),
  write({ db, other, at }, changes) {
    for (const { item, before, after } of changes) {
      if (after === null) {
        db.prepare(remove).run(item)
        continue
      }
      if (before === null && other !== null) {
        const { name, source, format, createdAt } = after
        const taken = db.prepare(isTaken).get(name, after.version) !== undefined
        const version = taken ? `${after.version}-${item.slice(0, 8)}` : after.version
        const made = db.prepare(insertPack).pluck()
        const id = made.get(name, version, createdAt, at, source, format, item, 0, 0) as number
        copyEntries(db, other, item, id)
      }
      const id = db.prepare(idOf).pluck().get(item) as number | undefined
      if (id === undefined) continue
      if (after.isOff) db.prepare(switchOff).run(id, at)
      else db.prepare(switchOn).run(id)
    }
    if (changes.length > 0) packPatterns(db)
  },
})

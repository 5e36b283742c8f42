import { setImmediate } from 'node:timers/promises'
import ipaddr from 'ipaddr.js'
import { IdentifierSearch, notedShelves, SHELF_STRINGS } from '../store/identifier-grams.ts'
import { STRINGS_BY_HASH } from '../store/string-index.ts'
import { escapeLike, hasHashes, IDENTIFIER_BIT, stringHash } from '../store/strings.ts'
import type { ReadStore } from '../store/store.ts'
import { findColumnTexts } from '../store/text-segments.ts'
import type { TextPattern } from './text-pattern.ts'

/** Strings that fit: their ids, or a table of this connection that holds them, or (too many to wait for) the patterns again. */
export type TextHits =
  | { readonly type: 'ids'; readonly ids: readonly number[] }
  | { readonly type: 'table'; readonly table: string; readonly ids: readonly number[] }
  | { readonly type: 'like'; readonly likes: readonly string[] }

/** More ids than this go into a table: an event is compared with them in dozens of columns. */
const MOST_IDS = 40
/** Strings looked through between two looks at the clock. */
const RANGE = 100_000
/** Hits of the trigram index between two looks at the clock; texts of a column. */
const PIECE = 2_000
const LISTED = 10_000
/** The engine answers others after this long. */
const TURN_MS = 15
/** A search for first rows waits this long before it takes a text for a common one. */
const PATIENCE_MS = 20
/** A text is common when so many strings hold it; those who look for first rows then find them while looking. */
const COMMON = 2_000
/**
 * A text in more strings than this is not listed: reading them all, and making a table of them in one go, would hold everybody up for
 * seconds, and events are compared with the text itself as quickly.
 */
const MOST_HITS = 50_000
/** Searches whose hits are kept. */
const KEPT = 8
const TRIGRAM = 3

interface Kept {
  readonly last: number
  readonly removed: number
  readonly hits: TextHits
}
const keptOf = new WeakMap<ReadStore, Map<string, Kept>>()
const commonOf = new WeakMap<ReadStore, Set<string>>()
let tables = 0

/** How a search looks its texts up. */
export interface LookUp {
  /** First rows are wanted: what is common need not be looked up to its end. */
  readonly mayLike: boolean
  /** Columns it is looked for in, where they are named. */
  readonly columns: readonly string[] | undefined
}

const keyOf = (pattern: TextPattern, listed: unknown): string =>
  JSON.stringify([pattern.likes, pattern.wholes, listed])
/** Not looked up: every event is compared with the text itself. */
export const asLike = (pattern: TextPattern): TextHits => ({ type: 'like', likes: allLikes(pattern) })

/** Finds the strings (of the named columns at least); others are answered meanwhile. */
export async function findHits(
  db: ReadStore,
  pattern: TextPattern,
  { mayLike, columns }: LookUp,
): Promise<TextHits> {
  const listed = columns && findColumnTexts(db, columns)
  const key = keyOf(pattern, listed ? [columns, listed.version] : null)
  const like = asLike(pattern)
  // Found common a moment ago: the next page does not look it up again, unless somebody did to its end.
  const common = commonOf.get(db) ?? new Set<string>()
  commonOf.set(db, common)
  if (mayLike && common.has(key) && keptOf.get(db)?.has(key) !== true) return like
  return remembered(db, key, async (last) => {
    const ids = byHash(db, pattern)
    const started = performance.now()
    const isTooMany = (): boolean => ids.length >= MOST_HITS
    const isCommon = (): boolean =>
      isTooMany() || (mayLike && ids.length >= COMMON && performance.now() - started >= PATIENCE_MS)
    for (const way of listed ? [amongListed(db, pattern, listed.ids)] : waysFor(db, pattern)) {
      let from = 0
      const isWhole = await inTurns(db, mayLike, () => {
        const piece = way(from, last)
        ids.push(...piece.ids)
        from = piece.end
        return from < last && !isCommon()
      }).then(() => from >= last)
      if (!isWhole) {
        if (common.size >= KEPT) common.clear()
        common.add(key)
        return isTooMany() ? { kept: like } : like
      }
    }
    return ids
  })
}

/** Looking it up means reading every identifier of the case, and that was not done yet. */
export const isCostly = (db: ReadStore, pattern: TextPattern): boolean =>
  pattern.mayIdentify && keptOf.get(db)?.has(keyOf(pattern, null)) !== true

/** Strings that are addresses inside a network (`10.0.0.0/8`). */
export async function findAddresses(
  db: ReadStore,
  network: string,
  { mayLike, columns }: LookUp,
): Promise<TextHits> {
  const listed = columns && findColumnTexts(db, columns)
  const key = JSON.stringify([network, listed ? [columns, listed.version] : null])
  return remembered(db, key, async (last) => {
    const ids: number[] = []
    const find = listed ? addressesAmong(db, network, listed.ids) : addressesIn(db, network)
    let from = 0
    await inTurns(db, mayLike, () => {
      const piece = find(from, last)
      ids.push(...piece.ids)
      from = piece.end
      return from < last
    })
    return ids
  })
}
/** The same without letting others in between. */
export const findAddressesNow = (db: ReadStore, network: string): readonly number[] => {
  const ids: number[] = []
  const find = addressesIn(db, network)
  const last = lastText(db)
  for (let from = 0; from < last;) {
    const piece = find(from, last)
    ids.push(...piece.ids)
    from = piece.end
  }
  return ids
}

/** Looks through strings behind `from`; `end`: up to where it looked. */
type Way = (from: number, last: number) => { readonly ids: readonly number[]; readonly end: number }

const addressLike = `SELECT id, v FROM str WHERE id > ? AND id <= ? AND length(v) <= 45
  AND (v GLOB '[0-9]*.[0-9]*.[0-9]*.[0-9]*' OR v GLOB '*:*:*')`

function addressesIn(db: ReadStore, cidr: string): Way {
  const find = db.prepare(addressLike)
  const isInside = insideOf(cidr)
  return (from, last) => {
    const end = Math.min(last, from + RANGE)
    return { ids: (find.all(from, end) as Text[]).filter(isInside).map(({ id }) => id), end }
  }
}
interface Text {
  readonly id: number
  readonly v: string
}
function insideOf(cidr: string): (text: Text) => boolean {
  const [network, bits] = ipaddr.parseCIDR(cidr)
  return ({ v }) => {
    if (!ipaddr.isValid(v)) return false
    const address = ipaddr.process(v)
    return address.kind() === network.kind() && address.match(network, bits)
  }
}
const listedLike = `SELECT id, v FROM str WHERE id IN (SELECT value FROM json_each(?)) AND length(v) <= 45 AND (v LIKE ? OR v LIKE '%:%')`
/** The same among the texts of some columns; the whole bytes of the network are compared as text first. */
function addressesAmong(db: ReadStore, cidr: string, listed: readonly number[]): Way {
  const find = db.prepare(listedLike)
  const [network, bits] = ipaddr.parseCIDR(cidr)
  const bytes = network.kind() === 'ipv4' ? network.toByteArray().slice(0, bits >> 3) : []
  const begin = bytes.length === 4 ? bytes.join('.') : `${bytes.map((byte) => `${byte}.`).join('')}%`
  const isInside = insideOf(cidr)
  return inPieces(listed, (some) => (find.all(some, begin) as Text[]).filter(isInside).map(({ id }) => id))
}

/** Goes through a list of ids (ascending) a piece at a time. */
function inPieces(listed: readonly number[], find: (ids: string) => number[]): Way {
  let at = 0
  return (_from, last) => {
    const some = listed.slice(at, at + LISTED)
    at += LISTED
    return { ids: find(JSON.stringify(some)), end: at >= listed.length ? last : (some.at(-1) ?? last) }
  }
}
function amongListed(db: ReadStore, { likes }: TextPattern, listed: readonly number[]): Way {
  if (likes.length === 0) return (_from, last) => ({ ids: [], end: last })
  const sql3 = `SELECT id FROM str WHERE id IN (SELECT value FROM json_each(?)) AND (${likes.map(() => `v LIKE ? ESCAPE '\\'`).join(' OR ')})`
  const find = db.prepare(sql3).pluck()
  return inPieces(listed, (some) => find.all(some, ...likes) as number[])
}

/** Searches that first rows are waited for, by connection: what is looked up for a count lets them go first. */
const urgent = new WeakMap<ReadStore, number>()
/** Lets the engine answer others while `look` goes on until it says that it is done. */
async function inTurns(db: ReadStore, isUrgent: boolean, look: () => boolean): Promise<void> {
  let turn = performance.now()
  if (isUrgent) urgent.set(db, (urgent.get(db) ?? 0) + 1)
  try {
    while (look()) {
      if (performance.now() - turn <= TURN_MS) continue
      do await setImmediate()
      while (!isUrgent && (urgent.get(db) ?? 0) > 0)
      turn = performance.now()
    }
  } finally {
    if (isUrgent) urgent.set(db, (urgent.get(db) ?? 1) - 1)
  }
}

const lastId = 'SELECT coalesce(max(id), 0) FROM str'
const lastText = (db: ReadStore): number => db.prepare(lastId).pluck().get() as number

const lastChange = 'SELECT coalesce(max(seq), 0) FROM audit'
const removals = `SELECT max(seq) FROM audit WHERE seq > ? AND action = 'evidence.remove'`
const removalOf = new WeakMap<ReadStore, { seen: number; removed: number }>()
/** The newest removal of evidence in the audit log: it takes texts away, whose ids may be given again. */
function lastRemoval(db: ReadStore): number {
  let known = removalOf.get(db)
  if (!known) removalOf.set(db, (known = { seen: 0, removed: 0 }))
  const seen = db.prepare(lastChange).pluck().get() as number
  if (seen !== known.seen) {
    known.removed = (db.prepare(removals).pluck().get(known.seen) as number | null) ?? known.removed
    known.seen = seen
  }
  return known.removed
}

/** What was found before, as long as no string came since; otherwise it is found and kept. */
async function remembered(
  db: ReadStore,
  key: string,
  find: (last: number) => Promise<readonly number[] | TextHits | { readonly kept: TextHits }>,
): Promise<TextHits> {
  const last = lastText(db)
  const removed = lastRemoval(db)
  let kept = keptOf.get(db)
  if (!kept) keptOf.set(db, (kept = new Map()))
  const known = kept.get(key)
  if (known?.last === last && known.removed === removed) return known.hits
  const found = await find(last)
  if ('type' in found) return found
  const hits =
    'kept' in found
      ? found.kept
      : keep(
          db,
          [...new Set(found)].sort((a, b) => a - b),
        )
  for (const [oldest, { hits: old }] of [...kept].slice(0, Math.max(0, kept.size - KEPT + 1))) {
    kept.delete(oldest)
    if (old.type !== 'table') continue
    const drop = `DROP TABLE IF EXISTS temp.${old.table}`
    db.prepare(drop).run()
  }
  kept.set(key, { last, removed, hits })
  return hits
}

/** The same without letting others in between, for small questions of the engine's own. */
export function findHitsNow(db: ReadStore, pattern: TextPattern): readonly number[] {
  const ids = byHash(db, pattern)
  const last = lastText(db)
  for (const way of waysFor(db, pattern))
    for (let from = 0; from < last;) {
      const piece = way(from, last)
      ids.push(...piece.ids)
      from = piece.end
    }
  return [...new Set(ids)]
}

const allLikes = ({ likes, wholes }: TextPattern): readonly string[] => [...likes, ...wholes.map(escapeLike)]

const sameIdentifier = `SELECT id FROM str WHERE id IN (${STRINGS_BY_HASH}) AND v LIKE ? ESCAPE '\\'`
const sameText = `SELECT id FROM str WHERE v LIKE ? ESCAPE '\\'`

/** Texts that are found by their hash; a case of schema version 10 has none and is looked through. */
function byHash(db: ReadStore, { wholes }: TextPattern): number[] {
  return wholes.flatMap((whole) => {
    const like = escapeLike(whole)
    const hash = stringHash(whole)
    return hasHashes(db)
      ? (db.prepare(sameIdentifier).pluck().all(hash, hash, like) as number[])
      : (db.prepare(sameText).pluck().all(like) as number[])
  })
}

/** Ways to look through the strings: the trigram index, and beside it what is not in it. */
function waysFor(db: ReadStore, { core, likes, mayIdentify }: TextPattern): Way[] {
  if (likes.length === 0) return []
  const any = likes.map(() => `v LIKE ? ESCAPE '\\'`).join(' OR ')
  const inRanges = (sql: string): Way => {
    const find = db.prepare(sql).pluck()
    return (from, last) => {
      const end = Math.min(last, from + RANGE)
      return { ids: find.all(from, end, ...likes) as number[], end }
    }
  }
  if (core.length < TRIGRAM || /[\\%_]/.test(core))
    return [inRanges(`SELECT id FROM str WHERE id > ? AND id <= ? AND (${any})`)]
  const isContained = likes.length === 1 && likes[0] === `%${core}%`
  // A number bound as it comes is a REAL, which FTS5 takes for no bound at all.
  const sql4 = `SELECT f.rowid, ${isContained ? '1' : `(${any.replaceAll('v LIKE', 's.v LIKE')})`} FROM str_fts f
    ${isContained ? '' : 'JOIN str s ON s.id = f.rowid'}
    WHERE f.v LIKE ? AND f.rowid > CAST(? AS INTEGER) AND f.rowid <= CAST(? AS INTEGER) ORDER BY f.rowid LIMIT ${PIECE}`
  const indexed = db.prepare(sql4).raw()
  const ways: Way[] = [
    (from, last) => {
      const rows = indexed.all(...(isContained ? [] : likes), `%${core}%`, from, last) as [number, number][]
      return {
        ids: rows.filter(([, fits]) => fits === 1).map(([id]) => id),
        end: rows.length < PIECE ? last : (rows.at(-1)?.[0] ?? last),
      }
    },
  ]
  if (mayIdentify && hasHashes(db)) {
    const behind = inRanges(
      `SELECT id FROM str WHERE id > ? AND id <= ? AND +h >= ${IDENTIFIER_BIT} AND (${any})`,
    )
    ways.push(amongIdentifiers(db, core, likes, behind))
  }
  return ways
}

/** Shelf by shelf where it is noted what stands in identifiers, one by one behind that. */
function amongIdentifiers(db: ReadStore, core: string, likes: readonly string[], behind: Way): Way {
  const noted = notedShelves(db) * SHELF_STRINGS
  if (noted === 0) return behind
  const search = new IdentifierSearch(db, core, likes)
  return (from, last) => {
    if (from >= noted) return behind(from, last)
    const shelf = from / SHELF_STRINGS
    return { ids: search.find(shelf), end: Math.min(last, (shelf + 1) * SHELF_STRINGS) }
  }
}

function keep(db: ReadStore, ids: readonly number[]): TextHits {
  if (ids.length <= MOST_IDS) return { type: 'ids', ids }
  tables += 1
  const table = `text_hits_${tables}`
  const create = `CREATE TEMP TABLE ${table} (id INTEGER PRIMARY KEY)`
  const fill = `INSERT INTO temp.${table} SELECT value FROM json_each(?)`
  db.prepare(create).run()
  db.prepare(fill).run(JSON.stringify(ids))
  return { type: 'table', table, ids }
}

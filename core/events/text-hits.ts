import { setImmediate } from 'node:timers/promises'
import ipaddr from 'ipaddr.js'
import { escapeLike, hasHashes, IDENTIFIER, IDENTIFIER_BIT, stringHash } from '../store/strings.ts'
import type { ReadStore } from '../store/store.ts'

/** Texts that are looked for among the strings of the case: any of the LIKE patterns, which share the literal piece `core`. */
export interface TextPattern {
  readonly likes: readonly string[]
  readonly core: string
  /** An identifier that is a whole text and can be found by its hash; empty when there is none. */
  readonly whole: string
  /** Identifiers may fit, which are not in the trigram index. */
  readonly mayIdentify: boolean
}

/** Strings that fit: their ids, or a table of this connection that holds them, or (too many to wait for) the patterns again. */
export type TextHits =
  | { readonly type: 'ids'; readonly ids: readonly number[] }
  | { readonly type: 'table'; readonly table: string }
  | { readonly type: 'like'; readonly likes: readonly string[] }

/** More ids than this go into a table: an event is compared with them in dozens of columns. */
const MOST_IDS = 40
/** Strings looked through between two looks at the clock. */
const RANGE = 100_000
/** The engine answers others after this long. */
const TURN_MS = 15
/** A search for first rows waits this long before it takes a text for a common one. */
const PATIENCE_MS = 50
/** A text is common when so many strings hold it; those who look for first rows then find them while looking. */
const COMMON = 2_000
/** Searches whose hits are kept. */
const KEPT = 8
const TRIGRAM = 3

interface Kept {
  readonly last: number
  readonly hits: TextHits
}
const keptOf = new WeakMap<ReadStore, Map<string, Kept>>()
let tables = 0

/** The text anywhere in a string. */
export const containing = (text: string): TextPattern => ({
  likes: [`%${escapeLike(text)}%`],
  core: text,
  whole: '',
  mayIdentify: IDENTIFIER.test(text),
})

/**
 * A whole value, or with `*` a pattern; a bare file or account name also matches the end of a path or `DOMAIN\\name`, a short
 * host name the full one, a Message-ID may stand in angle brackets.
 */
export function matching(value: string, isHost: boolean): TextPattern {
  const bare = value.replace(/^<(.*)>$/, '$1')
  const like = escapeLike(bare).replaceAll('*', '%')
  if (bare.includes('*'))
    return {
      likes: [like],
      core: bare.split('*').reduce((a, b) => (b.length > a.length ? b : a), ''),
      whole: '',
      mayIdentify: IDENTIFIER.test(bare.replaceAll('*', '')),
    }
  const isIdentifier = IDENTIFIER.test(bare)
  const label = isHost && !bare.includes('.') ? [`${like}.%`] : []
  return {
    likes: [...(isIdentifier ? [] : [like]), `%\\\\${like}`, ...label],
    core: bare,
    whole: isIdentifier ? bare : '',
    mayIdentify: false,
  }
}

/** A whole value, or with `*` a pattern, and nothing else. */
export function exactly(value: string): TextPattern {
  const isWhole = !value.includes('*')
  const isIdentifier = IDENTIFIER.test(value.replaceAll('*', ''))
  return {
    likes: isWhole && isIdentifier ? [] : [escapeLike(value).replaceAll('*', '%')],
    core: value.split('*').reduce((a, b) => (b.length > a.length ? b : a), ''),
    whole: isWhole && isIdentifier ? value : '',
    mayIdentify: isIdentifier,
  }
}

/**
 * Finds the strings; others are answered meanwhile.
 * @param mayLike first rows are wanted: what is common need not be looked up to its end
 */
export async function findHits(db: ReadStore, pattern: TextPattern, mayLike: boolean): Promise<TextHits> {
  return remembered(db, JSON.stringify([pattern.likes, pattern.whole]), async (last) => {
    const ids = byHash(db, pattern)
    const ways = waysFor(db, pattern)
    const started = performance.now()
    const isWhole = await inTurns(last, (from, to) => {
      for (const find of ways) ids.push(...find(from, to))
      return !mayLike || performance.now() - started < PATIENCE_MS || ids.length < COMMON
    })
    return isWhole ? ids : { type: 'like', likes: allLikes(pattern) }
  })
}

/** Strings that are addresses inside a network (`10.0.0.0/8`). */
export async function findAddresses(db: ReadStore, network: string): Promise<TextHits> {
  return remembered(db, `net ${network}`, async (last) => {
    const ids: number[] = []
    const find = addressesIn(db, network)
    await inTurns(last, (from, to) => {
      ids.push(...find(from, to))
      return true
    })
    return ids
  })
}
/** The same without letting others in between. */
export const findAddressesNow = (db: ReadStore, network: string): readonly number[] =>
  addressesIn(db, network)(0, Number.MAX_SAFE_INTEGER)

const addressLike = `SELECT id, v FROM str WHERE id > ? AND id <= ? AND length(v) <= 45
  AND (v GLOB '[0-9]*.[0-9]*.[0-9]*.[0-9]*' OR v GLOB '*:*:*')`

function addressesIn(db: ReadStore, cidr: string): (from: number, to: number) => number[] {
  const [network, bits] = ipaddr.parseCIDR(cidr)
  const find = db.prepare(addressLike)
  return (from, to) =>
    (find.all(from, to) as { id: number; v: string }[]).flatMap(({ id, v }) => {
      if (!ipaddr.isValid(v)) return []
      const address = ipaddr.process(v)
      return address.kind() === network.kind() && address.match(network, bits) ? [id] : []
    })
}

/** Looks at the strings range by range until told to stop; @returns whether it saw all */
async function inTurns(last: number, look: (from: number, to: number) => boolean): Promise<boolean> {
  let turn = performance.now()
  for (let from = 0; from < last; from += RANGE) {
    if (!look(from, from + RANGE) && from + RANGE < last) return false
    if (performance.now() - turn > TURN_MS) {
      await setImmediate()
      turn = performance.now()
    }
  }
  return true
}

/** What was found before, as long as no string came since; otherwise it is found and kept. */
async function remembered(
  db: ReadStore,
  key: string,
  find: (last: number) => Promise<readonly number[] | TextHits>,
): Promise<TextHits> {
  const last = db.prepare('SELECT coalesce(max(id), 0) FROM str').pluck().get() as number
  let kept = keptOf.get(db)
  if (!kept) keptOf.set(db, (kept = new Map()))
  const known = kept.get(key)
  if (known?.last === last) return known.hits
  const found = await find(last)
  if ('type' in found) return found
  const hits = keep(db, [...new Set(found)])
  for (const [oldest, { hits: old }] of [...kept].slice(0, Math.max(0, kept.size - KEPT + 1))) {
    kept.delete(oldest)
    if (old.type !== 'table') continue
    const drop = `DROP TABLE IF EXISTS temp.${old.table}`
    db.prepare(drop).run()
  }
  kept.set(key, { last, hits })
  return hits
}

/** The same without letting others in between, for small questions of the engine's own. */
export function findHitsNow(db: ReadStore, pattern: TextPattern): readonly number[] {
  const ids = byHash(db, pattern)
  for (const find of waysFor(db, pattern)) ids.push(...find(0, Number.MAX_SAFE_INTEGER))
  return [...new Set(ids)]
}

const allLikes = ({ likes, whole }: TextPattern): readonly string[] =>
  whole === '' ? likes : [...likes, escapeLike(whole)]

const sameIdentifier = `SELECT id FROM str WHERE h = ? AND v LIKE ? ESCAPE '\\'`
const sameText = `SELECT id FROM str WHERE v LIKE ? ESCAPE '\\'`

/** The text that is found by its hash; a case of schema version 10 has none and is looked through. */
function byHash(db: ReadStore, { whole }: TextPattern): number[] {
  if (whole === '') return []
  const like = escapeLike(whole)
  return hasHashes(db)
    ? (db.prepare(sameIdentifier).pluck().all(stringHash(whole), like) as number[])
    : (db.prepare(sameText).pluck().all(like) as number[])
}

/** Ways to look through a range of strings: the trigram index, and beside it what is not in it. */
function waysFor(
  db: ReadStore,
  { core, likes, mayIdentify }: TextPattern,
): ((from: number, to: number) => number[])[] {
  if (likes.length === 0) return []
  const any = likes.map(() => `v LIKE ? ESCAPE '\\'`).join(' OR ')
  if (core.length < TRIGRAM || /[\\%_]/.test(core)) {
    const sql2 = `SELECT id FROM str WHERE id > ? AND id <= ? AND (${any})`
    const all = db.prepare(sql2).pluck()
    return [(from, to) => all.all(from, to, ...likes) as number[]]
  }
  const isContained = likes.length === 1 && likes[0] === `%${core}%`
  // A number bound as it comes is a REAL, which FTS5 takes for no bound at all.
  const inIndex =
    'SELECT rowid FROM str_fts WHERE v LIKE ? AND rowid > CAST(? AS INTEGER) AND rowid <= CAST(? AS INTEGER)'
  const indexed = db
    .prepare(isContained ? inIndex : `SELECT id FROM str WHERE id IN (${inIndex}) AND (${any})`)
    .pluck()
  const ways = [
    (from: number, to: number) =>
      indexed.all(`%${core}%`, from, to, ...(isContained ? [] : likes)) as number[],
  ]
  if (mayIdentify && hasHashes(db)) {
    const inTable = `SELECT id FROM str WHERE id > ? AND id <= ? AND +h >= ${IDENTIFIER_BIT} AND (${any})`
    const others = db.prepare(inTable).pluck()
    ways.push((from, to) => others.all(from, to, ...likes) as number[])
  }
  return ways
}

function keep(db: ReadStore, ids: readonly number[]): TextHits {
  if (ids.length <= MOST_IDS) return { type: 'ids', ids }
  tables += 1
  const table = `text_hits_${tables}`
  const create = `CREATE TEMP TABLE ${table} (id INTEGER PRIMARY KEY)`
  const fill = `INSERT INTO temp.${table} SELECT value FROM json_each(?)`
  db.prepare(create).run()
  db.prepare(fill).run(JSON.stringify(ids))
  return { type: 'table', table }
}

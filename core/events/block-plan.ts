import type { EventFilter } from '../contract/nouns/event.ts'
import { EVENT_FIELDS } from '../model/event.ts'
import type { ReadStore } from '../store/store.ts'
import {
  BLOCK_EVENTS,
  BLOCKS,
  findInSegment,
  readSegments,
  TIME_PARTS,
  type Covered,
} from '../store/text-segments.ts'
import { composeWhere, inList, isLike, parsed, type Where } from './filter-sql.ts'
import type { Clause, Query, Term } from './query.ts'
import type { TextHits } from './text-hits.ts'

/** A block of events in which something may be found. */
export interface Block {
  /** Events with ids above `after` up to `upTo`. */
  readonly after: number
  readonly upTo: number
  /** Between these times, microseconds; NaN: none has one. */
  readonly firstAt: number
  readonly lastAt: number
  readonly hasUndated: boolean
  /** Per term the texts it may be found by; null: not known, the block is newer than what is noted. */
  readonly texts: readonly (readonly number[])[] | null
}
/** Id and time of what was found in a block. */
export type Match = readonly [id: number, at: number | null]

/** More blocks take longer to look through than it takes to come upon so much in the order of time. */
const MOST_BLOCKS = 4_096
/** What was found is kept up to this; a search that finds more is quick in the order of time, too. */
const MOST_MATCHES = 200_000
/** Plans kept: a search, its count and the one before. */
const KEPT = 6
/** Texts that are compared one by one; more go through a list. */
const FEW = 2

/** Conditions of one filter, by whether few texts or many are to be compared. */
interface Sql {
  readonly few: string
  readonly many: string
  readonly params: Where['params']
}

/**
 * The blocks of events a filter can find something in, by where its texts stand. What is found in a block is looked up when it is asked
 * for, and kept.
 */
export class BlockPlan {
  readonly #db: ReadStore
  readonly #where: Where
  readonly #sql: Sql
  readonly blocks: readonly Block[]
  /** The dated ones, as an answer in either order meets them. */
  readonly newest: readonly Block[]
  readonly oldest: readonly Block[]
  readonly #matches = new Map<Block, readonly Match[]>()
  #kept = 0
  constructor(db: ReadStore, where: Where, sql: Sql, blocks: readonly Block[]) {
    this.#db = db
    this.#where = where
    this.#sql = sql
    this.blocks = blocks
    const dated = blocks.filter(({ lastAt }) => !Number.isNaN(lastAt))
    this.newest = [...dated].sort((a, b) => b.lastAt - a.lastAt)
    this.oldest = dated.sort((a, b) => a.firstAt - b.firstAt)
  }
  /** So much is found that the plan is of no use. */
  get isTooMuch(): boolean {
    return this.#kept > MOST_MATCHES
  }

  matchesIn(block: Block): readonly Match[] {
    let found = this.#matches.get(block)
    if (found === undefined) {
      found = this.read(block, 'id, at') as unknown[] as Match[]
      this.#matches.set(block, found)
      this.#kept += found.length
    }
    return found
  }
  /** Whether `matchesIn` costs nothing any more. */
  isKnown = (block: Block): boolean => this.#matches.has(block)

  /** What is found in a block, in the order of ids. @param columns constant SQL */
  read(block: Block, columns: string): (number | null)[][] {
    const range = { after: block.after, upTo: block.upTo }
    const { texts } = block
    if (texts === null) {
      const sql1 = `SELECT ${columns} FROM event NOT INDEXED WHERE id > @after AND id <= @upTo AND ${this.#where.sql}`
      return this.#rows(sql1, { ...this.#where.params, ...range })
    }
    const isFew = texts.every((some) => some.length <= FEW)
    const sql2 = `SELECT ${columns} FROM event NOT INDEXED WHERE id > @after AND id <= @upTo AND ${isFew ? this.#sql.few : this.#sql.many}`
    const params: Record<string, unknown> = { ...this.#sql.params, ...range }
    for (const [index, some] of texts.entries())
      if (isFew) {
        // Nothing has the id 0.
        for (let at = 0; at < FEW; at += 1) params[`t${index}_${at}`] = some[at] ?? 0
      } else params[`t${index}`] = JSON.stringify(some)
    return this.#rows(sql2, params)
  }
  #rows(sql: string, params: Record<string, unknown>): (number | null)[][] {
    return this.#db.prepare(sql).raw().all(params) as (number | null)[][]
  }
}

interface KeptPlan {
  readonly key: string
  readonly version: string
  readonly plan: BlockPlan | undefined
}
const plans = new WeakMap<ReadStore, KeptPlan[]>()
const lastChange = 'SELECT coalesce(max(seq), 0) FROM audit'

/**
 * The blocks to look into for a filter; undefined when the order of time is as good a way: nothing is noted of the events, the filter
 * does not name a text, or what it names is everywhere.
 * @param found what `lookUp` found
 */
export function planBlocks(
  db: ReadStore,
  filter: Partial<EventFilter>,
  found: ReadonlyMap<Term, TextHits>,
  where: Where,
): BlockPlan | undefined {
  if (found.size === 0 || where.isEmpty) return undefined
  const covered = readSegments(db)
  if (!covered) return undefined
  const key = JSON.stringify([where.sql, where.params])
  const version = `${covered.version} ${db.prepare(lastChange).pluck().get() as number}`
  const kept = plans.get(db) ?? []
  const known = kept.find((one) => one.key === key && one.version === version)
  if (known) return known.plan?.isTooMuch === true ? undefined : known.plan
  const plan = makePlan(db, filter, found, where, covered)
  plans.set(db, [{ key, version, plan }, ...kept.filter((one) => one.key !== key)].slice(0, KEPT))
  return plan
}

/** Which blocks of a segment a clause may hold in; undefined: any. */
type Bits = { low: number; high: number } | undefined

function makePlan(
  db: ReadStore,
  filter: Partial<EventFilter>,
  found: ReadonlyMap<Term, TextHits>,
  where: Where,
  covered: Covered,
): BlockPlan | undefined {
  const query = parsed(filter.text ?? '')
  // Terms that are compared by their texts, and among these the ones that narrow the search.
  const terms = [...found].flatMap(([term, hits]) => (hits.type === 'like' ? [] : [{ term, ids: hits.ids }]))
  const mayNarrow = query.some((group) => group.every((clause) => narrows(clause, found)))
  if (!mayNarrow) return undefined
  const blocks: Block[] = []
  const most = Math.min(MOST_BLOCKS, Math.max(BLOCKS, (covered.end / BLOCK_EVENTS) * 0.5))
  for (const segment of covered.segments) {
    const placed = terms.map(({ ids }) => {
      const places: { readonly text: number; readonly low: number; readonly high: number }[] = []
      let [low, high] = [0, 0]
      findInSegment(segment, ids, (text, textLow, textHigh) => {
        places.push({ text, low: textLow, high: textHigh })
        low |= textLow
        high |= textHigh
      })
      return { places, low, high }
    })
    const bitsOf = new Map(terms.map(({ term }, index) => [term, placed[index]]))
    const { low, high } = holdsIn(query, (clause) =>
      narrows(clause, found) ? bitsOf.get(clause.term) : undefined,
    ) ?? { low: -1, high: -1 }
    for (let block = 0; block < BLOCKS; block += 1) {
      const side = block < 32 ? 'low' : 'high'
      const bit = 1 << (block & 31)
      const after = segment.firstId - 1 + block * BLOCK_EVENTS
      if (((side === 'low' ? low : high) & bit) === 0 || after >= segment.lastId) continue
      const [firstAt = NaN, lastAt = NaN, undated = 1] = segment.times.subarray(
        block * TIME_PARTS,
        (block + 1) * TIME_PARTS,
      )
      blocks.push({
        after,
        upTo: Math.min(segment.lastId, after + BLOCK_EVENTS),
        firstAt,
        lastAt,
        hasUndated: undated !== 0,
        texts: placed.map(({ places }) =>
          places.filter((one) => (one[side] & bit) !== 0).map(({ text }) => text),
        ),
      })
      if (blocks.length > most) return undefined
    }
  }
  for (let after = covered.lastId; after < covered.end; after += BLOCK_EVENTS)
    blocks.push(newBlock(db, after, Math.min(covered.end, after + BLOCK_EVENTS)))
  return new BlockPlan(
    db,
    where,
    sqlOf(
      db,
      filter,
      terms.map(({ term }) => term),
      found,
    ),
    blocks,
  )
}

/** The clause can only hold where its texts stand. */
function narrows(clause: Clause, found: ReadonlyMap<Term, TextHits>): boolean {
  const { term, negated } = clause
  const type = found.get(term)?.type ?? 'like'
  if (negated || type === 'like') return false
  // A number is compared with columns of numbers, too.
  return (
    term.type !== 'field' ||
    !/^\d+$/.test(term.value) ||
    term.fields.every((field) => EVENT_FIELDS[field].type === 'text')
  )
}

/** All groups must hold, in a group one clause is enough. */
function holdsIn(query: Query, bitsOf: (clause: Clause) => Bits): Bits {
  let all: Bits
  for (const group of query) {
    let any: Bits = { low: 0, high: 0 }
    for (const clause of group) {
      const bits = bitsOf(clause)
      any = bits && any ? { low: any.low | bits.low, high: any.high | bits.high } : undefined
      if (any === undefined) break
    }
    if (any) all = all ? { low: all.low & any.low, high: all.high & any.high } : any
  }
  return all
}

const timesOfNew = `SELECT min(at) AS firstAt, max(at) AS lastAt, count(*) > count(at) AS undated FROM event NOT INDEXED WHERE id > ? AND id <= ?`
/** A block of events stored since the segments were noted. */
function newBlock(db: ReadStore, after: number, upTo: number): Block {
  const found = db.prepare(timesOfNew).get(after, upTo) as {
    firstAt: number | null
    lastAt: number | null
    undated: number
  }
  const { firstAt, lastAt, undated } = found
  return {
    after,
    upTo,
    firstAt: firstAt ?? NaN,
    lastAt: lastAt ?? NaN,
    hasUndated: undated !== 0,
    texts: null,
  }
}

function sqlOf(
  db: ReadStore,
  filter: Partial<EventFilter>,
  terms: readonly Term[],
  found: ReadonlyMap<Term, TextHits>,
): Sql {
  const compose = (isFew: boolean) =>
    composeWhere(db, filter, (columns, term, bind) => {
      const hits = found.get(term)
      // Common texts are compared by themselves, as in any other search.
      if (hits?.type === 'like') return isLike(columns, hits.likes, bind)
      if (hits?.ids.length === 0) return '0'
      const index = terms.indexOf(term)
      return isFew
        ? `(${Array.from({ length: FEW }, (_, at) => `@t${index}_${at} IN (${columns.join(',')})`).join(' OR ')})`
        : inList(columns, `@t${index}`)
    })
  const few = compose(true)
  return { few: few.sql, many: compose(false).sql, params: few.params }
}

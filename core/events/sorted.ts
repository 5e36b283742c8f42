import { setImmediate } from 'node:timers/promises'
import { EVENT_SORTS, SORT_LIMIT, type EventFilter, type EventSort } from '../contract/nouns/event.ts'
import { WorkbenchError } from '../model/errors.ts'
import { EVENT_FIELDS, EVENT_KINDS } from '../model/event.ts'
import { columnOf, EVENT_COLUMNS } from '../store/event-columns.ts'
import type { ReadStore } from '../store/store.ts'
import type { BlockPlan } from './block-plan.ts'
import type { StoredEvent } from './event-rows.ts'
import type { Where } from './filter-sql.ts'
import { type EventPage, pageInTime, type PageQuestion } from './page.ts'
import { COMMON_FIELDS } from './query.ts'
import { BEGINNING, END, Slices } from './slices.ts'
import { inWordsOrder, wordsOrder } from './words-order.ts'

/** Column and kind of value behind a sort key. */
interface SortColumn {
  readonly column: string
  readonly holds: 'time' | 'kind' | 'entity' | 'evidence' | 'text' | 'number'
}
const NAMED: Readonly<Record<(typeof EVENT_SORTS)[number], SortColumn>> = {
  time: { column: 'at', holds: 'time' },
  kind: { column: 'kind', holds: 'kind' },
  endpoint: { column: 'endpoint_id', holds: 'entity' },
  user: { column: 'user_id', holds: 'entity' },
  source: { column: 'evidence_id', holds: 'evidence' },
  process: { column: 'process_path', holds: 'text' },
}
const byField = new Map<string, SortColumn>(
  EVENT_COLUMNS.map(({ name, isText }) => [
    EVENT_FIELDS[name].name,
    { column: columnOf(name), holds: isText ? 'text' : 'number' },
  ]),
)

/** @throws WorkbenchError `request.unknown_field` */
function columnOfSort(by: string): SortColumn {
  const found = EVENT_SORTS.find((one) => one === by)
  const column = found ? NAMED[found] : byField.get(by)
  if (!column) throw new WorkbenchError('request.unknown_field', { field: by, known: COMMON_FIELDS })
  return column
}
const isNamed = (by: string): boolean => EVENT_SORTS.some((one) => one === by)

/** The order of time a sort comes down to; undefined when it is by something else. */
export function timeOrder(sort: readonly EventSort[] | null | undefined): 'oldest' | 'newest' | undefined {
  const [first] = sort ?? []
  return first?.by === 'time' ? (first.descending ? 'newest' : 'oldest') : undefined
}

/**
 * A page in another order than that of time. One key with an index (and the time within it) is walked value by value at any size; other
 * orders are made of all that is found, up to {@link SORT_LIMIT}.
 * @throws WorkbenchError `request.unknown_field`, `event.too_many_to_sort`
 */
export async function pageSorted(
  db: ReadStore,
  where: Where,
  filter: Partial<EventFilter>,
  question: SortQuestion & { readonly fold: Fold | null },
  patience: number,
  plan?: BlockPlan,
): Promise<EventPage> {
  const { sort, cursor, fold, lang } = question
  const [first, second] = sort
  if (!first) return pageInTime(db, where, question, patience)
  const isWalked = isNamed(first.by) && (sort.length === 1 || (sort.length === 2 && second?.by === 'time'))
  const walk = (): EventPage =>
    pageByValue(db, where, { ...question, first, order: second?.descending ? 'newest' : 'oldest' }, patience)
  if (isWalked && (where.query.length === 0 || fold !== null || cursor?.startsWith('g:'))) return walk()
  try {
    return await pageOfAll(db, where, plan, JSON.stringify([filter, sort, lang]), question)
  } catch (thrown) {
    if (isWalked && thrown instanceof WorkbenchError && thrown.code === 'event.too_many_to_sort')
      return walk()
    throw thrown
  }
}

/** A question with an order, and the language of the reader, whose words are in the order. */
type SortQuestion = PageQuestion & { readonly sort: readonly EventSort[]; readonly lang?: string | null }

/** Values of which only the first event is shown; with `isExcept` all but these. */
export interface Fold {
  readonly values: readonly string[]
  readonly isExcept: boolean
}

const GROUP_CURSOR = /^g:(\d{1,16}|n):(.*)$/

/** The values of the first key in order, and within each the order of time. Cursor: `g:value:` and that of the time. */
function pageByValue(
  db: ReadStore,
  where: Where,
  question: PageQuestion & {
    readonly first: EventSort
    readonly fold: Fold | null
    readonly lang?: string | null
  },
  patience: number,
): EventPage {
  const { first, limit, cursor, fold, lang } = question
  const { column } = columnOfSort(first.by)
  const values = valuesOf(db, first, lang)
  const [, value = '', inside = ''] = GROUP_CURSOR.exec(cursor ?? '') ?? []
  let index = value === '' ? 0 : values.indexOf(value === 'n' ? null : Number(value))
  if (index < 0) throw new WorkbenchError('request.invalid', { field: 'cursor' })
  const started = performance.now()
  const rows: StoredEvent[] = []
  let innerCursor: string | null = inside === '' ? null : inside
  const begun = index
  for (; index < values.length; index += 1) {
    const one = values[index] ?? null
    const left = patience - (performance.now() - started)
    const name = one === null ? 'n' : String(one)
    const isFolded = fold !== null && fold.values.includes(name) !== fold.isExcept
    if (left <= 0 && index > begun)
      return { rows, next: `g:${name}:${innerCursor ?? ''}`, searched: index / values.length }
    const page = pageInTime(
      db,
      {
        ...where,
        sql: one === null ? `${column} IS NULL AND ${where.sql}` : `${column} = @sortValue AND ${where.sql}`,
        params: one === null ? where.params : { ...where.params, sortValue: one },
      },
      { ...question, cursor: innerCursor, limit: isFolded ? 1 : limit - rows.length },
      left,
    )
    rows.push(...page.rows)
    const isPart = isFolded ? page.searched !== null : page.next !== null
    if (isPart)
      return {
        rows,
        next: `g:${name}:${page.next}`,
        searched: page.searched === null ? null : index / values.length,
      }
    innerCursor = null
    if (rows.length >= limit && index + 1 < values.length)
      return { rows, next: `g:${values[index + 1] ?? 'n'}:`, searched: null }
  }
  return { rows, next: null, searched: null }
}

const entitiesThere = 'SELECT id, name AS text FROM entity WHERE kind = ? ORDER BY name COLLATE NOCASE, id'
const evidenceThere = 'SELECT id, name AS text FROM evidence ORDER BY name COLLATE NOCASE, id'
/** Each distinct value by one look into the index. */
const processesThere = `WITH RECURSIVE p(id) AS (SELECT min(process_path) FROM event WHERE process_path IS NOT NULL
  UNION ALL SELECT (SELECT min(process_path) FROM event WHERE process_path > p.id) FROM p WHERE p.id IS NOT NULL)
  SELECT s.id, s.v AS text FROM p JOIN str s ON s.id = p.id ORDER BY s.v COLLATE NOCASE, s.id`
const kindsByIndex = `WITH RECURSIVE k(kind) AS (SELECT min(kind) FROM event
  UNION ALL SELECT (SELECT min(kind) FROM event WHERE kind > k.kind) FROM k WHERE k.kind IS NOT NULL) SELECT kind FROM k WHERE kind IS NOT NULL`

/** The values of a key in their order; events without one come last either way. */
function valuesOf(
  db: ReadStore,
  { by, descending }: EventSort,
  lang: string | null | undefined,
): (number | null)[] {
  const list = (sql: string, ...params: unknown[]) => [...inWordsOrder(db, sql, params, lang)]
  const found =
    by === 'kind'
      ? (db.prepare(kindsByIndex).pluck().all() as number[]).sort((a, b) =>
          (EVENT_KINDS[a] ?? '') < (EVENT_KINDS[b] ?? '') ? -1 : 1,
        )
      : by === 'source'
        ? list(evidenceThere)
        : by === 'process'
          ? list(processesThere)
          : list(entitiesThere, by)
  if (descending) found.reverse()
  return by === 'kind' || by === 'source' ? found : [...found, null]
}

interface Snapshot {
  readonly key: string
  readonly stamp: number
  readonly ids: readonly number[]
}
const snapshots = new WeakMap<ReadStore, Snapshot[]>()
const KEPT_SNAPSHOTS = 2
const ALL_CURSOR = /^s:(\d{1,9})$/

/** A page of everything found, sorted once and kept. Cursor: `s:` and the place. */
async function pageOfAll(
  db: ReadStore,
  where: Where,
  plan: BlockPlan | undefined,
  key: string,
  question: SortQuestion,
): Promise<EventPage> {
  const stamp = db.pragma('data_version', { simple: true }) as number
  const kept = snapshots.get(db) ?? []
  let snapshot = kept.find((one) => one.key === key && one.stamp === stamp)
  if (!snapshot) {
    snapshot = { key, stamp, ids: await sortedIds(db, where, plan, question) }
    snapshots.set(db, [snapshot, ...kept].slice(0, KEPT_SNAPSHOTS))
  }
  const place =
    question.cursor == null || question.cursor === '' ? '0' : ALL_CURSOR.exec(question.cursor)?.[1]
  if (place === undefined) throw new WorkbenchError('request.invalid', { field: 'cursor' })
  const from = Number(place)
  const ids = snapshot.ids.slice(from, from + question.limit)
  const found = new Map(
    (
      db
        .prepare('SELECT * FROM event WHERE id IN (SELECT value FROM json_each(?))')
        .all(JSON.stringify(ids)) as StoredEvent[]
    ).map((row) => [row.id, row]),
  )
  const end = from + question.limit
  return {
    rows: ids.flatMap((id) => found.get(id) ?? []),
    next: end < snapshot.ids.length ? `s:${end}` : null,
    searched: null,
  }
}

/** Ids of all that is found in the order of the keys; others are answered while they are gathered. */
async function sortedIds(
  db: ReadStore,
  where: Where,
  plan: BlockPlan | undefined,
  { sort, from, to, lang }: SortQuestion,
): Promise<number[]> {
  const keys = sort.map(({ by, descending }) => ({ ...columnOfSort(by), descending }))
  const names = keys.map(({ column }, index) => `${column} AS k${index}`).join(', ')
  const columns = `id, at, ${names}`
  const rows: (number | null)[][] = []
  const take = (more: (number | null)[][]): void => {
    for (const row of more) rows.push(row)
    if (rows.length > SORT_LIMIT) throw new WorkbenchError('event.too_many_to_sort', { limit: SORT_LIMIT })
  }
  if (plan) {
    for (const block of plan.blocks) {
      // The window is part of the conditions.
      take(plan.read(block, columns))
      await setImmediate()
    }
  } else {
    const slices = new Slices(db)
    const sql1 = `SELECT ${columns} FROM event WHERE at > @sliceAt AND at <= @sliceEnd AND ${where.sql} LIMIT ${SORT_LIMIT + 1}`
    const dated = db.prepare(sql1).raw()
    for (let at = from === null ? BEGINNING : from - 1; ;) {
      const end = slices.endAfter(at)
      const isLast = end === undefined || end >= (to ?? END)
      take(
        dated.all({ ...where.params, sliceAt: at, sliceEnd: isLast ? (to ?? END) : end }) as (
          number | null
        )[][],
      )
      slices.end()
      if (isLast) break
      at = end
      await setImmediate()
    }
    if (from === null && to === null) {
      const sql2 = `SELECT ${columns} FROM event WHERE at IS NULL AND ${where.sql} LIMIT ${SORT_LIMIT + 1}`
      const undated = db.prepare(sql2)
      take(undated.raw().all(where.params) as (number | null)[][])
    }
  }
  const inWords = wordsOrder(lang)
  const ranks = keys.map((key, index) => ranksOf(db, key, rows, index + 2, inWords))
  rows.sort((a, b) => {
    for (const [index, key] of keys.entries()) {
      const rank = ranks[index]
      const left = rank ? rank.get(a[index + 2] ?? null) : a[index + 2]
      const right = rank ? rank.get(b[index + 2] ?? null) : b[index + 2]
      if (left === right) continue
      // What has no value comes last either way.
      if (left == null) return 1
      if (right == null) return -1
      return key.descending ? right - left : left - right
    }
    return (a[1] ?? END) - (b[1] ?? END) || (a[0] ?? 0) - (b[0] ?? 0)
  })
  return rows.map((row) => row[0] ?? 0)
}

const NAMES: Readonly<Partial<Record<SortColumn['holds'], string>>> = {
  entity: 'SELECT id, name AS text FROM entity WHERE id IN (SELECT value FROM json_each(?))',
  evidence: 'SELECT id, name AS text FROM evidence WHERE id IN (SELECT value FROM json_each(?))',
  text: 'SELECT id, v AS text FROM str WHERE id IN (SELECT value FROM json_each(?))',
}

/** Place of each distinct value among all; undefined for numbers, which are their own. */
function ranksOf(
  db: ReadStore,
  { holds }: SortColumn,
  rows: readonly (readonly (number | null)[])[],
  at: number,
  inWords: Intl.Collator,
): ReadonlyMap<number | null, number> | undefined {
  if (holds === 'time' || holds === 'number') return undefined
  const ids = [...new Set(rows.map((row) => row[at] ?? null))].filter((id) => id !== null)
  const sql = NAMES[holds]
  const named = sql
    ? (db.prepare(sql).all(JSON.stringify(ids)) as { id: number; text: string }[])
    : ids.map((id) => ({ id, text: EVENT_KINDS[id] ?? '' }))
  named.sort((a, b) => inWords.compare(a.text, b.text) || a.id - b.id)
  return new Map(named.map(({ id }, index) => [id, index]))
}

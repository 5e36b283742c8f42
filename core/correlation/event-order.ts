import { kindNumber } from '../store/event-columns.ts'
import type { EventKind } from '../model/event.ts'
import type { Statement } from '../store/connection.ts'
import type { ReadStore } from '../store/store.ts'
import type { EvidenceOrder } from './evidence-order.ts'

/** Rows that are read at once: a page and what is made of it are all that a reader of events holds. */
const PAGE = 512

/** Values of one event, in the order of the columns asked for. */
export type EventRow = readonly (number | null)[]
/** The first columns of every row; {@link AT} and the id stand in them. */
export const FIRST_COLUMNS = ['id', 'at', 'kind', 'evidence_id', 'record', 'endpoint_id', 'user_id'] as const
const ID = 0
const AT = 1
const EVIDENCE = 3
const OF_ROW = {
  at: (row: EventRow): number | null => row[AT] ?? null,
  evidence: (row: EventRow): number => row[EVIDENCE] ?? 0,
}

/** Statements by their text, each used by one reader at a time. */
export class Statements {
  readonly #db: ReadStore
  readonly #known = new Map<string, Statement>()

  constructor(db: ReadStore) {
    this.#db = db
  }

  of(sql: string): Statement {
    let known = this.#known.get(sql)
    if (!known) this.#known.set(sql, (known = this.#db.prepare(sql).raw()))
    return known
  }
}

/**
 * The events of one endpoint in time order (undated last), as ten bytes each: every rule reads some kinds of them, and sorting
 * them for each rule would take the time and the memory of a sort each.
 */
export class EndpointOrder {
  readonly endpointId: number
  #ids = new Float64Array(1024)
  #kinds = new Uint16Array(1024)
  #size = 0

  constructor(db: ReadStore, evidence: EvidenceOrder, endpointId: number) {
    this.endpointId = endpointId
    const sql = 'SELECT id, at, kind, evidence_id FROM event WHERE endpoint_id = ? AND at IS'
    for (const rest of [' NOT NULL ORDER BY at, id', ' NULL ORDER BY id']) {
      const rows = db
        .prepare(sql + rest)
        .raw()
        .iterate(endpointId) as IterableIterator<EventRow>
      for (const [id, , kind] of evidence.within(rows, OF_ROW)) this.#add(id ?? 0, kind ?? 0)
    }
  }

  #add(id: number, kind: number): void {
    if (this.#size === this.#ids.length) {
      const ids = new Float64Array(this.#size * 2)
      const kinds = new Uint16Array(this.#size * 2)
      ids.set(this.#ids)
      kinds.set(this.#kinds)
      this.#ids = ids
      this.#kinds = kinds
    }
    this.#ids[this.#size] = id
    this.#kinds[this.#size] = kind
    this.#size += 1
  }

  /** Ids of the kinds, a page at a time. */
  *pages(kinds: readonly EventKind[]): Generator<number[]> {
    const wanted = new Set(kinds.map(kindNumber))
    let page: number[] = []
    for (let place = 0; place < this.#size; place += 1) {
      if (!wanted.has(this.#kinds[place] ?? 0)) continue
      page.push(this.#ids[place] ?? 0)
      if (page.length < PAGE) continue
      yield page
      page = []
    }
    if (page.length > 0) yield page
  }
}

/** Rows of one endpoint's events. No statement stays open between two rows: the case may be written to meanwhile. */
export function* endpointRows(
  statements: Statements,
  order: EndpointOrder,
  kinds: readonly EventKind[],
  columns: readonly string[],
): Generator<EventRow> {
  const statement = statements.of(eventsById(columns))
  for (const page of order.pages(kinds)) yield* statement.all(JSON.stringify(page)) as EventRow[]
}

/** Rows of the whole case, by the index over kind and time: nothing is sorted, a page per kind is held. */
export function* caseRows(
  statements: Statements,
  evidence: EvidenceOrder,
  kinds: readonly EventKind[],
  columns: readonly string[],
): Generator<EventRow> {
  const numbers = [...new Set(kinds.map(kindNumber))]
  const select = `SELECT ${selected(columns)} FROM event e WHERE e.kind = ?`
  const [only] = numbers
  for (const isDated of [true, false]) {
    const sources = numbers.map((kind) => (isDated ? datedRows : undatedRows)(statements, select, kind))
    const rows = sources.length === 1 && only !== undefined ? (sources[0] ?? []) : merged(sources)
    yield* evidence.within(rows, OF_ROW)
  }
}

export const eventById = (columns: readonly string[]): string =>
  `SELECT ${selected(columns)} FROM event e WHERE e.id = ?`

/** Those of a JSON list of ids, in its order. */
export const eventsById = (columns: readonly string[]): string =>
  `SELECT ${selected(columns)} FROM json_each(?) j CROSS JOIN event e ON e.id = j.value ORDER BY j.key`

const selected = (columns: readonly string[]): string =>
  [...FIRST_COLUMNS, ...columns].map((column) => `e.${column}`).join(', ')

function* datedRows(statements: Statements, select: string, kind: number): Generator<EventRow> {
  const same = statements.of(`${select} AND e.at = ? AND e.id > ? ORDER BY e.id LIMIT ${PAGE}`)
  const later = statements.of(`${select} AND e.at > ? ORDER BY e.at, e.id LIMIT ${PAGE}`)
  const first = statements.of(`${select} AND e.at IS NOT NULL ORDER BY e.at, e.id LIMIT ${PAGE}`)
  let rows = first.all(kind) as EventRow[]
  while (rows.length > 0) {
    yield* rows
    const last = rows.at(-1)
    const [at, id] = [last?.[AT] ?? 0, last?.[ID] ?? 0]
    // Many events may have one time: those left of the last one come before the next.
    rows = rows.length < PAGE ? [] : (same.all(kind, at, id) as EventRow[])
    if (rows.length === 0 && last !== undefined) rows = later.all(kind, at) as EventRow[]
  }
}

function* undatedRows(statements: Statements, select: string, kind: number): Generator<EventRow> {
  const next = statements.of(`${select} AND e.at IS NULL AND e.id > ? ORDER BY e.id LIMIT ${PAGE}`)
  let rows = next.all(kind, 0) as EventRow[]
  while (rows.length > 0) {
    yield* rows
    rows = rows.length < PAGE ? [] : (next.all(kind, rows.at(-1)?.[ID] ?? 0) as EventRow[])
  }
}

/** Several sources, each in time order, as one. A rule reads some kinds at once, so the earliest is looked for one by one. */
function* merged(sources: readonly Generator<EventRow>[]): Generator<EventRow> {
  const heads = sources.map((source) => source.next())
  for (;;) {
    let best = -1
    for (const [place, head] of heads.entries()) {
      if (head.done === true) continue
      const other = best < 0 ? undefined : heads[best]
      if (other === undefined || other.done === true || isBefore(head.value, other.value)) best = place
    }
    const [found, source] = [heads[best], sources[best]]
    if (found === undefined || source === undefined || found.done === true) return
    yield found.value
    heads[best] = source.next()
  }
}

function isBefore(a: EventRow, b: EventRow): boolean {
  const [x, y] = [a[AT] ?? 0, b[AT] ?? 0]
  return x < y || (x === y && (a[ID] ?? 0) < (b[ID] ?? 0))
}

import type { EventItem } from '../model/event.ts'
import { EVENT_COLUMNS, kindNumber } from './event-columns.ts'
import { EventCounts } from './event-counts.ts'
import type { StringWriter } from './strings.ts'
import type { WriteStore } from './store.ts'

/** Rows per INSERT statement, as many as there are in a row of one kind (60 take a fifth less than 1, and a tenth less than 20). */
const GROUPS = [60, 16, 4, 2, 1] as const
const LARGEST_GROUP = GROUPS[0]
const FIXED_COLUMNS = ['id', 'at', 'record']

/** Longest text a field keeps; the raw record has the rest. A hostile command line can be megabytes. */
export const FIELD_LIMIT = 32_768

/** Values are handed over as arguments: out of an array each is fetched one by one through the engine's interface. */
type Statement = ReturnType<typeof prepareRows>
const prepareRows = (db: WriteStore, sql: string) => db.prepare<(number | null)[]>(sql)

/** How rows of one kind are written: with the columns that this kind has had so far. */
interface KindInsert {
  readonly used: ReadonlySet<number>
  readonly names: readonly string[]
  /** Position in EVENT_COLUMNS -> position in the row. */
  readonly places: Int8Array
  readonly statements: Map<string, Statement>
  readonly values: (number | null)[]
}

/**
 * Writes events, rows of one kind that follow each other in groups. `flush` before the transaction ends. Ids are given
 * here, ascending. Of the many columns only those are written that events of the kind have: handing a value over costs
 * more than storing it, and a kind fills about twelve of seventy.
 */
export class EventWriter {
  readonly #db: WriteStore
  readonly #strings: StringWriter
  readonly #counts: EventCounts
  readonly #inserts = new Map<number, KindInsert>()
  #current: KindInsert | undefined
  #currentKind = -1
  #currentEvidence = -1
  #isAssumed = false
  #nextId: number
  #rows = 0
  constructor(db: WriteStore, strings: StringWriter) {
    this.#db = db
    this.#strings = strings
    this.#counts = new EventCounts(db)
    this.#nextId = (db.prepare('SELECT coalesce(max(id), 0) FROM event').pluck().get() as number) + 1
  }

  /** Stores one event of record `record`; returns its id. */
  add(evidenceId: number, record: number, item: EventItem): number {
    const values = new Map<number, number>()
    for (const [column, { name, isText }] of EVENT_COLUMNS.entries()) {
      const value = item.fields[name]
      if (value === undefined || value === '' || (!isText && !Number.isSafeInteger(value))) continue
      values.set(column, isText ? this.#strings.intern(String(value).slice(0, FIELD_LIMIT)) : Number(value))
    }
    const kind = kindNumber(item.kind)
    this.use(kind, [...values.keys()])
    const id = this.begin(evidenceId, record, item.at, kind, item.zoneAssumed === true)
    for (const [column, value] of values) this.set(column, value)
    return id
  }

  /** Makes sure that events of the kind can have these columns (positions in EVENT_COLUMNS). */
  use(kind: number, columns: readonly number[]): void {
    const known = this.#inserts.get(kind)
    if (known && columns.every((column) => known.used.has(column))) return
    this.#writeRows()
    this.#currentKind = -1
    this.#inserts.set(kind, kindInsert(new Set([...(known?.used ?? []), ...columns])))
  }

  /** Begins a row of a kind that `use` was called for; `set` fills it. Returns its id. */
  begin(evidenceId: number, record: number, at: number | null, kind: number, isAssumed: boolean): number {
    const isSame =
      kind === this.#currentKind && evidenceId === this.#currentEvidence && isAssumed === this.#isAssumed
    if (!isSame || this.#rows === LARGEST_GROUP) this.#writeRows()
    const insert = isSame ? this.#current! : this.#inserts.get(kind)!
    this.#current = insert
    this.#currentKind = kind
    this.#currentEvidence = evidenceId
    this.#isAssumed = isAssumed
    const id = this.#nextId
    this.#nextId += 1
    const start = this.#rows * insert.names.length
    const { values } = insert
    values[start] = id
    values[start + 1] = at
    values[start + 2] = record
    this.#rows += 1
    this.#counts.note(evidenceId, kind, at)
    return id
  }
  /** Sets a column of the row begun last. */
  set(column: number, value: number): void {
    const { names, places, values } = this.#current!
    values[(this.#rows - 1) * names.length + places[column]!] = value
  }

  /** Writes what is left, and how many there are. */
  flush(): void {
    this.#writeRows()
    this.#counts.write()
  }

  #writeRows(): void {
    const insert = this.#current
    if (insert === undefined || this.#rows === 0) return
    const width = insert.names.length
    let row = 0
    for (const group of GROUPS) {
      for (; this.#rows - row >= group; row += group) {
        const values = insert.values
        this.#statement(insert, group).run(
          ...(group === LARGEST_GROUP ? values : values.slice(row * width, (row + group) * width)),
        )
      }
    }
    insert.values.fill(null, 0, this.#rows * width)
    this.#rows = 0
  }

  /** What is the same in all rows stands in the statement itself: numbers of ours, never text of the evidence. */
  #statement({ names, statements }: KindInsert, group: number): Statement {
    const constants = [this.#currentKind, this.#currentEvidence, this.#isAssumed ? 1 : 0]
    const key = `${group} ${constants.join(' ')}`
    let statement = statements.get(key)
    if (statement === undefined) {
      const row = `(${constants.join(',')},${names.map(() => '?').join(',')})`
      const rows = Array.from({ length: group }, () => row).join(',')
      const sql = `INSERT INTO event (kind,evidence_id,zone_assumed,${names.join(',')}) VALUES ${rows}`
      statement = prepareRows(this.#db, sql)
      statements.set(key, statement)
    }
    return statement
  }
}

function kindInsert(used: ReadonlySet<number>): KindInsert {
  const names = [...FIXED_COLUMNS]
  const places = new Int8Array(EVENT_COLUMNS.length).fill(-1)
  for (const [column, { column: name }] of EVENT_COLUMNS.entries()) {
    if (!used.has(column)) continue
    places[column] = names.length
    names.push(name)
  }
  const values = Array<number | null>(LARGEST_GROUP * names.length).fill(null)
  return { used, names, places, statements: new Map(), values }
}

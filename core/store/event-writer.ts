import type { EventItem } from '../model/event.ts'
import { EVENT_COLUMNS, kindNumber } from './event-columns.ts'
import type { StringWriter } from './strings.ts'
import type { WriteStore } from './store.ts'

/** Rows per INSERT statement: 1.15 times the speed of single rows (performance.md section 3). */
const ROWS_PER_STATEMENT = 20
const FIXED_COLUMNS = ['id', 'at', 'kind', 'evidence_id', 'record', 'zone_assumed']

/** Longest text a field keeps; the raw record has the rest. A hostile command line can be megabytes. */
export const FIELD_LIMIT = 32_768

/** The statements that write rows of certain columns. */
interface Insert {
  readonly width: number
  /** Position in EVENT_COLUMNS -> position in the row; -1 when the row has no such column. */
  readonly places: Int8Array
  readonly one: ReturnType<WriteStore['prepare']>
  readonly many: ReturnType<WriteStore['prepare']>
}

/**
 * Writes events in groups. `flush` before the transaction ends. Ids are given here, ascending. Of the many columns only
 * those that have been used so far are written: a Windows log fills twenty-five of seventy.
 */
export class EventWriter {
  readonly #db: WriteStore
  readonly #strings: StringWriter
  #used = 0n
  #insert: Insert | undefined
  #nextId: number
  #values: (number | null)[] = []
  #rows = 0
  constructor(db: WriteStore, strings: StringWriter) {
    this.#db = db
    this.#strings = strings
    this.#nextId = (db.prepare('SELECT coalesce(max(id), 0) FROM event').pluck().get() as number) + 1
  }

  /** Stores one event of record `record`; returns its id. */
  add(evidenceId: number, record: number, item: EventItem): number {
    const columns: number[] = []
    const values: number[] = []
    for (const [column, { name, isText }] of EVENT_COLUMNS.entries()) {
      const value = item.fields[name]
      if (value === undefined || value === '' || (!isText && !Number.isSafeInteger(value))) continue
      columns.push(column)
      values.push(isText ? this.#strings.intern(String(value).slice(0, FIELD_LIMIT)) : Number(value))
    }
    this.use(columns)
    const id = this.begin(evidenceId, record, item.at, kindNumber(item.kind), item.zoneAssumed === true)
    for (const [index, column] of columns.entries()) this.set(column, values[index] ?? null)
    return id
  }

  /** Makes sure that these columns (positions in EVENT_COLUMNS) can be set; call before the row begins. */
  use(columns: Iterable<number>): void {
    let used = this.#used
    for (const column of columns) used |= 1n << BigInt(column)
    if (used === this.#used && this.#insert) return
    this.flush()
    this.#used = used
    this.#insert = this.#prepare()
    this.#values = emptyRows(this.#insert.width)
  }

  /** Begins a row; `set` fills it. Returns its id. */
  begin(evidenceId: number, record: number, at: number | null, kind: number, isAssumed: boolean): number {
    const { width } = this.#current()
    if (this.#rows === ROWS_PER_STATEMENT) this.flush()
    const id = this.#nextId
    this.#nextId += 1
    const values = this.#values
    const start = this.#rows * width
    values[start] = id
    values[start + 1] = at
    values[start + 2] = kind
    values[start + 3] = evidenceId
    values[start + 4] = record
    values[start + 5] = isAssumed ? 1 : 0
    this.#rows += 1
    return id
  }
  /** Sets a column of the row begun last. */
  set(column: number, value: number | null): void {
    const { width, places } = this.#current()
    this.#values[(this.#rows - 1) * width + places[column]!] = value
  }

  flush(): void {
    if (this.#rows === 0) return
    const { width, one, many } = this.#current()
    if (this.#rows === ROWS_PER_STATEMENT) many.run(this.#values)
    else
      for (let row = 0; row < this.#rows; row += 1)
        one.run(this.#values.slice(row * width, (row + 1) * width))
    this.#values.fill(null)
    this.#rows = 0
  }

  #current(): Insert {
    if (!this.#insert) throw new Error('EventWriter.use comes first')
    return this.#insert
  }
  #prepare(): Insert {
    const places = new Int8Array(EVENT_COLUMNS.length).fill(-1)
    const names = [...FIXED_COLUMNS]
    for (const [column, { column: name }] of EVENT_COLUMNS.entries()) {
      if (((this.#used >> BigInt(column)) & 1n) === 0n) continue
      places[column] = names.length
      names.push(name)
    }
    const head = `INSERT INTO event (${names.join(',')}) VALUES `
    const row = `(${names.map(() => '?').join(',')})`
    return {
      width: names.length,
      places,
      one: this.#db.prepare(head + row),
      many: this.#db.prepare(head + Array.from({ length: ROWS_PER_STATEMENT }, () => row).join(',')),
    }
  }
}

const emptyRows = (width: number) => Array<number | null>(ROWS_PER_STATEMENT * width).fill(null)

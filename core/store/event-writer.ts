import type { EventItem } from '../model/event.ts'
import { EVENT_COLUMNS, kindNumber } from './event-columns.ts'
import type { StringWriter } from './strings.ts'
import type { WriteStore } from './store.ts'

/** Rows per INSERT statement: 1.15 times the speed of single rows (performance.md section 3). */
const ROWS_PER_STATEMENT = 20
const COLUMNS = [
  'id',
  'at',
  'kind',
  'evidence_id',
  'record',
  'zone_assumed',
  ...EVENT_COLUMNS.map((c) => c.column),
]
const ONE_ROW = `(${COLUMNS.map(() => '?').join(',')})`
const HEAD = `INSERT INTO event (${COLUMNS.join(',')}) VALUES `
const INSERT_ONE = HEAD + ONE_ROW
const INSERT_MANY = HEAD + Array.from({ length: ROWS_PER_STATEMENT }, () => ONE_ROW).join(',')

/** Longest text a field keeps; the raw record has the rest. A hostile command line can be megabytes. */
export const FIELD_LIMIT = 32_768

/** Writes events in groups. `flush` before the transaction ends. Ids are given here, ascending. */
export class EventWriter {
  readonly #one
  readonly #many
  readonly #strings: StringWriter
  #nextId: number
  #values: (number | null)[] = []
  #rows = 0
  constructor(db: WriteStore, strings: StringWriter) {
    this.#one = db.prepare(INSERT_ONE)
    this.#many = db.prepare(INSERT_MANY)
    this.#strings = strings
    this.#nextId = (db.prepare('SELECT coalesce(max(id), 0) FROM event').pluck().get() as number) + 1
  }
  /** Stores one event of record `record`; returns its id. */
  add(evidenceId: number, record: number, item: EventItem): number {
    const id = this.#nextId
    this.#nextId += 1
    const values = this.#values
    values.push(id, item.at, kindNumber(item.kind), evidenceId, record, item.zoneAssumed === true ? 1 : 0)
    for (const { name } of EVENT_COLUMNS) {
      const value = item.fields[name]
      if (value === undefined || value === '') values.push(null)
      else if (typeof value === 'number') values.push(Number.isSafeInteger(value) ? value : null)
      else values.push(this.#strings.intern(value.length > FIELD_LIMIT ? value.slice(0, FIELD_LIMIT) : value))
    }
    this.#rows += 1
    if (this.#rows === ROWS_PER_STATEMENT) {
      this.#many.run(values)
      this.#values = []
      this.#rows = 0
    }
    return id
  }
  flush(): void {
    const width = COLUMNS.length
    for (let row = 0; row < this.#rows; row += 1)
      this.#one.run(this.#values.slice(row * width, (row + 1) * width))
    this.#values = []
    this.#rows = 0
  }
}

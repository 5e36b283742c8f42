import type { BookEntity, EntityBook } from '../identity/entity-book.ts'
import { EVENT_FIELDS, type EventFieldName, type EventFields, type EventKind } from '../model/event.ts'
import { columnOf, kindNumber, kindOfNumber } from '../store/event-columns.ts'
import type { Statement } from '../store/connection.ts'
import type { ReadStore, WriteStore } from '../store/store.ts'
import type { ViewEvent } from './view.ts'

/** Cached strings; beyond this the cache starts anew. */
const MAX_CACHED_STRINGS = 300_000

const createUnits =
  'CREATE TEMP TABLE unit_event (endpoint_id INTEGER NOT NULL, kind INTEGER NOT NULL, id INTEGER NOT NULL, PRIMARY KEY (endpoint_id, kind, id)) WITHOUT ROWID'
const fillUnits =
  'INSERT INTO unit_event SELECT endpoint_id, kind, id FROM event WHERE endpoint_id IS NOT NULL ORDER BY 1, 2, 3'
const fillSomeUnits =
  'INSERT INTO unit_event SELECT e.endpoint_id, e.kind, e.id FROM json_each(?) j CROSS JOIN event e ON e.endpoint_id = j.value ORDER BY 1, 2, 3'

/** Decoded event rows, for the views of all rules of a run. */
export class CaseReader {
  readonly db: ReadStore
  readonly book: EntityBook
  readonly #byId = new Map<number, BookEntity>()
  #strings = new Map<number, string>()
  readonly #string
  readonly #statements = new Map<string, Statement>()

  constructor(db: ReadStore, book: EntityBook) {
    this.db = db
    this.book = book
    this.#string = db.prepare('SELECT v FROM str WHERE id = ?').pluck()
    for (const entity of book.entities.values()) this.#byId.set(entity.id, entity)
  }

  entity(id: number): BookEntity {
    const entity = this.#byId.get(id)
    if (!entity) throw new Error(`No entity ${id}`)
    return entity
  }

  /** The endpoint a record names (FQDN or NetBIOS name), if it is known; the one of the time when machines had the name in turn. */
  findEndpoint(host: string, at: number | null): BookEntity | undefined {
    const { alias, name } = hostName(host)
    return this.book.find('endpoint', alias, name, at)
  }

  /**
   * Sorts the events of endpoints by kind, for views of one endpoint: every rule reads some kinds of it, and going through
   * all of its events for each would read the case once per rule.
   * @param endpoints null for all
   */
  sortUnits(db: WriteStore, endpoints: readonly number[] | null): void {
    db.exec(createUnits)
    if (endpoints === null) db.prepare(fillUnits).run()
    else db.prepare(fillSomeUnits).run(JSON.stringify(endpoints))
  }

  dropUnits(db: WriteStore): void {
    this.#statements.clear()
    db.exec('DROP TABLE temp.unit_event')
  }

  /** Events of the kinds, in time order (undated last), with the named fields decoded. */
  *events(
    kinds: readonly EventKind[],
    names: readonly EventFieldName[],
    endpointId: number | null,
  ): Generator<ViewEvent> {
    const columns = names.map((name) => ({
      name,
      column: columnOf(name),
      isText: EVENT_FIELDS[name].type === 'text',
    }))
    const select = ['id', 'at', 'kind', 'evidence_id', 'record', 'endpoint_id', 'user_id']
      .concat(columns.map((c) => c.column))
      .map((column) => `e.${column}`)
      .join(', ')
    const from =
      endpointId === null
        ? 'event e WHERE'
        : 'temp.unit_event u CROSS JOIN event e ON e.id = u.id WHERE u.endpoint_id = ? AND u.'
    const list = kinds.map(kindNumber).join(', ')
    const sql = `SELECT ${select} FROM ${from}${endpointId === null ? ' e.' : ''}kind IN (${list}) ORDER BY e.at IS NULL, e.at, e.id`
    const statement = this.#statementOf(sql)
    const rows = (
      endpointId === null ? statement.iterate() : statement.iterate(endpointId)
    ) as IterableIterator<Record<string, number | null>>
    for (const row of rows) {
      const fields: Record<string, string | number> = {}
      for (const { name, column, isText } of columns) {
        const value = row[column]
        if (value != null) fields[name] = isText ? this.#text(value) : value
      }
      yield {
        id: row['id'] as number,
        at: row['at'] ?? null,
        kind: kindOfNumber(row['kind'] as number),
        evidenceId: row['evidence_id'] as number,
        record: row['record'] as number,
        endpointId: row['endpoint_id'] ?? null,
        userId: row['user_id'] ?? null,
        fields: fields as EventFields,
      }
    }
  }

  /** A rule may read the same kinds again while it still reads them: a statement in use is not used twice. */
  #statementOf(sql: string): Statement {
    const known = this.#statements.get(sql)
    if (known && !known.busy) return known
    const made: Statement = this.db.prepare(sql)
    if (!known) this.#statements.set(sql, made)
    return made
  }

  #text(id: number): string {
    const cached = this.#strings.get(id)
    if (cached !== undefined) return cached
    const text = this.#string.get(id) as string
    if (this.#strings.size >= MAX_CACHED_STRINGS) this.#strings = new Map()
    this.#strings.set(id, text)
    return text
  }
}

/** By which of its names a record names an endpoint. */
export function hostName(host: string): { alias: 'fqdn' | 'netbios'; name: string } {
  const name = host.replace(/^\\\\/, '').replace(/\$$/, '').toLowerCase()
  return { alias: name.includes('.') ? 'fqdn' : 'netbios', name }
}

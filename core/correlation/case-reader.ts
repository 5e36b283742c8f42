import type { BookEntity, EntityBook } from '../identity/entity-book.ts'
import { isMailEntity, listMailEntities, MailEntityReader } from '../identity/mail-entities.ts'
import { EVENT_FIELDS, type EventFieldName, type EventFields, type EventKind } from '../model/event.ts'
import type { EntityKind } from '../model/relation.ts'
import { columnOf, kindOfNumber } from '../store/event-columns.ts'
import type { ReadStore } from '../store/store.ts'
import { EvidenceOrder } from './evidence-order.ts'
import {
  caseRows,
  EndpointOrder,
  endpointRows,
  eventById,
  eventsById,
  type EventRow,
  FIRST_COLUMNS,
  Statements,
} from './event-order.ts'
import type { ViewEvent } from './view.ts'

/** Cached strings, and their characters (a command line may have thirty thousand); beyond, the cache starts anew. */
const MAX_CACHED_STRINGS = 50_000
const MAX_CACHED_CHARACTERS = 8_000_000

/** Messages, attachments and URLs that were read back; beyond, the cache starts anew. */
const MAX_CACHED_ENTITIES = 2_000

/** Decoded event rows, for the views of all rules of a run. */
export class CaseReader {
  readonly db: ReadStore
  readonly book: EntityBook
  readonly evidence: EvidenceOrder
  readonly #byId = new Map<number, BookEntity>()
  readonly #mail: MailEntityReader
  readonly #mailEntities = new Map<number, BookEntity>()
  readonly #statements: Statements
  #strings = new Map<number, string>()
  #characters = 0
  #order: EndpointOrder | undefined
  readonly #string

  constructor(db: ReadStore, book: EntityBook) {
    this.db = db
    this.book = book
    this.evidence = new EvidenceOrder(db)
    this.#statements = new Statements(db)
    this.#mail = new MailEntityReader(db)
    this.#string = db.prepare('SELECT v FROM str WHERE id = ?').pluck()
    for (const entity of book.entities.values()) this.#byId.set(entity.id, entity)
  }

  entity(id: number): BookEntity {
    const entity = this.#byId.get(id) ?? this.#mailEntities.get(id)
    if (entity) return entity
    const stored = this.#mail.read(id)
    if (!stored) throw new Error(`No entity ${id}`)
    if (this.#mailEntities.size >= MAX_CACHED_ENTITIES) this.#mailEntities.clear()
    this.#mailEntities.set(id, stored)
    return stored
  }

  /** All entities of a kind that identity made. */
  *entities(kind: EntityKind): Generator<BookEntity> {
    if (isMailEntity(kind)) for (const id of listMailEntities(this.db, kind)) yield this.entity(id)
    else for (const entity of this.book.entities.values()) if (entity.kind === kind) yield entity
  }

  /** The endpoint a record names (FQDN or NetBIOS name), if it is known; the one of the time when machines had the name in turn. */
  findEndpoint(host: string, at: number | null): BookEntity | undefined {
    const { alias, name } = hostName(host)
    return this.book.find('endpoint', alias, name, at)
  }

  /** Events of the kinds, in time order (undated last), with the named fields decoded. */
  *events(
    kinds: readonly EventKind[],
    names: readonly EventFieldName[],
    endpointId: number | null,
  ): Generator<ViewEvent> {
    const fields = names.map((name) => ({ name, isText: EVENT_FIELDS[name].type === 'text' }))
    const columns = names.map(columnOf)
    const rows =
      endpointId === null
        ? caseRows(this.#statements, this.evidence, kinds, columns)
        : endpointRows(this.#statements, this.#orderOf(endpointId), kinds, columns)
    for (const row of rows) yield this.#eventOf(row, fields)
  }

  /** Reads single events again by their ids, and holds the latest. */
  recall(names: readonly EventFieldName[]): EventRecall {
    const fields = names.map((name) => ({ name, isText: EVENT_FIELDS[name].type === 'text' }))
    const columns = names.map(columnOf)
    const one = this.#statements.of(eventById(columns))
    const several = this.#statements.of(eventsById(columns))
    return new EventRecall(
      (id) => this.#eventOf(one.get(id) as EventRow, fields),
      (ids) => (several.all(JSON.stringify(ids)) as EventRow[]).map((row) => this.#eventOf(row, fields)),
    )
  }

  #eventOf(row: EventRow, names: readonly { name: EventFieldName; isText: boolean }[]): ViewEvent {
    const fields: Record<string, string | number> = {}
    let place: number = FIRST_COLUMNS.length
    for (const { name, isText } of names) {
      const value = row[place]
      if (value != null) fields[name] = isText ? this.#text(value) : value
      place += 1
    }
    const [id, at = null, kind, evidenceId, record, endpoint = null, userId = null] = row
    return {
      id: id as number,
      at,
      kind: kindOfNumber(kind as number),
      evidenceId: evidenceId as number,
      record: record as number,
      endpointId: endpoint,
      userId,
      fields: fields as EventFields,
    }
  }

  /** Rules of one endpoint run one after the other: one order is kept. */
  #orderOf(endpointId: number): EndpointOrder {
    if (this.#order?.endpointId !== endpointId)
      this.#order = new EndpointOrder(this.db, this.evidence, endpointId)
    return this.#order
  }

  #text(id: number): string {
    const cached = this.#strings.get(id)
    if (cached !== undefined) return cached
    const text = this.#string.get(id) as string
    this.#characters += text.length
    if (this.#strings.size >= MAX_CACHED_STRINGS || this.#characters >= MAX_CACHED_CHARACTERS) {
      this.#strings = new Map()
      this.#characters = text.length
    }
    this.#strings.set(id, text)
    return text
  }
}

/** Events that are held at least; twice as many at most. */
const MAX_RECALLED = 4_096

/**
 * Events by id: an index over all processes of a company holds numbers, and reads the words of those that are asked for. A page
 * that has not been asked for since the one before it was full is forgotten.
 */
export class EventRecall {
  readonly #read: (id: number) => ViewEvent
  readonly #readAll: (ids: readonly number[]) => ViewEvent[]
  #recent = new Map<number, ViewEvent>()
  #older = new Map<number, ViewEvent>()

  constructor(read: (id: number) => ViewEvent, readAll: (ids: readonly number[]) => ViewEvent[]) {
    this.#read = read
    this.#readAll = readAll
  }

  has(id: number): boolean {
    return this.#recent.has(id) || this.#older.has(id)
  }

  /** Reads some at once, for somebody who will ask for them. */
  readAll(ids: readonly number[]): void {
    for (const event of this.#readAll(ids)) this.keep(event)
  }

  keep(event: ViewEvent): void {
    if (this.#recent.size >= MAX_RECALLED) {
      this.#older = this.#recent
      this.#recent = new Map()
    }
    this.#recent.set(event.id, event)
  }

  get(id: number): ViewEvent {
    const recent = this.#recent.get(id)
    if (recent) return recent
    const event = this.#older.get(id) ?? this.#read(id)
    this.keep(event)
    return event
  }
}

/** By which of its names a record names an endpoint. */
export function hostName(host: string): { alias: 'fqdn' | 'netbios'; name: string } {
  const name = host.replace(/^\\\\/, '').replace(/\$$/, '').toLowerCase()
  return { alias: name.includes('.') ? 'fqdn' : 'netbios', name }
}

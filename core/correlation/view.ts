import type { EntityBook, BookEntity } from '../identity/entity-book.ts'
import type { EventFieldName, EventFields, EventKind } from '../model/event.ts'
import { columnOf, kindNumber, kindOfNumber } from '../store/event-columns.ts'
import { EVENT_FIELDS } from '../model/event.ts'
import type { ReadStore } from '../store/store.ts'
import { HostAddresses } from './host-addresses.ts'
import { ProcessIndex } from './process-index.ts'
import { SessionIndex } from './session-index.ts'
import { MailIndex } from './mail-index.ts'

/** An event as rules see it: resolved endpoint and user, and the fields the rule asked for. */
export interface ViewEvent {
  readonly id: number
  readonly at: number | null
  readonly kind: EventKind
  readonly evidenceId: number
  readonly record: number
  readonly endpointId: number | null
  readonly userId: number | null
  readonly fields: EventFields
}

/** Cached strings; beyond this the cache starts anew. */
const MAX_CACHED_STRINGS = 300_000

/**
 * What is stored, as rules read it: events by kind in time order, messages, processes, sessions, names. Read-only; the
 * indexes are built once per run, when the first rule asks for them.
 */
export class CorrelationView {
  readonly db: ReadStore
  readonly book: EntityBook
  readonly #byId = new Map<number, BookEntity>()
  #strings = new Map<number, string>()
  readonly #string
  #processes: ProcessIndex | undefined
  #sessions: SessionIndex | undefined
  #addresses: HostAddresses | undefined
  #mail: MailIndex | undefined

  constructor(db: ReadStore, book: EntityBook) {
    this.db = db
    this.book = book
    this.#string = db.prepare('SELECT v FROM str WHERE id = ?').pluck()
    for (const entity of book.entities.values()) this.#byId.set(entity.id, entity)
  }

  /** Process starts and ends, by GUID and by PID and time. */
  get processes(): ProcessIndex {
    return (this.#processes ??= new ProcessIndex(this))
  }
  /** Logon sessions: which user was on which endpoint when. */
  get sessions(): SessionIndex {
    return (this.#sessions ??= new SessionIndex(this))
  }
  /** Which endpoint had which address when. */
  get addresses(): HostAddresses {
    return (this.#addresses ??= new HostAddresses(this))
  }
  /** Messages with recipients, links and attachments. */
  get mail(): MailIndex {
    return (this.#mail ??= new MailIndex(this))
  }

  /** An entity made by identity (user, endpoint, mailbox, message, attachment, url, group). */
  entity(id: number): BookEntity {
    const entity = this.#byId.get(id)
    if (!entity) throw new Error(`No entity ${id}`)
    return entity
  }

  /** The endpoint a record names (FQDN or NetBIOS name), if it is known. Never makes one. */
  findEndpoint(host: string): BookEntity | undefined {
    const name = host.replace(/^\\\\/, '').replace(/\$$/, '').toLowerCase()
    return name.includes('.')
      ? this.book.find('endpoint', 'fqdn', name)
      : this.book.find('endpoint', 'netbios', name)
  }

  /** Events of the kinds, in time order (undated last), with the named fields decoded. */
  *events(kinds: readonly EventKind[], names: readonly EventFieldName[]): Generator<ViewEvent> {
    const columns = names.map((name) => ({
      name,
      column: columnOf(name),
      isText: EVENT_FIELDS[name].type === 'text',
    }))
    const select = [
      'id',
      'at',
      'kind',
      'evidence_id',
      'record',
      'endpoint_id',
      'user_id',
      ...columns.map((c) => c.column),
    ].join(', ')
    const sql = `SELECT ${select} FROM event WHERE kind IN (SELECT value FROM json_each(?)) ORDER BY at IS NULL, at, id`
    const numbers = JSON.stringify(kinds.map(kindNumber))
    for (const row of this.db.prepare(sql).iterate(numbers) as IterableIterator<
      Record<string, number | null>
    >) {
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

  #text(id: number): string {
    const cached = this.#strings.get(id)
    if (cached !== undefined) return cached
    const text = this.#string.get(id) as string
    if (this.#strings.size >= MAX_CACHED_STRINGS) this.#strings = new Map()
    this.#strings.set(id, text)
    return text
  }
}

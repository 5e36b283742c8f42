import { type BookEntity, type EntityBook, foldAlias } from '../identity/entity-book.ts'
import type { EventFieldName, EventFields, EventKind } from '../model/event.ts'
import type { AliasKind, EntityKind } from '../model/relation.ts'
import { kindNumber } from '../store/event-columns.ts'
import type { ReadStore } from '../store/store.ts'
import { CaseReader, type EventRecall, hostName } from './case-reader.ts'
import { type AddressSpan, HostAddresses } from './host-addresses.ts'
import { MailIndex } from './mail-index.ts'
import { ProcessIndex } from './process-index.ts'
import { ProcessStarts } from './process-starts.ts'
import { ReadTrace } from './reads.ts'
import { Recipients } from './recipients.ts'
import { SessionIndex } from './session-index.ts'
import { SignIns } from './sign-ins.ts'

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

/** Names, as rules look them up: those of people, groups, machines and mailboxes. What mail brings is in `view.mail`. */
export interface ViewBook {
  /** The one entity that carries the name; undefined when none or several do. Of machines that had it in turn, that of the time or the latest. */
  find(kind: EntityKind, alias: AliasKind, value: string, at?: number | null): BookEntity | undefined
  /** All entities of a kind that carry the name. */
  all(kind: EntityKind, alias: AliasKind, value: string): readonly BookEntity[]
  /** Everything identity holds, by key: not messages, attachments and URLs. Prefer `view.entities(kind)`, which depends on one kind only. */
  readonly entities: ReadonlyMap<string, BookEntity>
}

/** Which endpoint had which address when, as rules ask for it. */
export interface ViewAddresses {
  find(ip: string | undefined, at: number | null): BookEntity | undefined
  spans(): readonly ({ ip: string } & AddressSpan)[]
}

/** An index, and what it was made from. */
interface Built<T> {
  readonly index: T
  readonly reads: ReadTrace
}

/** What all views of a run share: rows, and indexes that are built once when the first rule asks for them. */
export class ViewSource {
  readonly reader: CaseReader
  #mail: Built<MailIndex> | undefined
  #addresses: Built<HostAddresses> | undefined
  #scope: number | null | undefined
  #starts: Built<ProcessStarts> | undefined
  #sessions: Built<SessionIndex> | undefined
  #recipients: Built<Recipients> | undefined
  #signIns: Built<SignIns> | undefined

  constructor(db: ReadStore, book: EntityBook) {
    this.reader = new CaseReader(db, book)
  }

  mail(): Built<MailIndex> {
    return (this.#mail ??= this.#build(null, (view) => new MailIndex(view)))
  }
  addresses(): Built<HostAddresses> {
    return (this.#addresses ??= this.#build(null, () => new HostAddresses(this.reader)))
  }
  starts(endpointId: number | null): Built<ProcessStarts> {
    this.#enter(endpointId)
    return (this.#starts ??= this.#build(endpointId, (view) => new ProcessStarts(view, endpointId === null)))
  }
  recipients(endpointId: number | null): Built<Recipients> {
    this.#enter(endpointId)
    return (this.#recipients ??= this.#build(endpointId, (view) => new Recipients(view)))
  }
  sessions(endpointId: number | null): Built<SessionIndex> {
    this.#enter(endpointId)
    return (this.#sessions ??= this.#build(endpointId, (view) => new SessionIndex(view)))
  }

  signIns(endpointId: number | null): Built<SignIns> {
    this.#enter(endpointId)
    return (this.#signIns ??= this.#build(endpointId, (view) => new SignIns(view)))
  }

  /** Lets indexes go when the rules have run: what is found is put together next, and that takes memory of its own. */
  forgetIndexes(): void {
    this.#enter(undefined)
    this.#mail = undefined
  }

  /** Indexes of one scope are kept: rules of an endpoint run one after the other, then those of the whole case. */
  #enter(endpointId: number | null | undefined): void {
    if (this.#scope === endpointId) return
    this.#scope = endpointId
    this.#starts = undefined
    this.#sessions = undefined
    this.#recipients = undefined
    this.#signIns = undefined
  }

  #build<T>(endpointId: number | null, make: (view: CorrelationView) => T): Built<T> {
    const reads = new ReadTrace()
    return { index: make(new CorrelationView(this, endpointId, reads)), reads }
  }
}

/**
 * What is stored, as one rule reads it in one unit (an endpoint or the whole case): events by kind in time order, messages,
 * processes, sessions, names. Read-only; it notes what was read, so that the rule runs again when that has changed.
 */
export class CorrelationView {
  readonly reads: ReadTrace
  readonly #source: ViewSource
  readonly #endpointId: number | null
  #processes: ProcessIndex | undefined
  #sessions: SessionIndex | undefined
  #addresses: ViewAddresses | undefined
  #mail: MailIndex | undefined
  #recipients: Recipients | undefined
  #signIns: SignIns | undefined
  #book: ViewBook | undefined

  /** @param endpointId shows the events of this endpoint only; null shows all */
  constructor(source: ViewSource, endpointId: number | null = null, reads = new ReadTrace()) {
    this.#source = source
    this.#endpointId = endpointId
    this.reads = reads
  }

  /** Tables the view has no method for. The rule then runs again whenever any evidence changed. */
  get db(): ReadStore {
    this.reads.add('x')
    return this.#source.reader.db
  }
  /** Tables of directory exports (`directory_object`, `directory_edge`): the rule runs again when an export changed. */
  get directory(): ReadStore {
    this.reads.add('d')
    return this.#source.reader.db
  }

  /** Tables of messages (`message`, `message_url`, ...): the rule runs again when mail changed. `mail` reads them for most. */
  get mailTables(): ReadStore {
    this.reads.add('m')
    return this.#source.reader.db
  }

  get book(): ViewBook {
    return (this.#book ??= this.#makeBook())
  }
  /** Process starts and ends, by GUID and by PID and time. */
  get processes(): ProcessIndex {
    if (this.#processes) return this.#processes
    const { index, reads } = this.#source.starts(this.#endpointId)
    this.reads.include(reads)
    return (this.#processes = new ProcessIndex(this, index))
  }
  /** The event by which the rule came upon a process without a recorded start. */
  mentionOf(processKey: string): ViewEvent | undefined {
    return this.#processes?.mentionOf(processKey)
  }
  /** Logon sessions: which user was on which endpoint when. */
  get sessions(): SessionIndex {
    if (this.#sessions) return this.#sessions
    const { index, reads } = this.#source.sessions(this.#endpointId)
    this.reads.include(reads)
    return (this.#sessions = index)
  }
  /** Which endpoint had which address when. */
  get addresses(): ViewAddresses {
    return (this.#addresses ??= this.#makeAddresses())
  }
  /** Messages with recipients, links and attachments. */
  get mail(): MailIndex {
    if (this.#mail) return this.#mail
    const { index, reads } = this.#source.mail()
    this.reads.include(reads)
    this.reads.add('m')
    for (const kind of ['message', 'url', 'attachment', 'mailbox', 'user', 'group'])
      this.reads.add(`b:${kind}`)
    return (this.#mail = index)
  }

  /** Who of the users known to work on endpoints got which message. */
  get recipients(): Recipients {
    if (this.#recipients) return this.#recipients
    const { index, reads } = this.#source.recipients(this.#endpointId)
    this.reads.include(reads)
    return (this.#recipients = index)
  }

  /** Which records tell of a cloud sign-in that another record tells of as well. */
  get signIns(): SignIns {
    if (this.#signIns) return this.#signIns
    const { index, reads } = this.#source.signIns(this.#endpointId)
    this.reads.include(reads)
    return (this.#signIns = index)
  }

  /** An entity made by identity (user, endpoint, mailbox, message, attachment, url, group). */
  entity(id: number): BookEntity {
    const entity = this.#source.reader.entity(id)
    this.reads.entity(entity)
    return entity
  }

  /** All entities of a kind that identity made. */
  *entities(kind: EntityKind): Generator<BookEntity> {
    this.reads.add(`b:${kind}`)
    yield* this.#source.reader.entities(kind)
  }

  /** The endpoint a record names (FQDN or NetBIOS name), if it is known. Never makes one. Of machines that had the name in turn, that of the time or the latest. */
  findEndpoint(host: string, at: number | null = null): BookEntity | undefined {
    const { alias, name } = hostName(host)
    return this.book.find('endpoint', alias, name, at)
  }

  /** Events of the kinds, in time order (undated last), with the named fields decoded. */
  events(kinds: readonly EventKind[], names: readonly EventFieldName[]): Generator<ViewEvent> {
    for (const kind of kinds) this.reads.add(`e${kindNumber(kind)}`)
    return this.#source.reader.events(kinds, names, this.#endpointId)
  }

  /** Reads events again by id, of kinds that `events` was asked for: for indexes, which hold ids. */
  recall(names: readonly EventFieldName[]): EventRecall {
    return this.#source.reader.recall(names)
  }

  /** Rows of a query over all events of the unit, with the condition that keeps it to them: `AND endpoint_id = 7`. */
  everyEvent<T>(sql: (condition: string) => string): T[] {
    this.reads.add('e*')
    const condition = this.#endpointId === null ? '' : ` AND endpoint_id = ${this.#endpointId}`
    return this.#source.reader.db.prepare(sql(condition)).all() as T[]
  }

  /** The same for one endpoint of the unit. */
  everyEventOn<T>(endpointId: number, sql: (condition: string) => string): T[] {
    this.reads.add('e*')
    return this.#source.reader.db.prepare(sql(` AND endpoint_id = ${endpointId}`)).all() as T[]
  }

  #makeBook(): ViewBook {
    const { book } = this.#source.reader
    const { reads } = this
    return {
      find: (kind, alias, value, at) => {
        reads.lookup(kind, alias, foldAlias(alias, value))
        return book.find(kind, alias, value, at)
      },
      all: (kind, alias, value) => {
        reads.lookup(kind, alias, foldAlias(alias, value))
        return book.all(kind, alias, value)
      },
      get entities() {
        reads.add('b:*')
        return book.entities
      },
    }
  }

  #makeAddresses(): ViewAddresses {
    const { index } = this.#source.addresses()
    const { reads } = this
    return {
      find: (ip, at) => {
        if (ip === undefined) return undefined
        reads.address(ip)
        const found = index.find(ip, at)
        if (found) reads.entity(found)
        return found
      },
      spans: () => {
        reads.add('h*')
        return index.spans()
      },
    }
  }
}

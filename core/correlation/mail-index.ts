import type { BookEntity } from '../identity/entity-book.ts'
import { addressOf, GroupMembers, groupOf } from '../identity/group-members.ts'
import type { ReadStore } from '../store/store.ts'
import type { CorrelationView } from './view.ts'

/** A message, attachment or link: there are too many of them to hold; `view.entity(id)` reads one. */
export interface MailEntity {
  readonly id: number
}

/** One stored copy of a message, with its entities. */
export interface MessageCopy {
  /** Its place among all copies. */
  readonly place: number
  readonly rowId: number
  readonly message: MailEntity
  /** Its Message-ID; that of the other rows of the message where this one has none. */
  readonly messageId: string | null
  readonly eventId: number
  readonly evidenceId: number
  readonly record: number
  readonly from: BookEntity | undefined
  /** The mailbox that holds the copy, or every recipient when the source names none. */
  readonly mailboxes: readonly BookEntity[]
  /** Of these, the ones a group stands for that the message was sent to, as the directory said then. */
  readonly byGroup: ReadonlyMap<BookEntity, BookEntity>
  readonly deliveredAt: number | null
  readonly sentAt: number | null
  readonly subject: string
  readonly inReplyTo: string | null
  readonly references: readonly string[]
  readonly urls: readonly {
    readonly entity: MailEntity
    readonly url: string
    readonly host: string
    readonly attachment: number | null
  }[]
  readonly attachments: readonly {
    readonly entity: MailEntity
    readonly name: string
    readonly sha256: string | null
    readonly sha1: string | null
    readonly md5: string | null
  }[]
}

/** Copies that are read at once when a rule goes through all of them. */
const PAGE = 64
/** Copies whose parts are held; beyond, they are read again. */
const MAX_CACHED = 1_024

const count = 'SELECT count(*) FROM message WHERE entity_id IS NOT NULL'
const figures =
  'SELECT id, entity_id, event_id, evidence_id, record, delivered_at, sent_at FROM message WHERE entity_id IS NOT NULL ORDER BY id'
const texts = `SELECT id, from_address, mailbox, subject, recorded_action, in_reply_to, reference_ids, coalesce(message_id,
    (SELECT o.message_id FROM message o WHERE o.entity_id = message.entity_id AND o.message_id IS NOT NULL ORDER BY o.id LIMIT 1)) AS message_id
  FROM message WHERE id BETWEEN ? AND ? AND entity_id IS NOT NULL ORDER BY id`
const recipients =
  'SELECT message, address FROM message_recipient WHERE message BETWEEN ? AND ? ORDER BY message, address'
const urls = `SELECT l.message, l.attachment, u.entity_id, u.url, u.host FROM message_url l JOIN url u ON u.id = l.url_id
  WHERE l.message BETWEEN ? AND ? AND u.entity_id IS NOT NULL ORDER BY l.message, l.position`
const attachments =
  'SELECT message, entity_id, name, sha256, sha1, md5 FROM attachment WHERE message BETWEEN ? AND ? AND entity_id IS NOT NULL ORDER BY message, position'

const NO_GROUPS: ReadonlyMap<BookEntity, BookEntity> = new Map()

/** What is read of a copy when it is asked for. */
type Parts = Pick<
  MessageCopy,
  | 'messageId'
  | 'from'
  | 'mailboxes'
  | 'byGroup'
  | 'subject'
  | 'inReplyTo'
  | 'references'
  | 'urls'
  | 'attachments'
>
interface TextRow {
  readonly id: number
  readonly message_id: string | null
  readonly from_address: string | null
  readonly mailbox: string | null
  readonly subject: string
  readonly recorded_action: string | null
  readonly in_reply_to: string | null
  readonly reference_ids: string
}

/** Figures of all copies, by place: 56 bytes for a copy, whatever it says. */
interface Columns {
  readonly rowId: Float64Array
  readonly entity: Float64Array
  readonly event: Float64Array
  readonly evidence: Uint32Array
  readonly record: Float64Array
  /** Microseconds; NaN for none. */
  readonly delivered: Float64Array
  readonly sent: Float64Array
}

/** A copy by its place; its parts are read when they are asked for, and again when they have been forgotten. */
class StoredCopy implements MessageCopy {
  readonly place: number
  readonly #index: MailIndex

  constructor(index: MailIndex, place: number) {
    this.#index = index
    this.place = place
  }

  get rowId(): number {
    return this.#index.columns.rowId[this.place] ?? 0
  }
  get message(): MailEntity {
    return { id: this.#index.columns.entity[this.place] ?? 0 }
  }
  get eventId(): number {
    return this.#index.columns.event[this.place] ?? 0
  }
  get evidenceId(): number {
    return this.#index.columns.evidence[this.place] ?? 0
  }
  get record(): number {
    return this.#index.columns.record[this.place] ?? 0
  }
  get deliveredAt(): number | null {
    return orNull(this.#index.columns.delivered[this.place])
  }
  get sentAt(): number | null {
    return orNull(this.#index.columns.sent[this.place])
  }
  get messageId(): string | null {
    return this.#index.partsOf(this.place).messageId
  }
  get from(): BookEntity | undefined {
    return this.#index.partsOf(this.place).from
  }
  get mailboxes(): readonly BookEntity[] {
    return this.#index.partsOf(this.place).mailboxes
  }
  get byGroup(): ReadonlyMap<BookEntity, BookEntity> {
    return this.#index.partsOf(this.place).byGroup
  }
  get subject(): string {
    return this.#index.partsOf(this.place).subject
  }
  get inReplyTo(): string | null {
    return this.#index.partsOf(this.place).inReplyTo
  }
  get references(): readonly string[] {
    return this.#index.partsOf(this.place).references
  }
  get urls(): MessageCopy['urls'] {
    return this.#index.partsOf(this.place).urls
  }
  get attachments(): MessageCopy['attachments'] {
    return this.#index.partsOf(this.place).attachments
  }
}
const orNull = (value: number | undefined): number | null =>
  value === undefined || Number.isNaN(value) ? null : value

/** All message copies, and who owns which mailbox. */
export class MailIndex {
  readonly copies: readonly MessageCopy[]
  readonly columns: Columns
  readonly #view: CorrelationView
  readonly #groups: GroupMembers
  readonly #statements
  readonly #parts = new Map<number, Parts>()
  /** The place after the last page: who asks for it goes through all. */
  #next = 0

  constructor(view: CorrelationView) {
    this.#view = view
    this.#groups = new GroupMembers(view.directory, view.book)
    const db = view.mailTables
    this.columns = readColumns(db)
    this.copies = Array.from(this.columns.rowId, (_, place) => new StoredCopy(this, place))
    this.#statements = {
      texts: db.prepare(texts),
      recipients: db.prepare(recipients),
      urls: db.prepare(urls),
      attachments: db.prepare(attachments),
    }
  }

  /** Addresses, texts, links and attachments of the copy at a place. */
  partsOf(place: number): Parts {
    const known = this.#parts.get(place)
    if (known) return known
    if (this.#parts.size >= MAX_CACHED) this.#parts.clear()
    const isNext = place === this.#next || place === 0
    const end = Math.min(isNext ? place + PAGE : place + 1, this.copies.length)
    if (isNext) this.#next = end
    this.#read(place, end)
    const found = this.#parts.get(place)
    if (!found) throw new Error(`No copy at ${place}`)
    return found
  }

  #read(place: number, end: number): void {
    const span = [this.columns.rowId[place], this.columns.rowId[end - 1]] as const
    const { columns } = this
    const to = groupBy(this.#statements.recipients.all(...span) as { message: number; address: string }[])
    const links = groupBy(this.#statements.urls.all(...span) as LinkRow[])
    const files = groupBy(this.#statements.attachments.all(...span) as FileRow[])
    for (const row of this.#statements.texts.all(...span) as TextRow[]) {
      const delivered = orNull(columns.delivered[place])
      const at = delivered ?? orNull(columns.sent[place])
      const addresses = isWithheld(row, delivered)
        ? []
        : row.mailbox !== null
          ? [row.mailbox]
          : (to.get(row.id) ?? []).map((one) => one.address)
      this.#parts.set(place, {
        messageId: row.message_id,
        from: row.from_address === null ? undefined : this.mailbox(row.from_address),
        ...this.#holders(addresses, at),
        subject: row.subject,
        inReplyTo: row.in_reply_to,
        references: JSON.parse(row.reference_ids) as string[],
        urls: (links.get(row.id) ?? []).map(({ entity_id, url, host, attachment }) => ({
          entity: { id: entity_id },
          url,
          host,
          attachment,
        })),
        attachments: (files.get(row.id) ?? []).map(({ entity_id, name, sha256, sha1, md5 }) => ({
          entity: { id: entity_id },
          name,
          sha256,
          sha1,
          md5,
        })),
      })
      place += 1
    }
  }

  /** Mailboxes of the addresses, and of the members of groups among them. */
  #holders(addresses: readonly string[], at: number | null): Pick<MessageCopy, 'mailboxes' | 'byGroup'> {
    const mailboxes = new Set(addresses.flatMap((address) => this.mailbox(address) ?? []))
    let byGroup: Map<BookEntity, BookEntity> | undefined
    for (const address of addresses) {
      const group = groupOf(this.#view.book, address)
      for (const user of group ? this.#groups.at(group, at) : []) {
        const own = addressOf(user)
        const mailbox = own === undefined ? undefined : this.mailbox(own)
        if (!group || !mailbox || mailboxes.has(mailbox)) continue
        mailboxes.add(mailbox)
        byGroup ??= new Map()
        byGroup.set(mailbox, group)
      }
    }
    return { mailboxes: [...mailboxes], byGroup: byGroup ?? NO_GROUPS }
  }

  mailbox(address: string): BookEntity | undefined {
    return this.#view.book.find('mailbox', 'smtp', address)
  }

  /**
   * The user who owns a mailbox: the directory says so, or a user's UPN equals the address. A shared one, whose account
   * nobody logs on with, has none: its delegates are `shared-with`.
   */
  ownerOf(mailbox: BookEntity): { user: BookEntity; confidence: number; by: 'smtp' | 'upn' } | undefined {
    if (mailbox.attributes['isShared'] === true) return undefined
    const addresses = [...mailbox.aliases.values()]
      .filter((alias) => alias.kind === 'smtp')
      .map((alias) => alias.value)
    for (const by of ['smtp', 'upn'] as const) {
      for (const address of addresses) {
        const user = this.#view.book.find('user', by, address)
        if (user) return { user, confidence: by === 'smtp' ? 0.98 : 0.9, by }
      }
    }
    return undefined
  }
}

/**
 * Stopped on the way, as its log says: it reached nobody, whoever it was addressed to. Where a log names the mailbox, a deletion took the
 * message out of it, and only a quarantine held it for a mailbox that never got it.
 */
const isWithheld = (row: Pick<TextRow, 'mailbox' | 'recorded_action'>, deliveredAt: number | null): boolean =>
  deliveredAt === null && (row.mailbox === null ? STOPPED : HELD).test(row.recorded_action ?? '')
const STOPPED = /^(?:block|quarantin|reject|drop|delet|fail|bounce|discard)/i
const HELD = /^quarantin/i

interface LinkRow {
  readonly message: number
  readonly attachment: number | null
  readonly entity_id: number
  readonly url: string
  readonly host: string
}
interface FileRow {
  readonly message: number
  readonly entity_id: number
  readonly name: string
  readonly sha256: string | null
  readonly sha1: string | null
  readonly md5: string | null
}

function readColumns(db: ReadStore): Columns {
  const size = db.prepare(count).pluck().get() as number
  const columns: Columns = {
    rowId: new Float64Array(size),
    entity: new Float64Array(size),
    event: new Float64Array(size),
    evidence: new Uint32Array(size),
    record: new Float64Array(size),
    delivered: new Float64Array(size),
    sent: new Float64Array(size),
  }
  const order = ['rowId', 'entity', 'event', 'evidence', 'record', 'delivered', 'sent'] as const
  let place = 0
  for (const row of db.prepare(figures).raw().iterate() as IterableIterator<(number | null)[]>) {
    for (const [index, name] of order.entries()) columns[name][place] = row[index] ?? NaN
    place += 1
  }
  return columns
}

function groupBy<T extends { message: number }>(rows: readonly T[]): Map<number, T[]> {
  const groups = new Map<number, T[]>()
  for (const row of rows) {
    const group = groups.get(row.message)
    if (group) group.push(row)
    else groups.set(row.message, [row])
  }
  return groups
}

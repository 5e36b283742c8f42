import type { BookEntity } from '../identity/entity-book.ts'
import { addressOf, GroupMembers, groupOf } from '../identity/group-members.ts'
import type { ReadStore } from '../store/store.ts'
import { partition } from './columns.ts'
import { isStopped, MessageWholes, type RowCount } from './message-wholes.ts'
import type { CorrelationView } from './view.ts'

/** A message, attachment or link: there are too many of them to hold; `view.entity(id)` reads one. */
export interface MailEntity {
  readonly id: number
}

/** A link of a message. */
export interface MessageLink {
  readonly entity: MailEntity
  readonly url: string
  readonly host: string
  /** The attachment it stands in, by its place among those of the copy; null for one of the text, or that another copy states. */
  readonly attachment: number | null
  /** Place of the copy that states it. */
  readonly place: number
}

/** An attachment of a message. */
export interface MessageFile {
  readonly entity: MailEntity
  readonly name: string
  readonly sha256: string | null
  readonly sha1: string | null
  readonly md5: string | null
  /** Place of the copy that states it. */
  readonly place: number
}

/** What the row of a copy says itself: what it is cited for. */
export interface OwnWords {
  readonly from: BookEntity | undefined
  readonly urls: readonly MessageLink[]
  readonly attachments: readonly MessageFile[]
}

/**
 * One stored copy of a message, with its entities. Sender, subject, links, attachments and the messages it answers are those of the
 * message: what the copy leaves out, another copy of it says (a mail product tells of links and attachments in tables of their own).
 */
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
  readonly urls: readonly MessageLink[]
  readonly attachments: readonly MessageFile[]
  readonly own: OwnWords
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
const linkById = 'SELECT id, entity_id, url, host FROM url WHERE id = ? AND entity_id IS NOT NULL'
const fileById = 'SELECT entity_id, name, sha256, sha1, md5 FROM attachment WHERE id = ?'
const textById =
  'SELECT from_address, subject, in_reply_to, reference_ids FROM message WHERE id = ?'

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
  | 'own'
>
/** What another row of the message may say as well. */
interface SaidRow {
  readonly from_address: string | null
  readonly subject: string
  readonly in_reply_to: string | null
  readonly reference_ids: string
}
interface TextRow extends SaidRow {
  readonly id: number
  readonly message_id: string | null
  readonly mailbox: string | null
  readonly recorded_action: string | null
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
  get own(): OwnWords {
    return this.#index.partsOf(this.place).own
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
  readonly #wholes: MessageWholes
  readonly #parts = new Map<number, Parts>()
  readonly #gathered = new Map<number, Gathered>()
  /** The place after the last page: who asks for it goes through all. */
  #next = 0

  constructor(view: CorrelationView) {
    this.#view = view
    this.#groups = new GroupMembers(view.directory, view.book)
    const db = view.mailTables
    this.columns = readColumns(db)
    this.#wholes = new MessageWholes(db, rowsOf(this.columns.entity))
    this.copies = Array.from(this.columns.rowId, (_, place) => new StoredCopy(this, place))
    this.#statements = {
      texts: db.prepare(texts),
      recipients: db.prepare(recipients),
      urls: db.prepare(urls),
      attachments: db.prepare(attachments),
      link: db.prepare(linkById),
      file: db.prepare(fileById),
      text: db.prepare(textById),
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
      const message = columns.entity[place] ?? 0
      const said = this.#saidOf(message, row)
      const own: OwnWords = {
        from: row.from_address === null ? undefined : this.mailbox(row.from_address),
        urls: (links.get(row.id) ?? []).map((link) => toLink(link, link.attachment, place)),
        attachments: (files.get(row.id) ?? []).map((file) => toFile(file, place)),
      }
      this.#parts.set(place, {
        messageId: row.message_id,
        from: said.from_address === null ? undefined : this.mailbox(said.from_address),
        ...this.#holders(this.#addressees(row, message, delivered, to.get(row.id) ?? []), at),
        subject: said.subject,
        inReplyTo: said.in_reply_to,
        references: JSON.parse(said.reference_ids) as string[],
        urls: this.#linksOf(message, own.urls),
        attachments: this.#filesOf(message, own.attachments),
        own,
      })
      place += 1
    }
  }

  /** What the row says, and in its stead another one of the message where it says nothing. */
  #saidOf(message: number, row: SaidRow): SaidRow {
    const read = (id: number | undefined): SaidRow | undefined =>
      id === undefined ? undefined : (this.#statements.text.get(id) as SaidRow)
    const hasThread = row.in_reply_to !== null || row.reference_ids !== '[]'
    const thread = hasThread ? row : (read(this.#wholes.threadOf(message)) ?? row)
    return {
      from_address: row.from_address ?? read(this.#wholes.senderOf(message))?.from_address ?? null,
      subject: row.subject === '' ? (read(this.#wholes.subjectOf(message))?.subject ?? '') : row.subject,
      in_reply_to: thread.in_reply_to,
      reference_ids: thread.reference_ids,
    }
  }

  /** Addresses the row says have the message. */
  #addressees(
    row: TextRow,
    message: number,
    delivered: number | null,
    recipients: readonly { address: string }[],
  ): string[] {
    if (delivered === null && isStopped(row.recorded_action, row.mailbox !== null)) return []
    if (row.mailbox !== null) return [row.mailbox]
    const addresses = recipients.map((one) => one.address)
    // A table of attachments also names the recipient of a copy that another table says was stopped.
    return delivered !== null || row.recorded_action !== null
      ? addresses
      : addresses.filter((address) => !this.#wholes.isStoppedFor(message, address))
  }

  #linksOf(message: number, own: readonly MessageLink[]): readonly MessageLink[] {
    const known = new Set(own.map((link) => link.url))
    const more = this.#gatheredOf(message).urls.filter((link) => !known.has(link.url))
    return more.length === 0 ? own : [...own, ...more]
  }

  #filesOf(message: number, own: readonly MessageFile[]): readonly MessageFile[] {
    const known = new Set(own.map((file) => file.entity.id))
    const more = this.#gatheredOf(message).attachments.filter((file) => !known.has(file.entity.id))
    return more.length === 0 ? own : [...own, ...more]
  }

  /** Links and files that some rows of a message state and others do not. */
  #gatheredOf(message: number): Gathered {
    const known = this.#gathered.get(message)
    if (known) return known
    if (this.#gathered.size >= MAX_CACHED) this.#gathered.clear()
    const { link, file } = this.#statements
    const found: Gathered = {
      urls: [...this.#wholes.linksOf(message)].flatMap(({ value, row }) => {
        const stored = link.get(value) as LinkRow | undefined
        return stored ? [toLink(stored, null, this.#placeOf(row))] : []
      }),
      attachments: [...this.#wholes.filesOf(message)].map(({ value, row }) =>
        toFile(file.get(value) as FileRow, this.#placeOf(row)),
      ),
    }
    this.#gathered.set(message, found)
    return found
  }

  #placeOf(rowId: number): number {
    const rows = this.columns.rowId
    return partition(rows.length, (place) => (rows[place] ?? 0) < rowId)
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

const toLink = (row: LinkRow, attachment: number | null, place: number): MessageLink => ({
  entity: { id: row.entity_id },
  url: row.url,
  host: row.host,
  attachment,
  place,
})
const toFile = ({ entity_id, name, sha256, sha1, md5 }: FileRow, place: number): MessageFile => ({
  entity: { id: entity_id },
  name,
  sha256,
  sha1,
  md5,
  place,
})

/** How many rows each message has. */
function rowsOf(messages: Float64Array): RowCount {
  const sorted = messages.slice().sort()
  return (message) =>
    partition(sorted.length, (next) => (sorted[next] ?? 0) <= message) -
    partition(sorted.length, (next) => (sorted[next] ?? 0) < message)
}

type Gathered = Pick<MessageCopy, 'urls' | 'attachments'>

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

import type { BookEntity } from '../identity/entity-book.ts'
import { addressOf, GroupMembers, groupOf } from '../identity/group-members.ts'
import { partition, sortedPlaces } from './columns.ts'
import { EvidenceOrder } from './evidence-order.ts'
import { type MailColumns, readColumns, rowsOf } from './mail-columns.ts'
import type { MailEntity, MessageCopy, MessageFile, MessageLink, OwnWords } from './message-copy.ts'
import { isStopped, MessageWholes } from './message-wholes.ts'
import type { CorrelationView } from './view.ts'

/** Copies that are read at once when a rule goes through all of them. */
const PAGE = 64
/** Copies whose parts are held; beyond, they are read again. */
const MAX_CACHED = 1_024

const texts = `SELECT id, message_id, from_address, mailbox, subject, recorded_action, in_reply_to, reference_ids
  FROM message WHERE id BETWEEN ? AND ? AND evidence_id = ? AND entity_id IS NOT NULL ORDER BY id`
const recipients =
  'SELECT message, address FROM message_recipient WHERE message BETWEEN ? AND ? ORDER BY message, address'
const urls = `SELECT l.message, l.attachment, u.entity_id, u.url, u.host FROM message_url l JOIN url u ON u.id = l.url_id
  WHERE l.message BETWEEN ? AND ? AND u.entity_id IS NOT NULL ORDER BY l.message, l.position`
const attachments =
  'SELECT message, entity_id, name, sha256, sha1, md5 FROM attachment WHERE message BETWEEN ? AND ? AND entity_id IS NOT NULL ORDER BY message, position'
const linkById = 'SELECT id, entity_id, url, host FROM url WHERE id = ? AND entity_id IS NOT NULL'
const fileById = 'SELECT entity_id, name, sha256, sha1, md5 FROM attachment WHERE id = ?'
const textById =
  'SELECT message_id, from_address, subject, in_reply_to, reference_ids FROM message WHERE id = ?'

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
  readonly message_id: string | null
  readonly from_address: string | null
  readonly subject: string
  readonly in_reply_to: string | null
  readonly reference_ids: string
}
interface TextRow extends SaidRow {
  readonly id: number
  readonly mailbox: string | null
  readonly recorded_action: string | null
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
  readonly columns: MailColumns
  readonly #view: CorrelationView
  readonly #groups: GroupMembers
  readonly #statements
  readonly #wholes: MessageWholes
  readonly #parts = new Map<number, Parts>()
  readonly #gathered = new Map<number, Gathered>()
  /** Places by message, then in their order, and by row; put together when asked for. */
  #byMessage: Uint32Array | undefined
  #byRow: Uint32Array | undefined
  /** The place after the last page: who asks for it goes through all. */
  #next = 0

  constructor(view: CorrelationView) {
    this.#view = view
    this.#groups = new GroupMembers(view.directory, view.book)
    const db = view.mailTables
    this.columns = readColumns(db, new EvidenceOrder(db))
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

  /** All copies of a message. */
  *copiesOf(message: number): Generator<MessageCopy> {
    const { entity } = this.columns
    const entityOf = (place: number): number => entity[place] ?? 0
    const order = (this.#byMessage ??= sortedPlaces(entity.length, (a, b) => entityOf(a) - entityOf(b)))
    let next = partition(order.length, (one) => entityOf(order[one] ?? 0) < message)
    for (; next < order.length && entityOf(order[next] ?? 0) === message; next += 1) {
      const copy = this.copies[order[next] ?? -1]
      if (copy) yield copy
    }
  }

  /** Addresses, texts, links and attachments of the copy at a place. */
  partsOf(place: number): Parts {
    const known = this.#parts.get(place)
    if (known) return known
    if (this.#parts.size >= MAX_CACHED) this.#parts.clear()
    const isNext = place === this.#next || place === 0
    const end = this.#endOfPage(place, isNext ? PAGE : 1)
    if (isNext) this.#next = end
    this.#read(place, end)
    const found = this.#parts.get(place)
    if (!found) throw new Error(`No copy at ${place}`)
    return found
  }

  /** Rows of one evidence item follow each other; where another one begins, so does another page. */
  #endOfPage(place: number, size: number): number {
    const { evidence } = this.columns
    let end = place + 1
    while (end < Math.min(place + size, evidence.length) && evidence[end] === evidence[place]) end += 1
    return end
  }

  #read(place: number, end: number): void {
    const span = [this.columns.rowId[place], this.columns.rowId[end - 1]] as const
    const { columns } = this
    const to = groupBy(this.#statements.recipients.all(...span) as { message: number; address: string }[])
    const links = groupBy(this.#statements.urls.all(...span) as LinkRow[])
    const files = groupBy(this.#statements.attachments.all(...span) as FileRow[])
    for (const row of this.#statements.texts.all(...span, columns.evidence[place]) as TextRow[]) {
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
        messageId: said.message_id,
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
      message_id: row.message_id ?? read(this.#wholes.nameOf(message))?.message_id ?? null,
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
    const urls = [...this.#wholes.linksOf(message)].flatMap(({ value, row }) => {
      const stored = link.get(value) as LinkRow | undefined
      return stored ? [toLink(stored, null, this.#placeOf(row))] : []
    })
    const attachments = [...this.#wholes.filesOf(message)].map(({ value, row }) =>
      toFile(file.get(value) as FileRow, this.#placeOf(row)),
    )
    // Rows of their own tell them in the order of export, which means nothing.
    const found: Gathered = {
      urls: urls.sort((a, b) => (a.url < b.url ? -1 : 1)),
      attachments: attachments.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)),
    }
    this.#gathered.set(message, found)
    return found
  }

  #placeOf(rowId: number): number {
    const { rowId: rows } = this.columns
    const order = (this.#byRow ??= sortedPlaces(rows.length, (a, b) => (rows[a] ?? 0) - (rows[b] ?? 0)))
    return order[partition(order.length, (next) => (rows[order[next] ?? 0] ?? 0) < rowId)] ?? 0
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

function groupBy<T extends { message: number }>(rows: readonly T[]): Map<number, T[]> {
  const groups = new Map<number, T[]>()
  for (const row of rows) {
    const group = groups.get(row.message)
    if (group) group.push(row)
    else groups.set(row.message, [row])
  }
  return groups
}

import type { BookEntity } from '../identity/entity-book.ts'
import { addressOf, GroupMembers, groupOf } from '../identity/group-members.ts'
import type { CorrelationView } from './view.ts'

/** One stored copy of a message, with its entities. */
export interface MessageCopy {
  readonly rowId: number
  readonly message: BookEntity
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
    readonly entity: BookEntity
    readonly url: string
    readonly host: string
    readonly attachment: number | null
  }[]
  readonly attachments: readonly {
    readonly entity: BookEntity
    readonly name: string
    readonly sha256: string | null
    readonly sha1: string | null
    readonly md5: string | null
  }[]
}

const copies = `SELECT id, entity_id, event_id, evidence_id, record, from_address, mailbox, delivered_at, sent_at, subject, recorded_action, in_reply_to, reference_ids FROM message WHERE entity_id IS NOT NULL ORDER BY id`
const recipients = 'SELECT message, address FROM message_recipient ORDER BY message, address'
const urls =
  'SELECT l.message, l.attachment, u.entity_id, u.url, u.host FROM message_url l JOIN url u ON u.id = l.url_id WHERE u.entity_id IS NOT NULL ORDER BY l.message, l.position'
const attachments =
  'SELECT message, entity_id, name, sha256, sha1, md5 FROM attachment WHERE entity_id IS NOT NULL ORDER BY message, position'

const NO_GROUPS: ReadonlyMap<BookEntity, BookEntity> = new Map()

/** All message copies, and who owns which mailbox. */
export class MailIndex {
  readonly copies: readonly MessageCopy[]
  readonly #view: CorrelationView

  constructor(view: CorrelationView) {
    this.#view = view
    const db = view.mailTables
    const to = groupBy(db.prepare(recipients).all() as { message: number; address: string }[])
    const links = groupBy(
      db.prepare(urls).all() as {
        message: number
        attachment: number | null
        entity_id: number
        url: string
        host: string
      }[],
    )
    const files = groupBy(
      db.prepare(attachments).all() as {
        message: number
        entity_id: number
        name: string
        sha256: string | null
        sha1: string | null
        md5: string | null
      }[],
    )
    const rows = db.prepare(copies).all() as {
      id: number
      entity_id: number
      event_id: number
      evidence_id: number
      record: number
      from_address: string | null
      mailbox: string | null
      delivered_at: number | null
      sent_at: number | null
      subject: string
      recorded_action: string | null
      in_reply_to: string | null
      reference_ids: string
    }[]
    const groups = new GroupMembers(view.directory, view.book)
    this.copies = rows.map((row) => ({
      rowId: row.id,
      message: view.entity(row.entity_id),
      eventId: row.event_id,
      evidenceId: row.evidence_id,
      record: row.record,
      from: row.from_address === null ? undefined : this.mailbox(row.from_address),
      ...this.#holders(
        row.mailbox !== null
          ? [row.mailbox]
          : wasStopped(row)
            ? []
            : (to.get(row.id) ?? []).map((one) => one.address),
        row.delivered_at ?? row.sent_at,
        groups,
      ),
      deliveredAt: row.delivered_at,
      sentAt: row.sent_at,
      subject: row.subject,
      inReplyTo: row.in_reply_to,
      references: JSON.parse(row.reference_ids) as string[],
      urls: (links.get(row.id) ?? []).map((link) => ({
        entity: view.entity(link.entity_id),
        url: link.url,
        host: link.host,
        attachment: link.attachment,
      })),
      attachments: (files.get(row.id) ?? []).map((file) => ({
        entity: view.entity(file.entity_id),
        name: file.name,
        sha256: file.sha256,
        sha1: file.sha1,
        md5: file.md5,
      })),
    }))
  }

  /** Mailboxes of the addresses, and of the members of groups among them. */
  #holders(
    addresses: readonly string[],
    at: number | null,
    groups: GroupMembers,
  ): Pick<MessageCopy, 'mailboxes' | 'byGroup'> {
    const mailboxes = new Set(addresses.flatMap((address) => this.mailbox(address) ?? []))
    let byGroup: Map<BookEntity, BookEntity> | undefined
    for (const address of addresses) {
      const group = groupOf(this.#view.book, address)
      for (const user of group ? groups.at(group, at) : []) {
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

/** Stopped on the way, as its log says: it reached nobody, whoever it was addressed to. */
const wasStopped = (row: { delivered_at: number | null; recorded_action: string | null }): boolean =>
  row.delivered_at === null &&
  /^(?:block|quarantin|reject|drop|delet|fail|bounce|discard)/i.test(row.recorded_action ?? '')

function groupBy<T extends { message: number }>(rows: readonly T[]): Map<number, T[]> {
  const groups = new Map<number, T[]>()
  for (const row of rows) {
    const group = groups.get(row.message)
    if (group) group.push(row)
    else groups.set(row.message, [row])
  }
  return groups
}

import type { BookEntity } from '../identity/entity-book.ts'

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

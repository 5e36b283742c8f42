import type { BookEntity } from '../identity/entity-book.ts'
import type { MessageCopy } from './mail-index.ts'
import type { CorrelationView } from './view.ts'

/** One recipient of a message, as far as the directory and the logons tell. */
export interface Recipient {
  readonly copy: MessageCopy
  readonly mailbox: BookEntity
  readonly user: BookEntity
  readonly deliveredAt: number | null
}

/** Copies of messages by recipient user: what could this user have opened? */
export class Recipients {
  /** user id -> copies delivered to a mailbox of that user. */
  readonly byUser = new Map<number, Recipient[]>()
  readonly #view: CorrelationView

  constructor(view: CorrelationView) {
    this.#view = view
    const delivered = new Map<number, MessageCopy[]>()
    for (const copy of view.mail.copies) {
      if (copy.mailboxes.length === 0) continue
      const known = delivered.get(copy.message.id)
      if (known) known.push(copy)
      else delivered.set(copy.message.id, [copy])
    }
    for (const copy of view.mail.copies) {
      // A row that tells of a link alone names nobody: whoever got the message got the link.
      const holders = copy.mailboxes.length > 0 ? [copy] : (delivered.get(copy.message.id) ?? [])
      for (const holder of holders) this.#add(copy, holder)
    }
  }

  #add(copy: MessageCopy, holder: MessageCopy): void {
    for (const mailbox of holder.mailboxes) {
      const owner = this.#view.mail.ownerOf(mailbox)
      if (!owner) continue
      const recipient = { copy, mailbox, user: owner.user, deliveredAt: holder.deliveredAt ?? holder.sentAt }
      const list = this.byUser.get(owner.user.id)
      if (list) list.push(recipient)
      else this.byUser.set(owner.user.id, [recipient])
    }
  }

  /** Users known to work on an endpoint who have received mail. */
  usersOn(endpointId: number): number[] {
    return [...this.byUser.keys()].filter((userId) => this.#view.sessions.isUserOf(userId, endpointId))
  }
}

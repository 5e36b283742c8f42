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
    for (const copy of view.mail.copies) {
      for (const mailbox of copy.mailboxes) {
        const owner = view.mail.ownerOf(mailbox)
        if (!owner) continue
        const recipient = { copy, mailbox, user: owner.user, deliveredAt: copy.deliveredAt ?? copy.sentAt }
        const list = this.byUser.get(owner.user.id)
        if (list) list.push(recipient)
        else this.byUser.set(owner.user.id, [recipient])
      }
    }
  }

  /** Users known to work on an endpoint who have received mail. */
  usersOn(endpointId: number): number[] {
    return [...this.byUser.keys()].filter((userId) => this.#view.sessions.isUserOf(userId, endpointId))
  }
}

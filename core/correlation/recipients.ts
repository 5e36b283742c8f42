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
  /** Most copies have one recipient: a set for each would take more than all else here. */
  readonly #byCopy = new Map<MessageCopy, number | Set<number>>()
  readonly #onEndpoint = new Map<number, number[]>()
  readonly #view: CorrelationView

  constructor(view: CorrelationView) {
    this.#view = view
    const unaddressed = new Set<number>()
    for (const copy of view.mail.copies) if (copy.mailboxes.length === 0) unaddressed.add(copy.message.id)
    const delivered = new Map<number, MessageCopy[]>()
    for (const copy of unaddressed.size === 0 ? [] : view.mail.copies) {
      if (!unaddressed.has(copy.message.id) || copy.mailboxes.length === 0) continue
      const known = delivered.get(copy.message.id)
      if (known) known.push(copy)
      else delivered.set(copy.message.id, [copy])
    }
    for (const copy of view.mail.copies) {
      // A row that tells of a link alone names nobody: whoever got the message got the link.
      const holders = copy.mailboxes.length > 0 ? [copy] : (delivered.get(copy.message.id) ?? [])
      for (const holder of holders) this.#add(copy, holder)
    }
    for (const userId of this.byUser.keys())
      for (const place of view.sessions.endpointsOf(userId)) {
        if (!place.interactive) continue
        const users = this.#onEndpoint.get(place.endpointId)
        if (users) users.push(userId)
        else this.#onEndpoint.set(place.endpointId, [userId])
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
      const users = this.#byCopy.get(copy)
      if (users instanceof Set) users.add(owner.user.id)
      else if (users === undefined) this.#byCopy.set(copy, owner.user.id)
      else if (users !== owner.user.id) this.#byCopy.set(copy, new Set([users, owner.user.id]))
    }
  }

  /** Users who got the copy. */
  usersOf(copy: MessageCopy): ReadonlySet<number> {
    const users = this.#byCopy.get(copy)
    return users === undefined ? NOBODY : users instanceof Set ? users : new Set([users])
  }

  /** Users known to work on an endpoint who have received mail. */
  usersOn(endpointId: number): readonly number[] {
    return this.#onEndpoint.get(endpointId) ?? []
  }

  /**
   * Who of them it may have been: the one the record names, else the owner of the profile a path lies in, else all who work
   * on the endpoint. A machine of many must not give one person's mail to another.
   */
  actorsOn(endpointId: number, userId: number | null, path: string | undefined): readonly number[] {
    const users = this.usersOn(endpointId)
    if (userId !== null && users.includes(userId)) return [userId]
    const profile = /^[a-z]:\\users\\([^\\]+)\\/i.exec(path ?? '')?.[1]?.toLowerCase()
    if (profile === undefined || users.length < 2) return users
    const owners = users.filter((user) => this.#isProfileOf(user, profile))
    return owners.length > 0 ? owners : users
  }

  /** `amber`, `amber.CORP`, `amber.000`: profiles are named after the account, with something behind it when taken. */
  #isProfileOf(userId: number, profile: string): boolean {
    for (const alias of this.#view.entity(userId).aliases.values()) {
      if (alias.kind !== 'account' && alias.kind !== 'upn') continue
      const name = (alias.value.split('\\').at(-1) ?? '').split('@')[0]?.toLowerCase()
      if (name !== undefined && name !== '' && (profile === name || profile.startsWith(`${name}.`)))
        return true
    }
    return false
  }
}

const NOBODY: ReadonlySet<number> = new Set()

import { Column, partition, placesBy, sortedPlaces } from './columns.ts'
import type { MessageCopy } from './mail-index.ts'
import type { CorrelationView } from './view.ts'

/** A copy of a message as one user got it. */
export interface Received {
  readonly copy: MessageCopy
  readonly deliveredAt: number | null
}

/**
 * Copies of messages by recipient user, as far as the directory and the logons tell: what could this user have opened? Twenty bytes
 * for each copy and user.
 */
export class Recipients {
  readonly #view: CorrelationView
  readonly #user = new Column('id')
  readonly #copy = new Column('id')
  /** The copy that says when it was delivered. */
  readonly #holder = new Column('id')
  /** By place of the copy. */
  readonly #byCopy: Uint32Array
  /** User -> as {@link #byCopy}, those of the user. */
  readonly #byUser: ReadonlyMap<number, Uint32Array>
  readonly #onEndpoint = new Map<number, number[]>()

  constructor(view: CorrelationView) {
    this.#view = view
    const { copies } = view.mail
    const unaddressed: MessageCopy[] = []
    const isAddressed = new Uint8Array(copies.length)
    for (const copy of copies) {
      if (copy.mailboxes.length === 0) unaddressed.push(copy)
      else isAddressed[copy.place] = 1
      this.#add(copy, copy)
    }
    if (unaddressed.length > 0) this.#addUnaddressed(unaddressed, isAddressed)
    this.#byCopy = sortedPlaces(this.#copy.length, (a, b) => this.#copy.at(a) - this.#copy.at(b))
    const lists = placesBy(this.#byCopy.length, (next) => this.#user.at(this.#byCopy[next] ?? 0))
    for (const list of lists.values())
      for (const [at, next] of list.entries()) list[at] = this.#byCopy[next] ?? 0
    this.#byUser = lists
    for (const userId of this.users())
      for (const place of view.sessions.endpointsOf(userId)) {
        if (!place.interactive) continue
        const users = this.#onEndpoint.get(place.endpointId)
        if (users) users.push(userId)
        else this.#onEndpoint.set(place.endpointId, [userId])
      }
  }

  /** A row that tells of a link alone names nobody: whoever got the message got the link. */
  #addUnaddressed(unaddressed: readonly MessageCopy[], isAddressed: Uint8Array): void {
    const messages = new Set(unaddressed.map((copy) => copy.message.id))
    const delivered = new Map<number, MessageCopy[]>()
    for (const copy of this.#view.mail.copies) {
      if (isAddressed[copy.place] !== 1 || !messages.has(copy.message.id)) continue
      const known = delivered.get(copy.message.id)
      if (known) known.push(copy)
      else delivered.set(copy.message.id, [copy])
    }
    for (const copy of unaddressed)
      for (const holder of delivered.get(copy.message.id) ?? []) this.#add(copy, holder)
  }

  #add(copy: MessageCopy, holder: MessageCopy): void {
    for (const mailbox of holder.mailboxes) {
      const owner = this.#view.mail.ownerOf(mailbox)
      if (!owner) continue
      this.#user.push(owner.user.id)
      this.#copy.push(copy.place)
      this.#holder.push(holder.place)
    }
  }

  /** Ids of users who got mail. */
  users(): Iterable<number> {
    return this.#byUser.keys()
  }
  get isEmpty(): boolean {
    return this.#byUser.size === 0
  }
  /** Whether the user got mail. */
  has(userId: number): boolean {
    return this.#byUser.has(userId)
  }

  /** What a user got, in the order of the copies; `only` says of which copies. */
  *receivedBy(userId: number, only?: (place: number) => boolean): Generator<Received> {
    for (const entry of this.#byUser.get(userId) ?? [])
      if (only === undefined || only(this.#copy.at(entry))) yield this.entry(entry)
  }

  /** Entries are numbered from 0: each is a copy that a user got. */
  userOf(entry: number): number {
    return this.#user.at(entry)
  }
  entry(entry: number): Received {
    const { copies } = this.#view.mail
    const [copy, holder] = [copies[this.#copy.at(entry)], copies[this.#holder.at(entry)]]
    if (!copy || !holder) throw new Error(`No recipient at ${entry}`)
    return { copy, deliveredAt: holder.deliveredAt ?? holder.sentAt }
  }
  /** Copies that somebody got, in their order, each with its entries; `only` says which copies. */
  *byCopy(only: (place: number) => boolean): Generator<{ copy: MessageCopy; entries: readonly number[] }> {
    const order = this.#byCopy
    for (let next = 0; next < order.length;) {
      const place = this.#copy.at(order[next] ?? 0)
      const entries: number[] = []
      for (; next < order.length && this.#copy.at(order[next] ?? 0) === place; next += 1)
        entries.push(order[next] ?? 0)
      const copy = only(place) ? this.#view.mail.copies[place] : undefined
      if (copy) yield { copy, entries }
    }
  }

  /** Users who got the copy at a place. */
  *usersOf(place: number): Generator<number> {
    const order = this.#byCopy
    let next = partition(order.length, (one) => this.#copy.at(order[one] ?? 0) < place)
    for (; next < order.length && this.#copy.at(order[next] ?? 0) === place; next += 1)
      yield this.#user.at(order[next] ?? 0)
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

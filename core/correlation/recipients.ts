import { Column, partition, placesBy, sortedPlaces } from './columns.ts'
import type { MessageCopy } from './message-copy.ts'
import type { CorrelationView } from './view.ts'

/** A copy of a message as one user got it. */
export interface Received {
  readonly copy: MessageCopy
  readonly deliveredAt: number | null
}

/**
 * Copies of messages by recipient user, as far as the directory and the logons tell: what could this user have opened? Sixteen bytes
 * for each copy and user.
 */
export class Recipients {
  readonly #view: CorrelationView
  readonly #user = new Column('id')
  readonly #copy = new Column('id')
  /** By place of the copy. */
  readonly #byCopy: Uint32Array
  /** User -> as {@link #byCopy}, those of the user. */
  readonly #byUser: ReadonlyMap<number, Uint32Array>
  readonly #onEndpoint = new Map<number, number[]>()

  constructor(view: CorrelationView) {
    this.#view = view
    const { copies } = view.mail
    // A row that tells of a link alone names nobody: the rows that do have its link as well.
    for (const copy of copies) this.#add(copy)
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

  #add(copy: MessageCopy): void {
    for (const mailbox of copy.mailboxes) {
      const owner = this.#view.mail.ownerOf(mailbox)
      if (!owner) continue
      this.#user.push(owner.user.id)
      this.#copy.push(copy.place)
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
    const copy = this.#view.mail.copies[this.#copy.at(entry)]
    if (!copy) throw new Error(`No recipient at ${entry}`)
    return { copy, deliveredAt: copy.deliveredAt ?? copy.sentAt }
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

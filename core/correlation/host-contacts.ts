import type { MailLinks } from './links.ts'
import { SumNumbers, sumOf, SumValues } from './text-sums.ts'
import type { CorrelationView, ViewEvent } from './view.ts'

/** A host that more endpoints of people who did not get the link contact is popular: contact says nothing. */
const POPULAR_ENDPOINTS = 12
/** Hosts of which it is held whose endpoints were sent a link to them. */
const MAX_CACHED = 1_000

/** First contact of an endpoint with a host that links lead to; another for each user its records name. */
export interface Contact {
  readonly event: ViewEvent
  readonly at: number
}

/**
 * First contacts of endpoints with hosts that links lead to. Of endpoints on which nobody works who got a link to the host, only their
 * number is of interest.
 */
export class HostContacts {
  readonly #view: CorrelationView
  readonly #links: MailLinks
  /** Host -> endpoint -> first contacts, of endpoints whose users got a link to it. */
  readonly #contacts = new Map<string, Map<number, Contact[]>>()
  readonly #invited = new Map<string, ReadonlySet<number>>()
  /** Other endpoints: host and endpoint, and how many there are of each host. */
  readonly #others = new SumNumbers()
  readonly #counts = new SumValues()

  constructor(view: CorrelationView, links: MailLinks) {
    this.#view = view
    this.#links = links
  }

  /** To be called in the order of time. */
  note(host: string, endpointId: number, event: ViewEvent, at: number): void {
    if (this.#isPopular(host)) return
    if (!this.#invitedTo(host).has(endpointId)) {
      this.#noteOther(host, endpointId)
      return
    }
    let endpoints = this.#contacts.get(host)
    if (!endpoints) this.#contacts.set(host, (endpoints = new Map<number, Contact[]>()))
    const list = endpoints.get(endpointId)
    if (!list) endpoints.set(endpointId, [{ event, at }])
    else if (list.every((one) => one.event.userId !== event.userId)) list.push({ event, at })
  }

  /** The first contact that may have been the user's: on a machine of many, only what ran as this user speaks for this user. */
  first(host: string, endpointId: number, userId: number): Contact | undefined {
    return this.#contacts
      .get(host)
      ?.get(endpointId)
      ?.find(({ event }) => event.userId === null || event.userId === userId)
  }

  /** 1 at the places of copies with links to a host of which contacts are known. */
  copies(): Uint8Array {
    const found = new Uint8Array(this.#view.mail.copies.length)
    for (const host of this.#contacts.keys()) for (const place of this.#links.withHost(host)) found[place] = 1
    return found
  }

  #noteOther(host: string, endpointId: number): void {
    const known = this.#others.size
    this.#others.number(sumOf(`${host}|${endpointId}`))
    if (this.#others.size === known) return
    const sum = sumOf(host)
    this.#counts.set(sum, (this.#counts.get(sum) ?? 0) + 1)
    if (this.#isPopular(host)) this.#contacts.delete(host)
  }

  #isPopular(host: string): boolean {
    return (this.#counts.get(sumOf(host)) ?? 0) > POPULAR_ENDPOINTS
  }

  /** Endpoints on which somebody works who got a link to the host. */
  #invitedTo(host: string): ReadonlySet<number> {
    const known = this.#invited.get(host)
    if (known) return known
    if (this.#invited.size >= MAX_CACHED) this.#invited.clear()
    const users = new Set<number>()
    for (const place of this.#links.withHost(host))
      for (const user of this.#links.recipients.usersOf(place)) users.add(user)
    const endpoints = new Set<number>()
    for (const user of users)
      for (const place of this.#view.sessions.endpointsOf(user))
        if (place.interactive) endpoints.add(place.endpointId)
    this.#invited.set(host, endpoints)
    return endpoints
  }
}

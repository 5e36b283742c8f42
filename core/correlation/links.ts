import { parseUrl } from '../normalise/url.ts'
import { unwrapUrl } from '../normalise/url-unwrap.ts'
import { proofOf } from './drafts.ts'
import type { MailIndex } from './mail-index.ts'
import type { MailEntity } from './message-copy.ts'
import type { Recipients } from './recipients.ts'
import type { RelationDraft } from './rule.ts'
import { sumOf, SumPlaces } from './text-sums.ts'
import type { CorrelationView, ViewEvent } from './view.ts'

/** Somebody else opened it than those it was sent to: forwarded by word, or a link everybody knows. */
export const BY_STRANGER = 0.5
/** Pages that people come to without mail: a host's own page, its sign-in, one short word below it. */
const EVERYBODYS = /^\/?[a-z]{0,9}\/?$/i
/** A downloaded file names the address as its origin or referrer. */
export const BY_MARK = 0.85
/** Mail and endpoint clocks differ; machines outside the domain go wrong by minutes. */
export const CLOCK_US = 600_000_000

/** A link of messages: who got it, and when the first did. */
export interface Link {
  readonly entity: MailEntity
  /** In its normal form. */
  readonly url: string
  readonly host: string
  /** Microseconds UTC of the first delivery; null when no copy carries a time. */
  readonly first: number | null
  readonly users: ReadonlySet<number>
}

/** Links that were put together; beyond, they are put together again. */
const MAX_CACHED = 2_000

/** Links of all messages: which copies have which link, by its normal form and by its host; 24 bytes for each link of a copy. */
export class MailLinks {
  readonly recipients: Recipients
  readonly #mail: MailIndex
  readonly #byUrl = new SumPlaces()
  readonly #byHost = new SumPlaces()
  readonly #known = new Map<string, Link | undefined>()
  readonly isEmpty: boolean

  constructor(view: CorrelationView) {
    this.recipients = view.recipients
    this.#mail = view.mail
    let count = 0
    for (const { place, urls } of this.#mail.copies)
      for (const { url, host } of urls) {
        this.#byUrl.add(sumOf(url), place)
        this.#byHost.add(sumOf(host), place)
        count += 1
      }
    this.isEmpty = count === 0
  }

  hasHost(host: string): boolean {
    return this.#byHost.has(sumOf(host))
  }

  /** Places of copies with links to a host; one with several may come several times. */
  withHost(host: string): Iterable<number> {
    return this.#byHost.of(sumOf(host))
  }

  /** The link with this address, or with the one that a rewritten address stands for. */
  find(text: string): Link | undefined {
    const normal = parseUrl(text)?.text
    if (normal === undefined) return undefined
    const direct = this.#of(normal)
    if (direct) return direct
    const inner = unwrapUrl(text)
    return inner === undefined ? undefined : this.#of(parseUrl(inner)?.text ?? '')
  }

  #of(normal: string): Link | undefined {
    if (this.#known.has(normal)) return this.#known.get(normal)
    if (this.#known.size >= MAX_CACHED) this.#known.clear()
    const link = this.#make(normal)
    this.#known.set(normal, link)
    return link
  }

  #make(normal: string): Link | undefined {
    const places = this.#byUrl.of(sumOf(normal))
    const { copies } = this.#mail
    const [own] = copies[places[0] ?? -1]?.urls.filter(({ url }) => url === normal) ?? []
    if (!own) return undefined
    let first: number | null = null
    const users = new Set<number>()
    for (const place of places) {
      const at = copies[place]?.deliveredAt ?? copies[place]?.sentAt ?? null
      if (at !== null && (first === null || at < first)) first = at
      for (const user of this.recipients.usersOf(place)) users.add(user)
    }
    return { entity: own.entity, url: normal, host: own.host, first, users }
  }
}

/** A link cannot be opened out of a message that has not come yet. */
export const cameBefore = (link: Link, at: number | null): boolean =>
  link.first === null || at === null || link.first <= at + CLOCK_US

/** Whether somebody who got the link may be the one who acts here. */
export const isForRecipient = (link: Link, event: ViewEvent, recipients: Recipients): boolean =>
  event.userId !== null
    ? link.users.has(event.userId)
    : event.endpointId !== null && recipients.usersOn(event.endpointId).some((user) => link.users.has(user))

/** A link that hardly anybody comes to but by the message or by word of it: who asked for exactly that opened it, whoever it was sent to. */
export function isParticular({ url: text }: Link): boolean {
  const url = URL.parse(text)
  return url !== null && (url.search.length > 1 || !EVERYBODYS.test(url.pathname))
}

export function* opened(
  link: Link,
  event: ViewEvent,
  confidence: number,
  reason: string,
  params: Record<string, string | number>,
): Generator<RelationDraft> {
  const base = { from: link.entity.id, at: event.at, confidence, reason, params, proof: proofOf(event) }
  if (event.userId !== null) yield { kind: 'clicked-by', to: event.userId, ...base }
  if (event.endpointId !== null) yield { kind: 'opened-on', to: event.endpointId, ...base }
}

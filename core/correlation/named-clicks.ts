import { readDetail } from './accounts.ts'
import { proofOf } from './drafts.ts'
import { type MailLinks, opened } from './links.ts'
import type { MessageCopy } from './message-copy.ts'
import type { EntityDraft, RelationDraft } from './rule.ts'
import { sumOf, SumPlaces } from './text-sums.ts'
import type { CorrelationView, ViewEvent } from './view.ts'

/** The log names the message, and the message has one link that it can be. */
const ONE_LINK = 0.9
/** It has several to that host. */
const SEVERAL = 0.5
/** The log names message and host; the address itself is nowhere. */
const HOST_ONLY = 0.9
/** A newsletter has hundreds of links to one host. */
const MAX_LINKS = 10

/**
 * Clicks of a log that names the message but not the address (Gmail's log tells the host alone): the link of the message it can be,
 * or, where no record holds the message's links, some page of the host.
 */
export class NamedClicks {
  readonly #view: CorrelationView
  readonly #links: MailLinks
  readonly #byMessageId = new SumPlaces()

  constructor(view: CorrelationView, links: MailLinks) {
    this.#view = view
    this.#links = links
    for (const { messageId, place } of view.mail.copies)
      if (messageId !== null) this.#byMessageId.add(sumOf(messageId), place)
  }

  *of(event: ViewEvent): Generator<RelationDraft> {
    const { messageId = '', detail } = event.fields
    const place = this.#byMessageId.of(sumOf(messageId))[0]
    const copy = place === undefined ? undefined : this.#view.mail.copies[place]
    if (!copy) return
    const host = hostOf(readDetail(detail, 'links'))
    const known = new Set(
      copy.urls.filter((link) => host === undefined || link.host === host).map((link) => link.url),
    )
    if (known.size > MAX_LINKS) return
    for (const url of known) {
      const link = this.#links.find(url)
      const sure = known.size === 1 ? ONE_LINK : SEVERAL
      if (link) yield* opened(link, event, sure, 'by_message', { host: link.host, count: known.size })
    }
    if (known.size === 0 && host !== undefined && event.userId !== null)
      yield* this.#toHost(copy, event, host, event.userId)
  }

  *#toHost(copy: MessageCopy, event: ViewEvent, host: string, userId: number): Generator<RelationDraft> {
    const message = this.#view.entity(copy.message.id)
    const page: EntityDraft = {
      kind: 'url',
      key: `url:${message.key}|${host}`,
      name: host,
      attributes: { host },
      aliases: [{ kind: 'fqdn', value: host }],
    }
    const base = { confidence: HOST_ONLY, params: { host }, proof: proofOf(event) }
    yield { ...base, kind: 'links-to', from: message.id, to: page, at: null, reason: 'host_of_message' }
    yield { ...base, kind: 'clicked-by', from: page, to: userId, at: event.at, reason: 'click_of_message' }
  }
}

/** The one host a log names. */
const hostOf = (text: string | undefined): string | undefined =>
  text !== undefined && /^[a-z0-9.-]{1,253}$/i.test(text) ? text.toLowerCase() : undefined

import type { RetroRun } from '../contract/nouns/reputation.ts'
import type { EntityRef } from '../contract/shapes.ts'
import type { EntityKind } from '../model/relation.ts'
import { kindNumber } from '../store/event-columns.ts'
import type { ReadStore } from '../store/store.ts'
import { toIsoOrNull } from '../store/time.ts'
import { stringFinder } from '../store/strings.ts'
import { CopyStates } from './copy-state.ts'
import { messageEvents, type MessageEvent } from './message-events.ts'
import { RecipientTracer, type RecipientTrace } from './recipient-trace.ts'
import { SKEW_TOLERANCE } from './trace-relations.ts'
import { caseRatings, UNRANKED } from './url-ratings.ts'

/** What an exposure adds to the trace of a recipient; times in microseconds. */
export interface Exposure extends RecipientTrace {
  readonly openedAt: number | null
  readonly blockedAt: number | null
  readonly removedAt: number | null
  readonly passedOn: RetroRun['exposure'][number]['passedOn']
  readonly events: readonly string[]
}

const forwards = `SELECT r.id, r.first_at, e.id AS entity, e.kind, e.name FROM relation r JOIN entity e ON e.id = r.to_id
  WHERE r.from_id = ? AND r.kind = 'forwarded-as' ORDER BY r.first_at, e.id LIMIT 1000`
const sender =
  'SELECT from_address, subject FROM message WHERE entity_id = ? AND from_address IS NOT NULL ORDER BY id LIMIT 1'
const recipients = `SELECT DISTINCT r.address FROM message m JOIN message_recipient r ON r.message = m.id WHERE m.entity_id = ? LIMIT 1000`
const links = `SELECT DISTINCT u.id, u.url, u.host FROM message m JOIN message_url l ON l.message = m.id JOIN url u ON u.id = l.url_id
  WHERE m.entity_id = ? LIMIT 1000`
/** Of an endpoint also what it did in nobody's name. */
const requestsOf = (who: 'user_id' | 'endpoint_id'): string =>
  `SELECT v.id, v.at, o.v AS outcome, v.http_status AS status FROM json_each(@urls) j CROSS JOIN event v ON v.${who} = @who
   LEFT JOIN str o ON o.id = v.outcome WHERE (+v.user_id IS NULL OR +v.user_id = @user) AND v.at BETWEEN @from AND @to AND +v.kind = @kind AND v.url = j.value ORDER BY v.at LIMIT 50`
const contactsOf = (who: 'user_id' | 'endpoint_id'): string =>
  `SELECT v.id, v.at, v.destination_host AS host FROM event v WHERE v.${who} = @who AND (+v.user_id IS NULL OR +v.user_id = @user)
   AND v.at BETWEEN @from AND @to AND +v.kind IN (@request, @tls) AND v.destination_host IN (SELECT value FROM json_each(@hosts)) ORDER BY v.at LIMIT 50`

/** Requests of a person's machine are looked for this long after the delivery (link.opened looks as long). */
const WINDOW = 3 * 86_400_000_000
/** Looking through what a machine did in three days costs milliseconds; a mail to all staff has thousands of machines. */
const MAX_LOOKUPS = 3000

const REPLY = /^\s*(?:re|aw|sv|antw|回覆|回复|返信)\s*(?:\[\d+\])?\s*[:：]/iu
const BLOCKED_STATUS = 403

interface Contact {
  readonly id: number
  readonly at: number
  readonly blocked: boolean
  /** False: only the host is that of a link. */
  readonly isSure: boolean
}

/**
 * Who was exposed to a message and how far it went with each: on top of what relations tell ({@link RecipientTracer}), the events
 * that name the message (opened, removed, clicked, click stopped), requests of the recipient's machine or account for its links,
 * and the messages by which it was passed on.
 */
export class Exposures {
  readonly #db: ReadStore
  readonly #now: number
  readonly #tracer: RecipientTracer
  readonly #states: CopyStates
  readonly #forwards
  readonly #sender
  readonly #recipients
  readonly #links
  readonly #findText
  readonly #requests
  readonly #contacts
  #lookups = 0

  /** @param many true when thousands of messages will be asked about */
  constructor(db: ReadStore, now: number, many: boolean) {
    this.#db = db
    this.#now = now
    this.#tracer = new RecipientTracer(db, now, many)
    this.#states = new CopyStates(db, now)
    this.#forwards = db.prepare(forwards)
    this.#sender = db.prepare(sender)
    this.#recipients = db.prepare(recipients).pluck()
    this.#links = db.prepare(links)
    this.#findText = stringFinder(db)
    this.#requests = {
      user_id: db.prepare(requestsOf('user_id')),
      endpoint_id: db.prepare(requestsOf('endpoint_id')),
    }
    this.#contacts = {
      user_id: db.prepare(contactsOf('user_id')),
      endpoint_id: db.prepare(contactsOf('endpoint_id')),
    }
  }

  /**
   * @param message entity id; recipients come back by address, after them others who opened or ran something of it
   * @param mailboxes entity ids: those with other mailboxes, or none, are left out
   */
  of(message: number, mailboxes?: ReadonlySet<number>): Exposure[] {
    const all = this.#tracer.trace(message)
    const traces = mailboxes ? all.filter(({ mailbox }) => mailbox && mailboxes.has(Number(mailbox.id))) : all
    const named = messageEvents(this.#db, this.#now)
    const wanted = this.#linksOf(message)
    const clicks = wanted.urls.flatMap((url) => named.clicksOf.get(url) ?? [])
    const events = [...(named.ofMessage.get(message) ?? []), ...clicks]
    const passed = this.#passedOn(message)
    const isOnly = all.filter((one) => one.isRecipient).length === 1
    return traces.map((trace): Exposure => {
      const since = trace.deliveredAt === null ? -Infinity : trace.deliveredAt - SKEW_TOLERANCE
      const mine = events.filter(
        (event) =>
          (event.at === null || event.at >= since) && belongsTo(event, trace, isOnly && trace.isRecipient),
      )
      const followed = mine.filter((event) => event.kind === 'url-click')
      const contacts = this.#contactsOf(trace, wanted)
      const opened = mine.filter((event) => event.kind === 'mailbox-access')
      const open = followed.filter((event) => event.outcome !== 'failure')
      const blocked = followed.filter((event) => event.outcome === 'failure')
      const used = [...opened, ...followed, ...contacts]
      const visits = contacts.filter((one) => !one.blocked)
      const isPerhaps = trace.perhaps.includes('clicked')
      const sure = earliest(
        isPerhaps ? null : trace.clickedAt,
        firstOf(open),
        firstOf(visits.filter((one) => one.isSure)),
      )
      const clickedAt = sure ?? earliest(trace.clickedAt, firstOf(visits))
      return {
        ...trace,
        openedAt: firstOf(opened),
        clickedAt,
        perhaps: [
          ...(sure === null && open.length === 0 && (clickedAt !== null || isPerhaps)
            ? (['clicked'] as const)
            : []),
          ...trace.perhaps.filter((one) => one !== 'clicked'),
        ],
        blockedAt: earliest(firstOf(blocked), firstOf(contacts.filter((one) => one.blocked))),
        isTouched: trace.isTouched || open.length > 0 || visits.length > 0,
        endpoint: trace.endpoint ?? this.#place(open),
        // What never came to the mailbox did not leave it.
        removedAt: trace.isDelivered ? this.#states.of(message, trace.addresses).removedAt : null,
        passedOn: passed.filter((one) => trace.addresses.includes(one.sender)).map(({ row }) => row),
        events: [...new Set(used.map((event) => String(event.id)))].slice(0, 50),
      }
    })
  }

  #linksOf(message: number): { urls: string[]; hosts: string[] } {
    const rows = this.#links.all(message) as { id: number; url: string; host: string }[]
    // A newsletter names sites that everybody visits: contact with the host alone speaks only where packs speak against the link.
    const { rank } = caseRatings(this.#db, this.#now)
    const bad = rows.filter((row) => (rank.get(row.id) ?? UNRANKED) < UNRANKED)
    return { urls: rows.map((row) => row.url), hosts: [...new Set(bad.map((row) => row.host))] }
  }

  #place(events: readonly MessageEvent[]): EntityRef | null {
    const id = events.find((event) => event.endpointId !== null)?.endpointId
    if (id === undefined || id === null) return null
    const row = this.#db.prepare('SELECT name FROM entity WHERE id = ?').pluck().get(id) as string | undefined
    return row === undefined ? null : { id: String(id), kind: 'endpoint', name: row }
  }

  /** Requests of the recipient, by account or machine, for a link; or for its host, when nothing of them had asked for it before. */
  #contactsOf(trace: RecipientTrace, { urls, hosts }: { urls: string[]; hosts: string[] }): Contact[] {
    if (trace.deliveredAt === null || urls.length === 0 || this.#lookups > MAX_LOOKUPS) return []
    const texts = JSON.stringify(this.#idsOf(urls))
    const names = JSON.stringify(this.#idsOf(hosts))
    const found: Contact[] = []
    const places: (readonly ['user_id' | 'endpoint_id', EntityRef | null])[] = [
      ['user_id', trace.user],
      ['endpoint_id', trace.endpoint],
    ]
    for (const [who, entity] of places) {
      if (entity === null || entity.kind === 'mailbox') continue
      this.#lookups += 1
      const span = {
        who: Number(entity.id),
        // On a machine of several what another one asked for is not the recipient's.
        user: trace.user === null ? null : Number(trace.user.id),
        from: trace.deliveredAt - SKEW_TOLERANCE,
        to: trace.deliveredAt + WINDOW,
      }
      type Request = { id: number; at: number; outcome: string | null; status: number | null }
      const requests =
        texts === '[]'
          ? []
          : (this.#requests[who].all({ ...span, urls: texts, kind: kindNumber('http-request') }) as Request[])
      for (const { id, at, outcome, status } of requests)
        found.push({ id, at, blocked: outcome === 'failure' || status === BLOCKED_STATUS, isSure: true })
      if (requests.length > 0 || names === '[]') continue
      const kinds = { request: kindNumber('http-request'), tls: kindNumber('tls-connection'), hosts: names }
      type Row = { id: number; at: number; host: number }
      const before = this.#contacts[who].all({ ...span, ...kinds, from: -8e15, to: span.from - 1 }) as Row[]
      const known = new Set(before.map((row) => row.host))
      const after = (this.#contacts[who].all({ ...span, ...kinds }) as Row[]).find(
        (row) => !known.has(row.host),
      )
      if (after !== undefined) found.push({ id: after.id, at: after.at, blocked: false, isSure: false })
    }
    return found
  }

  #idsOf(texts: readonly string[]): number[] {
    return texts.flatMap((text) => this.#findText(text) ?? [])
  }

  #passedOn(message: number): { sender: string; row: Exposure['passedOn'][number] }[] {
    type Row = { id: number; first_at: number | null; entity: number; kind: EntityKind; name: string }
    const rows = this.#forwards.all(message) as Row[]
    const from = (this.#sender.get(message) as { from_address: string } | undefined)?.from_address
    return rows.flatMap((row) => {
      const next = this.#sender.get(row.entity) as { from_address: string; subject: string } | undefined
      if (next === undefined) return []
      const to = this.#recipients.all(row.entity) as string[]
      const isReply = REPLY.test(next.subject) || (from !== undefined && to.length === 1 && to[0] === from)
      return [
        {
          sender: next.from_address,
          row: {
            kind: isReply ? ('reply' as const) : ('forward' as const),
            message: { id: String(row.entity), kind: row.kind, name: row.name },
            at: toIsoOrNull(row.first_at),
            relation: String(row.id),
          },
        },
      ]
    })
  }
}

/** Named by address or account; by nobody: the only recipient's. */
function belongsTo(event: MessageEvent, trace: RecipientTrace, isOnly: boolean): boolean {
  if (event.mailbox !== '' && trace.addresses.includes(event.mailbox)) return true
  if (event.userId !== null && trace.user !== null) return String(event.userId) === trace.user.id
  return event.mailbox === '' && event.userId === null && isOnly
}

const earliest = (...times: readonly (number | null)[]): number | null =>
  times.reduce((a, b) => (a === null ? b : b === null ? a : Math.min(a, b)), null)

const firstOf = (events: readonly { readonly at: number | null }[]): number | null =>
  earliest(...events.map((event) => event.at))

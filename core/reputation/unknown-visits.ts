import { isLinkScanner } from '../normalise/link-scanner.ts'
import { parseUrl } from '../normalise/url.ts'
import { kindNumber } from '../store/event-columns.ts'
import type { ReadStore } from '../store/store.ts'
import { oncePerState } from './case-cache.ts'
import { caseRatings, UNRANKED } from './url-ratings.ts'
import { SKEW_TOLERANCE } from './trace-relations.ts'

/** Requests for a link of a message by somebody of whom the evidence knows only where the request came from. */
export interface UnknownVisit {
  /** The account as the log writes it, else name or address of the machine that asked. */
  readonly source: string
  /** First request that went through; of a visit that was stopped the first try. Microseconds UTC. */
  readonly at: number
  readonly isBlocked: boolean
  /** Ids. */
  readonly events: readonly number[]
}

interface Request {
  readonly id: number
  readonly at: number
  readonly url: string
  readonly source: string
  readonly isBlocked: boolean
}

const requests = `SELECT v.id, v.at, u.v AS url, c.v AS account, h.v AS host, i.v AS ip, g.v AS agent, o.v AS outcome, a.v AS action,
    v.http_status AS status
  FROM event v JOIN str u ON u.id = v.url LEFT JOIN str c ON c.id = v.account LEFT JOIN str h ON h.id = v.source_host
  LEFT JOIN str i ON i.id = v.source_ip LEFT JOIN str g ON g.id = v.user_agent LEFT JOIN str o ON o.id = v.outcome
  LEFT JOIN str a ON a.id = v.action
  WHERE v.kind = ? AND v.user_id IS NULL AND v.endpoint_id IS NULL AND v.at IS NOT NULL`
const mailed = 'SELECT DISTINCT u.url FROM message_url l JOIN url u ON u.id = l.url_id'
/** Events of which a relation already says whose they are: the machine had that address then. */
const explained = `SELECT p.event_id FROM relation r JOIN relation_proof p ON p.relation_id = r.id
  WHERE r.from_id = ? AND r.kind IN ('clicked-by', 'opened-on') AND p.event_id IS NOT NULL`
const linksOf = `SELECT DISTINCT u.id, u.url, u.entity_id AS entity FROM message m JOIN message_url l ON l.message = m.id
  JOIN url u ON u.id = l.url_id WHERE m.entity_id = ? LIMIT 1000`
const messagesWith = `SELECT DISTINCT m.entity_id FROM message_url l JOIN message m ON m.id = l.message
  WHERE l.url_id = ? AND m.entity_id IS NOT NULL ORDER BY coalesce(m.delivered_at, m.sent_at), m.id LIMIT 2`
const cameAt = 'SELECT min(coalesce(delivered_at, sent_at)) FROM message WHERE entity_id = ?'

/** Sources named for one message: behind them the list is for the timeline. */
const MAX_SOURCES = 100
/** Events named as proof of one source. */
const MAX_EVENTS = 50
const BLOCKED_STATUS = 403

/** Requests in nobody's name, of no endpoint, for links that stand in mail; by the normal form of the link. */
const unattributed = oncePerState((db: ReadStore): ReadonlyMap<string, readonly Request[]> => {
  const links = new Set(db.prepare(mailed).pluck().all() as string[])
  if (links.size === 0) return new Map()
  type Row = {
    id: number
    at: number
    url: string
    status: number | null
  } & Record<'account' | 'host' | 'ip' | 'agent' | 'outcome' | 'action', string | null>
  const found: Request[] = []
  for (const row of db.prepare(requests).iterate(kindNumber('http-request')) as IterableIterator<Row>) {
    const url = links.has(row.url) ? row.url : parseUrl(row.url)?.text
    const source = row.account ?? row.host ?? row.ip
    if (url === undefined || !links.has(url) || source === null || isLinkScanner(row.agent)) continue
    const isBlocked =
      row.outcome === 'failure' ||
      row.status === BLOCKED_STATUS ||
      /block|den(?:y|ied)|drop|reset/i.test(row.action ?? '')
    found.push({ id: row.id, at: row.at, url, source, isBlocked })
  }
  return Map.groupBy(
    found.sort((a, b) => a.at - b.at || a.id - b.id),
    ({ url }) => url,
  )
})

/**
 * Who followed a link of a message and is nobody known: a proxy behind address translation names neither account nor machine. It belongs
 * to no recipient, and must not be lost.
 */
export class UnknownVisits {
  readonly #db: ReadStore
  readonly #now: number
  readonly #links
  readonly #explained
  readonly #messages
  readonly #cameAt
  /** Answers by link: one of a campaign stands in thousands of messages, and is asked for with each of them. */
  readonly #holders = new Map<number, readonly number[]>()
  readonly #strangers = new Map<string, readonly Request[]>()
  constructor(db: ReadStore, now: number) {
    this.#db = db
    this.#now = now
    this.#links = db.prepare(linksOf)
    this.#explained = db.prepare(explained).pluck()
    this.#messages = db.prepare(messagesWith).pluck()
    this.#cameAt = db.prepare(cameAt).pluck()
  }

  /** @param message entity id; sources in the order of their first request */
  of(message: number): UnknownVisit[] {
    const known = unattributed(this.#db, this.#now)
    if (known.size === 0) return []
    const came = this.#cameAt.get(message) as number | null
    const since = came === null ? -Infinity : came - SKEW_TOLERANCE
    const found = new Map<string, Request[]>()
    type Link = { id: number; url: string; entity: number | null }
    for (const link of this.#links.all(message) as Link[]) {
      const all = known.get(link.url)
      if (all === undefined || !this.#isAccountedHere(message, link.id)) continue
      for (const request of this.#ofStrangers(link, all)) {
        if (request.at < since) continue
        const own = found.get(request.source)
        if (own === undefined) found.set(request.source, [request])
        else own.push(request)
      }
    }
    return [...found]
      .map(([source, own]) => toVisit(source, own))
      .sort((a, b) => a.at - b.at)
      .slice(0, MAX_SOURCES)
  }

  /** Requests of sources of which no relation says whose they are. */
  #ofStrangers(
    { url, entity }: { readonly url: string; readonly entity: number | null },
    all: readonly Request[],
  ): readonly Request[] {
    const known = this.#strangers.get(url)
    if (known !== undefined) return known
    const events = new Set(entity === null ? [] : (this.#explained.all(entity) as number[]))
    const sources = new Set(all.flatMap(({ id, source }) => (events.has(id) ? [source] : [])))
    const left = all.filter(({ source }) => !sources.has(source))
    this.#strangers.set(url, left)
    return left
  }

  /** A link of several messages was asked for once: the first of them accounts for it, and only where packs speak against the link. */
  #isAccountedHere(message: number, url: number): boolean {
    let holders = this.#holders.get(url)
    if (holders === undefined) this.#holders.set(url, (holders = this.#messages.all(url) as number[]))
    const [first, second] = holders
    if (second === undefined) return true
    const { rank } = caseRatings(this.#db, this.#now)
    return first === message && (rank.get(url) ?? UNRANKED) < UNRANKED
  }
}

function toVisit(source: string, own: readonly Request[]): UnknownVisit {
  const through = own.filter((request) => !request.isBlocked)
  const counted = through.length > 0 ? through : own
  return {
    source,
    at: counted.reduce((first, { at }) => Math.min(first, at), Infinity),
    isBlocked: through.length === 0,
    events: counted.slice(0, MAX_EVENTS).map(({ id }) => id),
  }
}

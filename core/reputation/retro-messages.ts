import type { ReadStore } from '../store/store.ts'
import { parseUrl, type NormalUrl } from '../normalise/url.ts'
import type { MessageFacts } from './judge.ts'

/** A link of a logical message; body wins when the same URL stands in both places. */
export interface RetroLink {
  readonly urlId: number
  where: 'body' | 'attachment'
}

/** One logical message (all copies of one message entity) as the retro scan judges it. */
export interface RetroMessage {
  readonly entityId: number
  /** First delivery, else first sending, in microseconds; null when no copy knows a time. */
  readonly at: number | null
  readonly message: MessageFacts
  readonly links: readonly RetroLink[]
}

/** A stored URL, parsed once for all its messages. */
export interface RetroUrl {
  readonly id: number
  readonly entityId: number | null
  readonly text: string
  readonly normal: NormalUrl | undefined
}

const urls = 'SELECT id, url, entity_id FROM url WHERE id IN (SELECT url_id FROM message_url) ORDER BY id'
const plain = `SELECT id, entity_id, from_address, delivered_at, sent_at, '[]' AS headers FROM message WHERE entity_id IS NOT NULL ORDER BY entity_id, id`
const withHeaders = `SELECT id, entity_id, from_address, delivered_at, sent_at, headers FROM message WHERE entity_id IS NOT NULL ORDER BY entity_id, id`
const links = 'SELECT message, url_id, place FROM message_url'
const recipients = 'SELECT message, address FROM message_recipient'
const uncorrelated = `SELECT url_id FROM message_url WHERE message IN (SELECT id FROM message WHERE entity_id IS NULL)
  GROUP BY message, url_id`

interface CopyRow {
  id: number
  entity_id: number
  from_address: string | null
  delivered_at: number | null
  sent_at: number | null
  headers: string
}

/** All URLs that stand in stored mail. */
export function readRetroUrls(db: ReadStore): Map<number, RetroUrl> {
  const found = new Map<number, RetroUrl>()
  for (const row of db.prepare(urls).iterate() as IterableIterator<{
    id: number
    url: string
    entity_id: number | null
  }>) {
    found.set(row.id, { id: row.id, entityId: row.entity_id, text: row.url, normal: parseUrl(row.url) })
  }
  return found
}

/** Ids of URLs in mail that no correlation has seen, once per message: {@link readRetroMessages} leaves that mail out. */
export const readUncorrelatedUrls = (db: ReadStore): number[] =>
  db.prepare(uncorrelated).pluck().all() as number[]

function groupBy<T>(rows: IterableIterator<T>, keyOf: (row: T) => number): Map<number, T[]> {
  const groups = new Map<number, T[]>()
  for (const row of rows) {
    const group = groups.get(keyOf(row))
    if (group === undefined) groups.set(keyOf(row), [row])
    else group.push(row)
  }
  return groups
}

/**
 * All logical messages that hold a link, by entity id. Headers and recipients are read only when the policy asks for them: they
 * are most of the bytes of a mail case.
 */
export function* readRetroMessages(
  db: ReadStore,
  needs: { readonly headers: boolean; readonly recipients: boolean },
): Iterable<RetroMessage> {
  type LinkRow = { message: number; url_id: number; place: string }
  type RecipientRow = { message: number; address: string }
  const linksOf = groupBy(db.prepare(links).iterate() as IterableIterator<LinkRow>, (row) => row.message)
  const to = needs.recipients
    ? groupBy(db.prepare(recipients).iterate() as IterableIterator<RecipientRow>, (row) => row.message)
    : new Map<number, RecipientRow[]>()
  let copies: CopyRow[] = []
  const combine = (): RetroMessage | undefined => {
    const [first] = copies
    const found = new Map<number, RetroLink>()
    for (const copy of copies) {
      for (const { url_id: urlId, place } of linksOf.get(copy.id) ?? []) {
        const link = found.get(urlId)
        const where = place === 'attachment' ? 'attachment' : 'body'
        if (link === undefined) found.set(urlId, { urlId, where })
        else if (where === 'body') link.where = 'body'
      }
    }
    if (first === undefined || found.size === 0) return undefined
    const addresses = copies.flatMap((copy) => (to.get(copy.id) ?? []).map((row) => row.address))
    const message = {
      from: copies.find((copy) => copy.from_address !== null)?.from_address ?? null,
      to: [...new Set(addresses)],
      headers: copies.flatMap((copy) => JSON.parse(copy.headers) as { name: string; value: string }[]),
    }
    return { entityId: first.entity_id, at: firstTime(copies), message, links: [...found.values()] }
  }
  const statement = db.prepare(needs.headers ? withHeaders : plain)
  for (const row of statement.iterate() as IterableIterator<CopyRow>) {
    if (copies[0] !== undefined && copies[0].entity_id !== row.entity_id) {
      const message = combine()
      if (message) yield message
      copies = []
    }
    copies.push(row)
  }
  const message = combine()
  if (message) yield message
}

function firstTime(copies: readonly CopyRow[]): number | null {
  const delivered = copies.flatMap((copy) => (copy.delivered_at === null ? [] : [copy.delivered_at]))
  const times =
    delivered.length > 0 ? delivered : copies.flatMap((copy) => (copy.sent_at === null ? [] : [copy.sent_at]))
  return times.length === 0 ? null : times.reduce((a, b) => Math.min(a, b))
}

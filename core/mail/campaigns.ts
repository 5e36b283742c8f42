import type { CampaignRef, CampaignRow } from '../contract/nouns/mail.ts'
import type { Page } from '../contract/shapes.ts'
import { oncePerState } from '../reputation/case-cache.ts'
import { severityOf, worseOf } from '../reputation/severity.ts'
import { caseRatings, type RiskThenNow } from '../reputation/url-ratings.ts'
import { readIdCursor } from '../store/cursor.ts'
import type { ReadStore } from '../store/store.ts'
import { toIsoOrNull } from '../store/time.ts'
import { messageTimes } from './message-index.ts'

const copiesOf = 'SELECT id, entity_id AS entity FROM message WHERE entity_id IS NOT NULL'
const linksOf = 'SELECT message, url_id AS url FROM message_url'
const attachmentsOf = `SELECT m.entity_id AS entity, coalesce(a.sha256, a.sha1, a.name) AS value FROM attachment a
  JOIN message m ON m.id = a.message WHERE m.entity_id IS NOT NULL`
const sendersOf = `SELECT entity_id AS entity, from_address AS value FROM message
  WHERE entity_id IS NOT NULL AND from_address IS NOT NULL`

/** Messages that share one thing, with the worst risk that counts for it. */
class Group {
  readonly by: CampaignRef['by']
  readonly value: string
  readonly entities = new Set<number>()
  risk: RiskThenNow = NO_RISK
  constructor(by: CampaignRef['by'], value: string) {
    this.by = by
    this.value = value
  }
  add(entity: number, risk: RiskThenNow | undefined): void {
    this.entities.add(entity)
    if (risk !== undefined) this.risk = worst(this.risk, risk)
  }
}
const NO_RISK: RiskThenNow = Object.freeze({ then: null, now: null })
const worst = (a: RiskThenNow, b: RiskThenNow): RiskThenNow => ({
  then: worseOf(a.then, b.then),
  now: worseOf(a.now, b.now),
})

class Groups {
  readonly #by: CampaignRef['by']
  readonly #groups = new Map<string, Group>()
  constructor(by: CampaignRef['by']) {
    this.#by = by
  }
  of(value: string): Group {
    const group = this.#groups.get(value) ?? new Group(this.#by, value)
    this.#groups.set(value, group)
    return group
  }
  /** What only one message has is no campaign. */
  shared(): Group[] {
    return [...this.#groups.values()].filter((group) => group.entities.size > 1)
  }
}

/** All groups of two and more messages, the largest first; per state of the case. */
const campaigns = oncePerState((db: ReadStore, now: number): readonly Group[] => {
  const { ratings, byId } = caseRatings(db, now)
  const times = new Map(messageTimes(db, now).map((message) => [message.id, message.at]))
  const risks = new Map<number, RiskThenNow>()
  const hosts = new Groups('url')
  const entityOf = new Map<number, number>()
  for (const row of db.prepare(copiesOf).iterate() as IterableIterator<{ id: number; entity: number }>) {
    entityOf.set(row.id, row.entity)
  }
  for (const link of db.prepare(linksOf).iterate() as IterableIterator<{ message: number; url: number }>) {
    const url = byId.get(link.url)
    const entity = entityOf.get(link.message)
    if (url === undefined || entity === undefined) continue
    const risk = ratings.risk(url.normal, times.get(entity) ?? null)
    risks.set(entity, worst(risks.get(entity) ?? NO_RISK, risk))
    // Only the shared links count here: what else stands in such a mail says nothing about their host.
    if (url.host !== '') hosts.of(url.host).add(entity, risk)
  }
  const others = (
    [
      ['attachment', attachmentsOf],
      ['sender', sendersOf],
    ] as const
  ).map(([by, sql]) => {
    const groups = new Groups(by)
    for (const { entity, value } of db.prepare(sql).iterate() as IterableIterator<{
      entity: number
      value: string
    }>) {
      groups.of(value).add(entity, risks.get(entity))
    }
    return groups
  })
  return [hosts, ...others]
    .flatMap((groups) => groups.shared())
    .sort((a, b) => b.entities.size - a.entities.size || compare(a.by, b.by) || compare(a.value, b.value))
})
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const hashesOfName = 'SELECT coalesce(sha256, sha1, name) FROM attachment WHERE name = @value'
const attachmentName = 'SELECT min(name) FROM attachment WHERE sha256 = @value OR sha1 = @value'
const span = `SELECT min(coalesce(m.delivered_at, m.sent_at)) AS first, max(coalesce(m.delivered_at, m.sent_at)) AS last
  FROM json_each(?) i CROSS JOIN message m ON m.entity_id = i.value`
const boxes = `SELECT count(DISTINCT r.to_id) FROM json_each(?) i CROSS JOIN relation r ON r.from_id = i.value AND r.kind = 'delivered-to'`
const addresses = `SELECT count(DISTINCT r.address) FROM json_each(?) i CROSS JOIN message m ON m.entity_id = i.value
  CROSS JOIN message_recipient r ON r.message = m.id`

/** Messages of a campaign; none when there is no such campaign. */
export const campaignMessages = (db: ReadStore, now: number, named: CampaignRef): ReadonlySet<number> =>
  findGroup(db, now, named)?.entities ?? new Set()

/** An attachment may be called by its name as well: the largest group of that name. */
function findGroup(db: ReadStore, now: number, { by, value }: CampaignRef): Group | undefined {
  const groups = campaigns(db, now).filter((group) => group.by === by)
  const exact = groups.find((group) => group.value === value)
  if (exact || by !== 'attachment') return exact
  const hashes = new Set(db.prepare(hashesOfName).pluck().all({ value }))
  return groups.find((group) => hashes.has(group.value))
}

/** The same, what is or was the most dangerous before. */
const campaignsByRisk = oncePerState((db: ReadStore, now: number): readonly Group[] => {
  const severity = ({ risk }: Group): number => {
    const worse = worseOf(risk.then, risk.now)
    return worse === null ? Infinity : severityOf(worse)
  }
  return campaigns(db, now).toSorted((a, b) =>
    severity(a) < severity(b) ? -1 : severity(a) > severity(b) ? 1 : 0,
  )
})

export interface CampaignPage {
  readonly order?: 'size' | 'risk'
  readonly named?: CampaignRef | null | undefined
  readonly cursor?: string | null | undefined
  readonly limit: number
}

/**
 * Messages that share a link host, an attachment (by hash, shown by name) or the sender, larger groups first. Risk of a host is
 * that of its links, of an attachment or sender that of the messages.
 */
export function listCampaigns(
  db: ReadStore,
  now: number,
  { named, order, cursor, limit }: CampaignPage,
): Page<CampaignRow> {
  const sorted = order === 'risk' ? campaignsByRisk : campaigns
  const all = named ? [findGroup(db, now, named)].filter((group) => group !== undefined) : sorted(db, now)
  const after = readIdCursor(cursor)
  const title = db.prepare(attachmentName).pluck()
  const times = db.prepare(span)
  const delivered = db.prepare(boxes).pluck()
  const addressed = db.prepare(addresses).pluck()
  return {
    rows: all.slice(after, after + limit).map(({ by, value, entities, risk }) => {
      const text = JSON.stringify([...entities])
      const { first, last } = times.get(text) as { first: number | null; last: number | null }
      return {
        by,
        value,
        name: by === 'attachment' ? ((title.get({ value }) as string | null) ?? value) : value,
        messages: entities.size,
        mailboxes: (delivered.get(text) as number) || (addressed.get(text) as number),
        firstAt: toIsoOrNull(first),
        lastAt: toIsoOrNull(last),
        risk,
      }
    }),
    next: after + limit < all.length ? String(after + limit) : null,
    total: all.length,
  }
}

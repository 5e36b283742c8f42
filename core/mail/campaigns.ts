import type { ResultOf } from '../contract/types.ts'
import { oncePerState } from '../reputation/case-cache.ts'
import { riskOfMessages } from '../reputation/risk.ts'
import { worseOf } from '../reputation/severity.ts'
import { ratingsFor, type RiskThenNow } from '../reputation/url-ratings.ts'
import type { ReadStore } from '../store/store.ts'
import { toIsoOrNull } from '../store/time.ts'

type Campaign = ResultOf<'mail.campaigns'>[number]

/** One message that shares something. */
interface Member {
  readonly value: string
  readonly entity: number
}

const byHost = `SELECT DISTINCT u.host AS value, m.entity_id AS entity FROM message_url l JOIN url u ON u.id = l.url_id
  JOIN message m ON m.id = l.message WHERE m.entity_id IS NOT NULL AND u.host <> ''`
const byAttachment = `SELECT DISTINCT coalesce(a.sha256, a.sha1, a.name) AS value, m.entity_id AS entity FROM attachment a
  JOIN message m ON m.id = a.message WHERE m.entity_id IS NOT NULL`
const bySender = `SELECT DISTINCT from_address AS value, entity_id AS entity FROM message WHERE entity_id IS NOT NULL AND from_address IS NOT NULL`
const attachmentName = 'SELECT min(name) FROM attachment WHERE sha256 = @value OR sha1 = @value'

/** Ids listed of one campaign: a newsletter's host joins the whole mailbox; `messages` holds the full count. */
const MAX_IDS = 1000

interface Group {
  readonly by: Campaign['by']
  readonly value: string
  readonly entities: readonly number[]
}

/** Groups of two and more messages, the largest first; per state of the case. */
const groups = oncePerState((db: ReadStore): readonly Group[] => {
  const found: Group[] = []
  for (const [by, sql] of [
    ['url', byHost],
    ['attachment', byAttachment],
    ['sender', bySender],
  ] as const) {
    const members = new Map<string, number[]>()
    for (const { value, entity } of db.prepare(sql).iterate() as IterableIterator<Member>) {
      const group = members.get(value)
      if (group === undefined) members.set(value, [entity])
      else group.push(entity)
    }
    for (const [value, entities] of members) {
      if (entities.length > 1) found.push({ by, value, entities: entities.sort((a, b) => a - b) })
    }
  }
  return found.sort(
    (a, b) =>
      b.entities.length - a.entities.length ||
      (a.by === b.by ? 0 : a.by < b.by ? -1 : 1) ||
      (a.value < b.value ? -1 : 1),
  )
})

const span = `SELECT min(coalesce(m.delivered_at, m.sent_at)) AS first, max(coalesce(m.delivered_at, m.sent_at)) AS last
  FROM json_each(?) i JOIN message m ON m.entity_id = i.value`
const boxes = `SELECT count(DISTINCT r.to_id) FROM json_each(?) i JOIN relation r ON r.from_id = i.value AND r.kind = 'delivered-to'`
const addresses = `SELECT count(DISTINCT r.address) FROM json_each(?) i JOIN message m ON m.entity_id = i.value
  JOIN message_recipient r ON r.message = m.id`

const linksOfHost = `SELECT u.url, min(coalesce(m.delivered_at, m.sent_at)) AS at FROM json_each(@ids) i
  JOIN message m ON m.entity_id = i.value JOIN message_url l ON l.message = m.id JOIN url u ON u.id = l.url_id
  WHERE u.host = @host GROUP BY u.id`

/** Only the shared links count: what else stands in such a mail says nothing about their host. */
function riskOfHost(db: ReadStore, now: number, host: string, ids: string): RiskThenNow[] {
  const ratings = ratingsFor(db, [host], now)
  const links = db.prepare(linksOfHost).all({ ids, host }) as { url: string; at: number | null }[]
  return links.map((link) => ratings.risk(link.url, link.at))
}

/** Messages that share a link host, an attachment or the sender, larger groups first. */
export function listCampaigns(db: ReadStore, now: number, limit: number): Campaign[] {
  const name = db.prepare(attachmentName).pluck()
  return groups(db, now)
    .slice(0, limit)
    .map(({ by, value, entities }) => {
      const ids = JSON.stringify(entities)
      const times = db.prepare(span).get(ids) as { first: number | null; last: number | null }
      const delivered = db.prepare(boxes).pluck().get(ids) as number
      const risks =
        by === 'url' ? riskOfHost(db, now, value, ids) : [...riskOfMessages(db, entities, now).values()]
      const label = by === 'attachment' ? (name.get({ value }) as string | null) : null
      return {
        by,
        value: label ?? value,
        messages: entities.length,
        mailboxes: delivered > 0 ? delivered : (db.prepare(addresses).pluck().get(ids) as number),
        firstAt: toIsoOrNull(times.first),
        lastAt: toIsoOrNull(times.last),
        risk: {
          then: risks.reduce<Campaign['risk']['then']>((worst, risk) => worseOf(worst, risk.then), null),
          now: risks.reduce<Campaign['risk']['now']>((worst, risk) => worseOf(worst, risk.now), null),
        },
        messageIds: entities.slice(0, MAX_IDS).map(String),
      }
    })
}

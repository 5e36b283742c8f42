import type { PatternScope, RiskLevel } from '../model/verdict.ts'
import { parseUrl } from '../normalise/url.ts'
import type { ReadStore } from '../store/store.ts'
import { citePack } from './packs-stored.ts'
import { worseOf } from './severity.ts'
import { ratingsFor, type RiskThenNow } from './url-ratings.ts'

/** What the packs say of a stored URL now. */
export interface UrlRisk {
  readonly now: RiskLevel | null
  readonly entry: string | null
  readonly pack: string | null
  readonly scope: PatternScope | null
}

/** Ids travel as one JSON array: any number of them in one statement. */
const urls = 'SELECT u.id, u.url, u.host FROM json_each(?) i CROSS JOIN url u ON u.id = i.value'

/** Risk now of stored URLs by row id; `now` is null for all while the case holds no pack. @param at microseconds */
export function riskOfUrls(db: ReadStore, urlIds: Iterable<number>, at: number): Map<number, UrlRisk> {
  const rows = db.prepare(urls).all(JSON.stringify([...urlIds])) as {
    id: number
    url: string
    host: string
  }[]
  const ratings = ratingsFor(
    db,
    rows.map((row) => row.host),
    at,
  )
  const { packs } = ratings.shelf
  return new Map(
    rows.map((row) => {
      const { level, entry } = ratings.now(parseUrl(row.url))
      const pack = entry === null ? undefined : packs[entry.pack]
      const cited = pack === undefined ? null : citePack(pack)
      return [
        row.id,
        {
          now: packs.length === 0 ? null : level,
          entry: entry?.text ?? null,
          pack: cited,
          scope: entry?.scope ?? null,
        },
      ]
    }),
  )
}

const links = `SELECT m.entity_id AS entity, u.url, u.host, coalesce(min(m.delivered_at), min(m.sent_at)) AS at
  FROM json_each(@ids) i CROSS JOIN message m ON m.entity_id = i.value
  CROSS JOIN message_url l ON l.message = m.id CROSS JOIN url u ON u.id = l.url_id
  GROUP BY m.entity_id, u.id`

/** URLs by their own entity, and attachments by the links inside them; the first delivery is the time of "then". */
const urlEntities = `SELECT u.entity_id AS entity, u.url, u.host, coalesce(min(m.delivered_at), min(m.sent_at)) AS at
  FROM json_each(@ids) i CROSS JOIN url u ON u.entity_id = i.value
  LEFT JOIN message_url l ON l.url_id = u.id LEFT JOIN message m ON m.id = l.message
  GROUP BY u.id
  UNION ALL SELECT a.entity_id, u.url, u.host, coalesce(min(m.delivered_at), min(m.sent_at))
  FROM attachment a CROSS JOIN message_url l ON l.message = a.message AND l.attachment = a.position
  CROSS JOIN message m ON m.id = a.message CROSS JOIN url u ON u.id = l.url_id
  WHERE a.entity_id IN (SELECT value FROM json_each(@ids))
  GROUP BY a.entity_id, u.id`

/**
 * Risk of messages by entity id: the worst of their URLs, at delivery and now. A message without links is not in the map.
 * @param at microseconds: now
 */
export const riskOfMessages = (
  db: ReadStore,
  entityIds: Iterable<number>,
  at: number,
): Map<number, RiskThenNow> => worstOf(db, links, entityIds, at)

/** Risk of url and attachment entities by entity id. @param at microseconds: now */
export const riskOfUrlEntities = (
  db: ReadStore,
  entityIds: Iterable<number>,
  at: number,
): Map<number, RiskThenNow> => worstOf(db, urlEntities, entityIds, at)

interface LinkRow {
  readonly entity: number
  readonly url: string
  readonly host: string
  readonly at: number | null
}

/** The worst of all links of each entity. */
function worstOf(
  db: ReadStore,
  sql: string,
  entityIds: Iterable<number>,
  at: number,
): Map<number, RiskThenNow> {
  const rows = db.prepare(sql).all({ ids: JSON.stringify([...entityIds]) }) as LinkRow[]
  const ratings = ratingsFor(
    db,
    rows.map((row) => row.host),
    at,
  )
  const found = new Map<number, RiskThenNow>()
  for (const row of rows) {
    const before = found.get(row.entity)
    const { then, now } = ratings.risk(parseUrl(row.url), row.at)
    found.set(row.entity, {
      then: worseOf(before?.then ?? null, then),
      now: worseOf(before?.now ?? null, now),
    })
  }
  return found
}

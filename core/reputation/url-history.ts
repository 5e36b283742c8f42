import type { ResultOf } from '../contract/types.ts'
import { WorkbenchError } from '../model/errors.ts'
import { parseUrl } from '../normalise/url.ts'
import type { ReadStore } from '../store/store.ts'
import { toIso, toIsoOrNull } from '../store/time.ts'
import { citePack } from './packs-stored.ts'
import { loadShelf } from './shelf-load.ts'

const find = 'SELECT url, host FROM url WHERE id = ?'
/** A link in a mail footer can stand in every message of the company; the earliest deliveries are what matters. */
const MAX_DELIVERIES = 10_000
const deliveries = `SELECT DISTINCT m.entity_id, e.name, coalesce(m.mailbox, '') AS mailbox, coalesce(m.delivered_at, m.sent_at) AS at
  FROM message_url l JOIN message m ON m.id = l.message JOIN entity e ON e.id = m.entity_id
  WHERE l.url_id = ? ORDER BY at IS NULL, at, m.id LIMIT ?`

/**
 * What each pack alone says of a URL, oldest pack first, and the messages that brought it. Expired entries are judged at the time
 * of their own pack, so that the history shows what the pack said when it came.
 * @throws WorkbenchError `request.not_found`
 */
export function getUrlHistory(db: ReadStore, id: number): ResultOf<'url.history'> {
  const row = db.prepare(find).get(id) as { url: string; host: string } | undefined
  if (row === undefined) throw new WorkbenchError('request.not_found', { what: `url ${id}` })
  const shelf = loadShelf(db, [row.host])
  const url = parseUrl(row.url)
  const verdicts = shelf.packs.map((pack, index) => {
    const alone = new Uint8Array(shelf.packs.length)
    alone[index] = 1
    const rating = url === undefined ? undefined : shelf.rate(url, alone, pack.createdAt)
    return {
      pack: citePack(pack),
      packCreatedAt: toIso(pack.createdAt),
      level: rating?.level ?? ('untested' as const),
      entry: rating?.entry?.text ?? null,
      scope: rating?.entry?.scope ?? null,
    }
  })
  type Delivery = { entity_id: number; name: string; mailbox: string; at: number | null }
  const found = db.prepare(deliveries).all(id, MAX_DELIVERIES) as Delivery[]
  return {
    url: row.url,
    verdicts,
    deliveries: found.map((delivery) => ({
      message: { id: String(delivery.entity_id), kind: 'message' as const, name: delivery.name },
      mailbox: delivery.mailbox,
      at: toIsoOrNull(delivery.at),
    })),
  }
}

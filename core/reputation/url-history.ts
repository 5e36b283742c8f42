import type { RetroRun } from '../contract/nouns/reputation.ts'
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

/** Runs by their documents: rows of the lists that are about this URL, cut out inside SQLite. */
const runs = `SELECT r.id, r.at, r.policy, t.value AS turned,
    (SELECT count(*) FROM json_each(r.document, '$.newlyMatching') n WHERE json_extract(n.value, '$.url') = @url) AS newly,
    (SELECT count(*) FROM json_each(r.document, '$.noLongerMatching') n WHERE json_extract(n.value, '$.url') = @url) AS noLonger,
    (SELECT count(*) FROM json_each(r.document, '$.excluded') n WHERE json_extract(n.value, '$.url') = @url) AS excluded
  FROM retro_run r, json_each(r.document, '$.turned') t WHERE json_extract(t.value, '$.url') = @url
  ORDER BY r.id DESC, t.key LIMIT @most`
const runCount = 'SELECT count(*) FROM retro_run'
/** A run is tens of kilobytes to megabytes of text to look through; more runs than this are in the list of runs. */
const MAX_RUNS = 200

interface RunRow {
  readonly id: number
  readonly at: number
  readonly policy: string
  readonly turned: string
  readonly newly: number
  readonly noLonger: number
  readonly excluded: number
}

/** What stored retro scans found of a URL, newest first. */
function listRuns(db: ReadStore, url: string): ResultOf<'url.history'>['runs'] {
  const rows = db.prepare(runs).all({ url, most: MAX_RUNS }) as RunRow[]
  return rows.map((row) => {
    const turned = JSON.parse(row.turned) as RetroRun['turned'][number]
    const { from, to, pack, entry } = turned
    return {
      run: String(row.id),
      at: toIso(row.at),
      policy: row.policy,
      ...{ from, to, pack, entry, decides: turned.decides ?? 'now' },
      newlyMatching: row.newly,
      noLongerMatching: row.noLonger,
      excluded: row.excluded,
    }
  })
}

/**
 * What each pack alone says of a URL, oldest pack first, and the messages that brought it. Expired entries are judged at the time
 * of their own pack, so that the history shows what the pack said when it came. Past retro scans say how it was judged then.
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
    runs: listRuns(db, row.url),
    runCount: db.prepare(runCount).pluck().get() as number,
  }
}

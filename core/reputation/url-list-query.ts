import type { UrlRow } from '../contract/nouns/reputation.ts'
import type { Page } from '../contract/shapes.ts'
import type { RiskLevel } from '../model/verdict.ts'
import { refang } from '../normalise/defang.ts'
import { toIso } from '../store/time.ts'
import { escapeLike } from '../store/strings.ts'
import type { ReadStore } from '../store/store.ts'
import { oncePerState } from './case-cache.ts'
import { citePack } from './packs-stored.ts'
import { pageAfter, parseCursor } from './paging.ts'
import { levelAt } from './severity.ts'
import { UrlExclusions } from './url-exclusions.ts'
import { recordedOpinions } from './url-analysis.ts'
import { caseRatings, UNRANKED } from './url-ratings.ts'

/** One URL of stored mail in the list: how many messages, first delivery, ranks. */
interface Listed {
  readonly id: number
  readonly messages: number
  readonly at: number | null
  readonly rank: number
  readonly then: RiskLevel | null
}

const inMessages =
  'SELECT id, coalesce(entity_id, -id) AS entity, coalesce(delivered_at, sent_at) AS at FROM message'
const links = 'SELECT url_id, message FROM message_url ORDER BY url_id'
const matching = `SELECT id FROM url WHERE url LIKE ? ESCAPE '\\'`

/** All URLs of stored mail, the most dangerous first, then the order they were met in; per state of the case. */
const listedUrls = oncePerState((db: ReadStore, now: number): readonly Listed[] => {
  const { ratings, rank, byId } = caseRatings(db, now)
  const messages = new Map<number, { entity: number; at: number | null }>()
  type MessageRow = { id: number; entity: number; at: number | null }
  for (const row of db.prepare(inMessages).iterate() as IterableIterator<MessageRow>)
    messages.set(row.id, row)
  const listed: Listed[] = []
  let id: number | undefined
  let at: number | null = null
  let entities = new Set<number>()
  const finish = (): void => {
    const url = id === undefined ? undefined : byId.get(id)
    if (url === undefined) return
    const then = ratings.then(url.normal, at)?.level ?? null
    listed.push({ id: url.id, messages: entities.size, at, rank: rank.get(url.id) ?? UNRANKED, then })
  }
  for (const link of db.prepare(links).iterate() as IterableIterator<{ url_id: number; message: number }>) {
    if (link.url_id !== id) {
      finish()
      id = link.url_id
      at = null
      entities = new Set()
    }
    const message = messages.get(link.message)
    if (message === undefined) continue
    entities.add(message.entity)
    if (message.at !== null && (at === null || message.at < at)) at = message.at
  }
  finish()
  return listed.sort((a, b) => a.rank - b.rank || a.id - b.id)
})

export interface UrlFilter {
  readonly text: string
  readonly risk?: RiskLevel | null | undefined
  readonly turnedOnly: boolean
  readonly cursor?: string | null | undefined
  readonly limit: number
}

/**
 * URLs of stored mail, the most dangerous first. `then` is the level at the first delivery.
 * @param filter `text` is searched in the URL, defanged or not; `turnedOnly` keeps those whose level is another one now
 */
export function listUrls(db: ReadStore, now: number, filter: UrlFilter): Page<UrlRow> {
  const { ratings, byId } = caseRatings(db, now)
  const hasPacks = ratings.shelf.packs.length > 0
  let found = listedUrls(db, now)
  if (filter.text.trim() !== '') {
    const pattern = `%${escapeLike(refang(filter.text.trim()))}%`
    const ids = new Set(db.prepare(matching).pluck().all(pattern) as number[])
    found = found.filter((row) => ids.has(row.id))
  }
  if (filter.risk != null) found = found.filter((row) => hasPacks && levelAt(row.rank) === filter.risk)
  if (filter.turnedOnly) found = found.filter((row) => row.then !== null && row.then !== levelAt(row.rank))
  const page = pageAfter(found, (row) => [row.rank, row.id], parseCursor(filter.cursor, 2), filter.limit)
  const opinions = recordedOpinions(
    db,
    page.rows.filter((row) => row.rank === UNRANKED).map((row) => row.id),
  )
  const judgedAt = toIso(now)
  const exclusions = new UrlExclusions(db, now)
  const rows = page.rows.flatMap((row): UrlRow[] => {
    const url = byId.get(row.id)
    if (url === undefined) return []
    const { entry } = ratings.now(url.normal)
    const pack = entry === null ? undefined : ratings.shelf.packs[entry.pack]
    return [
      {
        id: String(url.id),
        entityId: url.entity_id === null ? null : String(url.entity_id),
        url: url.url,
        host: url.host,
        messages: row.messages,
        risk: { then: row.then, now: hasPacks ? levelAt(row.rank) : null },
        pack: pack === undefined ? null : citePack(pack),
        entry: entry?.text ?? null,
        scope: entry?.scope ?? null,
        packCreatedAt: pack === undefined ? null : toIso(pack.createdAt),
        judgedAt,
        excludedBy: exclusions.of(url.id, url.normal),
        analysis: opinions.get(row.id) ?? null,
      },
    ]
  })
  return { rows, next: page.next, total: found.length }
}

import type { UrlAnalysis } from '../contract/nouns/reputation.ts'
import type { ResultOf } from '../contract/types.ts'
import type { CommandContext } from '../jobs/handlers.ts'
import { WorkbenchError } from '../model/errors.ts'
import { appendAudit } from '../store/audit.ts'
import type { ReadStore } from '../store/store.ts'
import { toIso } from '../store/time.ts'
import { analyse } from './signs/analysis.ts'
import { SIGNS_VERSION } from './signs/registry.ts'
import { Subjects } from './signs/subject.ts'
import { caseRatings, UNRANKED } from './url-ratings.ts'

const find = 'SELECT url FROM url WHERE id = ?'
const recorded = 'SELECT at, version, level, category, score, signs FROM url_analysis WHERE url_id = ?'
const done = 'SELECT url_id FROM url_analysis WHERE version = ?'
const several = `SELECT a.url_id, a.level, a.category, a.score FROM json_each(?) n JOIN url_analysis a ON a.url_id = n.value`
const record = `INSERT OR REPLACE INTO url_analysis (url_id, at, version, level, category, score, signs)
  VALUES (?, ?, ?, ?, ?, ?, ?)`

/** URLs between two looks at the clock and at cancel. */
const STEP = 500

interface Row {
  readonly at: number
  readonly version: string
  readonly level: UrlAnalysis['level']
  readonly category: UrlAnalysis['category']
  readonly score: number
  readonly signs: string
}

/**
 * What the address and its pages in evidence give away (W4, W5, W10): as it was recorded, else worked out now. It never touches what
 * packs say.
 * @throws WorkbenchError `request.not_found`
 */
export function getUrlAnalysis(db: ReadStore, id: number): UrlAnalysis {
  const url = db.prepare(find).pluck().get(id) as string | undefined
  if (url === undefined) throw new WorkbenchError('request.not_found', { what: `url ${id}` })
  const row = db.prepare(recorded).get(id) as Row | undefined
  if (row === undefined)
    return { version: SIGNS_VERSION, recordedAt: null, ...analyse(new Subjects(db).of(id, url)) }
  return {
    version: row.version,
    recordedAt: toIso(row.at),
    level: row.level,
    category: row.category,
    score: row.score,
    signs: JSON.parse(row.signs) as UrlAnalysis['signs'],
  }
}

/** Recorded opinions of some URLs by row id. */
export function recordedOpinions(
  db: ReadStore,
  ids: readonly number[],
): Map<number, Pick<UrlAnalysis, 'level' | 'category' | 'score'>> {
  const rows = db.prepare(several).all(JSON.stringify(ids)) as (Row & { url_id: number })[]
  return new Map(rows.map(({ url_id, level, category, score }) => [url_id, { level, category, score }]))
}

/** Analyses every URL that no pack speaks about, and records it with the version of the signs; all or nothing. */
export function analyseUrls(context: CommandContext): ResultOf<'url.analyse'> {
  const { db, signal, progress } = context
  const now = context.now()
  const { rank, byId } = caseRatings(db, now)
  const known = new Set(db.prepare(done).pluck().all(SIGNS_VERSION) as number[])
  const untested = [...byId.values()].filter(({ id }) => rank.get(id) === UNRANKED)
  const open = untested.filter(({ id }) => !known.has(id))
  const subjects = new Subjects(db)
  const insert = db.prepare(record)
  let found = 0
  db.transaction(() => {
    for (const [index, { id, url }] of open.entries()) {
      if (index % STEP === 0) {
        signal.throwIfAborted()
        progress({ done: index / open.length, counters: { analysed: index, found } })
      }
      const { level, category, score, signs } = analyse(subjects.of(id, url))
      if (level !== 'none') found += 1
      insert.run(id, now, SIGNS_VERSION, level, category, score, JSON.stringify(signs))
    }
    appendAudit(db, {
      at: now,
      action: 'url.analyse',
      details: { version: SIGNS_VERSION, untested: untested.length, analysed: open.length, found },
    })
  })()
  return { version: SIGNS_VERSION, urls: untested.length, analysed: open.length, found }
}

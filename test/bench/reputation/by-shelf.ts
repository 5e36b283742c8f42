import type Database from 'better-sqlite3'
import { parseUrl } from '../../../core/normalise/url.ts'
import { loadCaseShelf } from '../../../core/reputation/shelf-load.ts'
import { asReader } from '../../../core/store/store.ts'
import { cpuTime } from './cpu-clock.ts'
import type { Found } from './sql-join.ts'

const linksOf = 'SELECT count(*) FROM json_each(?) n CROSS JOIN message_url l ON l.url_id = n.value'

/** Loads, builds and scans as the product does. @returns milliseconds of load and scan, and of rating and links */
export function byShelf(db: Database.Database, at: number): { found: Found; scan: number; rate: number } {
  const start = cpuTime()
  const { shelf, touched } = loadCaseShelf(asReader(db))
  const ready = cpuTime()
  const inForce = shelf.inForceNow()
  const decided = new Map<number, number>()
  for (const { id, url: text } of touched) {
    const url = parseUrl(text)
    const entry = url === undefined ? null : shelf.rate(url, inForce, at).entry
    if (entry?.id !== undefined) decided.set(id, entry.id)
  }
  const links = db
    .prepare(linksOf)
    .pluck()
    .get(JSON.stringify([...decided.keys()])) as number
  const end = cpuTime()
  return { found: { decided, links }, scan: ready - start, rate: end - ready }
}

import type Database from 'better-sqlite3'
import { type Decided, rateByRows, rateCase } from '../../../core/reputation/rate-case.ts'
import { packPatterns } from '../../../core/reputation/shelf/packed-patterns.ts'
import { packUrls } from '../../../core/reputation/shelf/packed-urls.ts'
import { asReader, asWriter } from '../../../core/store/store.ts'
import { cpuTime } from './cpu-clock.ts'
import type { Found } from './sql-join.ts'

const linksOf = 'SELECT count(*) FROM json_each(?) n CROSS JOIN message_url l ON l.url_id = n.value'

/** Drops what is kept prepared. */
function forget(db: Database.Database): void {
  db.exec('DELETE FROM pack_table; DELETE FROM url_table')
}

/** Makes anew what the product keeps beside the rows: once per pack when it is added, per URL when it came. @returns milliseconds */
export function packCase(db: Database.Database): number {
  forget(db)
  const start = cpuTime()
  db.transaction(() => {
    packPatterns(asWriter(db))
    packUrls(asWriter(db))
  })()
  return cpuTime() - start
}

interface Run {
  readonly found: Found
  /** Milliseconds of load, scan and rating. */
  readonly scan: number
  readonly links: number
}

/** As the product does with the tables it keeps. */
export const byTables = (db: Database.Database, at: number): Run => run(db, () => rateCase(asReader(db), at))

/** As the product does where nothing is prepared. */
export const byRows = (db: Database.Database, at: number): Run => run(db, () => rateByRows(asReader(db), at))

function run(db: Database.Database, rate: () => ReadonlyMap<number, Decided>): Run {
  const start = cpuTime()
  const rated = rate()
  const ready = cpuTime()
  const links = db
    .prepare(linksOf)
    .pluck()
    .get(`[${Int32Array.from(rated.keys()).sort().join()}]`) as number
  const end = cpuTime()
  const decided = new Map([...rated].map(([url, { entry }]) => [url, entry]))
  return { found: { decided, links }, scan: ready - start, links: end - ready }
}

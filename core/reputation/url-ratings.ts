import { parseUrl, type NormalUrl } from '../normalise/url.ts'
import type { RiskLevel } from '../model/verdict.ts'
import type { ReadStore } from '../store/store.ts'
import { oncePerState } from './case-cache.ts'
import { rateCase } from './rate-case.ts'
import { severityOf } from './severity.ts'
import { loadCaseShelf, loadShelf } from './shelf-load.ts'
import type { InForce, Rating, Shelf } from './shelf.ts'

/**
 * Level at delivery and now, as a retro scan says it: a URL that no pack in force speaks about is `untested`, also before the first pack was
 * made. Null, not judged: the case has no packs, or nobody knows when it was delivered.
 */
export interface RiskThenNow {
  readonly then: RiskLevel | null
  readonly now: RiskLevel | null
}

/** Rates URLs at several times with the packs that were in force. */
export class Ratings {
  readonly shelf: Shelf
  readonly #now: InForce
  readonly #at: number
  readonly #then = new Map<number, InForce>()
  constructor(shelf: Shelf, at: number) {
    this.shelf = shelf
    this.#now = shelf.inForceNow()
    this.#at = at
  }
  now(url: NormalUrl | undefined): Rating {
    return this.#rate(url, this.#now, this.#at)
  }
  /** Null: not judged, see {@link RiskThenNow}. */
  then(url: NormalUrl | undefined, at: number | null): Rating | null {
    if (at === null || this.shelf.packs.length === 0) return null
    const existed = this.shelf.packs.filter((pack) => pack.createdAt <= at).length
    const inForce = this.#then.get(existed) ?? this.shelf.inForceAt(at)
    this.#then.set(existed, inForce)
    return this.#rate(url, inForce, at)
  }
  /** Both levels of a URL delivered at `at`. */
  risk(url: NormalUrl | undefined, at: number | null): RiskThenNow {
    return {
      then: this.then(url, at)?.level ?? null,
      now: this.shelf.packs.length === 0 ? null : this.now(url).level,
    }
  }
  /** What is no web address is in no pack. */
  #rate(url: NormalUrl | undefined, inForce: InForce, at: number): Rating {
    return url === undefined ? { level: 'untested', entry: null } : this.shelf.rate(url, inForce, at)
  }
}

/** Everything that can concern these hosts, ready to rate. @param at microseconds: now */
export const ratingsFor = (db: ReadStore, hosts: Iterable<string>, at: number): Ratings =>
  new Ratings(loadShelf(db, hosts), at)

const urls = 'SELECT id, url, host, entity_id FROM url'
/** A stored URL, parsed once for all its messages. */
interface StoredUrl {
  readonly id: number
  readonly url: string
  readonly host: string
  readonly entity_id: number | null
  readonly normal: NormalUrl | undefined
}

/** Rank of a URL that was not rated, in {@link CaseRatings.rank}. */
export const UNRANKED = severityOf('untested')

/** All URLs of the case with their level now; worked out once per state of the case. */
export interface CaseRatings {
  readonly ratings: Ratings
  /** URL row id -> severity now (0 dangerous ... 4 safe). */
  readonly rank: ReadonlyMap<number, number>
  readonly byId: ReadonlyMap<number, StoredUrl>
}

export const caseRatings = oncePerState((db: ReadStore, now: number): CaseRatings => {
  const rows = db.prepare(urls).all() as Omit<StoredUrl, 'normal'>[]
  const { shelf } = loadCaseShelf(db)
  const ratings = new Ratings(shelf, now)
  const rank = new Map<number, number>()
  const byId = new Map<number, StoredUrl>()
  for (const row of rows) {
    byId.set(row.id, { ...row, normal: parseUrl(row.url) })
    rank.set(row.id, UNRANKED)
  }
  for (const [id, decided] of rateCase(db, now)) rank.set(id, decided.rank)
  return { ratings, rank, byId }
})

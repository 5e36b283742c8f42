import type { ReadStore } from '../../store/store.ts'
import { oncePerState } from '../case-cache.ts'
import { suffixesOf } from '../shelf.ts'
import { CoveredUrls, type StoredPattern } from './covered.ts'

const hosts = 'SELECT DISTINCT host FROM url'

/** The hosts of all URLs of the case and their parent domains: a pattern about any of them has one of these names. */
const storedNames = oncePerState((db: ReadStore): ReadonlySet<string> => {
  const names = new Set<string>()
  for (const host of db.prepare(hosts).pluck().iterate() as IterableIterator<string>)
    for (const name of suffixesOf(host)) names.add(name)
  return names
})

/** Whether patterns cover any URL of the case: most are told apart by their name alone, without a look into the case file. */
export function touchingStored(db: ReadStore, now: number): (pattern: StoredPattern) => boolean {
  const names = storedNames(db, now)
  const covered = new CoveredUrls(db)
  return (pattern) => names.has(pattern.host) && covered.of(pattern).length > 0
}

import type { ReadStore } from './store.ts'
import { toIsoOrNull } from './time.ts'

/** What a directory export says of itself: when its state was collected, and of which domains it is. */
export interface DirectoryState {
  /** First and last time of collection that it states; null: it states none. */
  readonly from: string | null
  readonly to: string | null
  readonly domains: readonly string[]
}

/** Names beyond these say no more to anybody. */
const MAX_DOMAINS = 5
const times =
  'SELECT min(collected_at) AS first, max(collected_at) AS last FROM directory_object WHERE evidence_id = ?'
const domains = `SELECT domain FROM directory_object WHERE evidence_id = ? AND domain IS NOT NULL
  GROUP BY domain ORDER BY count(*) DESC, domain LIMIT ${MAX_DOMAINS}`

/** What an export holds does not change; a directory of a million objects is looked through once. */
const known = new WeakMap<ReadStore, Map<string, DirectoryState>>()

/** @param objects how many of its objects are stored: an import that goes on is looked at again */
export function directoryState(db: ReadStore, id: number, sha256: string, objects: number): DirectoryState {
  const cache = known.get(db) ?? new Map<string, DirectoryState>()
  known.set(db, cache)
  const key = `${id} ${sha256} ${objects}`
  const found = cache.get(key)
  if (found) return found
  const { first, last } = db.prepare(times).get(id) as { first: number | null; last: number | null }
  const state = {
    from: toIsoOrNull(first),
    to: toIsoOrNull(last),
    domains: db.prepare(domains).pluck().all(id) as string[],
  }
  cache.set(key, state)
  return state
}

import type { ReadStore } from '../store/store.ts'

/**
 * Keeps what was worked out over the whole case until the case changes: `data_version` moves when another connection writes,
 * `total_changes()` when this one does. Ratings depend on the hour too, because entries expire.
 */
const changes = 'SELECT total_changes()'
const HOUR = 3_600_000_000

/** Makes a function of the whole case that is worked out once per state of the case and connection. */
export function oncePerState<T>(work: (db: ReadStore, now: number) => T): (db: ReadStore, now: number) => T {
  const kept = new WeakMap<ReadStore, { readonly stamp: string; readonly value: T }>()
  return (db, now) => {
    const version = db.pragma('data_version', { simple: true }) as number
    const stamp = `${version}:${db.prepare(changes).pluck().get() as number}:${Math.floor(now / HOUR)}`
    const before = kept.get(db)
    if (before?.stamp === stamp) return before.value
    const value = work(db, now)
    kept.set(db, { stamp, value })
    return value
  }
}

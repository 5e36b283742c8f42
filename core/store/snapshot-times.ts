import type { ReadStore } from './store.ts'

/**
 * When a directory export was made that does not say so (S12): not before the newest time its own objects carry. What an export
 * says of its time (file name, `meta`, header) stands in `collected_at` and goes before this.
 */

/** No directory of ours is older: such times are a clock that was reset. Windows 95, as for events. */
const OLDEST_US = Date.UTC(1995, 0, 1) * 1000

/** The newest of a time, of those that can be right: an account may carry a logon of the year 2099, none after the import happened. */
const newestOf = (name: string): string =>
  `max(iif(json_extract(item, '$.${name}') BETWEEN ${OLDEST_US} AND @importedAt, json_extract(item, '$.${name}'), NULL)) AS ${name}`
const newest = `SELECT ${['changedAt', 'lastLogonAt', 'createdAt', 'passwordSetAt'].map(newestOf).join(', ')}
  FROM directory_object WHERE evidence_id = @id AND collected_at IS NULL`
const exports = `SELECT e.id, e.imported_at AS importedAt, max(d.collected_at) AS stated, count(*) > count(d.collected_at) AS isSilent
  FROM evidence e JOIN directory_object d ON d.evidence_id = e.id GROUP BY e.id ORDER BY e.id`

/** An export, as far as its time goes. Microseconds UTC. */
interface Export {
  readonly id: number
  readonly importedAt: number
  readonly stated: number | null
  /** Some of its objects have no stated time. */
  readonly isSilent: 0 | 1
}

/**
 * The newest time that the objects of an export carry, of those without a stated time; undefined when they carry none. Changes and logons
 * go first: whoever is made or given a password is changed as well, so a later time of those is a wrong one.
 */
export function provenTime(db: ReadStore, source: Pick<Export, 'id' | 'importedAt'>): number | undefined {
  const found = db.prepare(newest).get({ id: source.id, importedAt: source.importedAt }) as Record<
    'changedAt' | 'lastLogonAt' | 'createdAt' | 'passwordSetAt',
    unknown
  >
  return (
    latest(found.changedAt, found.lastLogonAt) ?? latest(found.createdAt, found.passwordSetAt) ?? undefined
  )
}

/** A case may come from somebody else, so what stands for a time need not be a number. */
function latest(...times: readonly unknown[]): number | undefined {
  const known = times.filter((time) => typeof time === 'number')
  return known.length === 0 ? undefined : Math.max(...known)
}

/**
 * Times by which exports are put in order, given in the order of their import: an export of which nothing is known
 * stands right behind the newest imported before it, so that without any time the order of import decides.
 */
export function placeInTime(times: readonly (number | undefined)[]): number[] {
  let newestYet = 0
  return times.map((time) => {
    const at = time ?? newestYet
    newestYet = Math.max(newestYet, at)
    return at
  })
}

/** Of every directory export: the time that its objects without a stated time count from. */
export function listExportTimes(db: ReadStore): ReadonlyMap<number, number> {
  const known = db.prepare(exports).all() as Export[]
  // a single export without stated times has nothing to be compared with
  const isAlone = known.length === 1 && known[0]?.stated === null
  const proven = known.map((one) => (one.isSilent === 1 && !isAlone ? provenTime(db, one) : undefined))
  const placed = placeInTime(known.map((one, index) => latest(one.stated, proven[index])))
  return new Map(known.map((one, index) => [one.id, proven[index] ?? placed[index] ?? 0]))
}

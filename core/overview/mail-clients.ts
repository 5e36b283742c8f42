import { setImmediate } from 'node:timers/promises'
import { mailClientOf } from '../normalise/mail-client.ts'
import { countEvents } from '../store/event-counts.ts'
import type { ReadStore } from '../store/store.ts'

/** Images of processes that ran, each by one look into the index: few among all texts of a case. */
const images = `WITH RECURSIVE p(id) AS (SELECT min(process_path) FROM event WHERE process_path IS NOT NULL
  UNION ALL SELECT (SELECT min(process_path) FROM event WHERE process_path > p.id) FROM p WHERE p.id IS NOT NULL)
  SELECT s.id, s.v AS path FROM p JOIN str s ON s.id = p.id`
/** A mail client brings a good part of a case's events: they are looked at a few hundred at a time, for each may stand on a page of its own. */
const ROWS = 250
const endOf = `SELECT at FROM event WHERE process_path = ? AND at > ? ORDER BY at LIMIT 1 OFFSET ${ROWS}`
const places =
  'SELECT DISTINCT endpoint_id FROM event WHERE process_path = ? AND at > ? AND at <= ? AND endpoint_id IS NOT NULL'
const undated =
  'SELECT DISTINCT endpoint_id FROM event WHERE process_path = ? AND at IS NULL AND endpoint_id IS NOT NULL'
const lastChange = 'SELECT coalesce(max(seq), 0) FROM audit'
/** Microseconds beyond every event. */
const [BEGINNING, END] = [-(2 ** 60), 2 ** 60]
/** Others are answered after this long. */
const TURN_MS = 15

export interface ClientUse {
  readonly name: string
  readonly isOutlook: boolean
  /** Endpoints it ran on; empty before the first correlation. */
  readonly endpoints: ReadonlySet<number>
}
interface Known {
  readonly version: string
  readonly uses: Promise<readonly ClientUse[]>
}
const knownOf = new WeakMap<ReadStore, Known>()

/** Mail clients seen (S15); worked out once for each state of the case, while others are answered. */
export function findMailClients(db: ReadStore): Promise<readonly ClientUse[]> {
  const version = `${countEvents(db)} ${db.prepare(lastChange).pluck().get() as number}`
  const known = knownOf.get(db)
  if (known?.version === version) return known.uses
  const uses = lookForClients(db)
  knownOf.set(db, { version, uses })
  // A case closed meanwhile: whoever asked is told, the next one asks anew.
  uses.catch(() => knownOf.delete(db))
  return uses
}

async function lookForClients(db: ReadStore): Promise<readonly ClientUse[]> {
  const byName = new Map<string, ClientUse & { readonly endpoints: Set<number> }>()
  const find = db.prepare(places).pluck()
  const findUndated = db.prepare(undated).pluck()
  const next = db.prepare(endOf).pluck()
  let turn = performance.now()
  for (const { id, path } of db.prepare(images).all() as { id: number; path: string }[]) {
    const client = mailClientOf(path)
    if (!client) continue
    const use = byName.get(client.name) ?? { ...client, endpoints: new Set() }
    byName.set(client.name, use)
    for (const endpoint of findUndated.all(id) as number[]) use.endpoints.add(endpoint)
    for (let from = BEGINNING; from < END;) {
      const to = (next.get(id, from) as number | undefined) ?? END
      for (const endpoint of find.all(id, from, to) as number[]) use.endpoints.add(endpoint)
      from = to
      if (performance.now() - turn < TURN_MS) continue
      await setImmediate()
      turn = performance.now()
    }
  }
  return [...byName.values()].sort(
    (a, b) => b.endpoints.size - a.endpoints.size || (a.name < b.name ? -1 : 1),
  )
}

import { Turn } from '../jobs/turn.ts'
import { mailClientOf } from '../normalise/mail-client.ts'
import { countEvents } from '../store/event-counts.ts'
import type { ReadStore } from '../store/store.ts'

/** Images of processes that ran, each by one look into the index: few among all texts of a case. */
const nextImage = 'SELECT min(process_path) FROM event WHERE process_path > ?'
const pathOf = 'SELECT v FROM str WHERE id = ?'
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
  const turn = new Turn()
  const nextId = db.prepare(nextImage).pluck()
  const text = db.prepare(pathOf).pluck()
  for (let id = nextId.get(0) as number | null; id !== null; id = nextId.get(id) as number | null) {
    await turn.end()
    const client = mailClientOf((text.get(id) as string | undefined) ?? '')
    if (!client) continue
    const use = byName.get(client.name) ?? { ...client, endpoints: new Set() }
    byName.set(client.name, use)
    for (const endpoint of findUndated.all(id) as number[]) use.endpoints.add(endpoint)
    for (let from = BEGINNING; from < END;) {
      const to = (next.get(id, from) as number | undefined) ?? END
      for (const endpoint of find.all(id, from, to) as number[]) use.endpoints.add(endpoint)
      from = to
      await turn.end()
    }
  }
  return [...byName.values()].sort(
    (a, b) => b.endpoints.size - a.endpoints.size || (a.name < b.name ? -1 : 1),
  )
}

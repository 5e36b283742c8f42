import type { Ask } from '../jobs/handlers.ts'
import type { ResultOf } from '../contract/types.ts'
import { Turn } from '../jobs/turn.ts'
import { mailClientOf } from '../normalise/mail-client.ts'
import { readInfo } from '../store/case-info.ts'
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

/** Programs of Outlook: the anchor of mail correlation is also looked for where it only started others. */
const ANCHORS = ['outlook.exe', 'olk.exe']
/** Named as the parent, or (Defender) as the parent of the parent: who exports the starts of some programs only has no start of Outlook. */
const asParent = (image: string): string =>
  `process.parent.executable:${image} OR "InitiatingProcessParentFileName: ${image}"`

/** Mail clients seen (S15); worked out once for each state of the case, while others are answered. */
export function findMailClients(db: ReadStore, ask: Ask): Promise<readonly ClientUse[]> {
  const version = `${countEvents(db)} ${db.prepare(lastChange).pluck().get() as number}`
  const known = knownOf.get(db)
  if (known?.version === version) return known.uses
  const uses = lookForClients(db, ask)
  knownOf.set(db, { version, uses })
  // A case closed meanwhile: whoever asked is told, the next one asks anew.
  uses.catch(() => knownOf.delete(db))
  return uses
}

async function lookForClients(db: ReadStore, ask: Ask): Promise<readonly ClientUse[]> {
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
  for (const image of ANCHORS) {
    const client = mailClientOf(image)
    const endpoints = await endpointsOfParent(db, ask, image)
    if (!client || endpoints.size === 0) continue
    const use = byName.get(client.name) ?? { ...client, endpoints: new Set() }
    byName.set(client.name, use)
    for (const endpoint of endpoints) use.endpoints.add(endpoint)
  }
  return [...byName.values()].sort(
    (a, b) => b.endpoints.size - a.endpoints.size || (a.name < b.name ? -1 : 1),
  )
}

const parentsOf = new WeakMap<
  ReadStore,
  Map<string, { readonly version: string; readonly endpoints: ReadonlySet<number> }>
>()

/** Endpoints with events that name the program as a parent. A search of its own: kept until events or their endpoints change. */
async function endpointsOfParent(db: ReadStore, ask: Ask, image: string): Promise<ReadonlySet<number>> {
  const version = `${countEvents(db)} ${readInfo(db, 'correlation_run') ?? ''}`
  const known = parentsOf.get(db) ?? new Map<string, { version: string; endpoints: ReadonlySet<number> }>()
  parentsOf.set(db, known)
  const before = known.get(image)
  if (before?.version === version) return before.endpoints
  const endpoints = new Set<number>()
  let cursor: string | null = null
  do {
    const counted: ResultOf<'event.count'> = await ask('event.count', {
      text: asParent(image),
      by: ['endpoint'],
      buckets: 10,
      cursor,
    })
    for (const group of counted.groups) for (const { id } of group.values) endpoints.add(Number(id))
    cursor = counted.next
  } while (cursor !== null)
  known.set(image, { version, endpoints })
  return endpoints
}

import { ANALYST_NETWORK } from '../store/analyst-graph.ts'
import { readInfo } from '../store/case-info.ts'
import type { ReadStore } from '../store/store.ts'
import { inTurns } from '../jobs/turn.ts'
import { loading, loadPackedNetwork } from './load-network.ts'
import { type NetworkFilter, viewNetwork } from './network-view.ts'
import type { PackedNetwork } from './packed-network.ts'
import type { Network } from './path-search.ts'

interface Kept {
  readonly run: string
  readonly packed: PackedNetwork
  readonly views: Map<string, Network>
}
const kept = new WeakMap<ReadStore, Kept>()

/** Views of other filters kept beside the two plain ones. */
const MAX_VIEWS = 8

/** Everything that was observed. */
const WHOLE = JSON.stringify([false, false, null, null, null])

/** Another network after each run of correlation, and when the analyst adds or takes away relations. */
export const networkState = (db: ReadStore): string =>
  `${readInfo(db, 'correlation_run') ?? '0'}.${readInfo(db, ANALYST_NETWORK) ?? '0'}`

function keptOf(db: ReadStore): Kept {
  const run = networkState(db)
  const known = kept.get(db)
  if (known?.run === run) return known
  // The network of an older run is given up before the new one is built: two of them may be more than there is memory.
  kept.delete(db)
  const made = { run, packed: loadPackedNetwork(db), views: new Map<string, Network>() }
  kept.set(db, made)
  return made
}

interface Loading {
  readonly run: string
  readonly packed: Promise<PackedNetwork>
}
const underWay = new WeakMap<ReadStore, Loading>()

/** Makes ready what {@link packedOf} and {@link networkOf} give, while others are answered: packing many relations takes a while. */
export async function packedSoon(db: ReadStore): Promise<PackedNetwork> {
  for (;;) {
    const ready = packedIfReady(db)
    if (ready) return ready
    const run = networkState(db)
    let work = underWay.get(db)
    if (work?.run !== run) {
      kept.delete(db)
      work = { run, packed: inTurns(loading(db)) }
      underWay.set(db, work)
    }
    try {
      const packed = await work.packed
      // Correlated meanwhile: half of it may be of the run before.
      if (networkState(db) === run && !packedIfReady(db)) kept.set(db, { run, packed, views: new Map() })
    } finally {
      if (underWay.get(db) === work) underWay.delete(db)
    }
  }
}

/** The same, when something has asked for it before: packing takes longer than a few steps in the file. */
export function packedIfReady(db: ReadStore): PackedNetwork | undefined {
  const known = kept.get(db)
  return known?.run === networkState(db) ? known.packed : undefined
}

/** The relations of the current correlation run, packed once per connection and run (performance.md section 6). */
export const packedOf = (db: ReadStore): PackedNetwork => keptOf(db).packed

/** The same as a search asks for them. */
export function networkOf(db: ReadStore, filter: NetworkFilter): Network {
  const { packed, views } = keptOf(db)
  const key = JSON.stringify([
    filter.possible,
    filter.analyst ?? false,
    filter.include ?? null,
    filter.exclude ?? null,
    filter.window ?? null,
  ])
  const known = views.get(key)
  if (known) return known
  const oldest = [...views.keys()].find((one) => one !== WHOLE)
  if (views.size >= MAX_VIEWS && oldest !== undefined) views.delete(oldest)
  const isPart = key !== WHOLE
  const made = viewNetwork(packed, filter, isPart ? networkOf(db, { possible: false }) : undefined)
  views.set(key, made)
  return made
}

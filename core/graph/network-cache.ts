import { readInfo } from '../store/case-info.ts'
import type { ReadStore } from '../store/store.ts'
import { loadNetwork, type Network } from './path-search.ts'

const cached = new WeakMap<ReadStore, Map<string, Network>>()

/** The network of the current correlation run, loaded once per connection and run (performance.md section 6). */
export function networkOf(db: ReadStore, possible: boolean): Network {
  const key = `${readInfo(db, 'correlation_run') ?? '0'}|${possible}`
  const networks = cached.get(db) ?? new Map<string, Network>()
  const known = networks.get(key)
  if (known) return known
  const network = loadNetwork(db, possible)
  // Networks of older runs are of no use; the other view of this run stays.
  for (const old of networks.keys()) if (!old.startsWith(`${key.split('|')[0]}|`)) networks.delete(old)
  networks.set(key, network)
  cached.set(db, networks)
  return network
}

import type { CorrelationView } from './view.ts'

/**
 * The endpoint a file lies on: the one the record comes from, or for a path of a share (`\\FS01\data\x`) the server it
 * names; undefined when that server is unknown.
 */
export function locationOf(
  view: CorrelationView,
  endpointId: number,
  path: string,
): { endpointId: number; isShare: boolean } | undefined {
  const server = /^\\\\([^\\@]+)/.exec(path)?.[1]
  if (server === undefined) return { endpointId, isShare: false }
  const found = view.findEndpoint(server) ?? view.addresses.find(server, null)
  return found === undefined ? undefined : { endpointId: found.id, isShare: true }
}

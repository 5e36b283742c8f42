import type { AttackPath } from '../../core/contract/nouns/graph.ts'
import { getClient } from '../client/client.ts'
import type { Picture } from '../graph/picture.ts'
import type { Slice } from '../graph/slice.ts'
import type { ViewState } from '../graph/view-state.ts'

/** Hops a path may have (`path.find`); a view somebody tampered with may name thousands of relations. */
const MAX_HOPS = 20

/**
 * The path of a kept picture, with the times, reasons and confidence it has as the case knows them today. It is what was drawn, whether or
 * not it is among the alternatives found now. Nothing when one of its relations is gone, or time does not lead along them any more.
 * @param slice what is drawn of the view
 */
export async function keptPaths(state: ViewState, slice: Slice): Promise<Partial<Picture>> {
  if (!state.path || state.path.from === '' || state.path.to === '') return {}
  const { from, to, observedOnly } = state.path
  const chain = chainOf(slice, from, new Set(state.path.relations))
  if (chain === null) return {}
  const { paths } = await getClient().call('path.find', { from, to, observedOnly, alternatives: 5 })
  const isKept = ({ hops }: AttackPath): boolean =>
    hops.length === chain.length && hops.every((hop, index) => hop.relationId === chain[index])
  const index = paths.findIndex(isKept)
  if (index >= 0) return { paths, pathIndex: index }
  // A proposed next step has possible hops, whatever the path finder was asked for.
  const along = await getClient().call('path.find', {
    from,
    to,
    alternatives: 1,
    maxHops: MAX_HOPS,
    along: [...chain],
  })
  const [kept] = along.paths.filter(isKept)
  return kept ? { paths: [kept, ...paths], pathIndex: 0 } : {}
}

/** The relations of a path in its order: a path visits nothing twice. Null: they are no path, or one of them is gone. */
function chainOf(slice: Slice, from: string, relations: ReadonlySet<string>): readonly string[] | null {
  if (relations.size === 0 || relations.size > MAX_HOPS) return null
  const next = new Map(
    slice.edges.filter((edge) => relations.has(edge.id)).map((edge) => [edge.from, edge] as const),
  )
  const chain: string[] = []
  for (let edge = next.get(from); edge && chain.length < relations.size; edge = next.get(edge.to))
    chain.push(edge.id)
  return chain.length === relations.size ? chain : null
}

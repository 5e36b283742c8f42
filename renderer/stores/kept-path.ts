import type { AttackPath, RelationRow } from '../../core/contract/nouns/graph.ts'
import { getClient } from '../client/client.ts'
import type { Picture } from '../graph/picture.ts'
import type { Slice } from '../graph/slice.ts'
import type { ViewState } from '../graph/view-state.ts'

/** Hops a path may have (`path.find`); a view somebody tampered with may name thousands of relations. */
const MAX_HOPS = 20

/**
 * The path of a kept picture, with the times and reasons its hop table needs, as the case knows them today. It is what was drawn, whether or
 * not it is among the alternatives found now: else that of the proposals, else put together from its relations. Nothing when one is gone.
 * @param slice what is drawn of the view
 */
export async function keptPaths(state: ViewState, slice: Slice): Promise<Partial<Picture>> {
  if (!state.path || state.path.from === '' || state.path.to === '') return {}
  const { from, to, observedOnly } = state.path
  const { paths } = await getClient().call('path.find', { from, to, observedOnly, alternatives: 5 })
  const chain = chainOf(slice, from, new Set(state.path.relations))
  if (chain === null) return {}
  const isKept = ({ hops }: AttackPath): boolean =>
    hops.length === chain.length && hops.every((hop, index) => hop.relationId === chain[index])
  const index = paths.findIndex(isKept)
  if (index >= 0) return { paths, pathIndex: index }
  const proposals = await getClient().call('path.suggest', { limit: 20 })
  const proposed = proposals.find(({ path }) => isKept(path))?.path
  return { paths: [proposed ?? (await fromRelations(chain)), ...paths], pathIndex: 0 }
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

async function fromRelations(chain: readonly string[]): Promise<AttackPath> {
  const relations = await Promise.all(chain.map((id) => getClient().call('relation.get', { id })))
  const hops: AttackPath['hops'][number][] = []
  let arrival: string | null = null
  for (const relation of relations) {
    const times = relation.proof.map((event) => event.at).filter((at) => at !== null)
    arrival = useOf(relation, times, arrival)
    hops.push({
      relationId: relation.id,
      from: relation.from,
      to: relation.to,
      relation: relation.kind,
      at: arrival,
      confidence: relation.confidence,
      rule: relation.rule,
      observed: relation.observed,
      reason: relation.reason,
      events: relation.events.slice(0, CITED),
    })
  }
  const dated = hops.flatMap(({ at }) => at ?? [])
  return {
    confidence: hops.reduce((share, hop) => share * hop.confidence, 1),
    startAt: dated[0] ?? null,
    endAt: dated.at(-1) ?? null,
    hops,
  }
}
/** Events a hop cites, as `path.find` does. */
const CITED = 3

/** The first use of a relation at or after the arrival; of a standing one the arrival itself. Times are ISO-8601 in UTC: they sort as text. */
function useOf(relation: RelationRow, times: readonly string[], arrival: string | null): string | null {
  const { firstAt, lastAt } = relation
  if (firstAt === null || arrival === null || firstAt >= arrival) return firstAt ?? arrival
  const [later] = times.filter((at) => at >= arrival).sort()
  return later ?? (lastAt !== null && lastAt >= arrival ? arrival : firstAt)
}

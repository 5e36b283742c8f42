import type { ChainLists, GraphSlice } from '../contract/nouns/graph.ts'
import { chainLists, type Behind } from '../graph/chain-lists.ts'
import type { PackedNetwork } from '../graph/packed-network.ts'
import { relationsById } from '../graph/path-rows.ts'
import { rateEntities } from '../graph/rating.ts'
import { buildSlice } from '../graph/slice.ts'
import type { Ask } from '../jobs/handlers.ts'
import type { ReadStore } from '../store/store.ts'
import type { EntityFacts } from './entity-facts.ts'
import { kindOf, storyPaths } from './story-paths.ts'
import type { Story } from './story.ts'

/** Like neighbours beyond this many are one group, to be opened on demand (`chain.expand`). */
const GROUP_ABOVE = 8

/**
 * The whole story as nodes and edges: what made it and its best path first, then what it hangs together with. Many likes around one node
 * and what does not fit are counted in `grouped` and `total`, never cut silently; the lists name also what is behind a group.
 * @param matched entities to mark as what was searched for
 */
export async function storyChain(
  db: ReadStore,
  ask: Ask,
  network: PackedNetwork,
  facts: EntityFacts,
  story: Story,
  limit: number,
  matched: ReadonlySet<number>,
): Promise<GraphSlice & { lists: ChainLists }> {
  const { paths } = storyPaths(network, facts, story, 1)
  const onPath = new Set(paths.flatMap((path) => path.hops.map((hop) => hop.link.id)))
  const made = new Set(story.seeds.map((seed) => seed.relation))
  const weight = (relation: number): number =>
    onPath.has(network.ids[relation] ?? -1) ? 0 : made.has(relation) ? 1 : 2
  const order = [...story.relations].sort((a, b) => weight(a) - weight(b) || a - b)
  const ids = new Set<number>()
  const shown: number[] = []
  const likes = new Map<string, number>()
  const grouped = new Map<string, GraphSlice['grouped'][number]>()
  const behind = new Map<number, Behind>()
  for (const relation of order) {
    const from = facts.of(network.from[relation] ?? 0).id
    const to = facts.of(network.to[relation] ?? 0).id
    const kind = kindOf(network, relation)
    const isKnown = ids.has(from) && ids.has(to)
    const around = ids.has(to) && !ids.has(from) ? to : from
    const direction = around === from ? ('out' as const) : ('in' as const)
    const key = `${around}|${kind}|${direction}`
    const count = (likes.get(key) ?? 0) + 1
    const added = (ids.has(from) ? 0 : 1) + (ids.has(to) ? 0 : 1)
    if (weight(relation) === 2 && !isKnown && (count > GROUP_ABOVE || ids.size + added > limit)) {
      const group = grouped.get(key)
      if (group) group.count += 1
      else grouped.set(key, { around: String(around), kind, direction, count: 1 })
      const other = around === from ? to : from
      if (!behind.has(other)) behind.set(other, { around: String(around), kind, direction })
      continue
    }
    likes.set(key, count)
    ids.add(from)
    ids.add(to)
    shown.push(network.ids[relation] ?? 0)
  }
  // What a group left out may have come in by another relation.
  for (const id of ids) behind.delete(id)
  const firstObserved = story.firstObserved ? facts.of(story.firstObserved.node).id : null
  const all = [...ids, ...behind.keys()]
  const ratings = await rateEntities(db, ask, all)
  const slice = buildSlice(db, {
    entityIds: ids,
    relations: relationsById(db, shown),
    ratings,
    marks: new Map(firstObserved === null ? [] : [[firstObserved, 'first-observed' as const]]),
    matched,
    pathRelations: onPath,
    total: { nodes: story.parts.size, edges: story.relations.length },
    grouped: [...grouped.values()],
  })
  const reached = new Map([...story.parts.values()].map((part) => [facts.of(part.node).id, part.first]))
  return { ...slice, lists: chainLists(db, { all, firstObserved, behind, ratings, matched, reached }) }
}

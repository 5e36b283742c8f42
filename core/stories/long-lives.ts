import { KIND_INDEX, type PackedNetwork } from '../graph/packed-network.ts'
import type { EntityFacts } from './entity-facts.ts'
import { isInstalledPath, isScriptHost } from './programs.ts'

/** What a program did so long before it set off what led to a sign is its ordinary work (microseconds). */
const LEAD = 3_600_000_000

const SPAWNED = KIND_INDEX.get('spawned') ?? 255
const DROPPED = KIND_INDEX.get('dropped') ?? 255

/**
 * From when on what a program did has to do with what it set off at a time. An installed program that had run for long (a web server, an
 * agent that updates) did its work until then; undefined: its whole life counts, as that of what somebody brought, opened or typed.
 */
export function leadOf(facts: EntityFacts, process: number, at: number): number | undefined {
  const { kind, name, firstSeen, attributes } = facts.of(process)
  if (kind !== 'process' || firstSeen === null || firstSeen >= at - LEAD) return undefined
  const path = String(attributes.get('path') ?? '')
  return isInstalledPath(path) && !isScriptHost(name) ? at - LEAD : undefined
}

/**
 * When each program that had run for long began to have a part: the first thing it did that was taken in; and each file that was written
 * over and over: when it was written then. That such a program had been started, long before and by one that starts everything, is left out.
 * @param since from when on what a thing did counts; before its own start: its whole life
 */
export function whenBegan(
  network: PackedNetwork,
  facts: EntityFacts,
  things: ReadonlySet<number>,
  relations: Map<number, number>,
  since: ReadonlyMap<number, number>,
): Map<number, number> {
  const { outStart, inStart, into, kinds, from } = network
  const began = new Map<number, number>()
  for (const [node, counted] of since) {
    const { firstSeen, kind } = facts.of(node)
    if (!things.has(node) || firstSeen === null || firstSeen >= counted) continue
    const uses: number[] = []
    const note = (relation: number): void => {
      const use = relations.has(relation) ? useFrom(network, relation, counted) : undefined
      if (use !== undefined) uses.push(use)
    }
    if (kind === 'process') for (let r = outStart[node] ?? 0; r < (outStart[node + 1] ?? 0); r += 1) note(r)
    const before = [...into.subarray(inStart[node] ?? 0, inStart[node + 1] ?? 0)]
    if (kind === 'file') for (const r of before) if (kinds[r] === DROPPED) note(r)
    if (uses.length === 0) continue
    began.set(node, Math.min(...uses))
    for (const r of before) if (kinds[r] === SPAWNED && !things.has(from[r] ?? -1)) relations.delete(r)
  }
  return began
}

const useFrom = ({ useStart, uses }: PackedNetwork, relation: number, at: number): number | undefined =>
  uses.subarray(useStart[relation] ?? 0, useStart[relation + 1] ?? 0).find((use) => use >= at)

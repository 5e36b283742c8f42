import type { RelationKind } from '../model/relation.ts'
import type { ReadStore } from '../store/store.ts'
import { CLOCK_TOLERANCE_US } from './clock-tolerance.ts'
import { isStanding, KIND_INDEX, nodeOf, type PackedNetwork } from './packed-network.ts'

const set = (...kinds: RelationKind[]) => new Set(kinds.map((kind) => KIND_INDEX.get(kind) ?? 255))
/** How one thing comes of another: not who worked with it, nor where it lay. */
const LEADS = set(
  ...(['spawned', 'executed-as', 'injected-into', 'dropped', 'saved-as', 'downloaded-to'] as const),
  ...(['extracted-to', 'carries', 'links-to', 'installed-service', 'created-task'] as const),
  ...(['created-subscription', 'wrote-registry', 'remote-execution'] as const),
)
/** What attackers do, whether or not a rule speaks of it. */
const SPEAKS = set('accessed-credentials', 'injected-into', 'remote-execution')
/** Mail, links and saves that brought a file. */
const BRINGS = set('saved-as', 'downloaded-to', 'extracted-to')

const spokenOf = `SELECT subject_id FROM detection WHERE level <> 'low'
  UNION SELECT e.entity_id FROM detection_entity e JOIN detection d ON d.id = e.detection_id JOIN entity n ON n.id = e.entity_id
    WHERE d.level <> 'low' AND n.kind IN ('process', 'file', 'url', 'attachment', 'message')`

/**
 * Everything that led, in time, to something that speaks for an attack: each node with the latest time that counts. Goes back from that,
 * so one look at the case answers for all candidates.
 */
export function ledToSigns(db: ReadStore, network: PackedNetwork): ReadonlyMap<number, number> {
  const { inStart, into, kinds, from, to } = network
  const until = new Map<number, number>()
  const open: number[] = []
  const reach = (node: number, at: number): void => {
    const known = until.get(node)
    if (known !== undefined && known >= at) return
    until.set(node, at)
    open.push(node)
  }
  for (const entity of db.prepare(spokenOf).pluck().all() as number[]) {
    const node = nodeOf(network, entity)
    if (node >= 0) reach(node, Infinity)
  }
  for (let relation = 0; relation < kinds.length; relation += 1)
    if (SPEAKS.has(kinds[relation] ?? 255)) {
      reach(from[relation] ?? 0, lastUse(network, relation, Infinity) ?? Infinity)
      reach(to[relation] ?? 0, Infinity)
    }
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const at = until.get(node) ?? Infinity
    for (let p = inStart[node] ?? 0; p < (inStart[node + 1] ?? 0); p += 1) {
      const relation = into[p] ?? 0
      if (!LEADS.has(kinds[relation] ?? 255)) continue
      const use = lastUse(network, relation, at)
      if (use !== undefined) reach(from[relation] ?? 0, use)
    }
  }
  return until
}

/** Whether a file came from outside: by mail, out of the net, out of an archive. */
export function wasBrought({ inStart, into, kinds }: PackedNetwork, file: number): boolean {
  for (let p = inStart[file] ?? 0; p < (inStart[file + 1] ?? 0); p += 1)
    if (BRINGS.has(kinds[into[p] ?? 0] ?? 255)) return true
  return false
}

/** The last use up to a time; of a standing relation that time itself. */
function lastUse(network: PackedNetwork, relation: number, at: number): number | undefined {
  const { kinds, useStart, uses } = network
  if (isStanding(kinds[relation] ?? 255)) return at
  for (let use = (useStart[relation + 1] ?? 0) - 1; use >= (useStart[relation] ?? 0); use -= 1) {
    const time = uses[use] ?? 0
    if (time <= at + CLOCK_TOLERANCE_US) return time
  }
  return undefined
}

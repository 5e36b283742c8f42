import type { TextRef } from '../contract/shapes.ts'
import type { EntityKind } from '../model/relation.ts'
import type { RiskLevel } from '../model/verdict.ts'
import type { ReadStore } from '../store/store.ts'
import { bornAt } from './birth.ts'
import { ledToSigns, wasBrought } from './led-on.ts'
import { INTERACTION_START } from './reach.ts'
import { kindAt, nodeOf, type PackedNetwork } from './packed-network.ts'
import { findPaths, type FoundPath, type Network } from './path-search.ts'
import type { Sweep } from './sweep.ts'

export interface Origin {
  readonly entity: number
  readonly score: number
  readonly reasons: readonly TextRef[]
  readonly path: FoundPath
}

/** Candidates whose paths are searched; the likeliest by what they are come first. */
const SEARCHED = 60

/** How well a kind of thing can be where an intrusion came in, before its way is looked at. */
const PRIOR: Partial<Record<EntityKind, number>> = {
  message: 0.6,
  url: 0.4,
  ip: 0.35,
  attachment: 0.3,
  file: 0.25,
  endpoint: 0.2,
  user: 0.15,
  process: 0.1,
}
const BY_RISK: Partial<Record<RiskLevel, number>> = {
  dangerous: 1.6,
  'highly-suspicious': 1.5,
  suspicious: 1.25,
  safe: 0.3,
}
/** Rules detected something about it. */
const DETECTED = 1.3
/**
 * Mail, links and files that came to nothing a rule speaks of: everybody opens such things every day. Where nothing in the
 * case speaks for an attack, they are as good as any. */
const CAME_TO_NOTHING = 0.5
/** The same of a file of which nobody knows that it was brought: it may be any document. */
const OF_THE_PLACE = 0.2
const BROUGHT_IN: ReadonlySet<EntityKind> = new Set<EntityKind>(['message', 'url', 'attachment', 'file'])
/** Nothing else that leads to the target leads to it first. */
const ROOT = 1.2

const info = 'SELECT id, kind, first_seen FROM entity WHERE id IN (SELECT value FROM json_each(?))'
const detected = `SELECT DISTINCT subject_id FROM detection WHERE level <> 'low'`

/**
 * Patient zero: among all that can have led to an entity in time, what is likeliest to be where it began: mail somebody acted on
 * before files, links before programs, what packs and rules speak against, or what came to that, before what nothing speaks of; times the confidence of its
 * path. What has no path after all (a link of a mail the one who opened it never had) is left out.
 */
export function findOrigins(
  db: ReadStore,
  packed: PackedNetwork,
  network: Network,
  sweep: Sweep,
  target: number,
  riskOf: (entity: number) => RiskLevel | null,
  limit: number,
): { origins: Origin[]; reached: number; candidates: number } {
  const led = ledToSigns(db, packed)
  const bad = new Set(db.prepare(detected).pluck().all() as number[])
  const reached: number[] = []
  for (let node = 0; node < sweep.via.length; node += 1) if ((sweep.via[node] ?? -1) >= 0) reached.push(node)
  const rows = db.prepare(info).all(JSON.stringify(reached.map((node) => packed.entities[node] ?? 0))) as {
    id: number
    kind: EntityKind
    first_seen: number | null
  }[]
  const candidates = rows.flatMap(({ id, kind, first_seen }) => {
    const node = nodeOf(packed, id)
    const via = kindAt(packed.kinds[sweep.via[node] ?? 0] ?? 0)
    const prior = PRIOR[kind]
    // Mail that merely reached a mailbox is in everybody's past.
    if (prior === undefined || (kind === 'message' && !INTERACTION_START.has(via))) return []
    const reasons: TextRef[] = [{ key: `origin.kind.${kind}`, params: {} }]
    let score = prior
    const risk = riskOf(id)
    const factor = risk === null ? undefined : BY_RISK[risk]
    if (factor !== undefined) {
      score *= factor
      reasons.push({ key: `origin.risk.${risk}`, params: {} })
    }
    if (bad.has(id)) {
      score *= DETECTED
      reasons.push({ key: 'origin.detected', params: {} })
    }
    if (led.size > 0 && BROUGHT_IN.has(kind) && !led.has(node) && (factor ?? 0) <= 1) {
      score *= kind === 'file' && !wasBrought(packed, node) ? OF_THE_PLACE : CAME_TO_NOTHING
      reasons.push({ key: 'origin.plain', params: {} })
    }
    if (isRoot(packed, sweep, node)) {
      score *= ROOT
      reasons.push({ key: 'origin.root', params: {} })
    }
    return [{ id, kind, first: first_seen, score, reasons }]
  })
  candidates.sort((a, b) => b.score - a.score || (a.first ?? Infinity) - (b.first ?? Infinity) || a.id - b.id)
  const latestAt = latest(packed, sweep)
  const origins = candidates.slice(0, SEARCHED).flatMap(({ id, kind, first, score, reasons }): Origin[] => {
    const born = bornAt(packed, id)
    const begin = Number.isFinite(born) ? born : null
    const [path] = findPaths(network, {
      from: id,
      to: target,
      alternatives: 1,
      maxHops: 14,
      notBefore: kind === 'message' ? first : begin,
      latestAt,
    })
    if (!path || (kind === 'message' && !INTERACTION_START.has(path.hops[0]?.link.kind ?? 'sent'))) return []
    return [{ entity: id, score: Math.round(score * path.confidence * 1000) / 1000, reasons, path }]
  })
  origins.sort((a, b) => b.score - a.score || b.path.hops.length - a.path.hops.length || a.entity - b.entity)
  return { origins: origins.slice(0, limit), reached: reached.length, candidates: candidates.length }
}

/** The latest time one may be somewhere, by entity id: what a search need not go beyond. */
export const latest =
  (packed: PackedNetwork, sweep: Sweep) =>
  (entity: number): number => {
    const node = nodeOf(packed, entity)
    return node < 0 ? NaN : sweep.at[node] === -Infinity ? NaN : (sweep.at[node] ?? NaN)
  }

function isRoot(packed: PackedNetwork, sweep: Sweep, node: number): boolean {
  for (let p = packed.inStart[node] ?? 0; p < (packed.inStart[node + 1] ?? 0); p += 1)
    if ((sweep.via[packed.from[packed.into[p] ?? 0] ?? 0] ?? -1) >= 0) return false
  return true
}

import type { TextRef } from '../contract/shapes.ts'
import type { RelationKind } from '../model/relation.ts'
import type { RiskLevel } from '../model/verdict.ts'
import type { ReadStore } from '../store/store.ts'
import type { FoundPath, Network } from './path-search.ts'
import { INTERACTION_START, reachAll } from './reach.ts'

export interface Suggestion {
  readonly from: number
  readonly to: number
  readonly score: number
  readonly reasons: readonly TextRef[]
  readonly path: FoundPath
}

/** Messages somebody did something with; `brought` when a file of it reached an endpoint. */
const vectors = `SELECT m.id, m.first_seen, max(b.kind IN ('saved-as', 'downloaded-to')) AS brought
  FROM entity m JOIN relation a ON a.from_id = m.id AND a.kind IN ('links-to', 'carries')
  JOIN relation b ON b.from_id = a.to_id AND b.kind IN ('clicked-by', 'opened-on', 'downloaded-to', 'saved-as')
  WHERE m.kind = 'message' GROUP BY m.id ORDER BY m.id`
/** Messages followed up: a newsletter that everybody opens would cost a search each; the likeliest come first. */
const MAX_VECTORS = 500
/** Where an intrusion shows: machines reached from others, credentials read, code run from afar. */
const effects = `SELECT to_id AS id, max(CASE kind WHEN 'remote-execution' THEN 3 WHEN 'accessed-credentials' THEN 2 ELSE 1 END) AS weight
  FROM relation WHERE kind IN ('remote-execution', 'accessed-credentials')
    OR (kind = 'remote-logon' AND from_id NOT IN (SELECT id FROM entity WHERE kind = 'ip')) GROUP BY to_id`
const isHighValue = `SELECT id FROM entity WHERE json_extract(attributes, '$.isHighValue') = 1 OR json_extract(attributes, '$.isDomainController') = 1`

const RISK_WEIGHT: Readonly<Record<RiskLevel, number>> = {
  dangerous: 1,
  'highly-suspicious': 0.9,
  suspicious: 0.6,
  untested: 0.35,
  safe: 0.1,
}
/** Without any pattern pack nothing speaks for or against a message. */
const UNKNOWN_RISK = 0.5
const MAX_HOPS = 18
/** Each machine after the first that was reached from another. */
const FURTHER = 1.6

/**
 * Candidate narratives: from a message somebody acted on, by interaction, to the furthest effect. The score is the
 * path's confidence times what speaks for the message and the target; each factor is a visible reason.
 */
export function suggestPaths(
  db: ReadStore,
  network: Network,
  riskOf: (message: number) => RiskLevel | null,
  limit: number,
): Suggestion[] {
  const targets = new Map(
    (db.prepare(effects).all() as { id: number; weight: number }[]).map((row) => [row.id, row.weight]),
  )
  const high = new Set(db.prepare(isHighValue).pluck().all() as number[])
  const found: Suggestion[] = []
  const candidates = (
    db.prepare(vectors).all() as { id: number; first_seen: number | null; brought: number }[]
  ).map((row) => ({ ...row, risk: riskOf(row.id) }))
  const likelihood = (risk: RiskLevel | null) => (risk === null ? UNKNOWN_RISK : RISK_WEIGHT[risk])
  candidates.sort((a, b) => b.brought - a.brought || likelihood(b.risk) - likelihood(a.risk) || a.id - b.id)
  for (const { id: from, first_seen, risk } of candidates.slice(0, MAX_VECTORS)) {
    let best: Suggestion | undefined
    for (const [to, ways] of reachAll(network, from, MAX_HOPS, INTERACTION_START, first_seen)) {
      const weight = targets.get(to)
      for (const path of ways) {
        if (weight === undefined && !endsInExecution(path)) continue
        const suggestion = rate(from, to, path, risk, weight ?? 0, high.has(to))
        if (!best || suggestion.score > best.score) best = suggestion
      }
    }
    if (best) found.push(toMachine(network, best))
  }
  return found.sort((a, b) => b.score - a.score || a.from - b.from).slice(0, limit)
}

/** A narrative that ends in a process run from afar goes on to the endpoint it ran on: that is what was reached. */
function toMachine(network: Network, suggestion: Suggestion): Suggestion {
  const last = suggestion.path.hops.at(-1)
  const link =
    last?.link.kind === 'remote-execution'
      ? network.out.get(suggestion.to)?.find((one) => one.kind === 'ran-on')
      : undefined
  if (!last || !link) return suggestion
  const path = {
    hops: [...suggestion.path.hops, { link, at: last.at }],
    confidence: suggestion.path.confidence * link.weight,
  }
  return { ...suggestion, to: link.to, path }
}

const endsInExecution = (path: FoundPath) =>
  path.hops.some((hop) => hop.link.kind === 'executed-as') && path.hops.at(-1)?.link.kind !== 'spawned'

function rate(
  from: number,
  to: number,
  path: FoundPath,
  risk: RiskLevel | null,
  weight: number,
  highValue: boolean,
): Suggestion {
  const kinds = new Set(path.hops.map((hop) => hop.link.kind))
  const ran = kinds.has('executed-as')
  // A file that ran speaks for itself; a link needs a pattern pack or its consequences to speak for it.
  let score = path.confidence * Math.max(risk === null ? UNKNOWN_RISK : RISK_WEIGHT[risk], ran ? 0.8 : 0)
  const reasons = [...reasonsOfMail(kinds, risk), ...reasonsOfEffects(kinds)]
  if (kinds.has('accessed-credentials')) score *= 2
  if (kinds.has('remote-execution')) score *= 3
  else if (kinds.has('remote-logon')) score *= 2.4
  // A longer way costs confidence; that it leads on to one more machine says more than that.
  const moves = path.hops.filter(
    ({ link }) => link.kind === 'remote-execution' || link.kind === 'remote-logon',
  )
  score *= FURTHER ** Math.max(0, moves.length - 1)
  if (weight === 0) {
    score *= 0.4
    reasons.push(reason('no_effect'))
  }
  if (highValue) {
    score *= 1.2
    reasons.push(reason('high_value'))
  }
  return { from, to, score: Math.round(score * 1000) / 1000, reasons, path }
}

const reason = (what: string): TextRef => ({ key: `suggest.${what}`, params: {} })

/** What speaks for the message a path begins with. @param risk of its links, as known now */
export function reasonsOfMail(kinds: ReadonlySet<RelationKind>, risk: RiskLevel | null): TextRef[] {
  const reasons: TextRef[] = []
  const ran = kinds.has('executed-as')
  if (risk !== null && risk !== 'untested' && risk !== 'safe') reasons.push(reason(`risk.${risk}`))
  else if (!ran) reasons.push(reason('not_rated'))
  if (ran) reasons.push(reason('executed'))
  if (kinds.has('clicked-by') || kinds.has('opened-on')) reasons.push(reason('clicked'))
  return reasons
}

/** What was done on the way of a path. */
export function reasonsOfEffects(kinds: ReadonlySet<RelationKind>): TextRef[] {
  const reasons: TextRef[] = []
  if (kinds.has('accessed-credentials')) reasons.push(reason('credentials'))
  if (kinds.has('remote-execution')) reasons.push(reason('remote_execution'))
  else if (kinds.has('remote-logon')) reasons.push(reason('remote_logon'))
  return reasons
}

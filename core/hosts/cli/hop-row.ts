import type { AttackPath } from '../../contract/nouns/graph.ts'

/** An attack path as documents show it (docs/cli.md, `paths`). */
export const toPathDocument = ({ confidence, startAt, endAt, hops }: AttackPath) => ({
  confidence,
  startAt,
  endAt,
  hops: hops.map((hop) => ({
    from: hop.from,
    to: hop.to,
    relation: hop.relation,
    at: hop.at,
    clock: hop.clock ?? null,
    confidence: hop.confidence,
    rule: hop.rule,
    observed: hop.observed,
    events: hop.events,
    relationId: hop.relationId,
  })),
})

/** Its hops as lines of a table; what is only possible stands in brackets, and by how much a clock is off. */
export const toHopCells = (path: AttackPath): string[][] =>
  path.hops.map((hop) => [
    `  ${hop.at ?? '-'}${offBy(hop)}`,
    `${hop.from.kind}:${hop.from.name}`,
    hop.observed ? hop.relation : `(${hop.relation})`,
    `${hop.to.kind}:${hop.to.name}`,
    hop.rule,
  ])

const offBy = ({ clock }: AttackPath['hops'][number]): string =>
  clock ? ` (${clock.aheadSeconds > 0 ? '+' : ''}${clock.aheadSeconds} s)` : ''

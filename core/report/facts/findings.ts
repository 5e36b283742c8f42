import type { Claim, StoryRow } from '../../contract/nouns/story.ts'
import type { ResultOf } from '../../contract/types.ts'
import type { ReportContext } from '../context.ts'
import { citeProofs, proofsOfEvents, type Proofs } from './citations.ts'
import type { Line } from '../document.ts'

export type Finding = ResultOf<'story.get'>
type Proof = Claim['proof']

/** Stories of the case, best first, with their claims. */
export async function listFindings(context: ReportContext, limit: number): Promise<readonly Finding[]> {
  const { rows } = await context.ask('story.list', { limit })
  return Promise.all(rows.map(({ id }: StoryRow) => context.ask('story.get', { id })))
}

/** How sure the finding is: that of its likeliest reading as a whole, else that of its weakest fact. */
export function confidenceOf({ paths, claims }: Finding): number | null {
  const [best] = paths
  if (best !== undefined) return best.confidence
  const values = claims.map((claim) => claim.confidence)
  return values.length === 0 ? null : Math.min(...values)
}

/** Where a statement comes from: its events, else the records of its relations or detections. */
export async function proofsOf(context: ReportContext, proof: Proof): Promise<Proofs> {
  if (proof.events.length > 0) return proofsOfEvents(context, proof.events)
  const relations = await Promise.all(
    proof.relations.slice(0, 4).map((id) => context.ask('relation.get', { id })),
  )
  const detections = await Promise.all(
    proof.detections.slice(0, 4).map((id) => context.ask('detection.get', { id })),
  )
  const sources = [...relations, ...detections].flatMap((row) => row.sources)
  return { sources, total: sources.length }
}

/** Cites what proves a statement; of one that only names items of evidence, those. */
export async function citeProof(context: ReportContext, proof: Proof): Promise<Line> {
  const proofs = await proofsOf(context, proof)
  if (proofs.sources.length > 0) return citeProofs(context.cite, proofs)
  return proof.evidence.map((id) => ({ kind: 'cite', ref: `E${id}` }))
}

/** Rules behind the relations and detections of a finding, each once. */
export async function rulesOf(context: ReportContext, { claims }: Finding): Promise<ReadonlySet<string>> {
  const relations = new Set(claims.flatMap(({ proof }) => proof.relations))
  const detections = new Set(claims.flatMap(({ proof }) => proof.detections))
  const rows = await Promise.all([
    ...[...relations].slice(0, MAX_ROWS).map((id) => context.ask('relation.get', { id })),
    ...[...detections].slice(0, MAX_ROWS).map((id) => context.ask('detection.get', { id })),
  ])
  return new Set(rows.map(({ rule }) => rule))
}
/** Relations or detections looked up per finding. */
const MAX_ROWS = 60

import type { Claim, StoryRow } from '../../contract/nouns/story.ts'
import type { ResultOf } from '../../contract/types.ts'
import type { ReportContext } from '../context.ts'
import { citeProofs, proofsOfEvents, type Proofs } from './citations.ts'
import type { Line } from '../document.ts'
import { isWeighty } from '../../indicators/finding-assets.ts'

export type Finding = ResultOf<'story.get'>
type Proof = Claim['proof']

/** Stories of the case, best first, with their claims. */
export async function listFindings(context: ReportContext, limit: number): Promise<readonly Finding[]> {
  const { rows } = await context.ask('story.list', { limit })
  return Promise.all(rows.map(({ id }: StoryRow) => context.ask('story.get', { id })))
}

/** Findings that other sections build on: as many as the section of findings prints by default. */
export const TOLD_FINDINGS = 10

/** A finding by its number in this report. */
export interface NumberedFinding {
  readonly number: number
  readonly finding: Finding
}

/** The heaviest findings with the numbers they are printed with; those of no weight are none to build on. */
export async function weightyFindings(
  context: ReportContext,
  limit = TOLD_FINDINGS,
): Promise<readonly NumberedFinding[]> {
  const findings = limit === 0 ? [] : await listFindings(context, limit)
  return findings
    .map((finding, index) => ({ number: index + 1, finding }))
    .filter(({ finding }) => isWeighty(finding))
}

/** Whether nothing ties a mail firmly to the finding: its own words are then "perhaps". */
export const isPerhapsByMail = ({ reasons }: Pick<Finding, 'reasons'>): boolean =>
  reasons.some(({ code }) => code === 'email_maybe')

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

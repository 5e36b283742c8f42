import type { ReportContext } from '../context.ts'
import { provenTechnique } from '../../normalise/technique.ts'
import type { Finding } from './findings.ts'

/** Detections and relations of one finding looked up. */
const MAX_ROWS = 60

export interface FindingTechnique {
  readonly technique: string
  readonly events: readonly string[]
}

/**
 * Techniques that a finding proves: those of its detections, and of the rules behind its relations where the engine counts the rule
 * among what made the finding, each only where no other technique fits what was found.
 */
export async function techniquesOf(
  { ask }: ReportContext,
  { claims, attack }: Finding,
): Promise<readonly FindingTechnique[]> {
  const ids = (of: 'detections' | 'relations'): readonly string[] =>
    [...new Set(claims.flatMap(({ proof }) => proof[of]))].slice(0, MAX_ROWS)
  const detections = await Promise.all(ids('detections').map((id) => ask('detection.get', { id })))
  const relations = await Promise.all(ids('relations').map((id) => ask('relation.get', { id })))
  const made = new Set(attack.map((id) => id.slice(0, 5)))
  const found = new Map<string, string[]>()
  const note = (technique: string | undefined, events: readonly string[]): void => {
    if (technique === undefined) return
    const known = found.get(technique) ?? []
    known.push(...events)
    found.set(technique, known)
  }
  for (const row of detections) note(provenTechnique(row.attack), row.events)
  for (const { observed, ruleInfo, events } of relations) {
    const technique = provenTechnique(ruleInfo?.attack ?? [])
    if (observed && technique !== undefined && made.has(technique.slice(0, 5))) note(technique, events)
  }
  return [...found].map(([technique, events]) => ({ technique, events })).sort(byId)
}

const byId = (a: FindingTechnique, b: FindingTechnique): number => (a.technique < b.technique ? -1 : 1)

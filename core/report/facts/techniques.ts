import type { ReportContext } from '../context.ts'
import { provenTechnique } from '../../normalise/technique.ts'
import type { Finding } from './findings.ts'

/** Mail that led to a finding, by what of it did. */
const PHISHING = { attachment: 'T1566.001', link: 'T1566.002', forward: 'T1566' } as const

/** Colleagues send documents with macros: what came by mail is phishing where the finding is established, or its link is called bad. */
const isHostile = ({ candidate, reasons }: Finding): boolean =>
  candidate.length === 0 || reasons.some(({ code }) => code === 'bad_link')

/** Detections and relations of one finding looked up. */
const MAX_ROWS = 60

export interface FindingTechnique {
  readonly technique: string
  readonly events: readonly string[]
}

/**
 * Techniques that a finding proves: those of its detections, and of the rules behind its relations where the engine counts the rule
 * among what made the finding, each only where no other technique fits what was found; phishing where
 * a hostile mail led to it.
 */
export async function techniquesOf(
  { ask }: ReportContext,
  finding: Finding,
): Promise<readonly FindingTechnique[]> {
  const { claims, attack, emailVector } = finding
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
  // That mail came proves nothing; that something of it led to what was found does.
  if (emailVector !== null && !emailVector.isCandidate && isHostile(finding))
    note(PHISHING[emailVector.how], emailVector.proof.events)
  return [...found].map(([technique, events]) => ({ technique, events })).sort(byId)
}

const byId = (a: FindingTechnique, b: FindingTechnique): number => (a.technique < b.technique ? -1 : 1)

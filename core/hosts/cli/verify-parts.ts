import type { Verification } from '../../contract/nouns/verify.ts'

export const PARTS = ['case', 'evidence', 'report', 'manifest'] as const
type Part = (typeof PARTS)[number]
type State = 'holds' | 'broken' | 'unchecked'

/** What a finding is about, by the first word of its code; everything else is about the case. */
const ABOUT: Readonly<Record<string, Part>> = {
  evidence: 'evidence',
  report: 'report',
  file: 'report',
  manifest: 'manifest',
}
/** Codes of evidence that say something of the case: what of it was imported, and what the manifest lists. */
const OF_CASE: ReadonlySet<string> = new Set(['evidence.unfinished', 'evidence.unlisted'])
const HELD: Readonly<Record<string, Part>> = {
  'holds.evidence': 'evidence',
  'holds.report': 'report',
  'holds.report_logged': 'report',
  'holds.files': 'report',
  'holds.manifest': 'manifest',
  'holds.signed': 'manifest',
  'holds.signed_by': 'manifest',
}

/** Which of case, originals, report and manifest holds. The case is always looked at. */
export function partsOf({
  findings,
  holds,
}: Pick<Verification, 'findings' | 'holds'>): Readonly<Record<Part, State>> {
  const parts: Record<Part, State> = {
    case: 'holds',
    evidence: 'unchecked',
    report: 'unchecked',
    manifest: 'unchecked',
  }
  for (const { code } of holds) parts[HELD[code] ?? 'case'] = 'holds'
  for (const { code, level, where } of findings) {
    const told = code === 'more' ? where : code
    if (level === 'problem')
      parts[OF_CASE.has(told) ? 'case' : (ABOUT[told.split('.')[0] ?? ''] ?? 'case')] = 'broken'
  }
  return parts
}

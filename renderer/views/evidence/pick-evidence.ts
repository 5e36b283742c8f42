import type { EvidenceRow } from '../../../core/contract/nouns/evidence.ts'
import { isWhole } from '../../text/import-state.ts'

/** How the list is ordered: as it was imported, by name, the largest or those that lost most first. */
export const EVIDENCE_ORDERS = ['imported', 'name', 'size', 'rejected'] as const
export type EvidenceOrder = (typeof EVIDENCE_ORDERS)[number]

export interface EvidenceChoice {
  /** Part of the name, the path, the format or the hash; empty: all. */
  readonly text: string
  /** Only files of which something is missing: rejected records, bytes not read, an import that did not end. */
  readonly onlyLoss: boolean
  readonly order: EvidenceOrder
}

const lostSomething = (row: EvidenceRow): boolean =>
  row.rejected > 0 || row.status !== 'done' || !isWhole(row)

/**
 * The files of a case that somebody looks for.
 * @param titleOf words of a format
 * @param compare order of names in the language of the screen
 */
export function pickEvidence(
  rows: readonly EvidenceRow[],
  { text, onlyLoss, order }: EvidenceChoice,
  titleOf: (format: string) => string,
  compare: (a: string, b: string) => number,
): readonly EvidenceRow[] {
  const wanted = text.trim().toLowerCase()
  const fits = (row: EvidenceRow): boolean =>
    wanted === '' ||
    [row.name, row.path, row.sha256, titleOf(row.format)].some((one) => one.toLowerCase().includes(wanted))
  const found = rows.filter((row) => fits(row) && (!onlyLoss || lostSomething(row)))
  if (order === 'name') return found.toSorted((a, b) => compare(a.name, b.name) || compare(a.path, b.path))
  if (order === 'size') return found.toSorted((a, b) => b.bytes - a.bytes)
  if (order === 'rejected') return found.toSorted((a, b) => b.rejected - a.rejected)
  return found
}

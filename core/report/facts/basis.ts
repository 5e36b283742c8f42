import { ANALYST_RELATION_KINDS, type RelationKind } from '../../model/relation.ts'

/** What a relation rests on: records, rights of a directory, or the analyst's word alone. Never one for another. */
export type Basis = 'observed' | 'possible' | 'analyst'

const SAID: ReadonlySet<string> = new Set(ANALYST_RELATION_KINDS)

export const basisOf = (kind: RelationKind, isObserved: boolean): Basis =>
  SAID.has(kind) ? 'analyst' : isObserved ? 'observed' : 'possible'

/** How a line is drawn: whole, dashed, dotted; it reads in black and white. */
export const strokeOf = (basis: Basis): 'whole' | 'dashed' | 'dotted' =>
  basis === 'observed' ? 'whole' : basis === 'possible' ? 'dashed' : 'dotted'

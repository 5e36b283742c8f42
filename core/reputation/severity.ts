import { RISK_LEVELS, type RiskLevel } from '../model/verdict.ts'

/** Rank of a level: 0 is the most severe (`dangerous`), 4 the least (`safe`). */
export const severityOf = (level: RiskLevel): number => RISK_LEVELS.indexOf(level)

/** The level behind a rank of {@link severityOf}; what is out of range reads as untested. */
export const levelAt = (rank: number): RiskLevel => RISK_LEVELS[rank] ?? 'untested'

/** The more severe of two; null means "nothing known" and loses against any level. */
export function worseOf(a: RiskLevel | null, b: RiskLevel | null): RiskLevel | null {
  if (a === null) return b
  if (b === null) return a
  return severityOf(a) <= severityOf(b) ? a : b
}

/** Text of a case file or pack -> level; undefined when it is none of the five words. */
export const toRiskLevel = (text: string): RiskLevel | undefined =>
  RISK_LEVELS.find((level) => level === text)

import type { z } from 'zod'
import type { AttackPath } from '../../contract/nouns/graph.ts'
import type { ResultOf } from '../../contract/types.ts'
import type { EntityRef, TextRef } from '../../contract/shapes.ts'
import type { RiskLevel } from '../../model/verdict.ts'
import type { ReportContext } from '../context.ts'
import type { Finding, NumberedFinding } from './findings.ts'

export type Path = z.infer<typeof AttackPath>
type Suggestion = ResultOf<'path.suggest'>[number]

/** The path that the report tells, and what else could be told. */
export interface Told {
  readonly from: EntityRef
  readonly to: EntityRef
  readonly path: Path
  /** Why the machine proposes it; empty when the analyst chose both ends. */
  readonly reasons: readonly TextRef[]
  /** The finding it belongs to, by its number in the report; null: to none of them, or the analyst chose both ends. */
  readonly finding: number | null
  readonly others: readonly { readonly from: EntityRef; readonly to: EntityRef; readonly path: Path }[]
}

export const BAD_RISKS: readonly (RiskLevel | null)[] = ['dangerous', 'highly-suspicious', 'suspicious']

/** No mail leads into it: the same words as the screen's. */
const NO_MAIL: TextRef = { key: 'suggest.no_mail', params: {} }

/**
 * Suggestions that a report may tell. One that begins with a message needs a finding that names the message; in a case without
 * findings it needs a bad rating of its links, or that something of it was run: whoever opens a newsletter and logs on somewhere
 * else an hour later begins no attack.
 */
export async function withoutInnocentMail(
  { ask }: ReportContext,
  suggested: readonly Suggestion[],
  findings: readonly NumberedFinding[],
): Promise<readonly Suggestion[]> {
  const named = new Set(findings.flatMap(({ finding }) => finding.emailVector?.message.id ?? []))
  const isCredible = async ({ from, path }: Suggestion): Promise<boolean> => {
    if (from.kind !== 'message' || named.has(from.id)) return true
    if (findings.length > 0) return false
    if (path.hops.some(({ relation }) => relation === 'executed-as')) return true
    const { risk } = await ask('mail.get', { id: from.id })
    return BAD_RISKS.includes(risk.now)
  }
  const credible = await Promise.all(suggested.map(isCredible))
  return suggested.filter((_, index) => credible[index])
}

/**
 * The path of the heaviest finding that has one: the best suggestion that shares a step with it, which may begin before it or go on
 * after it, else its own likeliest path.
 */
export function pathOfFindings(
  findings: readonly NumberedFinding[],
  suggested: readonly Suggestion[],
): Told | undefined {
  for (const { number, finding } of findings) {
    const own = relationsOf(finding)
    const shared = suggested.find(({ path }) => path.hops.some(({ relationId }) => own.has(relationId)))
    if (shared !== undefined)
      return { ...shared, finding: number, others: others(shared.path, suggested, finding) }
    const [best] = finding.paths
    const ends = best && endsOf(best)
    if (best !== undefined && ends !== undefined)
      return {
        ...ends,
        path: best,
        reasons: reasonsOf(finding),
        finding: number,
        others: others(best, suggested, finding),
      }
  }
  return undefined
}

/** Steps of its paths and what made it. */
const relationsOf = ({ relations, paths }: Finding): ReadonlySet<string> =>
  new Set([...relations, ...paths.flatMap(({ hops }) => hops.map(({ relationId }) => relationId))])

function endsOf({ hops }: Path): Pick<Told, 'from' | 'to'> | undefined {
  const [first] = hops
  const last = hops.at(-1)
  return first && last && { from: first.from, to: last.to }
}

/** What speaks for the finding speaks for its path. */
const reasonsOf = ({ emailVector, reasons }: Finding): readonly TextRef[] => [
  ...(emailVector === null ? [NO_MAIL] : []),
  ...reasons
    .filter(({ weight }) => weight > 0)
    .map(({ code, params }) => ({ key: `story.reason.${code}`, params })),
]

/** Other ways of the same finding and other suggestions, each once. */
function others(told: Path, suggested: readonly Suggestion[], finding: Finding): Told['others'] {
  const keyOf = ({ hops }: Path): string => hops.map(({ relationId }) => relationId).join(' ')
  const all = [
    ...suggested.map(({ from, to, path }) => ({ from, to, path })),
    ...finding.paths.flatMap((path) => {
      const ends = endsOf(path)
      return ends === undefined ? [] : [{ ...ends, path }]
    }),
  ]
  const known = new Set([keyOf(told)])
  return all.filter(({ path }) => {
    const key = keyOf(path)
    if (known.has(key)) return false
    known.add(key)
    return true
  })
}

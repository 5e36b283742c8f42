import type { z } from 'zod'
import type { PathHop } from '../../contract/nouns/graph.ts'
import type { Source } from '../../contract/shapes.ts'
import type { ReportContext } from '../context.ts'
import type { Inline } from '../document.ts'
import { shared } from '../words.ts'

type Hop = z.infer<typeof PathHop>

/** Proofs printed per claim; the rest is counted. A relation may rest on thousands of events. */
const MAX_PROOFS = 4

/** Cites records, each once, the first few by name and the others as a number. */
export function citeSources(
  context: ReportContext,
  sources: readonly Source[],
  total = sources.length,
): readonly Inline[] {
  const unique = [
    ...new Map(sources.map((source) => [`${source.evidenceId}:${source.record}`, source])).values(),
  ]
  const cited = unique.slice(0, MAX_PROOFS).map((source) => context.cite(source.evidenceId, source.record))
  const left = Math.max(total, unique.length) - cited.length
  return total > sources.length || unique.length > MAX_PROOFS
    ? [...cited, ...(left > 0 ? [shared('more', { n: left })] : [])]
    : cited
}

/** Where events come from. */
export async function sourcesOf(
  context: ReportContext,
  eventIds: readonly string[],
): Promise<readonly Source[]> {
  const events = await Promise.all(
    eventIds.slice(0, MAX_PROOFS).map((id) => context.ask('event.get', { id })),
  )
  return events.map((event) => event.source)
}

/** Cites what proves a step of a path: its events, else the records of the relation (a directory entry, a mail). */
export async function citeHop(context: ReportContext, hop: Hop): Promise<readonly Inline[]> {
  if (hop.events.length > 0)
    return citeSources(context, await sourcesOf(context, hop.events), hop.events.length)
  return citeRelation(context, hop.relationId)
}

/** Cites the records behind a relation. */
export async function citeRelation(context: ReportContext, relationId: string): Promise<readonly Inline[]> {
  const relation = await context.ask('relation.get', { id: relationId })
  return citeSources(context, relation.sources)
}

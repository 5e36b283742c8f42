import type { z } from 'zod'
import type { PathHop } from '../../contract/nouns/graph.ts'
import type { Source } from '../../contract/shapes.ts'
import type { ReportContext } from '../context.ts'
import type { Inline } from '../document.ts'
import { shared } from '../words.ts'

type Hop = z.infer<typeof PathHop>

/** Proofs named per claim; the rest is counted. A relation may rest on thousands of events. */
const MAX_PROOFS = 4
/** Records that the tables of one section may add to the appendix: rows of a mailing look alike, page after page. */
const MAX_PRINTED = 5

/** Records behind a claim: those to name, and how many there are. */
export interface Proofs {
  readonly sources: readonly Source[]
  readonly total: number
}

/** How a claim names its records; `context.cite` prints each of them in the appendix. */
export type Cite = (evidenceId: string, record: number) => Inline

/**
 * Cites for the tables of one section: names every record, but has only those printed that show what their evidence
 * item looks like: the first of an item of which nothing is printed yet, a few in all. Call it in the order of the rows:
 * which records are printed must not depend on who answers first.
 */
export function citeSparingly(context: ReportContext): Cite {
  let left = MAX_PRINTED
  return (evidenceId, record) => {
    const ofItem = context.cited().filter((citation) => citation.evidenceId === evidenceId)
    if (ofItem.some((citation) => citation.record === record)) return context.cite(evidenceId, record)
    if (ofItem.length > 0 || left === 0) return context.mention(evidenceId, record)
    left -= 1
    return context.cite(evidenceId, record)
  }
}

/** Names records, each once, the first few by name and the others as a number. */
export function citeProofs(cite: Cite, { sources, total }: Proofs): readonly Inline[] {
  const unique = uniqueSources(sources)
  const cited = unique.slice(0, MAX_PROOFS).map((source) => cite(source.evidenceId, source.record))
  const left = Math.max(total, unique.length) - cited.length
  return left > 0 ? [...cited, shared('more', { n: left })] : cited
}

const uniqueSources = (sources: readonly Source[]): readonly Source[] => [
  ...new Map(sources.map((source) => [`${source.evidenceId}:${source.record}`, source])).values(),
]

/** Cites records, each once, the first few by name and the others as a number. */
export const citeSources = (
  context: ReportContext,
  sources: readonly Source[],
  total = uniqueSources(sources).length,
): readonly Inline[] => citeProofs(context.cite, { sources, total })

/** The first record of each evidence item: copies of one message in one log differ in the mailbox only. */
export const onePerItem = (sources: readonly Source[]): readonly Source[] =>
  [...new Map([...sources].reverse().map((source) => [source.evidenceId, source])).values()].reverse()

/** Where events come from. Of the deliveries in one evidence item only the first is named: they differ in the mailbox only. */
export async function proofsOfEvents(
  context: ReportContext,
  eventIds: readonly string[],
  total = eventIds.length,
): Promise<Proofs> {
  const events = await Promise.all(
    eventIds.slice(0, MAX_PROOFS).map((id) => context.ask('event.get', { id })),
  )
  const deliveries = new Set<string>()
  const sources: Source[] = []
  for (const { kind, source } of events) {
    if (kind === 'mail-delivered' && deliveries.has(source.evidenceId)) continue
    if (kind === 'mail-delivered') deliveries.add(source.evidenceId)
    sources.push(source)
  }
  return { sources, total }
}

/** What proves a step of a path: its events, else the records of the relation (a directory entry, a mail). */
export async function proofsOfHop(context: ReportContext, hop: Hop): Promise<Proofs> {
  return hop.events.length > 0
    ? proofsOfEvents(context, hop.events)
    : proofsOfRelation(context, hop.relationId)
}

/** The records behind a relation. */
export async function proofsOfRelation(context: ReportContext, relationId: string): Promise<Proofs> {
  const { sources } = await context.ask('relation.get', { id: relationId })
  return { sources, total: uniqueSources(sources).length }
}

/** Cites what proves a step of a path, and has it printed. */
export const citeHop = async (context: ReportContext, hop: Hop): Promise<readonly Inline[]> =>
  citeProofs(context.cite, await proofsOfHop(context, hop))

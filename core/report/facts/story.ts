import type { z } from 'zod'
import type { PathHop } from '../../contract/nouns/graph.ts'
import type { EntityRef } from '../../contract/shapes.ts'
import type { EntityKind } from '../../model/relation.ts'
import type { ReportContext } from '../context.ts'
import { weightyFindings } from './findings.ts'
import { pathOfFindings, withoutInnocentMail, type Path, type Told } from './told-path.ts'

export type { Path } from './told-path.ts'
export type Hop = z.infer<typeof PathHop>

/** The attack path that the report tells, and what else could be told. */
export interface Story extends Told {
  readonly isChosen: boolean
}

/**
 * The path between the analyst's two ends; else that of the heaviest finding that has one; else, of a case without findings, the
 * best suggestion. Undefined without any.
 */
export async function findStory(context: ReportContext): Promise<Story | undefined> {
  const { from, to } = context.settings
  if (from != null && to != null) {
    const found = await context.ask('path.find', { from, to })
    const [path, ...rest] = found.paths
    if (path === undefined) return undefined
    const others = rest.map((other) => ({ from: found.from, to: found.to, path: other }))
    return { from: found.from, to: found.to, path, reasons: [], isChosen: true, finding: null, others }
  }
  const [start, end] = await Promise.all(
    [from, to].map((name) => (name == null ? null : context.ask('entity.get', { id: name }))),
  )
  const findings = await weightyFindings(context)
  const suggested = await context.ask('path.suggest', { limit: 5 })
  const credible =
    start == null && end == null ? await withoutInnocentMail(context, suggested, findings) : suggested
  const fitting = credible.filter(
    (candidate) =>
      (start == null || candidate.from.id === start.id) && (end == null || candidate.to.id === end.id),
  )
  const told =
    start == null && end == null && findings.length > 0 ? pathOfFindings(findings, fitting) : undefined
  if (told !== undefined) return { ...told, isChosen: false }
  const [best, ...others] = fitting
  return best === undefined ? undefined : { ...best, isChosen: false, finding: null, others }
}

/** Entities along a path, in its order, each once. */
export function entitiesOf(path: Path): readonly EntityRef[] {
  const all = path.hops.flatMap((hop, index) => (index === 0 ? [hop.from, hop.to] : [hop.to]))
  return [...new Map(all.map((entity) => [entity.id, entity])).values()]
}

export const entitiesOfKind = (path: Path, ...kinds: readonly EntityKind[]): readonly EntityRef[] =>
  entitiesOf(path).filter((entity) => kinds.includes(entity.kind))

/** Steps that touch an entity. */
export const hopsAt = (path: Path, entityId: string): readonly Hop[] =>
  path.hops.filter((hop) => hop.from.id === entityId || hop.to.id === entityId)

import type { Asset, StoryRow } from '../contract/nouns/story.ts'
import type { Ask } from '../jobs/handlers.ts'

/** A finding without weight is no reason to do anything. */
const MIN_SCORE = 0.5
/** Machines and accounts are taken out of use for findings that are established. */
const ESTABLISHED = 20
/** Findings looked at, best first, and parts of each: affected ones come first. */
const MAX_FINDINGS = 500
const MAX_ESTABLISHED = 20
const MAX_ASSETS = 2_000

/** What the stories of the case say that steps follow from. */
export interface PlanFindings {
  /** Entity ids of messages that something hostile came by. */
  readonly vectors: ReadonlySet<string>
  /** Parts of established stories, each story by itself. */
  readonly established: readonly (readonly Asset[])[]
}

/** Where no story is told. */
export const NO_FINDINGS: PlanFindings = { vectors: new Set(), established: [] }

/** Reads them by asking for the stories. */
export async function planFindings(ask: Ask): Promise<PlanFindings> {
  const { rows } = await ask('story.list', { limit: MAX_FINDINGS, minScore: MIN_SCORE })
  const established: (readonly Asset[])[] = []
  for (const { id } of rows.filter(isEstablished).slice(0, MAX_ESTABLISHED))
    established.push((await ask('story.assets', { id, limit: MAX_ASSETS })).rows)
  return { vectors: new Set(rows.flatMap(({ emailVector }) => emailVector?.message.id ?? [])), established }
}

const isEstablished = ({ score }: StoryRow): boolean => score >= ESTABLISHED

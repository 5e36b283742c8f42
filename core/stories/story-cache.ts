import type { StoryRow } from '../contract/nouns/story.ts'
import { packedSoon } from '../graph/network-cache.ts'
import { KIND_INDEX, type PackedNetwork } from '../graph/packed-network.ts'
import type { Ask } from '../jobs/handlers.ts'
import { inTurns } from '../jobs/turn.ts'
import type { RiskLevel } from '../model/verdict.ts'
import { readInfo } from '../store/case-info.ts'
import type { ReadStore } from '../store/store.ts'
import { buildStories } from './build-stories.ts'
import { EntityFacts } from './entity-facts.ts'
import type { Story } from './story.ts'

export interface CaseStories {
  readonly stories: readonly Story[]
  readonly byId: ReadonlyMap<string, { readonly story: Story; readonly rank: number }>
  readonly network: PackedNetwork
  readonly facts: EntityFacts
  /** Rows that somebody has asked for: lists, screens and reports ask for the same ones again and again. */
  readonly told: Map<string, StoryRow>
}

const kept = new WeakMap<ReadStore, { readonly state: string; readonly found: Promise<CaseStories> }>()

/** Entities asked about at once (risk.of). */
const ASK_SIZE = 20_000

/** What stories depend on: the correlation run, and every change another connection made (packs, verdicts). */
const stateOf = (db: ReadStore): string =>
  `${readInfo(db, 'correlation_run') ?? '0'}|${String(db.pragma('data_version', { simple: true }))}|${String(
    db.prepare('SELECT total_changes()').pluck().get(),
  )}`

/** The stories of the case as it is, found once and kept until something changes. */
export function storiesOf(db: ReadStore, ask: Ask): Promise<CaseStories> {
  const state = stateOf(db)
  const known = kept.get(db)
  if (known?.state === state) return known.found
  const found = findStories(db, ask)
  kept.set(db, { state, found })
  return found
}

async function findStories(db: ReadStore, ask: Ask): Promise<CaseStories> {
  const network = await packedSoon(db)
  const risks = new Map<number, RiskLevel>()
  const links = linksActedOn(network)
  for (let at = 0; at < links.length; at += ASK_SIZE)
    for (const { entityId, risk } of await ask('risk.of', {
      entityIds: links.slice(at, at + ASK_SIZE).map(String),
    }))
      if (risk.now !== null) risks.set(Number(entityId), risk.now)
  const facts = new EntityFacts(db, network)
  const stories = await inTurns(buildStories(db, network, facts, risks))
  const byId = new Map<string, { story: Story; rank: number }>()
  for (const [at, story] of stories.entries()) byId.set(story.id, { story, rank: at + 1 })
  return { stories, byId, network, facts, told: new Map() }
}

/** URLs somebody opened or loaded something from; others need no rating for a story. */
function linksActedOn(network: PackedNetwork): number[] {
  const opened = new Set([
    KIND_INDEX.get('clicked-by'),
    KIND_INDEX.get('opened-on'),
    KIND_INDEX.get('downloaded-to'),
  ])
  const found = new Set<number>()
  for (let relation = 0; relation < network.kinds.length; relation += 1)
    if (opened.has(network.kinds[relation])) found.add(network.entities[network.from[relation] ?? 0] ?? 0)
  return [...found].sort((a, b) => a - b)
}

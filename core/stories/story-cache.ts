import type { StoryRow } from '../contract/nouns/story.ts'
import { networkState, packedSoon } from '../graph/network-cache.ts'
import { KIND_INDEX, type PackedNetwork } from '../graph/packed-network.ts'
import type { Ask } from '../jobs/handlers.ts'
import { inTurns } from '../jobs/turn.ts'
import type { RiskLevel } from '../model/verdict.ts'
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

/** Stories with all that they were made of: while that is the same, they are. */
interface Found {
  readonly made: CaseStories
  readonly state: string
  readonly risks: ReadonlyMap<number, RiskLevel>
}
const kept = new WeakMap<ReadStore, { readonly version: string; readonly found: Promise<Found> }>()

/** Entities asked about at once (risk.of). */
const ASK_SIZE = 20_000

/** Moves with everything that anybody writes: nothing at all has changed while it stands. */
const versionOf = (db: ReadStore): string =>
  `${String(db.pragma('data_version', { simple: true }))}|${String(
    db.prepare('SELECT total_changes()').pluck().get(),
  )}`

const importedEvidence = `SELECT count(*) || '.' || coalesce(max(id), 0) FROM evidence WHERE status <> 'importing'`
/** What stories are made of beside the risk of links: the relations, and the evidence that is there for good. */
const stateOf = (db: ReadStore): string =>
  `${networkState(db)}|${db.prepare(importedEvidence).pluck().get() as string}`

/**
 * The stories of the case as it is, found once and kept until something changes that they are made of: a note of the analyst and the
 * batches of an import that is under way do not.
 */
export async function storiesOf(db: ReadStore, ask: Ask): Promise<CaseStories> {
  const version = versionOf(db)
  const known = kept.get(db)
  const found = known?.version === version ? known.found : findAnew(db, ask, known?.found)
  kept.set(db, { version, found })
  try {
    return (await found).made
  } catch (thrown) {
    // Whoever asks next tries again.
    if (kept.get(db)?.found === found) kept.delete(db)
    throw thrown
  }
}

async function findAnew(db: ReadStore, ask: Ask, last: Promise<Found> | undefined): Promise<Found> {
  const before = await last?.catch(() => undefined)
  const state = stateOf(db)
  const network = await packedSoon(db)
  const risks = await risksOf(ask, linksActedOn(network))
  if (before?.state === state && isSame(before.risks, risks)) return before
  const facts = new EntityFacts(db, network)
  const stories = await inTurns(buildStories(db, network, facts, risks))
  const byId = new Map<string, { story: Story; rank: number }>()
  for (const [at, story] of stories.entries()) byId.set(story.id, { story, rank: at + 1 })
  return { made: { stories, byId, network, facts, told: new Map() }, state, risks }
}

/** Levels known now of those that have one. */
async function risksOf(ask: Ask, links: readonly number[]): Promise<ReadonlyMap<number, RiskLevel>> {
  const risks = new Map<number, RiskLevel>()
  for (let at = 0; at < links.length; at += ASK_SIZE)
    for (const { entityId, risk } of await ask('risk.of', {
      entityIds: links.slice(at, at + ASK_SIZE).map(String),
    }))
      if (risk.now !== null) risks.set(Number(entityId), risk.now)
  return risks
}

function isSame<K, V>(one: ReadonlyMap<K, V>, other: ReadonlyMap<K, V>): boolean {
  if (one.size !== other.size) return false
  for (const [key, value] of one) if (other.get(key) !== value) return false
  return true
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

import { attackOfRules } from '../graph/attack-of.ts'
import { resolveEntity } from '../graph/entity-rows.ts'
import { nodeOf } from '../graph/packed-network.ts'
import { relationsById, toAttackPaths } from '../graph/path-rows.ts'
import { rateEntities } from '../graph/rating.ts'
import { buildSlice } from '../graph/slice.ts'
import { type Ask, defineHandlers } from '../jobs/handlers.ts'
import { WorkbenchError } from '../model/errors.ts'
import { readIdCursor } from '../store/cursor.ts'
import type { ReadStore } from '../store/store.ts'
import { assetPage } from './asset-rows.ts'
import { claimsOf } from './claims.ts'
import { Proofs } from './proof.ts'
import { detectionsOf, SourceCounts } from './source-counts.ts'
import { storiesOf, type CaseStories } from './story-cache.ts'
import { figureOf } from './story-figure.ts'
import { storyChain } from './story-chain.ts'
import { storyPaths } from './story-paths.ts'
import { StoryRows } from './story-rows.ts'
import type { Story } from './story.ts'
import { timelineOf } from './timeline.ts'

/** @throws WorkbenchError `request.not_found` when the case tells no such story (any more) */
async function storyById(
  db: ReadStore,
  ask: Ask,
  id: string,
): Promise<CaseStories & { story: Story; rank: number }> {
  const found = await storiesOf(db, ask)
  const one = found.byId.get(id)
  if (!one) throw new WorkbenchError('request.not_found', { what: `story ${id}` })
  return { ...found, ...one }
}

const evidence = 'SELECT id, name, format FROM evidence WHERE id IN (SELECT value FROM json_each(?))'

export default defineHandlers({
  'story.list': async ({ db, ask }, input) => {
    const found = await storiesOf(db, ask)
    const node = input.entityId == null ? null : nodeOf(found.network, resolveEntity(db, input.entityId).id)
    const matching = found.stories
      .map((story, at) => ({ story, rank: at + 1 }))
      .filter(({ story }) => node === null || story.parts.has(node))
    const wanted = matching.filter(({ story }) => story.score >= input.minScore)
    const after = readIdCursor(input.cursor)
    const rows = new StoryRows(db, found, new Proofs(db, found.network))
    const attackOf = await attackOfRules(ask)
    return {
      rows: wanted
        .slice(after, after + input.limit)
        .map(({ story, rank }) => rows.row(story, rank, attackOf)),
      next: after + input.limit < wanted.length ? String(after + input.limit) : null,
      total: wanted.length,
      below: matching.length - wanted.length,
    }
  },
  'story.ofDetections': async ({ db, ask }, { detections }) => {
    const found = await storiesOf(db, ask)
    const wanted = new Set(detections.map(Number))
    const rows = new StoryRows(db, found, new Proofs(db, found.network))
    return found.stories.flatMap((story, at) => {
      const own = detectionsOf(story.seeds).filter((id) => wanted.has(id))
      if (own.length === 0) return []
      const named = { id: story.id, rank: at + 1, title: rows.title(story) }
      return own.map((id) => ({ detection: String(id), story: named }))
    })
  },
  'story.get': async ({ db, ask }, input) => {
    const found = await storyById(db, ask, input.id)
    const { network, facts, story, rank } = found
    const proofs = new Proofs(db, network)
    const { paths } = storyPaths(network, facts, story, input.alternatives)
    const [best] = paths
    const first = best?.hops[0]?.link.from
    const last = best?.hops.at(-1)?.link.to
    const { ids, relations } = figureOf(network, facts, story, paths)
    const graph = buildSlice(db, {
      entityIds: ids,
      relations: relationsById(db, [...relations]),
      ratings: await rateEntities(db, ask, [...ids]),
      marks: new Map([
        ...(last === undefined ? [] : [[last, 'target'] as const]),
        ...(first === undefined ? [] : [[first, 'start'] as const]),
        ...(story.firstObserved ? [[facts.of(story.firstObserved.node).id, 'first-observed'] as const] : []),
      ]),
      pathRelations: new Set(best?.hops.map((hop) => hop.link.id)),
    })
    return {
      ...new StoryRows(db, found, proofs).row(story, rank, await attackOfRules(ask)),
      claims: claimsOf(db, network, facts, proofs, story),
      paths: toAttackPaths(db, paths),
      graph,
    }
  },
  'story.chain': async ({ db, ask }, { id, limit, matched }) => {
    const { network, facts, story } = await storyById(db, ask, id)
    return storyChain(db, ask, network, facts, story, limit, new Set((matched ?? []).map(Number)))
  },
  'story.timeline': async ({ db, ask }, input) => {
    const found = await storyById(db, ask, input.id)
    return timelineOf(db, found, found.story, await attackOfRules(ask), {
      keyOnly: input.keyOnly,
      limit: input.limit,
      after: readIdCursor(input.cursor),
    })
  },
  'story.assets': async ({ db, ask }, input) => {
    const found = await storyById(db, ask, input.id)
    const page = { limit: input.limit, after: readIdCursor(input.cursor) }
    return assetPage(found, new Proofs(db, found.network), found.story, page, (ids) =>
      rateEntities(db, ask, ids),
    )
  },
  'story.evidence': async ({ db, ask }, { id }) => {
    const { network, story } = await storyById(db, ask, id)
    const sources = new SourceCounts(db, network).rows(story.seeds, story.relations)
    type Row = { id: number; name: string; format: string }
    const files = new Map(
      (db.prepare(evidence).all(JSON.stringify(sources.map((source) => source.evidence))) as Row[]).map(
        (row) => [row.id, row],
      ),
    )
    return sources.map((source) => ({
      evidenceId: String(source.evidence),
      name: files.get(source.evidence)?.name ?? '',
      format: files.get(source.evidence)?.format ?? '',
      relations: source.relations,
      detections: source.detections,
      records: source.records,
    }))
  },
})

import type { AttackPath, GraphSlice } from '../contract/nouns/graph.ts'
import { type Ask, defineHandlers } from '../jobs/handlers.ts'
import type { RiskLevel } from '../model/verdict.ts'
import { readIdCursor } from '../store/cursor.ts'
import type { ReadStore } from '../store/store.ts'
import { toIsoOrNull } from '../store/time.ts'
import { bornAt } from './birth.ts'
import { loadEntities, resolveEntity, type StoredEntity, toRef } from './entity-rows.ts'
import { networkOf, packedOf, packedSoon } from './network-cache.ts'
import type { NetworkFilter } from './network-view.ts'
import { findNext, NEXT_KINDS, NO_CONTROL, type NextStep } from './next-steps.ts'
import { findOrigins, latest } from './origins.ts'
import { nodeOf, type PackedNetwork } from './packed-network.ts'
import { readFilter, readTime } from './path-filter.ts'
import { relationsById, toAttackPaths } from './path-rows.ts'
import { findPaths, type FoundPath, type Network } from './path-search.ts'
import { rateEntities } from './rating.ts'
import { reachRows, sweepFrom } from './reach-rows.ts'
import { buildSlice } from './slice.ts'
import { suggestPaths } from './suggest.ts'
import { suggestStories } from './suggest-stories.ts'

const messageIds = `SELECT id FROM entity WHERE kind = 'message' ORDER BY id`
/** Entities asked about at once (risk.of). */
const ASK_SIZE = 20_000
/** Compromised ones that are named; the total says how many there are. */
const SHOWN_COMPROMISED = 100

async function risksOf(ask: Ask, ids: readonly number[]): Promise<Map<number, RiskLevel>> {
  const risks = new Map<number, RiskLevel>()
  for (let at = 0; at < ids.length; at += ASK_SIZE)
    for (const { entityId, risk } of await ask('risk.of', {
      entityIds: ids.slice(at, at + ASK_SIZE).map(String),
    }))
      if (risk.now !== null) risks.set(Number(entityId), risk.now)
  return risks
}

/** A message cannot act before it was sent, a process not before it started, a file not before it was written; null: not known. */
function beginOf(packed: PackedNetwork, from: StoredEntity): number | null {
  if (from.kind === 'message') return from.first_seen
  const born = bornAt(packed, from.id)
  return Number.isFinite(born) ? born : null
}

/** Paths from one entity to another; what cannot get there in time is not looked at. */
function pathsBetween(
  db: ReadStore,
  from: StoredEntity,
  to: number,
  filter: NetworkFilter,
  options: { readonly alternatives: number; readonly maxHops: number },
  along: ReadonlySet<number> | null,
): FoundPath[] {
  const packed = packedOf(db)
  const network = networkOf(db, filter)
  const request = { from: from.id, to, ...options, notBefore: beginOf(packed, from) }
  if (along) return findPaths(only(network, along), request)
  const sweep = sweepFrom(packed, network, { entity: to, direction: 'back', at: null, filter })
  return findPaths(network, { ...request, latestAt: latest(packed, sweep) })
}

/** A part of a network: some of its relations. */
function only(network: Network, relations: ReadonlySet<number>): Network {
  const part = (ends: Network['out']): Network['out'] => ({
    get: (entity) => ends.get(entity)?.filter((link) => relations.has(link.id)),
  })
  return { out: part(network.out), into: part(network.into), whole: network.whole ?? network }
}

const ofHops = (paths: readonly FoundPath[]) => ({
  entities: paths.flatMap((path) => path.hops.flatMap((hop) => [hop.link.from, hop.link.to])),
  relations: [...new Set(paths.flatMap((path) => path.hops.map((hop) => hop.link.id)))],
})

export default defineHandlers({
  'path.find': async ({ db, ask }, input) => {
    await packedSoon(db)
    const from = resolveEntity(db, input.from)
    const to = resolveEntity(db, input.to)
    const { alternatives, maxHops } = input
    const along = input.along == null ? null : new Set(input.along.map(Number))
    const found = pathsBetween(db, from, to.id, readFilter(input), { alternatives, maxHops }, along)
    const shown = ofHops(found)
    const ids = new Set([from.id, to.id, ...shown.entities])
    const graph = buildSlice(db, {
      entityIds: ids,
      relations: relationsById(db, shown.relations),
      ratings: await rateEntities(db, ask, [...ids]),
      marks: new Map([
        [from.id, 'start' as const],
        [to.id, 'target' as const],
      ]),
      pathRelations: new Set(found[0]?.hops.map((hop) => hop.link.id) ?? []),
    })
    return { from: toRef(from), to: toRef(to), paths: toAttackPaths(db, found), graph }
  },
  'path.reach': async ({ db }, input) => {
    const packed = await packedSoon(db)
    const entity = resolveEntity(db, input.entity)
    const filter = readFilter(input)
    const stated = readTime('at', input.at)
    const request = {
      entity: entity.id,
      direction: input.direction,
      at: stated ?? (input.direction === 'forward' ? beginOf(packed, entity) : null),
      filter,
    }
    const sweep = sweepFrom(packed, networkOf(db, filter), request)
    const page = { kind: input.kind ?? null, limit: input.limit, after: readIdCursor(input.cursor) }
    return { ...reachRows(db, packed, sweep, request, page), from: toRef(entity) }
  },
  'path.origins': async ({ db, ask }, input) => {
    const packed = await packedSoon(db)
    const entity = resolveEntity(db, input.entity)
    const filter = readFilter(input)
    const network = networkOf(db, filter)
    const sweep = sweepFrom(packed, network, {
      entity: entity.id,
      direction: 'back',
      at: filter.window?.to ?? null,
      filter,
    })
    const ids: number[] = []
    for (let node = 0; node < sweep.via.length; node += 1)
      if ((sweep.via[node] ?? -1) >= 0) ids.push(packed.entities[node] ?? 0)
    const risks = await risksOf(ask, ids)
    const found = findOrigins(
      db,
      packed,
      network,
      sweep,
      entity.id,
      (id) => risks.get(id) ?? null,
      input.limit,
    )
    const names = loadEntities(
      db,
      found.origins.map((origin) => origin.entity),
    )
    const paths = toAttackPaths(
      db,
      found.origins.map((origin) => origin.path),
    )
    return {
      entity: toRef(entity),
      reached: found.reached,
      candidates: found.candidates,
      origins: found.origins.flatMap((origin, at) => {
        const row = names.get(origin.entity)
        const path = paths[at]
        return row && path
          ? [{ entity: toRef(row), score: origin.score, reasons: [...origin.reasons], path }]
          : []
      }),
    }
  },
  'path.next': async ({ db, ask }, input) => {
    await packedSoon(db)
    const until = readTime('at', input.at)
    const { start, sources } = await compromisedOf(db, ask, input, until)
    const high = new Set(db.prepare(isHighValue).pluck().all() as number[])
    const rights = networkOf(db, { possible: true, include: NEXT_KINDS })
    const found = findNext(rights, sources, (entity) => high.has(entity), input.maxHops)
    const shown = found.slice(0, input.limit)
    const whole = shown.map((step) => withObserved(db, start, step, until))
    const paths = toAttackPaths(db, whole)
    const listed = [...sources].sort((a, b) => (a[1] ?? Infinity) - (b[1] ?? Infinity) || a[0] - b[0])
    const names = loadEntities(db, [
      ...listed.slice(0, SHOWN_COMPROMISED).map(([id]) => id),
      ...shown.map((step) => step.target),
    ])
    const drawn = ofHops(whole)
    const ids = new Set([...(start ? [start.id] : []), ...drawn.entities])
    return {
      compromised: listed.slice(0, SHOWN_COMPROMISED).flatMap(([id, at]) => {
        const row = names.get(id)
        return row ? [{ entity: toRef(row), at: toIsoOrNull(at) }] : []
      }),
      compromisedTotal: sources.size,
      targets: shown.flatMap((step, at) => {
        const row = names.get(step.target)
        const path: AttackPath | undefined = paths[at]
        return row && path
          ? [
              {
                entity: toRef(row),
                confidence: step.path.confidence,
                path,
                possibleHops: step.path.hops.length,
              },
            ]
          : []
      }),
      targetTotal: found.length,
      graph: await nextGraph(db, ask, ids, drawn.relations, start, shown, whole[0]),
    }
  },
  'path.suggest': async ({ db, ask }, { limit }) => {
    await packedSoon(db)
    const risks = await risksOf(ask, db.prepare(messageIds).pluck().all() as number[])
    const riskOf = (message: number): RiskLevel | null => risks.get(message) ?? null
    const found = suggestPaths(db, networkOf(db, { possible: false }), riskOf, limit)
    if (found.length === 0) return suggestStories(ask, riskOf, limit)
    const names = loadEntities(
      db,
      found.flatMap((one) => [one.from, one.to]),
    )
    const paths = toAttackPaths(
      db,
      found.map((one) => one.path),
    )
    return found.flatMap((one, index) => {
      const from = names.get(one.from)
      const to = names.get(one.to)
      const path = paths[index]
      return from && to && path
        ? [{ from: toRef(from), to: toRef(to), score: one.score, reasons: [...one.reasons], path }]
        : []
    })
  },
})

const isHighValue = `SELECT id FROM entity WHERE json_extract(attributes, '$.isHighValue') = 1 OR json_extract(attributes, '$.isDomainController') = 1`

/** Roles of a story's assets that say nothing of control. */
const ONLY_NEAR = new Set(['recipient', 'contacted', 'part', 'held', 'tried'])

/** Users and endpoints under control until a time, each with when it came under it; and where it all began. */
async function compromisedOf(
  db: ReadStore,
  ask: Ask,
  input: { readonly story?: string | null | undefined; readonly from?: string | null | undefined },
  until: number | null,
): Promise<{ start: StoredEntity | null; sources: Map<number, number | null> }> {
  const sources = new Map<number, number | null>()
  const id =
    input.story ?? (input.from == null ? (await ask('story.list', { limit: 1 })).rows[0]?.id : undefined)
  if (id !== undefined) {
    const story = await ask('story.get', { id, alternatives: 1 })
    const { rows } = await ask('story.assets', { id, limit: 10_000 })
    for (const row of rows) {
      if (row.entity.kind !== 'user' && row.entity.kind !== 'endpoint') continue
      if (row.roles.every((role) => ONLY_NEAR.has(role))) continue
      const at = readTime('at', row.firstAt)
      if (until === null || at === null || at <= until) sources.set(Number(row.entity.id), at)
    }
    const begin = story.emailVector?.message ?? story.firstObserved?.entity
    return { start: begin ? resolveEntity(db, begin.id) : null, sources }
  }
  if (input.from == null) return { start: null, sources }
  const start = resolveEntity(db, input.from)
  const filter: NetworkFilter = {
    possible: false,
    exclude: NO_CONTROL,
    window: until === null ? null : { from: Number.MIN_SAFE_INTEGER, to: until },
  }
  const packed = packedOf(db)
  const sweep = sweepFrom(packed, networkOf(db, filter), {
    entity: start.id,
    direction: 'forward',
    at: beginOf(packed, start),
    filter,
  })
  const people = db.prepare(`SELECT id FROM entity WHERE kind IN ('user', 'endpoint') ORDER BY id`).pluck()
  for (const id of people.all() as number[]) {
    const node = nodeOf(packed, id)
    const at = sweep.at[node] ?? Infinity
    if (at === Infinity || (until !== null && at > until)) continue
    sources.set(id, Number.isFinite(at) ? at : null)
  }
  return { start, sources }
}

/** The observed way to what is compromised, then the possible one. */
function withObserved(
  db: ReadStore,
  start: StoredEntity | null,
  step: NextStep,
  until: number | null,
): FoundPath {
  if (!start || start.id === step.source) return step.path
  const window = until === null ? null : { from: Number.MIN_SAFE_INTEGER, to: until }
  const [observed] = pathsBetween(
    db,
    start,
    step.source,
    { possible: false, exclude: NO_CONTROL, window },
    { alternatives: 1, maxHops: 14 },
    null,
  )
  if (!observed) return step.path
  const arrival = observed.hops.at(-1)?.at ?? null
  return {
    hops: [...observed.hops, ...step.path.hops.map((hop) => ({ ...hop, at: arrival }))],
    confidence: observed.confidence * step.path.confidence,
  }
}

async function nextGraph(
  db: ReadStore,
  ask: Ask,
  ids: ReadonlySet<number>,
  relations: readonly number[],
  start: StoredEntity | null,
  steps: readonly NextStep[],
  best: FoundPath | undefined,
): Promise<GraphSlice> {
  return buildSlice(db, {
    entityIds: ids,
    relations: relationsById(db, relations),
    ratings: await rateEntities(db, ask, [...ids]),
    marks: new Map([
      ...steps.map((step) => [step.source, 'matched'] as const),
      ...steps.map((step) => [step.target, 'target'] as const),
      ...(start ? [[start.id, 'start'] as const] : []),
    ]),
    pathRelations: new Set(best?.hops.map((hop) => hop.link.id)),
  })
}

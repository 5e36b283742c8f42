import { type ChainObject, RATINGS } from '../contract/nouns/graph.ts'
import { defineHandlers } from '../jobs/handlers.ts'
import { WorkbenchError } from '../model/errors.ts'
import { OBSERVED_RELATION_KINDS, POSSIBLE_RELATION_KINDS } from '../model/relation.ts'
import { readIdCursor } from '../store/cursor.ts'
import type { ReadStore } from '../store/store.ts'
import { toIsoOrNull } from '../store/time.ts'
import { type Chain, expandNode, findChain } from './chain.ts'
import { loadEntities, resolveEntity, type StoredEntity, toRef } from './entity-rows.ts'
import { type Neighbours, packedNeighbours, storedNeighbours, type WalkFilter } from './neighbours.ts'
import { packedIfReady } from './network-cache.ts'
import { rateEntities } from './rating.ts'
import { buildSlice } from './slice.ts'

type Ratings = Awaited<ReturnType<typeof rateEntities>>

/** States in which a mailbox still holds its copy. */
const HELD = new Set(['unknown', 'delivered', 'junk'])

/** Without the analyst's layer. */
const MACHINE_KINDS = [...OBSERVED_RELATION_KINDS, ...POSSIBLE_RELATION_KINDS]

/** Out of the packed network where there is one, else out of the indexes of the file: both within a few milliseconds a hop. */
function neighboursOf(db: ReadStore, filter: WalkFilter): Neighbours {
  const packed = packedIfReady(db)
  return packed ? packedNeighbours(packed, filter) : storedNeighbours(db, filter)
}

export default defineHandlers({
  'chain.around': async ({ db, ask }, input) => {
    const start = resolveEntity(db, input.entity).id
    const filter = { possible: input.possible, kinds: input.kinds ?? (input.analyst ? null : MACHINE_KINDS) }
    const chain = findChain(db, { start, depth: input.depth, limit: input.limit }, neighboursOf(db, filter))
    const marks = new Map<number, 'start' | 'first-observed'>([[start, 'start']])
    if (chain.firstObserved !== null) marks.set(chain.firstObserved, 'first-observed')
    const all = [...chain.ids, ...chain.behind.keys()]
    const ratings = await rateEntities(db, ask, all)
    const matched = new Set((input.matched ?? []).map(Number))
    const slice = buildSlice(db, {
      entityIds: chain.ids,
      relations: chain.relations,
      ratings,
      marks,
      matched,
      total: chain.total,
      grouped: chain.grouped,
    })
    return { ...slice, lists: listsOf(listed(db, all, chain, ratings, matched), chain, ratings, matched) }
  },
  'chain.expand': async ({ db, ask }, input) => {
    const start = resolveEntity(db, input.entityId).id
    const found = expandNode(
      db,
      {
        start,
        direction: input.direction ?? null,
        limit: input.limit,
        after: readIdCursor(input.cursor),
      },
      neighboursOf(db, { possible: input.possible, kinds: input.kind == null ? null : [input.kind] }),
    )
    const slice = buildSlice(db, {
      entityIds: found.ids,
      relations: found.relations,
      ratings: await rateEntities(db, ask, [...found.ids]),
      total: found.total,
    })
    return { ...slice, next: found.next === null ? null : String(found.next) }
  },
  'chain.message': async ({ db, ask }, { id }) => {
    const message = resolveEntity(db, id)
    if (message.kind !== 'message') throw new WorkbenchError('request.invalid', { field: 'id', problem: id })
    const detail = await ask('mail.get', { id: String(message.id) })
    const byAddress = new Map(detail.recipients.map((recipient) => [recipient.address, recipient]))
    return {
      message: toRef(message),
      recipients: detail.recipients.map(({ address, mailbox, user, deliveredAt }) => ({
        address,
        mailbox,
        user,
        deliveredAt,
      })),
      attachments: detail.attachmentList.map(({ entityId, name, sha256 }) => ({ entityId, name, sha256 })),
      urls: detail.urlList.map(({ entityId, url, risk }) => ({ entityId, url, now: risk.now })),
      affectedUsers: detail.history
        .filter((copy) => HELD.has(copy.state))
        .map((copy) => ({
          address: copy.mailbox,
          user: byAddress.get(copy.mailbox)?.user ?? null,
          state: copy.state,
        })),
    }
  },
})

const endpointsOf = `SELECT id FROM entity WHERE id IN (SELECT value FROM json_each(?)) AND kind = 'endpoint'`

/** What any list names, of all that was found: around a hub stand thousands that none does. */
function listed(
  db: ReadStore,
  all: readonly number[],
  chain: Chain,
  ratings: Ratings,
  matched: ReadonlySet<number>,
): ReadonlyMap<number, StoredEntity> {
  const endpoints = new Set(db.prepare(endpointsOf).pluck().all(JSON.stringify(all)) as number[])
  return loadEntities(
    db,
    all.filter(
      (id) =>
        endpoints.has(id) || id === chain.firstObserved || matched.has(id) || isNoteworthy(ratings.get(id)),
    ),
  )
}

const isNoteworthy = (rating: string | undefined): boolean =>
  rating === 'suspicious' || rating === 'malicious'

/** The objects of a chain, also those behind a group: each can be located in it. */
function listsOf(
  entities: ReadonlyMap<number, StoredEntity>,
  chain: Chain,
  ratings: Ratings,
  matched: ReadonlySet<number>,
): Record<'targetEndpoints' | 'firstObserved' | 'matched' | 'noteworthy', ChainObject[]> {
  const objects = [...entities.values()]
    .sort((a, b) => (a.first_seen ?? Infinity) - (b.first_seen ?? Infinity) || a.id - b.id)
    .map((entity) => ({
      id: entity.id,
      object: {
        ...toRef(entity),
        at: toIsoOrNull(entity.first_seen),
        rating: ratings.get(entity.id) ?? ('unrated' as const),
        behind: chain.behind.get(entity.id) ?? null,
      },
    }))
  const pick = (is: (id: number, object: ChainObject) => boolean) =>
    objects.filter(({ id, object }) => is(id, object)).map(({ object }) => object)
  const noteworthy = pick((_, { rating }) => isNoteworthy(rating))
  return {
    targetEndpoints: pick((_, { kind }) => kind === 'endpoint'),
    firstObserved: pick((id) => id === chain.firstObserved),
    matched: pick((id) => matched.has(id)),
    noteworthy: noteworthy.sort((a, b) => RATINGS.indexOf(b.rating) - RATINGS.indexOf(a.rating)),
  }
}

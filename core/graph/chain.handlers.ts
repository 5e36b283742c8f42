import { defineHandlers } from '../jobs/handlers.ts'
import { WorkbenchError } from '../model/errors.ts'
import { OBSERVED_RELATION_KINDS, POSSIBLE_RELATION_KINDS } from '../model/relation.ts'
import { readIdCursor } from '../store/cursor.ts'
import type { ReadStore } from '../store/store.ts'
import { chainLists } from './chain-lists.ts'
import { expandNode, findChain } from './chain.ts'
import { resolveEntity, toRef } from './entity-rows.ts'
import { type Neighbours, packedNeighbours, storedNeighbours, type WalkFilter } from './neighbours.ts'
import { packedIfReady } from './network-cache.ts'
import { rateEntities } from './rating.ts'
import { buildSlice } from './slice.ts'

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
    return { ...slice, lists: chainLists(db, { all, ...chain, ratings, matched }) }
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

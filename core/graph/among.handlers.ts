import { defineHandlers } from '../jobs/handlers.ts'
import { findAmong } from './among.ts'
import { rateEntities } from './rating.ts'
import { buildSlice } from './slice.ts'

export default defineHandlers({
  'graph.among': async ({ db, ask }, input) => {
    const found = findAmong(db, {
      entities: input.entities.map(Number),
      events: input.events.map(Number),
      whole: input.whole,
      possible: input.possible,
      limit: input.limit,
    })
    const slice = buildSlice(db, {
      entityIds: found.ids,
      relations: found.relations,
      ratings: await rateEntities(db, ask, [...found.ids]),
      total: found.total,
    })
    return found.alone > 0 ? { ...slice, alone: found.alone } : slice
  },
})

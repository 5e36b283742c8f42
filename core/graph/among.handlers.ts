import { defineHandlers } from '../jobs/handlers.ts'
import { inTurns } from '../jobs/turn.ts'
import { findAmong } from './among.ts'
import { rateEntities } from './rating.ts'
import { buildingSlice } from './slice.ts'

export default defineHandlers({
  'graph.among': async ({ db, ask }, input) => {
    const asked = {
      entities: input.entities.map(Number),
      events: input.events.map(Number),
      whole: input.whole,
      possible: input.possible,
      limit: input.limit,
    }
    const found = await inTurns(findAmong(db, asked))
    const ratings = await rateEntities(db, ask, [...found.ids])
    const slice = await inTurns(
      buildingSlice(db, {
        entityIds: found.ids,
        relations: found.relations,
        ratings,
        total: found.total,
      }),
    )
    return found.alone > 0 ? { ...slice, alone: found.alone } : slice
  },
})

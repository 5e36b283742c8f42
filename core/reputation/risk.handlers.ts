import { defineHandlers } from '../jobs/handlers.ts'
import { riskOfMessages, riskOfUrlEntities } from './risk.ts'

/** Risk of graph entities, for rooms that draw or list them. */
export default defineHandlers({
  'risk.of': ({ db, now }, { entityIds }) => {
    const ids = entityIds.map(Number)
    const found = new Map([...riskOfMessages(db, ids, now()), ...riskOfUrlEntities(db, ids, now())])
    return [...found].map(([id, risk]) => ({ entityId: String(id), risk }))
  },
})

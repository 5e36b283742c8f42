import { listRejected } from './pack-rejected.ts'
import { defineHandlers } from '../jobs/handlers.ts'
import { comparePacks } from './pack-compare.ts'
import { listPackEntries } from './pack-entries.ts'
import { switchPack } from './pack-switch.ts'

/** What packs hold, how they differ, and which of them count. */
export default defineHandlers({
  'pack.switch'(context, input) {
    const pack = switchPack(context, Number(input.id), input.on)
    context.changed('pack', 'audit')
    return pack
  },
  'pack.entries': ({ db, now }, input) => listPackEntries(db, now(), Number(input.id), input),
  'pack.rejected': ({ db }, { id }) => listRejected(db, Number(id)),
  'pack.compare': ({ db, now }, input) => comparePacks(db, now(), input),
})

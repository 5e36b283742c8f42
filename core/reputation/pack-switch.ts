import type { PackRow } from '../contract/nouns/reputation.ts'
import type { CommandContext } from '../jobs/handlers.ts'
import { appendAudit } from '../store/audit.ts'
import { citePack, getPack } from './packs-stored.ts'

const off = 'INSERT OR IGNORE INTO pack_off (pack_id, at) VALUES (?, ?)'
const on = 'DELETE FROM pack_off WHERE pack_id = ?'

/**
 * Switches a pack off or on for judging now. It stays in the history: what it said when a message came is not changed.
 * @throws WorkbenchError `request.not_found`
 */
export function switchPack({ db, now }: CommandContext, id: number, isOn: boolean): PackRow {
  const before = getPack(db, id)
  if (before.isOn === isOn) return before
  const at = now()
  db.transaction(() => {
    if (isOn) db.prepare(on).run(id)
    else db.prepare(off).run(id, at)
    appendAudit(db, { at, action: 'pack.switch', details: { pack: citePack(before), on: isOn } })
  })()
  return getPack(db, id)
}

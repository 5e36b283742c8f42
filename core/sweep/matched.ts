import { MAX_MATCHED } from '../contract/nouns/sweep.ts'
import { WorkbenchError } from '../model/errors.ts'
import type { AliasKind } from '../model/relation.ts'
import { parseUrl } from '../normalise/url.ts'
import type { ReadStore } from '../store/store.ts'

const known = 'SELECT 1 FROM sweep_run WHERE id = ?'
const seenAt = `SELECT DISTINCT coalesce(entity_id, user_id) FROM sweep_sighting WHERE (@run IS NULL OR run_id = @run)
  AND coalesce(entity_id, user_id) IS NOT NULL`
const texts = `SELECT DISTINCT field, value FROM sweep_sighting WHERE (@run IS NULL OR run_id = @run)`
const present = 'SELECT id FROM entity WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id'
const carries = `SELECT DISTINCT a.entity_id FROM json_each(@texts) t CROSS JOIN json_each(@aliases) k
  CROSS JOIN alias a ON a.kind = k.value AND a.value = t.value CROSS JOIN entity e ON e.id = a.entity_id
  WHERE e.kind NOT IN ('user', 'group')`
const ran = `SELECT id FROM entity WHERE kind = 'process' AND attributes ->> 'commandLine' IN (SELECT value FROM json_each(?))`

/** Names by which an object carries what was found; people are matched where they were seen, not by a like name. */
const CARRIED: readonly AliasKind[] = [
  'url',
  'path',
  'name',
  'sha256',
  'sha1',
  'md5',
  'ip',
  'fqdn',
  'smtp',
  'message-id',
]

/**
 * Entities a sweep matched: those of its match table, and the objects that carry the very text that was found. A text that was cut
 * when it was kept (300 characters) names no object.
 * @param run id of the run; null: all runs of the case
 * @throws WorkbenchError `request.not_found`
 */
export function matchedEntities(db: ReadStore, run: number | null): { ids: string[]; total: number } {
  if (run !== null && db.prepare(known).get(run) === undefined)
    throw new WorkbenchError('request.not_found', { what: `sweep ${run}` })
  const ids = new Set(db.prepare(seenAt).pluck().all({ run }) as number[])
  const commands: string[] = []
  const found = new Set<string>()
  for (const { field, value } of db.prepare(texts).all({ run }) as { field: string; value: string }[]) {
    if (field === 'process.command_line') commands.push(value)
    for (const text of [value, value.toLowerCase(), parseUrl(value)?.text ?? value]) found.add(text)
  }
  const asked = { texts: JSON.stringify([...found]), aliases: JSON.stringify(CARRIED) }
  for (const id of db.prepare(carries).pluck().all(asked) as number[]) ids.add(id)
  if (commands.length > 0)
    for (const id of db.prepare(ran).pluck().all(JSON.stringify(commands)) as number[]) ids.add(id)
  // A sighting outlives the correlation that found who it was.
  const all = db
    .prepare(present)
    .pluck()
    .all(JSON.stringify([...ids])) as number[]
  return { ids: all.slice(0, MAX_MATCHED).map(String), total: all.length }
}

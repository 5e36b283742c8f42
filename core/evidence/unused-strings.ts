import { EVENT_COLUMNS } from '../store/event-columns.ts'
import { forgetStrings } from '../store/strings.ts'
import type { WriteStore } from '../store/store.ts'

const columns = EVENT_COLUMNS.filter(({ isText }) => isText).map(({ column }) => column)
const ofEvidence = `SELECT ${columns.join(', ')} FROM event WHERE evidence_id = ?`
const ofAll = `SELECT ${columns.join(', ')} FROM event`

/** Numbers of the texts that events of this evidence hold; others may hold them as well. */
export function stringsOf(db: WriteStore, evidenceId: number): Set<number> {
  const found = new Set<number>()
  collect(db, ofEvidence, [evidenceId], (id) => found.add(id))
  return found
}

/** Takes those texts out of the case that no event holds any more: one pass over the events. */
export function dropUnused(db: WriteStore, candidates: Set<number>): void {
  if (candidates.size === 0) return
  collect(db, ofAll, [], (id) => candidates.delete(id))
  forgetStrings(db, candidates)
}

function collect(
  db: WriteStore,
  sql: string,
  parameters: readonly number[],
  take: (id: number) => void,
): void {
  for (const row of db
    .prepare(sql)
    .raw()
    .iterate(...parameters) as IterableIterator<(number | null)[]>)
    for (const id of row) if (id !== null) take(id)
}

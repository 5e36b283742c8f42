import { setImmediate } from 'node:timers/promises'
import type { AddedEntity, AddedRelation, MarkRow } from '../../contract/nouns/work.ts'
import type { SavedView } from '../../contract/nouns/view.ts'
import type { ReadStore } from '../../store/store.ts'
import type { ExportSource } from '../exporter.ts'
import { PAGE } from './pages.ts'

const count = `SELECT (SELECT count(*) FROM mark) + (SELECT count(*) FROM saved_view) + (SELECT count(*) FROM analyst_entity)
  + (SELECT count(*) FROM analyst_relation)`

export const countWork = (db: ReadStore): number => db.prepare(count).pluck().get() as number

/** One piece of the analyst's work. */
export type WorkItem =
  | { readonly what: 'mark'; readonly row: MarkRow }
  | { readonly what: 'entity'; readonly row: AddedEntity }
  | { readonly what: 'relation'; readonly row: AddedRelation }
  | { readonly what: 'view'; readonly row: SavedView }

/** Marks, newest first, then entities and relations that were added and views that were saved, oldest first. */
export async function* workPages(source: ExportSource): AsyncGenerator<readonly WorkItem[]> {
  let cursor: string | null = null
  do {
    source.signal.throwIfAborted()
    const page: { rows: MarkRow[]; next: string | null } = await source.ask('work.list', {
      limit: PAGE,
      cursor,
    })
    source.count('work', page.rows.length)
    if (page.rows.length > 0) yield page.rows.map((row) => ({ what: 'mark', row }))
    cursor = page.next
    await setImmediate()
  } while (cursor !== null)
  source.signal.throwIfAborted()
  const { entities, relations } = await source.ask('work.added', {})
  source.count('work', entities.length + relations.length)
  yield entities.map((row) => ({ what: 'entity', row }))
  yield relations.map((row) => ({ what: 'relation', row }))
  for (const { id } of await source.ask('view.list', {})) {
    source.signal.throwIfAborted()
    source.count('work', 1)
    yield [{ what: 'view', row: await source.ask('view.get', { id }) }]
  }
}

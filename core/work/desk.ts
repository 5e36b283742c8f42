import { MAX_DESK, MAX_VIEW_STATE } from '../contract/nouns/view.ts'
import { WorkbenchError } from '../model/errors.ts'
import type { ReadStore, WriteStore } from '../store/store.ts'

const find = 'SELECT state FROM desk WHERE screen = ?'
const keep =
  'INSERT INTO desk (screen, state) VALUES (?, ?) ON CONFLICT (screen) DO UPDATE SET state = excluded.state'
const forget = 'DELETE FROM desk WHERE screen = ?'
const others = 'SELECT count(*) FROM desk WHERE screen <> ?'

/** Keeps how a screen stands, null forgets it. @throws WorkbenchError `request.invalid` */
export function leaveScreen(db: WriteStore, screen: string, state: unknown): Record<string, never> {
  if (state === null || state === undefined) {
    db.prepare(forget).run(screen)
    return {}
  }
  const text = JSON.stringify(state)
  if (text.length > MAX_VIEW_STATE)
    throw new WorkbenchError('request.invalid', { field: 'state', problem: `> ${MAX_VIEW_STATE}` })
  if ((db.prepare(others).pluck().get(screen) as number) >= MAX_DESK)
    throw new WorkbenchError('request.invalid', { field: 'screen', problem: `> ${MAX_DESK}` })
  db.prepare(keep).run(screen, text)
  return {}
}

/** How a screen was left; null: never. */
export function leftScreen(db: ReadStore, screen: string): unknown {
  const text = db.prepare(find).pluck().get(screen) as string | undefined
  return text === undefined ? null : (JSON.parse(text) as unknown)
}

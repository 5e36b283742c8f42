import { z } from 'zod'
import { MAX_VIEW_STATE } from '../../contract/nouns/view.ts'
import type { ReadStore } from '../../store/store.ts'
import { toIso } from '../../store/time.ts'
import { type StoredView, takeStep, type WorkRow } from '../../work/steps.ts'
import { definePart, type Reading, type Side, type Unreadable } from '../part.ts'
import { Actor, Time, toProblem } from '../shapes.ts'
import { readWorkHistory } from '../work-history.ts'

const State = z.strictObject({
  screen: z.string().min(1).max(100),
  name: z.string().min(1).max(300),
  state: z.string().max(MAX_VIEW_STATE),
  at: Time,
  changedAt: Time.nullable(),
  actor: Actor,
})
type State = z.infer<typeof State>
const Row = State.omit({ changedAt: true }).extend({
  id: z.number().int(),
  key: z.string().regex(/^[0-9a-f]{8,64}$/),
  changed_at: Time.nullable(),
})

const all = 'SELECT * FROM saved_view ORDER BY id'
const byKey = 'SELECT * FROM saved_view WHERE key = ?'
const isTaken = 'SELECT 1 FROM saved_view WHERE screen = ? AND name = ? AND key <> ?'
const nextId = 'SELECT coalesce(max(id), 0) + 1 FROM saved_view'

function toState(row: unknown, { who }: Side): { item: string; state: State } {
  const { key, screen, name, state, at, changed_at, actor } = Row.parse(row)
  JSON.parse(state)
  const by = actor === 'analyst' ? who : actor
  return { item: key, state: { screen, name, state, at, changedAt: changed_at, actor: by } }
}
/** A name may be another here, where it was taken: what the view shows is what counts. */
const same = ({ state }: State): string => state

function read(side: Side): Reading<State> {
  const items = new Map<string, State>()
  const unreadable: Unreadable[] = []
  for (const row of side.db.prepare(all).iterate() as IterableIterator<{ id: number }>) {
    try {
      const { item, state } = toState(row, side)
      items.set(item, state)
    } catch (cause) {
      unreadable.push({ item: `view ${row.id}`, problem: toProblem(cause) })
    }
  }
  const history = readWorkHistory(side.db, 'saved_view', (row) => toState(row, side), same, unreadable)
  return { items, history, unreadable }
}

/** A name that no other view of the screen has: whose it is stands behind it. */
function freeName(db: ReadStore, given: Set<string>, { screen, name, actor }: State, key: string): string {
  for (let number = 1; ; number += 1) {
    const tried = number === 1 ? name : `${name} (${actor}${number === 2 ? '' : ` ${number - 1}`})`
    const full = `${screen}|${tried}`
    if (given.has(full) || db.prepare(isTaken).get(screen, tried, key) !== undefined) continue
    given.add(full)
    return tried
  }
}

/** Saved views. */
export default definePart<State>({
  id: 'view',
  order: 55,
  tables: ['saved_view', 'work_step'],
  state: State,
  read,
  same,
  sort: () => 'view',
  show: ({ screen, actor, at, changedAt }) => ({
    value: screen,
    text: '',
    by: actor,
    at: toIso(changedAt ?? at),
  }),
  subject(mine, _other, item, { name }) {
    const row = mine.prepare(byKey).get(item) as StoredView | undefined
    return { kind: 'view', id: row === undefined ? null : String(row.id), name }
  },
  write({ db, at }, changes) {
    const [before, after]: [WorkRow[], WorkRow[]] = [[], []]
    const given = new Set<string>()
    let free = db.prepare(nextId).pluck().get() as number
    for (const { item, after: is } of changes) {
      const present = db.prepare(byKey).get(item) as StoredView | undefined
      if (present !== undefined) before.push({ table: 'saved_view', row: present })
      if (is === null) continue
      const { screen, state, changedAt, actor } = is
      const row: StoredView = {
        id: present?.id ?? free++,
        key: item,
        screen,
        name: freeName(db, given, is, item),
        state,
        at: is.at,
        changed_at: changedAt,
        actor,
      }
      after.push({ table: 'saved_view', row })
    }
    if (changes.length > 0) takeStep(db, at, before, after)
  },
})

import { z } from 'zod'
import { toIso } from '../../store/time.ts'
import { definePart, type Reading, type Side } from '../part.ts'
import { Time, toProblem } from '../shapes.ts'

const State = z.strictObject({
  state: z.enum(['approved', 'declined']),
  note: z.string().max(2000),
  at: Time,
  by: z.string().max(100),
})
type State = z.infer<typeof State>
const Row = z.object({
  item: z.string().min(1).max(64),
  state: z.enum(['approved', 'declined']),
  note: z.string().max(2000),
  at: Time,
})

const all = 'SELECT item, state, note, at FROM plan_decision ORDER BY item'
const put = `INSERT INTO plan_decision (item, state, note, at) VALUES (?, ?, ?, ?)
  ON CONFLICT (item) DO UPDATE SET state = excluded.state, note = excluded.note, at = excluded.at`
const forget = 'DELETE FROM plan_decision WHERE item = ?'

function read({ db, who }: Side): Reading<State> {
  const items = new Map<string, State>()
  const unreadable = []
  for (const row of db.prepare(all).iterate() as IterableIterator<{ item: string }>) {
    try {
      const { item, ...decision } = Row.parse(row)
      items.set(item, { ...decision, by: who })
    } catch (cause) {
      unreadable.push({ item: row.item.slice(0, 64), problem: toProblem(cause) })
    }
  }
  return { items, history: new Map(), unreadable }
}

/** Steps of the remediation plan that were approved or declined. A step is named by what it does and to what. */
export default definePart<State>({
  id: 'plan',
  order: 50,
  tables: ['plan_decision'],
  state: State,
  read,
  same: ({ state, note }) => `${state}\n${note}`,
  sort: () => 'step',
  show: ({ state, note, at, by }) => ({ value: state, text: note, by, at: toIso(at) }),
  subject: (_mine, _other, item) => ({ kind: 'plan-step', id: item, name: '' }),
  join: (mine, theirs) =>
    mine.state === theirs.state && mine.note.length + theirs.note.length < 1998
      ? { ...mine, note: [mine.note, theirs.note].filter((note) => note !== '').join('\n\n') }
      : null,
  write({ db }, changes) {
    for (const { item, after } of changes)
      if (after === null) db.prepare(forget).run(item)
      else db.prepare(put).run(item, after.state, after.note, after.at)
  },
})

import { z } from 'zod'
import { SweepCriteria } from '../../contract/nouns/sweep.ts'
import { toIso } from '../../store/time.ts'
import { definePart, type Reading, type Side } from '../part.ts'
import { Time, toProblem } from '../shapes.ts'

/** A document of 100,000 indicators with rules is below this; a forged one is not read into memory. */
const MAX_DOCUMENT = 64 * 1024 * 1024
const State = z.strictObject({ document: z.string().max(MAX_DOCUMENT), at: Time, by: z.string().max(100) })
type State = z.infer<typeof State>

const all = `SELECT id, name, at, CASE WHEN length(document) > ? THEN '' ELSE document END AS document FROM sweep_criteria ORDER BY id`
const upsert = `INSERT INTO sweep_criteria (name, at, format, indicators, document) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (name) DO UPDATE SET at = excluded.at, format = excluded.format, indicators = excluded.indicators,
  document = excluded.document`
const remove = 'DELETE FROM sweep_criteria WHERE name = ?'

function read({ db, who }: Side): Reading<State> {
  const items = new Map<string, State>()
  const unreadable = []
  type Row = { id: number; name: string; at: number; document: string }
  for (const row of db.prepare(all).iterate(MAX_DOCUMENT) as IterableIterator<Row>) {
    try {
      const criteria = SweepCriteria.parse(JSON.parse(row.document))
      items.set(criteria.name, State.parse({ document: JSON.stringify(criteria), at: row.at, by: who }))
    } catch (cause) {
      unreadable.push({ item: `criteria ${row.id}`, problem: toProblem(cause) })
    }
  }
  return { items, history: new Map(), unreadable }
}

/** Saved criteria of sweeps. */
export default definePart<State>({
  id: 'sweep',
  order: 40,
  tables: ['sweep_criteria'],
  state: State,
  read,
  same: ({ document }) => document,
  sort: () => 'criteria',
  show: ({ document, at, by }) => ({
    value: String(SweepCriteria.parse(JSON.parse(document)).indicators.length),
    text: '',
    by,
    at: toIso(at),
  }),
  subject: (_mine, _other, item) => ({ kind: 'criteria', id: null, name: item }),
  write({ db }, changes) {
    for (const { item, after } of changes) {
      if (after === null) db.prepare(remove).run(item)
      else {
        const { name, format, indicators } = SweepCriteria.parse(JSON.parse(after.document))
        db.prepare(upsert).run(name, after.at, format, indicators.length, after.document)
      }
    }
  },
})

import { z } from 'zod'
import { WorkbenchError } from '../../model/errors.ts'
import { parsePolicy } from '../../reputation/policy-parse.ts'
import { toIso } from '../../store/time.ts'
import { definePart, type Reading, type Side } from '../part.ts'
import { Time, toProblem } from '../shapes.ts'

/** The newest version of a policy; older versions are its history. */
const State = z.strictObject({ document: z.string().max(4_000_000), at: Time, by: z.string().max(100) })
type State = z.infer<typeof State>

const all = 'SELECT id, at, document FROM policy ORDER BY id'
const insert = 'INSERT INTO policy (at, name, document) VALUES (?, ?, ?)'
const removeOne = 'DELETE FROM policy WHERE name = ? AND at = ? AND document = ?'

/** A document as we would have written it; what is no policy is refused. */
function wellFormed(document: string): { name: string; text: string } {
  const policy = parsePolicy(JSON.parse(document))
  return { name: policy.name, text: JSON.stringify(policy) }
}

function read({ db, who }: Side): Reading<State> {
  const items = new Map<string, State>()
  const history = new Map<string, Set<string>>()
  const unreadable = []
  type Row = { id: number; at: number; document: string }
  for (const row of db.prepare(all).iterate() as IterableIterator<Row>) {
    try {
      const { name, text } = wellFormed(row.document)
      const before = items.get(name)
      if (before) history.set(name, (history.get(name) ?? new Set()).add(before.document))
      items.set(name, State.parse({ document: text, at: row.at, by: who }))
    } catch (cause) {
      const isOurs = cause instanceof WorkbenchError && cause.code === 'policy.invalid'
      unreadable.push({ item: `policy ${row.id}`, problem: isOurs ? 'policy.invalid' : toProblem(cause) })
    }
  }
  return { items, history, unreadable }
}

/** Policies of the mail service: what is missing here, and newer versions. */
export default definePart<State>({
  id: 'policy',
  order: 30,
  tables: ['policy'],
  state: State,
  read,
  same: ({ document }) => document,
  sort: () => 'policy',
  show: ({ at, by }) => ({ value: toIso(at).slice(0, 19), text: '', by, at: toIso(at) }),
  subject: (_mine, _other, item) => ({ kind: 'policy', id: null, name: item }),
  write({ db, other }, changes) {
    for (const { item, before, after } of changes)
      // Taking a merge back removes the version it brought; the one before it counts again.
      if (other === null && before !== null) db.prepare(removeOne).run(item, before.at, before.document)
      else if (after !== null) db.prepare(insert).run(after.at, item, after.document)
  },
})

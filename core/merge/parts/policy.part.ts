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

/** Fields told of two versions that differ in nearly everything. */
const MAX_FIELDS = 40

/** What one document says where another says something else, a line per field: `securityLevel: high`. */
function differing(document: string, other: string): string {
  const [mine, theirs] = [document, other].map((text) => new Map(fieldsOf(JSON.parse(text))))
  return [...new Set([...(mine?.keys() ?? []), ...(theirs?.keys() ?? [])])]
    .filter((path) => mine?.get(path) !== theirs?.get(path))
    .slice(0, MAX_FIELDS)
    .map((path) => `${path}: ${mine?.get(path) ?? '–'}`)
    .join('\n')
}

/** Fields by their path; a list is one field. */
function fieldsOf(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return Object.entries(value).flatMap(([name, one]) =>
      fieldsOf(one, path === '' ? name : `${path}.${name}`),
    )
  const words = Array.isArray(value)
    ? value.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join(', ')
    : value === null
      ? ''
      : String(value)
  return [[path, words === '' ? '–' : words]]
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
  show: (state, beside) => ({
    value: '',
    text: beside === null ? '' : differing(state.document, beside.document),
    by: state.by,
    at: toIso(state.at),
  }),
  subject: (_mine, _other, item) => ({ kind: 'policy', id: null, name: item }),
  write({ db, other }, changes) {
    for (const { item, before, after } of changes)
      // Taking a merge back removes the version it brought; the one before it counts again.
      if (other === null && before !== null) db.prepare(removeOne).run(item, before.at, before.document)
      else if (after !== null) db.prepare(insert).run(after.at, item, after.document)
  },
})

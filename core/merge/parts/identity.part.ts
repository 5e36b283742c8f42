import type { z } from 'zod'
import { toStoredKind } from '../../identity/decisions.ts'
import { foldAlias } from '../../identity/entity-book.ts'
import { markStale } from '../../store/case-info.ts'
import { toIso } from '../../store/time.ts'
import { KeyBook } from '../keys.ts'
import { definePart, type Reading, type Side } from '../part.ts'
import { DecisionShape, type StoredDecision } from '../stored-decisions.ts'

type State = z.infer<typeof DecisionShape>

const insert = `INSERT INTO identity_decision (kind, entity_kind, members, aliases, reason, actor, at, applied) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`
const undo = 'UPDATE identity_decision SET undone_at = ?, undo_reason = ? WHERE id = ? AND undone_at IS NULL'
const entityByKey = 'SELECT id FROM entity WHERE key = ?'

const toState = ({ kind, entityKind, members, aliases, reason, actor, at }: StoredDecision): State => ({
  kind,
  entityKind,
  members,
  aliases,
  reason,
  actor,
  at,
})

function read({ keys, who }: Side): Reading<State> {
  const items = new Map<string, State>()
  const history = new Map<string, Set<string>>()
  for (const decision of keys.decisions) {
    const state = toState(decision)
    // One that was taken back stood there once; made at that time by that hand it is the same one in a copied case.
    if (decision.undoneAt !== null)
      history.set(decision.mark, (history.get(decision.mark) ?? new Set()).add(String(decision.at)))
    else
      items.set(decision.mark, {
        ...state,
        actor: state.actor === 'analyst' ? who : state.actor,
        members: state.members.map((member) => ({ ...member, key: keys.entity(member.key) })),
      })
  }
  return { items, history, unreadable: keys.unreadable }
}

/** One says that they are one, the other that names of one of them are somebody else's, or that two of them are not one. */
function contradicts(a: State, b: State): boolean {
  if (a.kind === b.kind || a.entityKind !== b.entityKind) return false
  if (a.kind !== 'merge' && b.kind !== 'merge') return false
  const [merge, split] = a.kind === 'merge' ? [a, b] : [b, a]
  const isMerged = ({ key }: State['members'][number]) => merge.members.some((member) => member.key === key)
  if (split.kind === 'apart') return split.members.filter(isMerged).length > 1
  const names = new Set(
    merge.members.flatMap((member) =>
      member.names.map(({ kind, value }) => `${kind}|${foldAlias(kind, value)}`),
    ),
  )
  return (
    split.members.some(isMerged) ||
    split.aliases.some(({ kind, value }) => names.has(`${kind}|${foldAlias(kind, value)}`))
  )
}

/** Who is who, as analysts said: what they merged and what they split. */
export default definePart<State>({
  id: 'identity',
  order: 10,
  tables: ['identity_decision'],
  state: DecisionShape,
  read,
  same: ({ kind }) => kind,
  lineage: ({ at }) => String(at),
  sort: ({ kind }) => kind,
  show: ({ kind, reason, actor, at, aliases, members }) => ({
    value:
      aliases.length > 0
        ? aliases.map(({ value }) => value).join(', ')
        : members.map(({ name }) => name).join(kind === 'apart' ? ' ≠ ' : ' + '),
    text: reason,
    by: actor,
    at: toIso(at),
  }),
  subject(mine, _other, _item, { members }) {
    const [first] = members
    const id = mine
      .prepare(entityByKey)
      .pluck()
      .get(first?.key ?? '') as number | undefined
    return {
      kind: 'identity',
      id: id === undefined ? null : String(id),
      name: members.map(({ name }) => name).join(' + '),
    }
  },
  rival(theirs, mine, others) {
    for (const [item, state] of mine)
      if (!others.has(item) && contradicts(theirs, state)) return { item, state }
    return undefined
  },
  write({ db, at, who }, changes) {
    const put = db.prepare(insert)
    const takeBack = db.prepare(undo)
    // What ours are called is asked anew each time: a decision may speak of what the one before it splits off.
    for (const { item, before, after } of changes) {
      const keys = new KeyBook(db, null)
      if (before !== null)
        for (const { id, mark, undoneAt } of keys.decisions)
          if (mark === item && undoneAt === null) takeBack.run(at, who, id)
      if (after === null) continue
      const members = after.members.map((member) => ({ ...member, key: keys.local(member.key) }))
      const { kind, entityKind, aliases, reason, actor } = after
      const applied = kind === 'apart' ? 1 : null
      put.run(
        toStoredKind(kind),
        entityKind,
        JSON.stringify(members),
        JSON.stringify(aliases),
        reason,
        actor,
        after.at,
        applied,
      )
    }
    if (changes.some(({ before, after }) => (after ?? before)?.kind !== 'apart')) markStale(db)
  },
})

import { z } from 'zod'
import { ANALYST_VERDICTS, MARK_TYPES, MARKABLE } from '../../contract/nouns/work.ts'
import { WorkbenchError } from '../../model/errors.ts'
import type { ReadStore } from '../../store/store.ts'
import { toIso } from '../../store/time.ts'
import type { StoredMark } from '../../work/steps.ts'
import { takeStep, type WorkRow } from '../../work/steps.ts'
import { findTarget } from '../../work/target.ts'
import { KeyBook } from '../keys.ts'
import { definePart, type Reading, type Side, type Unreadable } from '../part.ts'
import { Actor, Time, toProblem } from '../shapes.ts'
import { readWorkHistory } from '../work-history.ts'

/** A mark by the common name of what it stands on; `known` is what the thing is called in the case the mark comes from. */
const State = z.strictObject({
  target: z.strictObject({ kind: z.enum(MARKABLE), key: z.string().min(1).max(40_000) }),
  known: z.string().max(40_000),
  type: z.enum(MARK_TYPES),
  value: z.string().max(100),
  text: z.string().max(20_000),
  at: Time,
  changedAt: Time.nullable(),
  actor: Actor,
})
type State = z.infer<typeof State>

const Row = z.object({
  target_kind: z.enum(MARKABLE),
  target_key: z.string().min(1).max(40_000),
  type: z.enum(MARK_TYPES),
  value: z.string().max(100),
  text: z.string().max(20_000),
  at: Time,
  changed_at: Time.nullable(),
  actor: Actor,
})
const marks = 'SELECT * FROM mark ORDER BY id'
const nextId = 'SELECT coalesce(max(id), 0) + 1 FROM mark'
const evidenceName = 'SELECT name FROM evidence WHERE sha256 = ?'

/** One flag, verdict and pin per thing, one of each tag; notes are told apart by when they were written. */
const slotOf = ({ target, type, value, at }: State): string => {
  const which = type === 'tag' ? value : type === 'note' ? String(at) : ''
  return `${target.kind}|${type}|${which}|${target.key}`
}

function toState(row: unknown, { keys, who }: Side): State {
  const { target_kind: kind, target_key: key, type, value, text, at, changed_at, actor } = Row.parse(row)
  const isWord =
    type === 'tag' ? value !== '' : type !== 'verdict' || ANALYST_VERDICTS.some((one) => one === value)
  if (!isWord) throw new z.ZodError([{ code: 'custom', path: ['value'], message: 'value', input: value }])
  return {
    target: { kind, key: keys.target(kind, key) },
    known: key,
    type,
    value,
    text,
    at,
    changedAt: changed_at,
    actor: actor === 'analyst' ? who : actor,
  }
}

const same = ({ value, text }: State): string => `${value}\n${text}`

function read(side: Side): Reading<State> {
  const items = new Map<string, State>()
  const unreadable: Unreadable[] = []
  for (const row of side.db.prepare(marks).iterate() as IterableIterator<{ id: number }>) {
    try {
      const state = toState(row, side)
      const slot = slotOf(state)
      // Two notes of one moment on one thing.
      let [name, more] = [slot, 1]
      while (items.has(name) && state.type === 'note') name = `${slot}|${(more += 1)}`
      items.set(name, state)
    } catch (cause) {
      unreadable.push({ item: `mark ${row.id}`, problem: toProblem(cause) })
    }
  }
  const past = (row: unknown) => {
    const state = toState(row, side)
    return { item: slotOf(state), state }
  }
  return { items, history: readWorkHistory(side.db, 'mark', past, same, unreadable), unreadable }
}

/** A word for what a mark stands on; an event is named by its file and record. */
function nameOf(
  db: ReadStore,
  kind: State['target']['kind'],
  key: string,
): { id: string | null; name: string } {
  const found = findTarget(db, kind, key)
  if (kind !== 'event') return found
  const [sha256 = '', record = ''] = key.split(':')
  const file = db.prepare(evidenceName).pluck().get(sha256) as string | undefined
  return { ...found, name: file === undefined ? '' : `${file} #${record}` }
}

/** Flags, tags, notes, verdicts and pins, on what both cases call the same. */
export default definePart<State>({
  id: 'mark',
  order: 60,
  tables: ['mark', 'work_step'],
  state: State,
  read,
  same,
  sort: ({ type }) => type,
  show: ({ value, text, actor, at, changedAt }) => ({ value, text, by: actor, at: toIso(changedAt ?? at) }),
  subject(mine, other, _item, { target, known }) {
    const local = target.key.includes(':split:@') ? new KeyBook(mine, null).local(target.key) : target.key
    const here = nameOf(mine, target.kind, local)
    const name = here.name !== '' || other === null ? here.name : nameOf(other, target.kind, known).name
    return { kind: target.kind, id: target.kind === 'story' ? target.key : here.id, name }
  },
  /** The same word for two reasons, or two versions of a note: both texts. */
  join(mine, theirs) {
    if (mine.value !== theirs.value) return null
    const text = `${mine.text}\n\n${theirs.text}`
    return text.length > 20_000
      ? null
      : { ...mine, text, changedAt: Math.max(mine.changedAt ?? 0, theirs.at) }
  },
  write({ db, at }, changes) {
    const side: Side = { db, keys: new KeyBook(db, null), who: 'analyst' }
    const rows = new Map<string, StoredMark[]>()
    for (const row of db.prepare(marks).all() as StoredMark[]) {
      const slot = slotOf(toState(row, side))
      rows.set(slot, [...(rows.get(slot) ?? []), row])
    }
    let id = db.prepare(nextId).pluck().get() as number
    const [before, after]: [StoredMark[], StoredMark[]] = [[], []]
    for (const { before: was, after: is } of changes) {
      if (was !== null) {
        const present = rows.get(slotOf(was))?.find((row) => row.text === was.text && row.value === was.value)
        if (present === undefined) throw new WorkbenchError('internal', { name: 'merge' })
        before.push(present)
      }
      if (is === null) continue
      const { target, type, value, text, changedAt, actor } = is
      after.push({
        id: id++,
        target_kind: target.kind,
        target_key: side.keys.local(target.key),
        type,
        value,
        text,
        at: is.at,
        changed_at: changedAt,
        actor,
      })
    }
    const asRows = (list: readonly StoredMark[]) => list.map((row): WorkRow => ({ table: 'mark', row }))
    if (changes.length > 0) takeStep(db, at, asRows(before), asRows(after))
  },
})

import { z } from 'zod'
import { ENTITY_KINDS } from '../../model/relation.ts'
import { placeAnalystWork } from '../../store/analyst-graph.ts'
import { toIso } from '../../store/time.ts'
import { addedByEnds, nextAddedEntity, nextAddedRelation } from '../../work/added.ts'
import { type StoredEntity, type StoredRelation, takeStep, type WorkRow } from '../../work/steps.ts'
import { madeKey } from '../../work/views.ts'
import { KeyBook } from '../keys.ts'
import { definePart, type Reading, type Side, type Unreadable } from '../part.ts'
import { Actor, Time, toProblem } from '../shapes.ts'
import { readWorkHistory } from '../work-history.ts'

const Name = z.string().min(1).max(8000)
const Text = z.string().max(20_000)
const Said = { text: Text, at: Time, changedAt: Time.nullable(), actor: Actor }
const Entity = z.strictObject({
  table: z.literal('analyst_entity'),
  kind: z.enum(ENTITY_KINDS),
  name: Name,
  ...Said,
})
const Relation = z.strictObject({
  table: z.literal('analyst_relation'),
  from: z.strictObject({ key: Name, name: Name }),
  to: z.strictObject({ key: Name, name: Name }),
  label: z.string().max(300),
  confidence: z.number().min(0).max(1),
  happenedAt: Time.nullable(),
  ...Said,
})
const State = z.discriminatedUnion('table', [Entity, Relation])
type State = z.infer<typeof State>

const entities = 'SELECT * FROM analyst_entity ORDER BY id'
const relations = 'SELECT * FROM analyst_relation ORDER BY id'
const entityByKey = 'SELECT * FROM analyst_entity WHERE key = ?'
const idOf = 'SELECT id FROM entity WHERE key = ?'

/** Only what is made by hand: a forged key could be that of an entity out of evidence, and would take its name. */
const MADE_KEY = /^([a-z-]+):analyst:[0-9a-f]{24}$/

const wrong = (field: string): z.ZodError =>
  new z.ZodError([{ code: 'custom', path: [field], message: field, input: null }])

function toEntity(row: unknown, { who }: Side): { item: string; state: State } {
  const { key, kind, name, text, at, changed_at: changedAt, actor } = row as StoredEntity
  if (typeof key !== 'string' || MADE_KEY.exec(key)?.[1] !== kind) throw wrong('key')
  const by = actor === 'analyst' ? who : actor
  return {
    item: key,
    state: Entity.parse({ table: 'analyst_entity', kind, name, text, at, changedAt, actor: by }),
  }
}

function toRelation(row: unknown, { who, keys }: Side): { item: string; state: State } {
  const stored = row as StoredRelation
  const { label, text, confidence, happened_at: happenedAt, at, changed_at: changedAt, actor } = stored
  const end = (key: unknown, name: unknown) => ({
    key: typeof key === 'string' ? keys.entity(key) : key,
    name,
  })
  const state = Relation.parse({
    table: 'analyst_relation',
    from: end(stored.from_key, stored.from_name),
    to: end(stored.to_key, stored.to_name),
    label,
    confidence,
    happenedAt,
    text,
    at,
    changedAt,
    actor: actor === 'analyst' ? who : actor,
  })
  return { item: `${state.from.key}|${state.to.key}`, state }
}

const same = (state: State): string =>
  JSON.stringify(
    state.table === 'analyst_entity'
      ? [state.name, state.text]
      : [state.label, state.text, state.confidence, state.happenedAt],
  )

function read(side: Side): Reading<State> {
  const { db } = side
  const items = new Map<string, State>()
  const unreadable: Unreadable[] = []
  for (const [sql, convert] of [
    [entities, toEntity],
    [relations, toRelation],
  ] as const)
    for (const row of db.prepare(sql).iterate() as IterableIterator<{ id: number }>) {
      try {
        const { item, state } = convert(row, side)
        items.set(item, state)
      } catch (cause) {
        unreadable.push({ item: `added ${row.id}`, problem: toProblem(cause) })
      }
    }
  const past = readWorkHistory(db, 'analyst_entity', (row) => toEntity(row, side), same, unreadable)
  const ends = readWorkHistory(db, 'analyst_relation', (row) => toRelation(row, side), same, unreadable)
  return { items, history: new Map([...past, ...ends]), unreadable }
}

/** Entities and relations that an analyst added by hand. */
export default definePart<State>({
  id: 'added',
  order: 52,
  tables: ['analyst_entity', 'analyst_relation', 'work_step'],
  state: State,
  read,
  same,
  sort: ({ table }) => (table === 'analyst_entity' ? 'entity' : 'relation'),
  show: (state) => ({
    value: state.table === 'analyst_entity' ? state.name : state.label,
    text: state.text,
    by: state.actor,
    at: toIso(state.changedAt ?? state.at),
  }),
  subject(mine, _other, item, state) {
    const id = mine.prepare(idOf).pluck().get(item) as number | undefined
    return state.table === 'analyst_entity'
      ? { kind: 'entity', id: id === undefined ? null : String(id), name: state.name }
      : { kind: 'relation', id: null, name: `${state.from.name} → ${state.to.name}` }
  },
  write({ db, at }, changes) {
    const keys = new KeyBook(db, null)
    const [before, after]: [WorkRow[], WorkRow[]] = [[], []]
    let freeEntity = db.prepare(nextAddedEntity).pluck().get() as number
    let freeRelation = db.prepare(nextAddedRelation).pluck().get() as number
    for (const { item, before: was, after: is } of changes) {
      const state = is ?? was
      if (state === null) continue
      if (state.table === 'analyst_entity') {
        const present = db.prepare(entityByKey).get(item) as StoredEntity | undefined
        if (present) before.push({ table: 'analyst_entity', row: present })
        if (is?.table !== 'analyst_entity') continue
        const { kind, name, text, changedAt, actor } = is
        const id = present?.id ?? freeEntity++
        const row = { id, key: item, kind, name, text, at: is.at, changed_at: changedAt, actor }
        after.push({ table: 'analyst_entity', row })
      } else {
        const [from, to] = [keys.local(state.from.key), keys.local(state.to.key)]
        const present = db.prepare(addedByEnds).get(from, to) as StoredRelation | undefined
        if (present) before.push({ table: 'analyst_relation', row: present })
        if (is?.table !== 'analyst_relation') continue
        const { label, text, confidence, happenedAt, changedAt, actor } = is
        const row: StoredRelation = {
          id: present?.id ?? freeRelation++,
          key: present?.key ?? madeKey('relation', from, to),
          from_key: from,
          from_name: is.from.name,
          to_key: to,
          to_name: is.to.name,
          label,
          text,
          confidence,
          happened_at: happenedAt,
          at: is.at,
          changed_at: changedAt,
          actor,
        }
        after.push({ table: 'analyst_relation', row })
      }
    }
    if (changes.length === 0) return
    takeStep(db, at, before, after)
    placeAnalystWork(db)
  },
})

import { z } from 'zod'
import { command, query } from '../define.ts'
import { Count, EntityKindShape, Id, IsoTime, Nothing, PageInput, pageOf } from '../shapes.ts'
import { EntityArgument } from './graph.ts'

/**
 * What an analyst can mark. `story` and `plan-item` are named by their own ids, everything else by its row. `message` (id of its
 * entity, as `mail.list` gives it) and `url` (row of the URL, as `mail.get` and `url.*` give it) are other names of an entity:
 * a mark on them is a mark on that entity, and `work.list` names it as `entity`. `view` is a view of `view.save`.
 */
export const MARKABLE = [
  'event',
  'entity',
  'relation',
  'detection',
  'story',
  'view',
  'message',
  'url',
  'plan-item',
] as const
export const MarkTarget = z.strictObject({ kind: z.enum(MARKABLE), id: z.string().min(1).max(64) })
export type MarkTarget = z.infer<typeof MarkTarget>

/**
 * The analyst's own word stands beside what machines say, never over it (ARCHITECTURE section 3). A `pin` asks for the thing in the
 * report, with `text` as its caption: `work.list {type: 'pin'}` is what the report places, newest first. A pinned `view` is a
 * figure (`view.get` has its screen and state), an event, entity, relation, detection, story or step of the plan a line of its own.
 */
export const MARK_TYPES = ['flag', 'tag', 'note', 'verdict', 'pin'] as const
export const MarkType = z.enum(MARK_TYPES)
export type MarkType = z.infer<typeof MarkType>
export const ANALYST_VERDICTS = ['malicious', 'suspicious', 'benign', 'unknown'] as const

export const Mark = z.object({
  id: Id,
  type: MarkType,
  /** The tag, or the verdict; empty for the others. */
  value: z.string(),
  /** Text of a note, reason of a verdict, caption of a pin. */
  text: z.string(),
  at: IsoTime,
  changedAt: IsoTime.nullable(),
  actor: z.string(),
})
export type Mark = z.infer<typeof Mark>

export const MarkRow = Mark.extend({
  /** `id` null: it is not there any more (its evidence was removed, or correlation does not find it again); the mark stays. */
  target: z.object({
    kind: z.enum(MARKABLE),
    id: z.string().nullable(),
    /** Name of an entity, ends of a relation, summary of an event; empty for stories and steps of the plan. */
    name: z.string(),
    /** The same in every case of the same evidence. */
    key: z.string(),
  }),
})
export type MarkRow = z.infer<typeof MarkRow>

const Said = {
  reason: z.string(),
  at: IsoTime,
  changedAt: IsoTime.nullable(),
  actor: z.string(),
}
/** An entity the analyst added: nobody recorded it. `entityId` is its row in the graph. */
export const AddedEntity = z.object({
  id: Id,
  entityId: Id.nullable(),
  kind: EntityKindShape,
  name: z.string(),
  ...Said,
})
export type AddedEntity = z.infer<typeof AddedEntity>
/** `id` null: it is not in the case now (its evidence was removed); the relation waits for it. */
const AddedEnd = z.object({ id: Id.nullable(), kind: EntityKindShape.nullable(), name: z.string() })
/** A relation the analyst added. In the graph it has the kind `analyst` (holds at any time) or `analyst-event` (has a time). */
export const AddedRelation = z.object({
  id: Id,
  relationId: Id.nullable(),
  from: AddedEnd,
  to: AddedEnd,
  /** What the analyst calls it: "same person as", "phoned". */
  label: z.string(),
  confidence: z.number(),
  happenedAt: IsoTime.nullable(),
  ...Said,
})
export type AddedRelation = z.infer<typeof AddedRelation>

const Reason = z.string().trim().min(1).max(2000)
const Targets = z.array(MarkTarget).min(1).max(10_000)
const Value = z.string().max(100)
const Text = z.string().max(20_000)

export const workMethods = {
  /**
   * Marks things. One flag, verdict and pin per thing, one of each tag (set again: replaced), any number of notes.
   * @throws `request.not_found`, `request.invalid` (a tag without a word, a verdict that is none)
   */
  'work.mark': command(
    z.strictObject({ targets: Targets, type: MarkType, value: Value.default(''), text: Text.default('') }),
    z.object({ ids: z.array(Id) }),
  ),
  'work.edit': command(z.strictObject({ id: Id, value: Value.optional(), text: Text.optional() }), Nothing),
  'work.unmark': command(
    z.strictObject({ ids: z.array(Id).min(1).max(10_000) }),
    z.object({ removed: Count }),
  ),
  /** Takes the last change of marks back; `done` false: there is none. */
  'work.undo': command(Nothing, z.object({ done: z.boolean() })),
  'work.redo': command(Nothing, z.object({ done: z.boolean() })),
  /** Marks of some things, for a grid or the inspector. Things without marks are left out. */
  'work.of': query(
    z.strictObject({ targets: z.array(MarkTarget).max(10_000) }),
    z.array(z.object({ target: MarkTarget, marks: z.array(Mark) })),
  ),
  /** All marks, newest first. */
  'work.list': query(
    PageInput.extend({ type: MarkType.nullish(), value: Value.nullish(), kind: z.enum(MARKABLE).nullish() }),
    pageOf(MarkRow),
  ),
  /**
   * Says that two entities belong together, though no record shows it: from the cause to the effect. Said again of the same
   * two, it is changed. In the graph it is dotted and never `observed`; it survives every run of correlation.
   * @throws `request.not_found`, `request.ambiguous`, `request.invalid`
   */
  'work.relate': command(
    z.strictObject({
      from: EntityArgument,
      to: EntityArgument,
      label: z.string().trim().min(1).max(100),
      reason: Reason,
      confidence: z.number().min(0.01).max(1).default(0.5),
      happenedAt: IsoTime.nullish(),
    }),
    z.object({ id: Id }),
  ),
  /** Adds an entity that no evidence names. @throws `request.invalid` (there is one of that kind and name) */
  'work.addEntity': command(
    z.strictObject({ kind: EntityKindShape, name: z.string().trim().min(1).max(1000), reason: Reason }),
    z.object({ id: Id, entityId: Id }),
  ),
  /** Takes away what was added; with an entity go the analyst's relations of it. @throws `request.not_found` */
  'work.removeAdded': command(
    z.strictObject({
      entities: z.array(Id).max(10_000).default([]),
      relations: z.array(Id).max(10_000).default([]),
    }),
    z.object({ removed: Count }),
  ),
  /**
   * Takes what these things are known by (addresses, hosts, hashes, names) into saved criteria of the sweep, made when there are
   * none of that name. `added` 0: nothing of them can be looked for, or all of it is in there already (`lines` says which).
   * @throws `request.not_found`
   */
  'work.addIndicators': command(
    z.strictObject({ targets: Targets, name: z.string().trim().min(1).max(300) }),
    z.object({ added: Count, lines: z.array(z.string()) }),
  ),
  /**
   * The value itself of an entity or URL, to be copied: everywhere else it is shown broken. The audit log says that it was taken.
   * @throws `request.not_found`
   */
  'work.liveValue': command(
    z.strictObject({ target: z.strictObject({ kind: z.enum(['entity', 'message', 'url']), id: Id }) }),
    z.object({ value: z.string() }),
  ),
  /** Entities and relations the analyst added, oldest first. */
  'work.added': query(
    Nothing,
    z.object({ entities: z.array(AddedEntity), relations: z.array(AddedRelation) }),
  ),
  /** Tags in use, most used first. */
  'work.tags': query(Nothing, z.array(z.object({ tag: z.string(), count: Count }))),
} as const

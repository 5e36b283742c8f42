import type { IdentityDecision } from '../contract/nouns/identity.ts'
import type { EntityRef } from '../contract/shapes.ts'
import { findCandidates } from '../identity/candidates.ts'
import {
  type AliasName,
  type Decision,
  JOINABLE,
  listDecisions,
  splitKey,
  toMember,
  toStoredKind,
} from '../identity/decisions.ts'
import { foldAlias } from '../identity/entity-book.ts'
import { type CommandContext, defineHandlers } from '../jobs/handlers.ts'
import { WorkbenchError } from '../model/errors.ts'
import { appendAudit } from '../store/audit.ts'
import { markStale } from '../store/case-info.ts'
import type { ReadStore } from '../store/store.ts'
import { toIso } from '../store/time.ts'
import { resolveEntity, type StoredEntity } from './entity-rows.ts'

const insert = `INSERT INTO identity_decision (kind, entity_kind, members, aliases, reason, actor, at, applied) VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`
const undo = 'UPDATE identity_decision SET undone_at = ?, undo_reason = ? WHERE id = ? AND undone_at IS NULL'
const byKey = 'SELECT id, kind, name FROM entity WHERE key = ?'
const names = 'SELECT kind, value FROM alias WHERE entity_id = ?'
/** Names that say nothing of who somebody is: an address belongs to a time, and not to a name of the machine. */
const NEVER_SPLIT = new Set(['ip'])
const ACTOR = 'analyst'

function requireJoinable(entities: readonly StoredEntity[]): (typeof JOINABLE)[number] {
  const kinds = [...new Set(entities.map(({ kind }) => kind))]
  const [first] = kinds
  if (kinds.length > 1) throw new WorkbenchError('identity.kinds_differ', { kinds })
  const kind = JOINABLE.find((one) => one === first)
  if (kind === undefined) throw new WorkbenchError('identity.kind', { kind: first ?? '' })
  return kind
}

/** Keeps a decision, says so in the audit log, and that correlation has to follow; what only keeps apart changes nothing that it finds. */
function decide(
  context: CommandContext,
  kind: Decision['kind'],
  entities: readonly StoredEntity[],
  aliases: readonly AliasName[],
  reason: string,
): { decision: string } {
  const { db } = context
  const entityKind = requireJoinable(entities)
  const at = context.now()
  const members = entities.map((entity) => toMember(db, entity))
  const id = db.transaction(() => {
    const made = db
      .prepare(insert)
      .pluck()
      .get(
        toStoredKind(kind),
        entityKind,
        JSON.stringify(members),
        JSON.stringify(aliases),
        reason,
        ACTOR,
        at,
        kind === 'apart' ? 1 : null,
      ) as number
    appendAudit(db, {
      at,
      action: `identity.${kind}`,
      details: { decision: made, kind: entityKind, entities: members.map(({ key }) => key), aliases, reason },
    })
    if (kind !== 'apart') markStale(db)
    return made
  })()
  context.changed('entity', 'case', 'audit')
  return { decision: String(id) }
}

const toRef = (row: unknown): EntityRef | null => {
  const found = row as { id: number; kind: EntityRef['kind']; name: string } | undefined
  return found === undefined ? null : { ...found, id: String(found.id) }
}

function toRow(db: ReadStore, decision: Decision): IdentityDecision {
  const entity = db.prepare(byKey)
  const { undoneAt, applied, members } = decision
  const result =
    decision.kind === 'apart' ? undefined : decision.kind === 'split' ? splitKey(decision) : members[0]?.key
  return {
    id: String(decision.id),
    kind: decision.kind,
    entityKind: decision.entityKind,
    members: members.map(({ key, name }) => ({ name, key, entity: toRef(entity.get(key)) })),
    aliases: [...decision.aliases],
    result: result === undefined ? null : toRef(entity.get(result)),
    reason: decision.reason,
    by: decision.actor,
    at: toIso(decision.at),
    undoneAt: undoneAt === null ? null : toIso(undoneAt),
    undoReason: decision.undoReason,
    state: undoneAt !== null ? 'undone' : applied === null ? 'pending' : applied ? 'applied' : 'idle',
  }
}

/** @throws WorkbenchError `identity.same` where all ids are of one */
function severalOf({ db }: CommandContext, ids: readonly string[]): StoredEntity[] {
  const entities = ids.map((id) => resolveEntity(db, id))
  const different = [...new Map(entities.map((entity) => [entity.id, entity])).values()]
  if (different.length < 2) throw new WorkbenchError('identity.same', { name: different[0]?.name ?? '' })
  return different
}

/** Who is who, as the analyst says: kept beside what evidence says, and applied by every correlation run. */
export default defineHandlers({
  'identity.merge'(context, { ids, reason }) {
    return decide(context, 'merge', severalOf(context, ids), [], reason)
  },
  'identity.apart'(context, { ids, reason }) {
    return decide(context, 'apart', severalOf(context, ids), [], reason)
  },
  'identity.split'(context, { id, aliases, reason }) {
    const entity = resolveEntity(context.db, id)
    requireJoinable([entity])
    const own = context.db.prepare(names).all(entity.id) as AliasName[]
    const nameOf = ({ kind, value }: AliasName) => `${kind}|${foldAlias(kind, value)}`
    const movable = new Set(own.filter(({ kind }) => !NEVER_SPLIT.has(kind)).map(nameOf))
    for (const alias of aliases)
      if (!movable.has(nameOf(alias)))
        throw new WorkbenchError('identity.not_a_name', {
          alias: `${alias.kind}:${alias.value}`,
          name: entity.name,
        })
    const wanted = new Set(aliases.map(nameOf))
    if (wanted.size === movable.size) throw new WorkbenchError('identity.whole', { name: entity.name })
    return decide(context, 'split', [entity], aliases, reason)
  },
  'identity.undo'(context, { decision, reason }) {
    const { db } = context
    const at = context.now()
    const before = listDecisions(db).find(({ id }) => String(id) === decision)
    db.transaction(() => {
      if (db.prepare(undo).run(at, reason, Number(decision)).changes === 0)
        throw new WorkbenchError('request.not_found', { what: `decision ${decision}` })
      appendAudit(db, { at, action: 'identity.undo', details: { decision: Number(decision), reason } })
      if (before?.kind !== 'apart') markStale(db)
    })()
    context.changed('entity', 'case', 'audit')
    return { decision }
  },
  'identity.decisions': ({ db }) =>
    listDecisions(db)
      .map((decision) => toRow(db, decision))
      .reverse(),
  'identity.candidates': ({ db }, { kind, limit }) => {
    const joinable = JOINABLE.find((one) => one === kind)
    if (kind != null && joinable === undefined) throw new WorkbenchError('identity.kind', { kind })
    const found = findCandidates(db, listDecisions(db), joinable)
    const ref = ({
      id,
      kind: own,
      name,
    }: {
      id: number
      kind: EntityRef['kind']
      name: string
    }): EntityRef => ({
      id: String(id),
      kind: own,
      name,
    })
    return {
      rows: found.slice(0, limit).map(({ a, b, reasons, against, confidence }) => ({
        a: ref(a),
        b: ref(b),
        reasons: [...reasons],
        against: [...against],
        confidence,
      })),
      total: found.length,
    }
  },
})

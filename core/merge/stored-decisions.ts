import { z } from 'zod'
import { JOINABLE, toDecisionKind } from '../identity/decisions.ts'
import { ALIAS_KINDS } from '../model/relation.ts'
import type { ReadStore } from '../store/store.ts'
import { Actor, Time, toProblem } from './shapes.ts'

const AliasName = z.strictObject({ kind: z.enum(ALIAS_KINDS), value: z.string().min(1).max(4000) })
const Member = z.strictObject({
  key: z.string().min(1).max(8000),
  name: z.string().max(8000),
  names: z.array(AliasName).max(100),
})
/** A decision of an analyst as a case of somebody else may hold it: every field is looked at. */
export const DecisionShape = z.strictObject({
  kind: z.enum(['merge', 'split', 'apart']),
  entityKind: z.enum(JOINABLE),
  members: z.array(Member).min(1).max(50),
  aliases: z.array(AliasName).max(100),
  reason: z.string().max(2000),
  actor: Actor,
  at: Time,
})
const Stored = DecisionShape.extend({ id: z.number().int(), undoneAt: Time.nullable() })
export type StoredDecision = z.infer<typeof Stored>

interface Row {
  readonly id: number
  readonly kind: string
  readonly entity_kind: string
  readonly members: string
  readonly aliases: string
  readonly reason: string
  readonly actor: string
  readonly at: number
  readonly undone_at: number | null
}

/** Decisions are made by hand; a case with more than this is forged. */
const MAX_DECISIONS = 100_000

/** Decisions of a case, oldest first; a case from before there were any has none. */
export function readDecisions(db: ReadStore): {
  decisions: StoredDecision[]
  unreadable: { item: string; problem: string }[]
} {
  const has = db.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'identity_decision'`).get()
  const decisions: StoredDecision[] = []
  const unreadable: { item: string; problem: string }[] = []
  if (has === undefined) return { decisions, unreadable }
  const rows = db.prepare('SELECT * FROM identity_decision ORDER BY id LIMIT ?').all(MAX_DECISIONS) as Row[]
  for (const row of rows) {
    const item = `decision ${row.id}`
    try {
      const { id, entity_kind: entityKind, reason, actor, at, undone_at: undoneAt } = row
      const members: unknown = JSON.parse(row.members)
      const aliases: unknown = JSON.parse(row.aliases)
      const isApart = Array.isArray(aliases) && toDecisionKind(row.kind, aliases) === 'apart'
      const kind = isApart ? 'apart' : row.kind
      const parsed = Stored.parse({ id, kind, entityKind, members, aliases, reason, actor, at, undoneAt })
      if (parsed.kind === 'split' ? parsed.aliases.length === 0 : parsed.members.length < 2)
        unreadable.push({ item, problem: 'members' })
      else decisions.push(parsed)
    } catch (cause) {
      unreadable.push({ item, problem: toProblem(cause) })
    }
  }
  return { decisions, unreadable }
}

import type { AliasKind, EntityKind } from '../model/relation.ts'
import type { ReadStore } from '../store/store.ts'

/** Kinds an analyst can join and take apart: who and what has names of several makes. */
export const JOINABLE = ['user', 'endpoint', 'mailbox', 'group'] as const satisfies readonly EntityKind[]
export type JoinableKind = (typeof JOINABLE)[number]

/** Names that are worth finding an entity by again: hints and addresses of a time are not. */
const FIRM: ReadonlySet<AliasKind> = new Set<AliasKind>([
  'sid',
  'object-id',
  'guid',
  'upn',
  'smtp',
  'account',
  'dn',
  'fqdn',
  'netbios',
  'device-id',
])
/** Names kept with a decision; an account has some, a crafted one thousands. */
const MAX_NAMES = 100

export interface AliasName {
  readonly kind: AliasKind
  readonly value: string
}
/** An entity as a decision knows it: its key, and its names for when a later export gives it another key. */
export interface Member {
  readonly key: string
  readonly name: string
  readonly names: readonly AliasName[]
}

/** What an analyst said of identities: these are one, these names are somebody else's, or these are not one. */
export interface Decision {
  readonly id: number
  readonly kind: 'merge' | 'split' | 'apart'
  readonly entityKind: JoinableKind
  /** Merged ones, the first gives its key; ones that are kept apart; or the one whose names are split off. */
  readonly members: readonly Member[]
  /** Names that are split off; none for a merge. */
  readonly aliases: readonly AliasName[]
  readonly reason: string
  readonly actor: string
  readonly at: number
  readonly undoneAt: number | null
  readonly undoReason: string | null
  /** Whether the last correlation run found what it speaks of; null before the next run. */
  readonly applied: boolean | null
}

interface Row {
  id: number
  kind: string
  entity_kind: string
  members: string
  aliases: string
  reason: string
  actor: string
  at: number
  undone_at: number | null
  undo_reason: string | null
  applied: number | null
}

const select = 'SELECT * FROM identity_decision ORDER BY id'
const names = 'SELECT kind, value FROM alias WHERE entity_id = ? ORDER BY kind, value'

/**
 * What a stored decision says: a split of no names keeps its members apart. Stored so, a version from before that knows only merges and
 * splits leaves it alone.
 */
export const toDecisionKind = (kind: string, aliases: readonly unknown[]): Decision['kind'] =>
  kind !== 'split' ? 'merge' : aliases.length === 0 ? 'apart' : 'split'
export const toStoredKind = (kind: Decision['kind']): 'merge' | 'split' =>
  kind === 'merge' ? 'merge' : 'split'

/** All decisions, oldest first: they are applied in this order. */
export const listDecisions = (db: ReadStore): Decision[] =>
  (db.prepare(select).all() as Row[]).map((row) => ({
    id: row.id,
    kind: toDecisionKind(row.kind, JSON.parse(row.aliases) as unknown[]),
    entityKind: JOINABLE.find((kind) => kind === row.entity_kind) ?? 'user',
    members: JSON.parse(row.members) as Member[],
    aliases: JSON.parse(row.aliases) as AliasName[],
    reason: row.reason,
    actor: row.actor,
    at: row.at,
    undoneAt: row.undone_at,
    undoReason: row.undo_reason,
    applied: row.applied === null ? null : row.applied === 1,
  }))

/** What a decision has to keep of an entity to find it again. */
export function toMember(
  db: ReadStore,
  entity: { readonly id: number; readonly key: string; readonly name: string },
): Member {
  const all = db.prepare(names).all(entity.id) as AliasName[]
  return {
    key: entity.key,
    name: entity.name,
    names: all.filter(({ kind }) => FIRM.has(kind)).slice(0, MAX_NAMES),
  }
}

/** The key of what a decision splits off; the same in every run. */
export const splitKey = (decision: Pick<Decision, 'id' | 'entityKind'>): string =>
  `${decision.entityKind}:split:${decision.id}`
export const isSplitKey = (key: string): boolean => /^[a-z]+:split:\d+$/.test(key)

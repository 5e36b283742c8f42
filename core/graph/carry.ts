import type { RelationKind } from '../model/relation.ts'

/**
 * How well a relation carries an attack on, apart from how sure it is: that a file lies on an endpoint gives nobody
 * control of it, running it does; that a mailbox has an owner does not mean the owner acted; a logon from an endpoint does
 * not say which of its processes was behind it. A path's confidence is the
 * product over its hops of confidence, carry and passage. What is not listed carries fully.
 */
const CARRY: Partial<Record<RelationKind, number>> = {
  'delivered-to': 0.95,
  'owned-by': 0.6,
  'shared-with': 0.5,
  'same-campaign': 0.4,
  'opened-on': 0.85,
  'located-on': 0.4,
  'ran-on': 0.97,
  'ran-as': 0.85,
  'logged-on-to': 0.9,
  'remote-logon': 0.95,
  'connected-to': 0.8,
  resolved: 0.7,
  'resolves-to': 0.7,
  'wrote-registry': 0.8,
  'created-subscription': 0.8,
  'signed-in-as': 0.9,
  'accessed-mailbox': 0.8,
  'changed-mailbox': 0.8,
  'forwards-to': 0.9,
  'member-of': 0.9,
  'admin-to': 0.8,
  'can-rdp': 0.7,
  'can-psremote': 0.7,
  'generic-all': 0.7,
  'generic-write': 0.6,
  'write-dacl': 0.6,
  'write-owner': 0.6,
  'add-member': 0.7,
  'force-change-password': 0.6,
  dcsync: 0.8,
  'allowed-to-delegate': 0.5,
  'allowed-to-act': 0.5,
  'has-session': 0.6,
  'gpo-applies-to': 0.5,
  trusts: 0.4,
  'read-laps': 0.7,
  'read-gmsa': 0.7,
  owns: 0.6,
  contains: 0.5,
  'all-extended-rights': 0.6,
  'add-key-credential': 0.6,
  'write-spn': 0.4,
  'add-allowed-to-act': 0.5,
  'sql-admin': 0.6,
}

/** Hops into an endpoint that name no actor there: what leaves it next is any process's doing. */
const THROUGH_ENDPOINT = 0.5
/** Hops that name an actor who acts honestly besides: an account whose owner works with it, a session among others. */
const THROUGH_ACTOR = 0.8
/** Who follows a link has not handed over the account; whether the password was typed is not on record. */
const THROUGH_CLICK = 0.6
const PASSAGE: Partial<Record<RelationKind, number>> = {
  'ran-on': THROUGH_ENDPOINT,
  'located-on': THROUGH_ENDPOINT,
  'opened-on': THROUGH_ENDPOINT,
  'logged-on-to': THROUGH_ACTOR,
  'remote-logon': THROUGH_ACTOR,
  'ran-as': THROUGH_ACTOR,
  'clicked-by': THROUGH_CLICK,
  'owned-by': THROUGH_ACTOR,
  'signed-in-as': THROUGH_ACTOR,
}

/** Hops into an endpoint where something was just run from afar: an intruder is known to act there, though not in which process. */
const THROUGH_INTRUDED = 0.8

/**
 * What following another hop after `previous` adds to doubt, besides the hops' own.
 * @param earlier the hop before that one
 */
export function passageOf(previous: RelationKind | undefined, earlier: RelationKind | undefined): number {
  if (previous === undefined) return 1
  if (previous === 'ran-on' && earlier === 'remote-execution') return THROUGH_INTRUDED
  return PASSAGE[previous] ?? 1
}

/** Ways between machines that honest work takes every day: drives, backups, the helpdesk. */
const DAILY: ReadonlySet<RelationKind> = new Set(['logged-on-to', 'remote-logon'])
/** The same way was taken before the attack can have begun: one more time tells little. */
const ROUTINE = 0.4

/**
 * Doubt that a use is the attacker's, because the relation was in use before.
 * @param firstUse its first use, microseconds
 * @param since when the attack can have begun at the earliest; null: not known
 */
export const routineOf = (kind: RelationKind, firstUse: number | undefined, since: number | null): number =>
  since !== null && firstUse !== undefined && firstUse < since && DAILY.has(kind) ? ROUTINE : 1

export const carryOf = (kind: RelationKind): number => CARRY[kind] ?? 1

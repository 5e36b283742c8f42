/** The vocabulary of the graph (ARCHITECTURE section 7, CLI.md). Closed lists; the direction is that of the attack. */
export const ENTITY_KINDS = [
  'user',
  'endpoint',
  'mailbox',
  'message',
  'attachment',
  'file',
  'url',
  'domain',
  'ip',
  'process',
  'group',
  'registry-key',
  'service',
  'scheduled-task',
  'cloud-app',
  'wmi-subscription',
  'gpo',
  'ou',
] as const
export type EntityKind = (typeof ENTITY_KINDS)[number]

export const OBSERVED_RELATION_KINDS = [
  'sent',
  'delivered-to',
  'owned-by',
  'carries',
  'links-to',
  'forwarded-as',
  'same-campaign',
  'clicked-by',
  'opened-on',
  'downloaded-to',
  'saved-as',
  'extracted-to',
  'dropped',
  'executed-as',
  'spawned',
  'located-on',
  'ran-on',
  'ran-as',
  'connected-to',
  'resolved',
  'resolves-to',
  'logged-on-to',
  'remote-logon',
  'remote-execution',
  'installed-service',
  'created-task',
  'wrote-registry',
  'accessed-credentials',
  'signed-in-to',
  'signed-in-as',
  'injected-into',
  'created-subscription',
  'accessed-mailbox',
  'changed-mailbox',
  'forwards-to',
] as const
export type ObservedRelationKind = (typeof OBSERVED_RELATION_KINDS)[number]

/** Rights out of the directory: what could be done, never what was seen. Always drawn dashed. */
export const POSSIBLE_RELATION_KINDS = [
  'shared-with',
  'member-of',
  'admin-to',
  'can-rdp',
  'can-psremote',
  'generic-all',
  'generic-write',
  'write-dacl',
  'write-owner',
  'add-member',
  'force-change-password',
  'dcsync',
  'allowed-to-delegate',
  'allowed-to-act',
  'has-session',
  'gpo-applies-to',
  'trusts',
  'read-laps',
  'read-gmsa',
  'owns',
  'contains',
  'all-extended-rights',
  'add-key-credential',
  'write-spn',
  'add-allowed-to-act',
  'sql-admin',
] as const
export type PossibleRelationKind = (typeof POSSIBLE_RELATION_KINDS)[number]

/**
 * What an analyst says belongs together, with a reason and no record: `analyst` holds at any time, `analyst-event` happened at
 * one. Drawn dotted; rules and stories never rest on it, paths and chains take it as a layer of its own.
 */
export const ANALYST_RELATION_KINDS = ['analyst', 'analyst-event'] as const
export type AnalystRelationKind = (typeof ANALYST_RELATION_KINDS)[number]

export type RelationKind = ObservedRelationKind | PossibleRelationKind | AnalystRelationKind
export const RELATION_KINDS: readonly RelationKind[] = [
  ...OBSERVED_RELATION_KINDS,
  ...POSSIBLE_RELATION_KINDS,
  ...ANALYST_RELATION_KINDS,
]
/** Of a relation an analyst added; no rule has this id. */
export const ANALYST_RULE = 'analyst'

/**
 * Relations that hold without a time of use: an attack path may take them whenever it arrives.
 * All others are used at the times of their proving events.
 */
export const STANDING_RELATIONS: ReadonlySet<RelationKind> = new Set<RelationKind>([
  'owned-by',
  'carries',
  'links-to',
  'same-campaign',
  'located-on',
  'ran-on',
  'ran-as',
  'resolves-to',
  'analyst',
  ...POSSIBLE_RELATION_KINDS,
])

export const ALIAS_KINDS = [
  'sid',
  'upn',
  'smtp',
  'account',
  'object-id',
  'dn',
  'fqdn',
  'netbios',
  'ip',
  'device-id',
  'message-id',
  'network-message-id',
  'url',
  'path',
  'name',
  'sha1',
  'sha256',
  'md5',
  'pid',
  'guid',
] as const
export type AliasKind = (typeof ALIAS_KINDS)[number]

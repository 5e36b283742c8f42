import type { EntityKind, ObservedRelationKind } from '../../core/model/relation.ts'

/** Which kinds of entity an observed relation may join, and in which direction (CLI.md, "Words of the graph"). */
export const RELATION_DIRECTIONS: Readonly<
  Record<ObservedRelationKind, { from: readonly EntityKind[]; to: readonly EntityKind[] }>
> = {
  sent: { from: ['user', 'mailbox'], to: ['message'] },
  'delivered-to': { from: ['message'], to: ['mailbox'] },
  'owned-by': { from: ['mailbox'], to: ['user'] },
  carries: { from: ['message'], to: ['attachment'] },
  'links-to': { from: ['message', 'attachment', 'file'], to: ['url'] },
  'forwarded-as': { from: ['message'], to: ['message'] },
  'same-campaign': { from: ['message'], to: ['message'] },
  'clicked-by': { from: ['url'], to: ['user'] },
  'opened-on': { from: ['url'], to: ['endpoint'] },
  'downloaded-to': { from: ['url'], to: ['file'] },
  'saved-as': { from: ['attachment'], to: ['file'] },
  'extracted-to': { from: ['file'], to: ['file'] },
  dropped: { from: ['process'], to: ['file'] },
  'executed-as': { from: ['file'], to: ['process'] },
  spawned: { from: ['process'], to: ['process'] },
  'located-on': { from: ['file'], to: ['endpoint'] },
  'ran-on': { from: ['process'], to: ['endpoint'] },
  'ran-as': { from: ['process'], to: ['user'] },
  'connected-to': { from: ['process', 'endpoint'], to: ['ip', 'domain', 'url'] },
  resolved: { from: ['process', 'endpoint'], to: ['domain'] },
  'resolves-to': { from: ['domain'], to: ['ip'] },
  'logged-on-to': { from: ['user'], to: ['endpoint'] },
  'remote-logon': { from: ['endpoint'], to: ['endpoint'] },
  'remote-execution': { from: ['process', 'endpoint'], to: ['process', 'endpoint'] },
  'installed-service': { from: ['process', 'endpoint'], to: ['service'] },
  'created-task': { from: ['process', 'endpoint'], to: ['scheduled-task'] },
  'wrote-registry': { from: ['process', 'endpoint'], to: ['registry-key'] },
  'accessed-credentials': { from: ['process'], to: ['process', 'endpoint'] },
  'signed-in-to': { from: ['user'], to: ['cloud-app'] },
}

import type { PossibleRelationKind } from './relation.ts'

export const DIRECTORY_KINDS = [
  'user',
  'computer',
  'group',
  'domain',
  'ou',
  'gpo',
  'container',
  'other',
] as const
export type DirectoryKind = (typeof DIRECTORY_KINDS)[number]

/**
 * Rights that give nothing away alone and together do: whoever holds both of them over a domain, also through different groups, may
 * replicate its secrets. Kept as stated, so that correlation can join them over memberships; never relations of their own.
 */
export const HALF_RIGHTS = ['get-changes', 'get-changes-all'] as const
export type HalfRight = (typeof HALF_RIGHTS)[number]
export type DirectoryRight = PossibleRelationKind | HalfRight

/** One directory object of one snapshot (SharpHound node, LDIF entry). Attribute facts; nothing resolved yet. */
export interface DirectoryItem {
  readonly type: 'directory'
  readonly kind: DirectoryKind
  /** Upper-case SID, else GUID without braces in lower case, else the DN in lower case. */
  readonly objectId: string
  readonly sid?: string | undefined
  readonly guid?: string | undefined
  /** Distinguished name as written. */
  readonly dn?: string | undefined
  readonly name: string
  readonly displayName?: string | undefined
  readonly samAccountName?: string | undefined
  readonly upn?: string | undefined
  readonly mail?: string | undefined
  /** Lower-case SMTP addresses out of proxyAddresses, primary first. */
  readonly proxyAddresses?: readonly string[] | undefined
  /** DNS name of the domain, lower case. */
  readonly domain?: string | undefined
  /** NetBIOS name of the domain when the source tells. */
  readonly netbiosDomain?: string | undefined
  readonly dnsHostName?: string | undefined
  readonly operatingSystem?: string | undefined
  readonly department?: string | undefined
  readonly title?: string | undefined
  readonly enabled?: boolean | undefined
  readonly isDomainController?: boolean | undefined
  readonly isHighValue?: boolean | undefined
  /** Exchange says that the mailbox is nobody's own: shared, of a room or of equipment (msExchRecipientTypeDetails). */
  readonly isSharedMailbox?: boolean | undefined
  /** Microseconds UTC. */
  readonly createdAt?: number | undefined
  /** When the directory last changed the object, as its server wrote it; no export is older than what it holds (S12). */
  readonly changedAt?: number | undefined
  readonly lastLogonAt?: number | undefined
  readonly passwordSetAt?: number | undefined
  /** When this snapshot of the directory was taken, microseconds UTC, when the export tells (S12). */
  readonly collectedAt?: number | undefined
  /**
   * Distinguished names in its memberships as written, each once in an export: how objects are called that no export of the
   * case holds.
   */
  readonly named?: readonly string[] | undefined
  /** Rights and memberships this object states, from the attacker's side to the target's side. */
  readonly edges: readonly DirectoryEdge[]
}

/**
 * A possible right. `from`/`to` are objectIds or DNs (lower case), or name a host as `fqdn:<name>` or `netbios:<name>`
 * (normalise/directory-ref.ts); identity resolves them over the whole snapshot.
 */
export interface DirectoryEdge {
  readonly right: DirectoryRight
  readonly from: string
  readonly to: string
  readonly isInherited?: boolean | undefined
}

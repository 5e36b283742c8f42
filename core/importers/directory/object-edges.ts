import type { DirectoryEdge, DirectoryKind } from '../../model/directory.ts'
import type { PossibleRelationKind } from '../../model/relation.ts'
import { toDomainRef, toHostRef } from '../../normalise/directory-ref.ts'
import { toDnKey } from '../../normalise/distinguished-name.ts'
import { type Descriptor, listAllowed, listRights } from './access-control.ts'
import type { Attributes, AttributeValue } from './attributes.ts'
import type { DirectoryExport } from './directory-object.ts'
import { toAccessEdges } from './rights.ts'
import { readSddl } from './sddl.ts'
import { readDescriptor } from './security-descriptor.ts'
import { readSidValue, toScopedSid } from './sid.ts'

/** The object whose rights are listed. */
export interface ObjectName {
  readonly dn: string | undefined
  readonly objectId: string
  readonly kind: DirectoryKind
  readonly sid: string | undefined
  readonly domain: string | undefined
}

/** A password of the local administrator is kept in the directory (LAPS, old and new). */
const LAPS_ATTRIBUTES = [
  'ms-Mcs-AdmPwdExpirationTime',
  'msLAPS-PasswordExpirationTime',
  'ms-Mcs-AdmPwd',
  'msLAPS-EncryptedPassword',
]

/** Whether a text begins as a distinguished name does. */
const isDn = (text: string): boolean => /^[^=,]{1,128}=/.test(text)

/** Memberships, delegations (of services and of mailboxes), policies, trusts and access rights that an object states. */
export function listObjectEdges(
  attributes: Attributes,
  subject: ObjectName,
  { domainSids, unrelated }: Pick<DirectoryExport, 'domainSids' | 'unrelated'>,
): DirectoryEdge[] {
  const { objectId, domain } = subject
  const edges = new Map<string, DirectoryEdge>()
  const add = (right: PossibleRelationKind, from: string, to: string): void => {
    if (from !== to) edges.set(`${right} ${from} ${to}`, { right, from, to })
  }
  for (const name of ['member', 'uniqueMember'])
    for (const member of attributes.texts(name).filter(isDn)) add('member-of', toDnKey(member), objectId)
  for (const group of attributes.texts('memberOf').filter(isDn)) add('member-of', objectId, toDnKey(group))
  const rid = attributes.text('primaryGroupID')
  // the primary group is missing from memberOf; it is a group of the account's own domain
  if (subject.sid !== undefined && rid !== undefined && /^\d+$/.test(rid))
    add('member-of', objectId, subject.sid.replace(/\d+$/, rid))
  const primary = attributes.text('primaryGroup')
  if (primary !== undefined && isDn(primary)) add('member-of', objectId, toDnKey(primary))
  for (const principal of attributes.texts('msDS-AllowedToDelegateTo')) {
    const endpoint = toHostRef(principal)
    if (endpoint !== undefined) add('allowed-to-delegate', objectId, endpoint)
  }
  const describe = (value: AttributeValue): Descriptor =>
    value.bytes === undefined
      ? readSddl(value.text.trim(), {
          domainSid: domainSids.of(domain),
          forestSid: domainSids.rootOf(domain),
        })
      : readDescriptor(value.bytes)
  for (const [name, right] of PRINCIPAL_LISTS)
    for (const value of attributes.all(name))
      for (const principal of listAllowed(describe(value)))
        add(right, toScopedSid(principal, domain), objectId)
  for (const actor of attributes.texts('principalsAllowedToDelegateToAccount'))
    if (isDn(actor)) add('allowed-to-act', toDnKey(actor), objectId)
  for (const name of DELEGATES)
    for (const delegate of attributes.texts(name).filter(isDn))
      add('shared-with', objectId, toDnKey(delegate))
  for (const name of DELEGATE_OF)
    for (const account of attributes.texts(name).filter(isDn)) add('shared-with', toDnKey(account), objectId)
  for (const links of attributes.texts('gPLink'))
    for (const policy of readPolicyLinks(links)) add('gpo-applies-to', policy, objectId)
  addTrust(attributes, subject, add)
  const descriptor = attributes.all('nTSecurityDescriptor')[0]
  const rights = descriptor === undefined ? [] : listRights(describe(descriptor))
  const scoped = rights.map((right) => ({ ...right, principal: toScopedSid(right.principal, domain) }))
  const hasLaps = LAPS_ATTRIBUTES.some((name) => attributes.has(name))
  return [...edges.values(), ...toAccessEdges(scoped, { objectId, kind: subject.kind, hasLaps }, unrelated)]
}
/** Of the account of a mailbox: who may send on its behalf, and in whose Outlook it opens because of full access. */
const DELEGATES = ['publicDelegates', 'msExchDelegateListLink']
/** The back links, of the delegate: whose mailboxes those are. */
const DELEGATE_OF = ['publicDelegatesBL', 'msExchDelegateListBL']

/** Attributes whose access list names principals, and what being on it allows. */
const PRINCIPAL_LISTS: readonly (readonly [string, PossibleRelationKind])[] = [
  ['msDS-AllowedToActOnBehalfOfOtherIdentity', 'allowed-to-act'],
  ['msDS-GroupMSAMembership', 'read-gmsa'],
]

/** `[LDAP://cn={GUID},cn=policies,...;flags]`, several in a row; flag 1 means switched off (MS-GPOL 2.2.2). */
function readPolicyLinks(text: string): string[] {
  return [...text.matchAll(/\[LDAP:\/\/([^;[\]]+);(\d+)\]/gi)]
    .filter((match) => (Number(match[2]) & 1) === 0)
    .map((match) => toDnKey(match[1] ?? ''))
}

/** Attack direction: accounts of the trusted side can be used on the trusting side (MS-ADTS 6.1.6.7.12: 1 inbound, 2 outbound). */
function addTrust(
  attributes: Attributes,
  subject: ObjectName,
  add: (right: PossibleRelationKind, from: string, to: string) => void,
): void {
  const direction = Number(attributes.text('trustDirection') ?? 0)
  if (!(direction > 0) || subject.domain === undefined) return
  const other = toDomainRef(
    attributes.text('trustPartner'),
    readSidValue(attributes.all('securityIdentifier')[0]),
  )
  const own = toDomainRef(subject.domain, undefined)
  if (other === undefined || own === undefined) return
  if ((direction & 1) !== 0) add('trusts', own, other)
  if ((direction & 2) !== 0) add('trusts', other, own)
}

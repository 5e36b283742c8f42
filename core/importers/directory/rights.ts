import type { DirectoryEdge } from '../../model/directory.ts'
import type { PossibleRelationKind } from '../../model/relation.ts'
import type { UnrelatedRights } from './unrelated-rights.ts'

/**
 * Rights that an access control entry can grant, by the names SharpHound uses. The property set of account restrictions
 * includes the list of those who may act for others on a computer. Rights without a relation of their own are counted.
 */
const BY_NAME: ReadonlyMap<string, PossibleRelationKind> = new Map<string, PossibleRelationKind>([
  ['GenericAll', 'generic-all'],
  ['GenericWrite', 'generic-write'],
  ['WriteDacl', 'write-dacl'],
  ['WriteOwner', 'write-owner'],
  ['Owns', 'owns'],
  ['Owner', 'owns'],
  ['AddMember', 'add-member'],
  ['AddMembers', 'add-member'],
  ['AddSelf', 'add-member'],
  ['ForceChangePassword', 'force-change-password'],
  ['ReadLAPSPassword', 'read-laps'],
  ['ReadGMSAPassword', 'read-gmsa'],
  ['AllowedToAct', 'allowed-to-act'],
  ['AllExtendedRights', 'all-extended-rights'],
  ['AddKeyCredentialLink', 'add-key-credential'],
  ['WriteSPN', 'write-spn'],
  ['AddAllowedToAct', 'add-allowed-to-act'],
])
/** Rights that lead somewhere on computers only. */
const ON_COMPUTERS: ReadonlyMap<string, PossibleRelationKind> = new Map<string, PossibleRelationKind>([
  ['WriteAccountRestrictions', 'add-allowed-to-act'],
])

export interface GrantedRight {
  readonly principal: string
  readonly right: string
  readonly isInherited: boolean
}

/** The object a list of rights is about. */
export interface GuardedObject {
  readonly objectId: string
  readonly kind: string
  /** The computer keeps its administrator's password in the directory. */
  readonly hasLaps?: boolean | undefined
}

/** What "all extended rights" comes to on such an object, beside the right itself. */
function meaningOfAll({ kind, hasLaps }: GuardedObject): PossibleRelationKind | undefined {
  if (kind === 'user') return 'force-change-password'
  if (kind === 'computer') return hasLaps === true ? 'read-laps' : undefined
  return kind === 'domain' ? 'dcsync' : undefined
}

/**
 * Relations out of the access list of one object: principal -> object, each once. Both replication rights together on a
 * domain are `dcsync`.
 * @param unrelated takes the rights that no relation stands for
 */
export function toAccessEdges(
  rights: readonly GrantedRight[],
  object: GuardedObject,
  unrelated?: UnrelatedRights,
): DirectoryEdge[] {
  const { objectId, kind } = object
  const edges = new Map<string, DirectoryEdge>()
  const replication = new Map<string, Set<string>>()
  const add = (right: PossibleRelationKind, from: string, isInherited: boolean): void => {
    const known = edges.get(`${right} ${from}`)
    if (from === objectId || (known !== undefined && known.isInherited !== true)) return
    edges.set(`${right} ${from}`, { right, from, to: objectId, isInherited })
  }
  for (const { principal, right, isInherited } of rights) {
    const relation = BY_NAME.get(right) ?? (kind === 'computer' ? ON_COMPUTERS.get(right) : undefined)
    if (relation !== undefined) add(relation, principal, isInherited)
    const meaning = right === 'AllExtendedRights' ? meaningOfAll(object) : undefined
    if (meaning !== undefined) add(meaning, principal, isInherited)
    if (kind !== 'domain' || (right !== 'GetChanges' && right !== 'GetChangesAll')) {
      if (relation === undefined) unrelated?.add(right)
      continue
    }
    const held = replication.get(principal) ?? new Set()
    replication.set(principal, held.add(right))
    if (held.size === 2) add('dcsync', principal, isInherited)
  }
  // one replication right alone gives nothing away
  for (const held of replication.values())
    if (held.size === 1) for (const right of held) unrelated?.add(right)
  return [...edges.values()]
}

import type { DirectoryEdge, DirectoryRight, HalfRight } from '../../model/directory.ts'
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
/** Rights that lead somewhere on domains only; some collectors name what both replication rights come to themselves. */
const ON_DOMAINS: ReadonlyMap<string, PossibleRelationKind> = new Map<string, PossibleRelationKind>([
  ['DCSync', 'dcsync'],
])
const REPLICATION: ReadonlyMap<string, HalfRight> = new Map<string, HalfRight>([
  ['GetChanges', 'get-changes'],
  ['GetChangesAll', 'get-changes-all'],
])
/**
 * May read a secret attribute whose GUID says nothing: LAPS attributes have another one in each forest. On a computer that LAPS
 * looks after it is the password of its administrator.
 */
export const READS_SECRET = 'ReadSecret'

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

function meaningOf(right: string, kind: string): PossibleRelationKind | undefined {
  const of = kind === 'computer' ? ON_COMPUTERS : kind === 'domain' ? ON_DOMAINS : undefined
  return BY_NAME.get(right) ?? of?.get(right)
}

/**
 * Relations out of the access list of one object: principal -> object, each once. Both replication rights together on a
 * domain are `dcsync`; one alone is kept as it is, since the other may come through a membership (directory.replication).
 * @param unrelated takes the rights that no relation stands for
 */
export function toAccessEdges(
  rights: readonly GrantedRight[],
  object: GuardedObject,
  unrelated?: UnrelatedRights,
): DirectoryEdge[] {
  const { objectId, kind } = object
  const edges = new Map<string, DirectoryEdge>()
  const replication = new Map<string, Map<HalfRight, boolean>>()
  const add = (right: DirectoryRight, from: string, isInherited: boolean): void => {
    const known = edges.get(`${right} ${from}`)
    if (from === objectId || (known !== undefined && known.isInherited !== true)) return
    edges.set(`${right} ${from}`, { right, from, to: objectId, isInherited })
  }
  for (const { principal, right, isInherited } of rights) {
    const half = kind === 'domain' ? REPLICATION.get(right) : undefined
    if (half !== undefined) {
      const held = replication.get(principal) ?? new Map<HalfRight, boolean>()
      replication.set(principal, held.set(half, held.get(half) !== false && isInherited))
      continue
    }
    if (right === READS_SECRET) {
      if (kind === 'computer' && object.hasLaps === true) add('read-laps', principal, isInherited)
      continue
    }
    const relation = meaningOf(right, kind)
    if (relation === undefined) unrelated?.add(right)
    else add(relation, principal, isInherited)
    const meaning = right === 'AllExtendedRights' ? meaningOfAll(object) : undefined
    if (meaning !== undefined) add(meaning, principal, isInherited)
  }
  for (const [principal, held] of replication) {
    if (held.size === 2) add('dcsync', principal, [...held.values()].includes(true))
    else for (const [half, isInherited] of held) add(half, principal, isInherited)
  }
  return [...edges.values()]
}

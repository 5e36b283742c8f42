import type { DirectoryEdge, DirectoryItem } from '../../model/directory.ts'
import type { PossibleRelationKind } from '../../model/relation.ts'
import { isObject } from '../json/parse-object.ts'
import { inner, JsonNamedRow, type NamedRow } from '../log/named-row.ts'
import { type EntraExport, toEntraObject } from './entra-object.ts'
import { toObjectId } from './sid.ts'
import type { UnrelatedRights } from './unrelated-rights.ts'

/** More principals than this in one record are no answer of the collector. */
const MAX_EDGES = 200_000

/** How a kind of record states a relation between principals and one object. */
interface Statement {
  /** Name of the object the record is about. */
  readonly of: string
  /** Member with the principals, and the member of each that is one. */
  readonly list: string
  readonly each: string
  readonly right: PossibleRelationKind
}

/**
 * Kinds of records that state a relation there is a kind for. Who owns a group decides on its members; who may write to a
 * virtual machine may run commands on it; who administers access to it may grant both.
 */
const STATEMENTS: ReadonlyMap<string, Statement> = new Map<string, Statement>([
  ['AZGroupMember', { of: 'groupId', list: 'members', each: 'member', right: 'member-of' }],
  ['AZGroupOwner', { of: 'groupId', list: 'owners', each: 'owner', right: 'add-member' }],
  // the registered owner of a device administers it
  ['AZDeviceOwner', { of: 'deviceId', list: 'owners', each: 'owner', right: 'owns' }],
  ['AZVMAdminLogin', { of: 'virtualMachineId', list: 'adminLogins', each: 'adminLogin', right: 'admin-to' }],
  ['AZVMOwner', { of: 'virtualMachineId', list: 'owners', each: 'owner', right: 'generic-all' }],
  [
    'AZVMContributor',
    { of: 'virtualMachineId', list: 'contributors', each: 'contributor', right: 'generic-all' },
  ],
  [
    'AZVMVMContributor',
    { of: 'virtualMachineId', list: 'vmContributors', each: 'vmContributor', right: 'generic-all' },
  ],
  [
    'AZVMAvereContributor',
    { of: 'virtualMachineId', list: 'avereContributors', each: 'avereContributor', right: 'generic-all' },
  ],
  [
    'AZVMUserAccessAdmin',
    { of: 'virtualMachineId', list: 'userAccessAdmins', each: 'userAccessAdmin', right: 'write-dacl' },
  ],
])

export interface AzureObject {
  readonly item: DirectoryItem
  readonly hasTooManyEdges: boolean
}

/**
 * One element of `data` of AzureHound (formats.md C3): an object of the tenant, or what principals may do with one.
 * @param unrelated takes relations that no kind stands for, by the kind of the record
 * @returns undefined when the record names no object
 */
export function toAzureObject(
  kind: string,
  facts: NamedRow,
  about: EntraExport,
  unrelated: UnrelatedRights,
): AzureObject | undefined {
  const whole = (item: DirectoryItem | undefined): AzureObject | undefined =>
    item === undefined ? undefined : { item, hasTooManyEdges: false }
  if (kind === 'AZUser') return whole(toEntraObject(facts, 'user', about))
  if (kind === 'AZGroup') return whole(toEntraObject(facts, 'group', about))
  if (kind === 'AZDevice') return whole(toEntraObject(facts, 'device', about))
  if (kind === 'AZVM') return whole(toMachine(facts, about))
  const statement = STATEMENTS.get(kind)
  if (statement !== undefined) return toStatement(facts, statement, about)
  return whole(toOther(kind, facts, about, unrelated))
}

/** A virtual machine; its computer name is what endpoints call themselves. */
function toMachine(facts: NamedRow, about: EntraExport): DirectoryItem | undefined {
  const id = facts.text('id')
  if (id === undefined) return undefined
  const properties = inner(facts.value('properties'))
  const name = inner(properties.value('osProfile')).text('computerName') ?? facts.text('name')
  return {
    type: 'directory',
    kind: 'computer',
    objectId: toObjectId(id),
    name: name ?? id,
    operatingSystem: inner(inner(properties.value('storageProfile')).value('osDisk')).text('osType'),
    collectedAt: about.collectedAt,
    edges: [],
  }
}

/** Says only what may be done with the object, so it is of kind `other` and gives no names. */
function toStatement(
  facts: NamedRow,
  { of, list, each, right }: Statement,
  about: EntraExport,
): AzureObject | undefined {
  const entries = facts.list(list).map((entry) => inner(entry))
  const written = facts.text(of) ?? entries[0]?.text(of)
  if (written === undefined) return undefined
  const objectId = toObjectId(written)
  const edges = new Map<string, DirectoryEdge>()
  for (const entry of entries) {
    const principal = inner(entry.value(each))
    const from = principal.text('id', 'principalId') ?? entry.text('principalId')
    // a role assignment has an id of its own; its principal is inside
    const assigned = inner(principal.value('properties')).text('principalId') ?? from
    if (assigned === undefined || toObjectId(assigned) === objectId || edges.size > MAX_EDGES) continue
    edges.set(toObjectId(assigned), { right, from: toObjectId(assigned), to: objectId })
  }
  return {
    item: {
      type: 'directory',
      kind: 'other',
      objectId,
      name: objectId,
      collectedAt: about.collectedAt,
      edges: [...edges.values()].slice(0, MAX_EDGES),
    },
    hasTooManyEdges: edges.size > MAX_EDGES,
  }
}

/** Tenants, applications, roles, resources: kept by name. Records of relations are counted by their principals. */
function toOther(
  kind: string,
  facts: NamedRow,
  about: EntraExport,
  unrelated: UnrelatedRights,
): DirectoryItem | undefined {
  const lists = RELATION.test(kind) && facts instanceof JsonNamedRow ? countLists(facts) : 0
  if (RELATION.test(kind)) unrelated.add(kind, Math.max(1, lists))
  const id = facts.text('id', 'tenantId', 'appId', 'roleDefinitionId', 'principalId', 'deviceId')
  if (id === undefined) return undefined
  const name = facts.text('displayName', 'name') ?? id
  return {
    type: 'directory',
    kind: 'other',
    objectId: toObjectId(id),
    name,
    displayName: facts.text('displayName'),
    collectedAt: about.collectedAt,
    edges: [],
  }
}
/** Names of records that state who may do what. */
const RELATION =
  /(?:Owner|Member|Assignment|Instance|Contributor|Admin|Login|Policy|Reader|Officer|Secrets|Role[A-Z]\w*)$/

function countLists(facts: JsonNamedRow): number {
  return facts.names.reduce((sum, name) => {
    const value = facts.value(name)
    return sum + (Array.isArray(value) ? value.filter(isObject).length : 0)
  }, 0)
}

/** `kind` and `data` of an element; undefined when it has neither. */
export function openRecord(row: NamedRow): { kind: string; facts: NamedRow } | undefined {
  const kind = row.text('kind')
  const data = row.value('data')
  return kind === undefined || !isObject(data) ? undefined : { kind, facts: inner(data) }
}

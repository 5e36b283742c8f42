import type { EntityKind } from '../model/relation.ts'
import { toCommonName, toDomain } from '../normalise/distinguished-name.ts'
import { readForeignSid } from '../normalise/directory-ref.ts'
import type { ReadStore } from '../store/store.ts'
import { type EntityBook, foldAlias, type Proof } from './entity-book.ts'
import { isHighValueName, isSystemGroupName } from './well-known-groups.ts'

/**
 * Groups and members that memberships name and no export of the case holds: exports of users only (ldifde, csvde and
 * Get-ADUser with a filter) name their groups, exports of groups their members. All that is known of one is its
 * distinguished name.
 */

const memberships = `SELECT evidence_id, record, from_ref, to_ref FROM directory_edge
  WHERE relation = 'member-of' AND (instr(from_ref, '=') > 0 OR instr(to_ref, '=') > 0) ORDER BY evidence_id, rowid`
const exported = 'SELECT dn FROM directory_object WHERE dn IS NOT NULL'
const spellings = `SELECT n.value FROM directory_object d, json_each(d.item, '$.named') n ORDER BY d.evidence_id, d.record`

/** A group is one because it has members. */
const OF_GROUP = 0.95
/** What a member is has to be told from its place. */
const OF_MEMBER = 0.8

/** A crafted name can have megabytes. */
const MAX_DN = 4_096
const IS_DN = /^[^=,:]{1,128}=/
const KINDS = ['user', 'endpoint', 'group', 'domain', 'gpo', 'ou'] as const
/** Where Active Directory puts the accounts of machines. */
const OF_MACHINES = /^cn=[^,]+,(?:cn=computers|ou=domain controllers),dc=/
const IS_HOST_NAME = /^[\w-]{1,63}$/

interface Reference {
  readonly dn: string
  readonly proof: Proof
  isGroup: boolean
}

/**
 * Adds them as entities that say they were not exported. After the objects of the exports: whatever an export holds under
 * the name is that object, of whatever kind.
 */
export function addReferencedObjects(db: ReadStore, book: EntityBook): void {
  const found = listReferences(db, book)
  if (found.size === 0) return
  const written = new Map<string, string>()
  for (const dn of db.prepare(spellings).pluck().iterate() as IterableIterator<unknown>) {
    const key = typeof dn === 'string' ? foldAlias('dn', dn) : ''
    if (found.has(key) && !written.has(key)) written.set(key, String(dn))
  }
  const machines: { readonly name: string; readonly add: () => void }[] = []
  for (const [key, { dn, isGroup, proof }] of found) {
    const kind = isGroup ? 'group' : kindOf(key)
    const spelt = written.get(key) ?? dn
    const name = kind === 'endpoint' ? toCommonName(spelt).toUpperCase() : toCommonName(spelt)
    const entity = book.ensure(kind, `${kind}:${dn}`, name)
    const [confidence, reason] = isGroup
      ? ([OF_GROUP, 'directory_group'] as const)
      : ([OF_MEMBER, 'directory_member'] as const)
    book.addAlias(entity, 'dn', spelt, proof, confidence, reason)
    entity.attributes['isExported'] ??= false
    const domain = toDomain(spelt)
    if (domain !== undefined) entity.attributes['domain'] ??= domain
    if (kind === 'group' && isHighValueName(key)) entity.attributes['isHighValue'] = true
    if (kind === 'endpoint' && IS_HOST_NAME.test(name))
      machines.push({ name, add: () => book.addAlias(entity, 'netbios', name, proof, confidence, reason) })
  }
  // a name that two machines have would make the records of either nobody's
  for (const [name, same] of Map.groupBy(machines, (one) => one.name))
    if (same.length === 1 && book.all('endpoint', 'netbios', name).length === 0) same[0]?.add()
}

/** By the form that compares, in the order they are stated. */
function listReferences(db: ReadStore, book: EntityBook): Map<string, Reference> {
  const found = new Map<string, Reference>()
  // a directory has some memberships for each account, and few groups: each is looked up once
  const seen = new Map<string, Reference | null>()
  const look = (ref: string, isGroup: boolean, evidenceId: number, record: number): void => {
    let one = seen.get(ref)
    if (one === undefined) {
      const key = foldAlias('dn', ref)
      one =
        found.get(key) ?? (isUnknown(book, ref) ? { dn: ref, isGroup, proof: { evidenceId, record } } : null)
      seen.set(ref, one)
      if (one) found.set(key, one)
    }
    if (one && isGroup) one.isGroup = true
  }
  for (const [evidenceId, record, from, to] of db.prepare(memberships).raw().iterate() as IterableIterator<
    [number, number, string, string]
  >) {
    look(from, false, evidenceId, record)
    look(to, true, evidenceId, record)
  }
  // a contact or a foreign principal is in the export, and nobody
  if (found.size > 0)
    for (const dn of db.prepare(exported).pluck().iterate() as IterableIterator<string>)
      found.delete(foldAlias('dn', dn))
  return found
}

/** Whether it is a distinguished name that nothing in the exports has. */
const isUnknown = (book: EntityBook, ref: string): boolean =>
  ref.length <= MAX_DN &&
  IS_DN.test(ref) &&
  readForeignSid(ref) === undefined &&
  KINDS.every((kind) => book.all(kind, 'dn', ref).length === 0)

function kindOf(key: string): EntityKind {
  if (isSystemGroupName(key)) return 'group'
  return OF_MACHINES.test(key) ? 'endpoint' : 'user'
}

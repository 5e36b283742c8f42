import type { DirectoryItem } from '../model/directory.ts'
import type { EntityKind } from '../model/relation.ts'
import { toGuid } from '../normalise/guid.ts'
import { listExportTimes } from '../store/snapshot-times.ts'
import type { ReadStore } from '../store/store.ts'
import { addReferencedObjects } from './directory-references.ts'
import type { BookEntity, EntityBook, Proof } from './entity-book.ts'
import { domainSid, isSystemSid } from './well-known.ts'

/**
 * Newest snapshot first, so that its facts win; older ones still identify (S12). Objects with a SID come before those
 * without, so that an export with few attributes joins what is known and keys do not depend on what else is in the case.
 * An export that tells no time counts from the newest its objects carry, as in store/snapshots.ts.
 */
const objects = `WITH times AS MATERIALIZED (SELECT CAST(key AS INTEGER) AS id, value AS at FROM json_each(@times))
  SELECT d.evidence_id, d.record, d.item FROM directory_object d LEFT JOIN times t ON t.id = d.evidence_id
  WHERE d.kind IN ('user', 'computer', 'group', 'domain', 'gpo', 'ou', 'container')
  ORDER BY d.sid IS NULL, coalesce(d.collected_at, t.at) DESC, d.evidence_id DESC, d.record`

/** Fresh facts of the directory are as good as identity gets; a stale snapshot says a little less. */
const CONFIDENCE = 0.98

/** A crafted name can have megabytes and is compared with every other; directories end at some hundred characters. */
const MAX_DN = 4_096

/** What the directory taught about its domains. */
export interface DomainNames {
  /** Domain SID -> NetBIOS names seen for it, most frequent first. */
  readonly netbiosBySid: ReadonlyMap<string, readonly string[]>
}

/** Users, endpoints, groups, domains, policies and units out of directory exports: the firmest identities, keyed by SID where there is one. */
export function addDirectoryEntities(db: ReadStore, book: EntityBook, names: DomainNames): void {
  const times = JSON.stringify(Object.fromEntries(listExportTimes(db)))
  for (const row of db.prepare(objects).iterate({ times }) as IterableIterator<{
    evidence_id: number
    record: number
    item: string
  }>) {
    const item = JSON.parse(row.item) as Omit<DirectoryItem, 'edges'>
    const proof = { evidenceId: row.evidence_id, record: row.record }
    if (item.kind === 'user') addUser(book, item, proof, names)
    else if (item.kind === 'computer') addComputer(book, item, proof, names)
    else if (item.kind === 'group') addGroup(book, item, proof)
    else if (item.kind === 'domain') addDomain(book, item, proof)
    else if (item.kind === 'gpo') addPolicy(book, item, proof)
    else addUnit(book, item, proof)
  }
  addReferencedObjects(db, book)
}

type Item = Omit<DirectoryItem, 'edges'>

/** Objects of Entra ID and other clouds stand in no tree. */
const isInCloud = (item: Item): boolean => item.dn === undefined && toGuid(item.objectId) !== undefined

/** The entity an object is already known as: by SID, else by GUID or DN unless the SIDs differ (a DN can be used again). */
function knownAs(book: EntityBook, kind: EntityKind, item: Item): BookEntity | undefined {
  const bySid = item.sid === undefined ? undefined : book.find(kind, 'sid', item.sid)
  if (bySid || item.sid !== undefined) return bySid
  return (
    book.find(kind, 'object-id', item.objectId) ??
    (item.guid === undefined
      ? undefined
      : (book.find(kind, 'object-id', item.guid) ?? book.find(kind, 'guid', item.guid))) ??
    (item.dn === undefined ? undefined : book.find(kind, 'dn', item.dn))
  )
}

/**
 * The account a cloud object without SID belongs to: by its sign-in name, else by its mail address when no other cloud
 * account is known for that person (two object ids are two accounts).
 */
function accountOf(book: EntityBook, item: Item): BookEntity | undefined {
  if (item.sid !== undefined || !isInCloud(item)) return undefined
  const byName = item.upn === undefined ? undefined : book.find('user', 'upn', item.upn)
  if (byName !== undefined || item.mail === undefined) return byName
  const byMail = book.find('user', 'smtp', item.mail)
  const hasCloudId =
    byMail !== undefined && [...byMail.aliases.values()].some(({ kind }) => kind === 'object-id')
  return hasCloudId ? undefined : byMail
}

/** The endpoint a cloud device without SID is: Entra knows hosts by their short name only. */
function hostOf(book: EntityBook, item: Item, netbios: string): BookEntity | undefined {
  if (item.sid !== undefined || item.dn !== undefined) return undefined
  const byHost = item.dnsHostName === undefined ? undefined : book.find('endpoint', 'fqdn', item.dnsHostName)
  return byHost ?? (IS_HOST_NAME.test(netbios) ? book.find('endpoint', 'netbios', netbios) : undefined)
}
/** `Alice's phone` is the name of a device, but no name of a host. */
const IS_HOST_NAME = /^[\w-]{1,63}$/

/** The SID under which Windows knows an object of Entra ID: its object id in four numbers. */
function entraSid(objectId: string): string {
  const hex = objectId.replaceAll('-', '')
  const bytes = Buffer.from(hex, 'hex')
  // a GUID is written with its first three fields turned round
  const guid = Buffer.concat([
    bytes.subarray(0, 4).reverse(),
    bytes.subarray(4, 6).reverse(),
    bytes.subarray(6, 8).reverse(),
    bytes.subarray(8),
  ])
  return `S-1-12-1-${[0, 4, 8, 12].map((at) => guid.readUInt32LE(at)).join('-')}`
}

function netbiosNames(item: Item, names: DomainNames): string[] {
  const learned = item.sid === undefined ? [] : (names.netbiosBySid.get(domainSid(item.sid)) ?? [])
  const stated = item.netbiosDomain === undefined ? [] : [item.netbiosDomain]
  const guessed = item.domain === undefined ? [] : [(item.domain.split('.')[0] ?? '').toUpperCase()]
  return [...new Set([...stated, ...learned, ...(stated.length + learned.length > 0 ? [] : guessed)])]
}

function common(book: EntityBook, entity: BookEntity, item: Item, proof: Proof): void {
  if (item.sid !== undefined) book.addAlias(entity, 'sid', item.sid, proof, CONFIDENCE, 'directory_object')
  if (item.objectId !== item.sid)
    book.addAlias(entity, 'object-id', item.objectId, proof, CONFIDENCE, 'directory_object')
  // what products call an object id is that of Entra ID; the GUID of an object in AD is another one
  if (item.guid !== undefined && item.guid !== item.objectId)
    book.addAlias(
      entity,
      entity.kind === 'endpoint' && isInCloud(item) ? 'device-id' : 'guid',
      item.guid,
      proof,
      CONFIDENCE,
      'directory_object',
    )
  if (isInCloud(item) && item.sid === undefined)
    book.addAlias(entity, 'sid', entraSid(item.objectId), proof, CONFIDENCE, 'directory_object')
  if (item.dn !== undefined && item.dn.length <= MAX_DN)
    book.addAlias(entity, 'dn', item.dn, proof, CONFIDENCE, 'directory_object')
  const set = (name: string, value: string | number | boolean | undefined) => {
    if (value !== undefined && value !== '') entity.attributes[name] ??= value
  }
  set('domain', item.domain)
  set('enabled', item.enabled)
  set('department', item.department)
  set('title', item.title)
  set('operatingSystem', item.operatingSystem)
  set('isDomainController', item.isDomainController === true ? true : undefined)
  set('isHighValue', item.isHighValue === true ? true : undefined)
}

function addUser(book: EntityBook, item: Item, proof: Proof, names: DomainNames): void {
  if (item.sid !== undefined && isSystemSid(item.sid)) return
  const known = knownAs(book, 'user', item) ?? accountOf(book, item)
  const label = item.displayName ?? item.samAccountName ?? item.name
  const entity = known ?? book.ensure('user', `user:${(item.sid ?? item.objectId).toLowerCase()}`, label)
  common(book, entity, item, proof)
  if (item.displayName !== undefined) {
    entity.attributes['displayName'] ??= item.displayName
    book.addAlias(entity, 'name', item.displayName, proof, 0.3, 'display_name')
  }
  if (item.samAccountName !== undefined) {
    entity.attributes['samAccountName'] ??= item.samAccountName
    for (const domain of netbiosNames(item, names))
      book.addAlias(
        entity,
        'account',
        `${domain}\\${item.samAccountName}`,
        proof,
        CONFIDENCE,
        'directory_object',
      )
    if (item.domain !== undefined)
      book.addAlias(
        entity,
        'account',
        `${item.domain}\\${item.samAccountName}`,
        proof,
        CONFIDENCE,
        'directory_object',
      )
    book.addAlias(entity, 'name', item.samAccountName, proof, 0.5, 'bare_name')
  }
  if (item.upn !== undefined) book.addAlias(entity, 'upn', item.upn, proof, CONFIDENCE, 'directory_object')
  for (const address of [item.mail, ...(item.proxyAddresses ?? [])]) {
    if (address !== undefined) book.addAlias(entity, 'smtp', address, proof, CONFIDENCE, 'directory_address')
  }
  const primary = item.proxyAddresses?.[0] ?? item.mail
  if (primary === undefined) return
  entity.attributes['mail'] ??= primary.toLowerCase()
  if (item.sid !== undefined || entity.firstMail === undefined) entity.firstMail = primary.toLowerCase()
}

function addComputer(book: EntityBook, item: Item, proof: Proof, names: DomainNames): void {
  const netbios = (item.samAccountName ?? item.name.split('.')[0] ?? item.name).replace(/\$$/, '')
  const known = knownAs(book, 'endpoint', item) ?? hostOf(book, item, netbios)
  const entity =
    known ??
    book.ensure('endpoint', `endpoint:${(item.sid ?? item.objectId).toLowerCase()}`, netbios.toUpperCase())
  common(book, entity, item, proof)
  if (IS_HOST_NAME.test(netbios))
    book.addAlias(entity, 'netbios', netbios.toUpperCase(), proof, CONFIDENCE, 'directory_object')
  else book.addAlias(entity, 'name', item.name, proof, 0.5, 'bare_name')
  if (item.dnsHostName !== undefined)
    book.addAlias(entity, 'fqdn', item.dnsHostName.toLowerCase(), proof, CONFIDENCE, 'directory_object')
  for (const domain of netbiosNames(item, names))
    book.addAlias(entity, 'account', `${domain}\\${netbios}$`, proof, CONFIDENCE, 'directory_object')
}

function addGroup(book: EntityBook, item: Item, proof: Proof): void {
  const known = knownAs(book, 'group', item)
  const entity =
    known ??
    book.ensure(
      'group',
      `group:${(item.sid ?? item.objectId).toLowerCase()}`,
      item.samAccountName ?? item.name,
    )
  common(book, entity, item, proof)
  book.addAlias(entity, 'name', item.name, proof, 0.5, 'bare_name')
  if (item.mail !== undefined)
    book.addAlias(entity, 'smtp', item.mail, proof, CONFIDENCE, 'directory_address')
}

/** Partitions of the DNS server look like domains in an export and hold no accounts. */
const DNS_PARTITION = /^(domain|forest)dnszones\./i

/** A domain has the key of its DNS name, so that it is the domain that DNS queries and mail speak of as well. */
function addDomain(book: EntityBook, item: Item, proof: Proof): void {
  const name = (item.domain ?? (item.name.includes('.') ? item.name : undefined))?.toLowerCase()
  if (name !== undefined && DNS_PARTITION.test(name)) return
  const entity =
    knownAs(book, 'domain', item) ??
    book.ensure('domain', `domain:${name ?? item.objectId.toLowerCase()}`, name ?? item.name)
  common(book, entity, item, proof)
  if (name !== undefined) book.addAlias(entity, 'fqdn', name, proof, CONFIDENCE, 'directory_object')
  if (item.netbiosDomain !== undefined)
    book.addAlias(entity, 'netbios', item.netbiosDomain, proof, CONFIDENCE, 'directory_object')
}

/** A group policy, by the name its administrators gave it. */
function addPolicy(book: EntityBook, item: Item, proof: Proof): void {
  const name = item.displayName ?? item.name
  const entity = knownAs(book, 'gpo', item) ?? book.ensure('gpo', `gpo:${item.objectId.toLowerCase()}`, name)
  common(book, entity, item, proof)
  book.addAlias(entity, 'name', name, proof, 0.5, 'bare_name')
}

/** Parts of the tree that hold settings of the directory itself, no accounts. */
const SETTINGS = /(?:^|,)\s*cn\s*=\s*(?:system|configuration|schema|program data|ntds quotas)\s*,/i

/** An organisational unit, or a container (CN=Users): rights over it reach what it contains. */
function addUnit(book: EntityBook, item: Item, proof: Proof): void {
  if (item.kind === 'container' && item.dn !== undefined && SETTINGS.test(`${item.dn},`)) return
  const entity =
    knownAs(book, 'ou', item) ?? book.ensure('ou', `ou:${item.objectId.toLowerCase()}`, item.name)
  common(book, entity, item, proof)
  if (item.kind === 'container') entity.attributes['container'] = true
  book.addAlias(entity, 'name', item.name, proof, 0.5, 'bare_name')
}

import ipaddr from 'ipaddr.js'
import type { EventKind } from '../model/event.ts'
import { KINDS_FROM_OUTSIDE, TOLD_BY_DIRECTORY } from '../model/recorder.ts'
import { kindNumber } from '../store/event-columns.ts'
import type { ReadStore } from '../store/store.ts'
import { stringFinder } from '../store/strings.ts'
import { ownersBySession } from './account-sessions.ts'
import type { BookEntity, EntityBook, Proof } from './entity-book.ts'
import type { DomainNames } from './directory.ts'
import { groupEvents, textReader } from './event-slices.ts'
import { toProof } from './first-record.ts'
import { domainSid, isSystemAccount, isSystemSid, shortHost, splitAccount } from './well-known.ts'

/** Which entity each spelling in the event table means: string id (or pair of ids) -> entity. */
export interface EventNames {
  readonly hosts: Map<number, BookEntity>
  /** `accountStringId|sidStringId` with 0 for none. */
  readonly accounts: Map<string, BookEntity>
  /** What a pair means on one host only: `accountStringId|sidStringId|hostStringId`. */
  readonly local: Map<string, BookEntity>
  /** Events whose account only their session tells: ids of the rows. */
  readonly sessions: Map<BookEntity, number[]>
}

/** Events that name an account, by account, SID and host. */
function accountRows(db: ReadStore, account: string, sid: string, condition: string): AccountRow[] {
  const text = textReader(db)
  return groupEvents(db, [account, sid, 'host'], condition, MAIL_KINDS).map(
    ({ values: [account_id = null, sid_id = null, host_id = null], first, last, proof, count }) => ({
      account_id,
      account: text(account_id),
      sid_id,
      sid: text(sid_id),
      host_id,
      host: text(host_id),
      first,
      last,
      proof,
      count,
    }),
  )
}
const listPairs = (db: ReadStore): AccountRow[] =>
  accountRows(
    db,
    'account',
    'account_sid',
    '(account IS NOT NULL OR account_sid IS NOT NULL) AND kind NOT IN (@delivered, @sent)',
  )
const listTargets = (db: ReadStore): AccountRow[] =>
  accountRows(db, 'target_account', 'target_sid', 'target_account IS NOT NULL')

/** What others write about an endpoint: it names the machine, but it is no sensor's log of it (S14). */
const SEEN_FROM_OUTSIDE: readonly EventKind[] = ['inventory', 'alert', ...KINDS_FROM_OUTSIDE.keys()]

/** SQL: 1 when an event is the endpoint's own record. */
export function isSensed(db: ReadStore): string {
  const find = stringFinder(db)
  const tables = TOLD_BY_DIRECTORY.flatMap((name) => find(name) ?? [])
  return `(kind NOT IN (${SEEN_FROM_OUTSIDE.map(kindNumber).join(', ')}) AND coalesce(channel, 0) NOT IN (${tables.join(', ')}))`
}
const OF_MAIL = 'kind IN (@delivered, @sent)'
const MAIL_KINDS = { delivered: kindNumber('mail-delivered'), sent: kindNumber('mail-sent') }

interface AccountRow {
  account_id: number | null
  account: string | null
  sid_id: number | null
  sid: string | null
  host_id: number | null
  host: string | null
  first: number | null
  last: number | null
  proof: number
  count: number
}

/** Learns NetBIOS names of domains from records that name an account and its SID together. */
export function learnDomainNames(db: ReadStore): DomainNames {
  const seen = new Map<string, Map<string, number>>()
  for (const row of listPairs(db)) {
    if (row.account === null || row.sid === null || !row.sid.startsWith('S-1-5-21-')) continue
    const [domain] = splitAccount(row.account)
    if (domain === '' || domain.includes('.')) continue
    const names = seen.get(domainSid(row.sid)) ?? new Map<string, number>()
    names.set(domain.toUpperCase(), (names.get(domain.toUpperCase()) ?? 0) + row.count)
    seen.set(domainSid(row.sid), names)
  }
  return {
    netbiosBySid: new Map(
      [...seen].map(([sid, names]) => [
        sid,
        [...names].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([name]) => name),
      ]),
    ),
  }
}

/** Endpoints named by events, joined to directory computers by FQDN, else by an unambiguous NetBIOS name. */
export function addHosts(db: ReadStore, book: EntityBook, names: EventNames): void {
  const text = textReader(db)
  const rows = groupEvents(db, ['host'], 'host IS NOT NULL', {}, isSensed(db))
    .map(({ values: [host_id = null], first, last, proof, most }) => ({
      host_id: host_id ?? 0,
      host: text(host_id) ?? '',
      first,
      last,
      proof,
      sensed: most,
    }))
    // Full names first, so that a short name finds the host it abbreviates.
    .sort((a, b) => Number(b.host.includes('.')) - Number(a.host.includes('.')) || (a.host < b.host ? -1 : 1))
  for (const row of rows) {
    const proof = toProof(row.proof)
    const entity = endpointNamed(book, row.host, proof)
    if (!entity) continue
    if (row.sensed === 1) entity.attributes['hasSensor'] = true
    book.see(entity, row.first)
    book.see(entity, row.last)
    names.hosts.set(row.host_id, entity)
  }
}

/** Endpoint for a host name as a record writes it; an address is no name. */
export function endpointNamed(book: EntityBook, host: string, proof: Proof): BookEntity | undefined {
  const name = host.replace(/^\\\\/, '').replace(/\$$/, '').toLowerCase()
  if (name === '' || name === 'localhost' || ipaddr.isValid(name)) return undefined
  const short = shortHost(name)
  if (name.includes('.')) {
    const known = book.find('endpoint', 'fqdn', name)
    const entity =
      known ??
      onlyNamelessTwin(book, short, name) ??
      book.ensure('endpoint', `endpoint:${name}`, short.toUpperCase())
    book.addAlias(entity, 'fqdn', name, proof, 0.95, 'event_host')
    book.addAlias(entity, 'netbios', short.toUpperCase(), proof, 0.8, 'event_host_label')
    return entity
  }
  const known = book.find('endpoint', 'netbios', short)
  const entity = known ?? book.ensure('endpoint', `endpoint:${short}`, short.toUpperCase())
  book.addAlias(
    entity,
    'netbios',
    short.toUpperCase(),
    proof,
    known ? 0.85 : 0.95,
    known ? 'event_host_short' : 'event_host',
  )
  return entity
}

/**
 * The one endpoint of this short name without a full name: a directory computer without DNS name, or a host seen by its short
 * name only, may be the same machine, unless the directory puts it into another domain.
 */
function onlyNamelessTwin(book: EntityBook, short: string, fqdn: string): BookEntity | undefined {
  const twins = book.all('endpoint', 'netbios', short).filter((entity) => {
    const { domain } = entity.attributes
    return (
      (domain === undefined || domain === fqdn.slice(short.length + 1)) &&
      ![...entity.aliases.values()].some((alias) => alias.kind === 'fqdn')
    )
  })
  return twins.length === 1 ? twins[0] : undefined
}

/** User accounts named by events. SIDs decide; names only join where nothing contradicts (no two SIDs ever fuse). */
export function addAccounts(db: ReadStore, book: EntityBook, names: EventNames): void {
  const rows = [...listPairs(db), ...listTargets(db)]
  // Records with a SID first: they teach the names that records without one are looked up by. Bare names last.
  rows.sort(
    (a, b) =>
      Number(b.sid !== null) - Number(a.sid !== null) ||
      Number(isBare(a)) - Number(isBare(b)) ||
      cmp(a.account, b.account) ||
      cmp(a.sid, b.sid) ||
      cmp(a.host, b.host),
  )
  const machineSids = new Set(
    rows.flatMap((row) => (row.sid !== null && row.account?.endsWith('$') === true ? [row.sid] : [])),
  )
  const cloned = clonedSids(book, rows)
  let localNames: ReadonlySet<string> | undefined
  for (const row of rows) {
    if (row.sid !== null && cloned.has(row.sid)) {
      const own = accountOfClone(book, row, row.sid)
      if (!own) continue
      book.see(own, row.first)
      book.see(own, row.last)
      names.local.set(`${row.account_id ?? 0}|${row.sid_id ?? 0}|${row.host_id ?? 0}`, own)
      continue
    }
    // A SID alone may be that of a computer or a group.
    if (
      row.account === null &&
      row.sid !== null &&
      (machineSids.has(row.sid) ||
        book.find('endpoint', 'sid', row.sid) ||
        book.find('group', 'sid', row.sid))
    )
      continue
    // A name without domain may be a local account wherever a machine has one of that name.
    if (isBare(row) && (localNames ??= listLocalNames(book)).has(row.account?.toLowerCase() ?? '')) continue
    if (ownedBySession(db, book, row, names)) continue
    const entity = userOf(book, row)
    if (!entity) continue
    book.see(entity, row.first)
    book.see(entity, row.last)
    names.accounts.set(`${row.account_id ?? 0}|${row.sid_id ?? 0}`, entity)
  }
  // Addresses of mail events name users that are known; they never make one.
  const text = textReader(db)
  for (const { values } of groupEvents(db, ['account'], OF_MAIL, MAIL_KINDS)) {
    const [id = null] = values
    const address = text(id)
    if (address === null) continue
    const entity = book.find('user', 'smtp', address) ?? book.find('user', 'upn', address)
    if (entity) names.accounts.set(`${id}|0`, entity)
  }
}
const cmp = (a: string | null, b: string | null) =>
  (a ?? '') < (b ?? '') ? -1 : (a ?? '') > (b ?? '') ? 1 : 0

/** A name that several accounts had: sessions tell whose the events are. True when that is known of all of them. */
function ownedBySession(db: ReadStore, book: EntityBook, row: AccountRow, names: EventNames): boolean {
  if (row.sid !== null || row.account === null || row.account_id === null || row.host_id === null)
    return false
  const holders = book.all('user', 'account', row.account).filter(hasSid)
  if (holders.length < 2) return false
  const { events, isAll } = ownersBySession(db, { account: row.account_id, host: row.host_id }, holders)
  for (const [owner, owned] of events) {
    for (const { at } of owned) book.see(owner, at)
    names.sessions.set(owner, [...(names.sessions.get(owner) ?? []), ...owned.map(({ id }) => id)])
  }
  return isAll
}
const hasSid = (entity: BookEntity): boolean =>
  [...entity.aliases.values()].some(({ kind }) => kind === 'sid')

/** SIDs that one account has for good: of a domain or machine, and of Entra ID (`S-1-12-1`). */
const isAccountSid = (sid: string): boolean => /^S-1-(5-21|12-1)-/.test(sid)
const isBare = (row: AccountRow): boolean =>
  row.account !== null && (row.sid === null || !isAccountSid(row.sid)) && !/[\\@]/.test(row.account)

/** Names of the accounts that machines have of their own: `ws-01\admin` -> `admin`. */
function listLocalNames(book: EntityBook): Set<string> {
  const found = new Set<string>()
  for (const entity of book.entities.values()) {
    if (entity.kind !== 'user') continue
    for (const { kind, value } of entity.aliases.values()) {
      const [domain, name] = splitAccount(value)
      if (kind === 'account' && domain !== '' && book.all('endpoint', 'netbios', domain).length > 0)
        found.add(name)
    }
  }
  return found
}

/**
 * SIDs that machines give accounts of their own, alike on all that were made from one image: several machines call the account
 * theirs, and no directory knows it.
 */
function clonedSids(book: EntityBook, rows: readonly AccountRow[]): Set<string> {
  const owners = new Map<string, Set<string>>()
  for (const { sid, account, host } of rows) {
    if (sid === null || account === null || host === null || !sid.startsWith('S-1-5-21-')) continue
    const [domain] = splitAccount(account)
    if (domain === '' || domain !== shortHost(host)) continue
    const hosts = owners.get(domainSid(sid)) ?? new Set<string>()
    owners.set(domainSid(sid), hosts.add(domain))
  }
  const images = new Set([...owners].flatMap(([image, hosts]) => (hosts.size > 1 ? [image] : [])))
  return new Set(
    rows.flatMap(({ sid }) =>
      sid !== null && images.has(domainSid(sid)) && !book.find('user', 'sid', sid) ? [sid] : [],
    ),
  )
}

/** The account of the machine a record comes from. A record that names another machine means the account there. */
function accountOfClone(book: EntityBook, row: AccountRow, sid: string): BookEntity | undefined {
  if (row.account?.endsWith('$') === true) return undefined
  const [domain, name] = splitAccount(row.account ?? '')
  const host = domain === '' || domain === '.' ? shortHost(row.host ?? '') : domain
  if (host === '') return undefined
  const proof = toProof(row.proof)
  const entity = book.ensure('user', `user:${sid.toLowerCase()}|${host}`, name === '' ? sid : name)
  if (name !== '' && entity.name === sid) entity.name = row.account?.split('\\').at(-1) ?? name
  entity.attributes['local'] = true
  book.addAlias(entity, 'sid', sid, proof, 0.95, 'event_sid')
  if (name !== '')
    book.addAlias(entity, 'account', `${host.toUpperCase()}\\${name}`, proof, 0.9, 'event_local_account')
  return entity
}

function userOf(book: EntityBook, row: AccountRow): BookEntity | undefined {
  const proof = toProof(row.proof)
  const account =
    row.account === null || row.account.endsWith('$') || isSystemAccount(row.account)
      ? undefined
      : row.account
  if (row.sid !== null && isSystemSid(row.sid)) return undefined
  if (row.sid !== null && isAccountSid(row.sid)) {
    // A computer account is no user.
    if (row.account?.endsWith('$') === true) return undefined
    const known = book.find('user', 'sid', row.sid)
    const entity =
      known ?? book.ensure('user', `user:${row.sid.toLowerCase()}`, account?.split('\\').at(-1) ?? row.sid)
    // Records that give the SID alone come first; whoever gives a name with it names the account.
    if (entity.name === row.sid && account !== undefined) entity.name = account.split('\\').at(-1) ?? account
    book.addAlias(entity, 'sid', row.sid, proof, 0.95, 'event_sid')
    if (account !== undefined) addAccountName(book, entity, account, proof, 0.9)
    return entity
  }
  return account === undefined ? undefined : userByName(book, account, row.host, proof)
}

function addAccountName(
  book: EntityBook,
  entity: BookEntity,
  account: string,
  proof: Proof,
  confidence: number,
): void {
  if (account.includes('\\'))
    book.addAlias(entity, 'account', account, proof, confidence, 'event_account_and_sid')
  else if (account.includes('@'))
    book.addAlias(entity, 'upn', account.toLowerCase(), proof, confidence, 'event_account_and_sid')
}

/** Every domain and every machine has these accounts (administrator, guest, ...), whatever they are called there. */
const isBuiltInAccount = (entity: BookEntity): boolean =>
  [...entity.aliases.values()].some(({ kind, value }) => kind === 'sid' && /-50[0-4]$/.test(value))

/** An account without SID: by UPN or address, by DOMAIN\name, else a local account of the host it was seen on. */
export function userByName(
  book: EntityBook,
  account: string,
  host: string | null,
  proof: Proof,
): BookEntity | undefined {
  if (isSystemAccount(account) || account.endsWith('$')) return undefined
  if (account.includes('@')) {
    const known =
      book.find('user', 'upn', account) ?? book.find('user', 'smtp', account) ?? byRealm(book, account)
    if (known) return known
    const entity = book.ensure('user', `user:${account.toLowerCase()}`, account)
    book.addAlias(entity, 'upn', account.toLowerCase(), proof, 0.7, 'event_account')
    return entity
  }
  const [domain, name] = splitAccount(account)
  if (domain === '') {
    const known = book.find('user', 'name', name)
    return known && !isBuiltInAccount(known) ? known : undefined
  }
  // `.\name` is the local account of whichever machine wrote it: the text alone names nobody.
  if (domain === '.') return undefined
  const known = book.find('user', 'account', account)
  if (known) return known
  const isLocal = host !== null && shortHost(host) === shortHost(domain)
  const entity = book.ensure('user', `user:${account.toLowerCase()}`, account)
  if (isLocal) entity.attributes['local'] = true
  book.addAlias(entity, 'account', account, proof, 0.7, isLocal ? 'event_local_account' : 'event_account')
  return entity
}

/** `name@REALM` of Kerberos records: the realm is the DNS name of the domain. */
function byRealm(book: EntityBook, account: string): BookEntity | undefined {
  const [name = '', realm = ''] = account.toLowerCase().split('@')
  return (
    book.find('user', 'account', `${realm}\\${name}`) ??
    book.find('user', 'account', `${realm.split('.')[0] ?? ''}\\${name}`)
  )
}

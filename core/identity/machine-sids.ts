import type { EventKind } from '../model/event.ts'
import { kindNumber } from '../store/event-columns.ts'
import type { ReadStore } from '../store/store.ts'
import type { BookEntity } from './entity-book.ts'
import { textReader } from './event-slices.ts'
import { FIRST_RECORD } from './first-record.ts'
import type { EventNames } from './from-events.ts'
import { domainSid, shortHost, splitAccount } from './well-known.ts'

/**
 * Windows gives a machine a SID when it is set up; the accounts it has of its own carry it. Where a host's own accounts carry one SID up
 * to a time and another one ever after, the machine of that name was set up anew or replaced.
 */
export interface MachineTurn {
  /** When it began, microseconds UTC. */
  readonly since: number
  /** `S-1-5-21-a-b-c` */
  readonly id: string
  /** First record that names it. */
  readonly proof: number
}

/** One record with an odd SID (a damaged one, a forged token) is no other machine. */
const LEAST_RECORDS = 2
/** A host whose accounts carry more machine SIDs than this is a pool of throw-away desktops, or made up. */
const MOST_TURNS = 20

/** Kinds in which name and SID of the account acted on surely belong together (a member of a group has another SID than the group). */
const PAIRED: readonly EventKind[] = ['logon', 'logoff', 'account-create', 'account-change', 'account-delete']

interface Own {
  readonly accounts: Set<number>
  readonly sids: Map<number, string>
}

const seen = (account: string, sid: string, condition: string): string =>
  `SELECT ${sid} AS sid, min(at) AS first, max(at) AS last, count(*) AS count, ${FIRST_RECORD} AS proof FROM event
  WHERE host IN (SELECT value FROM json_each(@hosts)) AND ${account} IN (SELECT value FROM json_each(@accounts))
    AND ${sid} IN (SELECT value FROM json_each(@sids)) AND at IS NOT NULL ${condition} GROUP BY ${sid}`
const acting = seen('account', 'account_sid', '')
const actedOn = seen('target_account', 'target_sid', `AND kind IN (${PAIRED.map(kindNumber).join(', ')})`)
/** The longest silence of the host between two sightings, best one that ends with a start of the system. */
const silence = `SELECT at FROM (
    SELECT at, kind = ${kindNumber('system-start')} AS starts, at - lag(at) OVER (ORDER BY at) AS silent FROM event
    WHERE host IN (SELECT value FROM json_each(@hosts)) AND at BETWEEN @from AND @to)
  WHERE silent > 0 ORDER BY starts DESC, silent DESC, at LIMIT 1`

/** Hosts whose own accounts carried several machine SIDs, one after the other: the turns, oldest first. Domain controllers have no own accounts. */
export function readMachineTurns(db: ReadStore, events: EventNames): Map<BookEntity, MachineTurn[]> {
  const turns = new Map<BookEntity, MachineTurn[]>()
  const own = ownAccounts(db, events)
  if (own.size === 0) return turns
  const text = textReader(db)
  const hosts = new Map<BookEntity, number[]>()
  for (const [id, entity] of events.hosts)
    if (own.has(shortHost(text(id) ?? '')) && entity.attributes['isDomainController'] !== true)
      hosts.set(entity, [...(hosts.get(entity) ?? []), id])
  for (const [entity, ids] of hosts) {
    const accounts = own.get(shortHost(text(ids[0]) ?? ''))
    const found = accounts === undefined ? undefined : turnsOf(db, ids, accounts)
    if (found) turns.set(entity, found)
  }
  return turns
}

/** Accounts that hosts call their own, of names that carry two machine SIDs and more. */
function ownAccounts(db: ReadStore, events: EventNames): Map<string, Own> {
  const text = textReader(db)
  const known = new Set([...events.hosts.keys()].map((id) => shortHost(text(id) ?? '')))
  const own = new Map<string, Own>()
  for (const key of [...events.accounts.keys(), ...events.local.keys()]) {
    const [account = 0, sid = 0] = key.split('|').map(Number)
    if (account === 0 || sid === 0) continue
    const [domain] = splitAccount(text(account) ?? '')
    const written = text(sid) ?? ''
    if (!known.has(domain) || !/^S-1-5-21(?:-\d+){4}$/.test(written)) continue
    const one = own.get(domain) ?? { accounts: new Set<number>(), sids: new Map<number, string>() }
    own.set(domain, one)
    one.accounts.add(account)
    one.sids.set(sid, domainSid(written))
  }
  for (const [domain, { sids }] of own) if (new Set(sids.values()).size < 2) own.delete(domain)
  return own
}

interface Span {
  first: number
  last: number
  count: number
  proof: number
}

function turnsOf(
  db: ReadStore,
  hosts: readonly number[],
  { accounts, sids }: Own,
): MachineTurn[] | undefined {
  const asked = {
    hosts: JSON.stringify(hosts),
    accounts: JSON.stringify([...accounts]),
    sids: JSON.stringify([...sids.keys()]),
  }
  const machines = new Map<string, Span>()
  for (const sql of [acting, actedOn])
    for (const { sid, ...span } of db.prepare(sql).all(asked) as (Span & { sid: number })[]) {
      const id = sids.get(sid) ?? ''
      const known = machines.get(id)
      if (!known) machines.set(id, span)
      else {
        known.first = Math.min(known.first, span.first)
        known.last = Math.max(known.last, span.last)
        known.count += span.count
        known.proof = Math.min(known.proof, span.proof)
      }
    }
  const spans = [...machines]
    .filter(([, { count }]) => count >= LEAST_RECORDS)
    .sort(([, a], [, b]) => a.first - b.first)
  if (spans.length < 2 || spans.length > MOST_TURNS) return undefined
  const turns: MachineTurn[] = []
  let end = -Infinity
  for (const [id, { first, last, proof }] of spans) {
    // Two machines of one name at one time cannot be told apart by it.
    if (first <= end) return undefined
    turns.push({ id, proof, since: end === -Infinity ? first : setUp(db, asked.hosts, end, first) })
    end = last
  }
  return turns
}

/** When the new machine's records begin: after the old one's own accounts were last seen, no later than the new one's were. */
function setUp(db: ReadStore, hosts: string, from: number, to: number): number {
  const found = db.prepare(silence).pluck().get({ hosts, from, to }) as number | undefined
  return found ?? to
}

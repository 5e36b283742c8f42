import type { WriteStore } from '../store/store.ts'
import { type Decision, isSplitKey, listDecisions, type Member, splitKey } from './decisions.ts'
import { type BookEntity, type EntityBook, foldAlias } from './entity-book.ts'
import type { EventNames } from './from-events.ts'
import type { Generations } from './generations.ts'
import type { ProductNames } from './product-ids.ts'

/** Entities a decision took apart: rows that carry the names of `to` go from the one to the other. */
export interface Split {
  readonly from: BookEntity
  readonly to: BookEntity
  /** Names, folded. */
  readonly values: ReadonlySet<string>
}

export const activeDecisions = (db: WriteStore): Decision[] =>
  listDecisions(db).filter((decision) => decision.undoneAt === null)

/** The entity a decision speaks of: by key, else by the firmest name that one entity of the kind carries. */
function findMember(book: EntityBook, decision: Decision, member: Member): BookEntity | undefined {
  const known = book.entities.get(member.key)
  if (known?.kind === decision.entityKind) return known
  // What was split off has only the names it was given; whoever else bears one is not meant.
  if (isSplitKey(member.key)) return undefined
  // A short host name is used again by other machines: it counts where there never was another name.
  const isShort = member.names.every(({ kind }) => kind === 'netbios')
  for (const { kind, value } of member.names) {
    if (kind === 'netbios' && !isShort) continue
    // Generations of one machine share their names: only a name of one alone says which is meant.
    const [found, ...others] = book.all(decision.entityKind, kind, value)
    if (found && others.length === 0) return found
  }
  return undefined
}

/**
 * Which keys the merges make one, as far as evidence names them: building the book again with these lets every name that two
 * of them shared speak for the one.
 */
export function keysToJoin(book: EntityBook, decisions: readonly Decision[]): Map<string, string> {
  const joined = new Map<string, string>()
  const last = (key: string): string => {
    const next = joined.get(key)
    return next === undefined ? key : last(next)
  }
  for (const decision of decisions) {
    if (decision.kind !== 'merge') continue
    const [first, ...others] = decision.members.flatMap((member) => findMember(book, decision, member) ?? [])
    for (const other of others)
      if (first && last(other.key) !== last(first.key)) joined.set(last(other.key), last(first.key))
  }
  return new Map([...joined.keys()].map((key) => [key, last(key)]))
}

/** Applies decisions in their order, and notes which of them found what they speak of. */
export function applyDecisions(
  db: WriteStore,
  book: EntityBook,
  decisions: readonly Decision[],
  events: EventNames,
  products: ProductNames,
  generations: readonly Generations[],
): Split[] {
  const note = db.prepare('UPDATE identity_decision SET applied = ? WHERE id = ?')
  const splits: Split[] = []
  for (const decision of decisions) {
    const found = decision.members.flatMap((member) => findMember(book, decision, member) ?? [])
    const [first, ...others] = found
    let isApplied = false
    if (first && decision.kind === 'merge') {
      isApplied = found.length > 1
      for (const other of others)
        if (other !== first) {
          book.merge(first, other)
          forward(events.hosts, other, first)
          forward(events.accounts, other, first)
          forward(events.local, other, first)
          forward(products.devices, other, first)
          forward(products.people, other, first)
          for (const { turns } of generations)
            for (const turn of turns) if (turn.entity === other) turn.entity = first
          for (const [index, split] of splits.entries())
            splits[index] = {
              ...split,
              from: split.from === other ? first : split.from,
              to: split.to === other ? first : split.to,
            }
        }
    } else if (decision.kind === 'apart') isApplied = others.length > 0
    else if (first) {
      const split = splitOff(db, book, decision, first, events, products)
      if (split) splits.push(split)
      isApplied = split !== undefined
    }
    note.run(isApplied ? 1 : 0, decision.id)
  }
  return splits
}

function forward<K>(names: Map<K, BookEntity>, from: BookEntity, to: BookEntity): void {
  for (const [name, entity] of names) if (entity === from) names.set(name, to)
}

function splitOff(
  db: WriteStore,
  book: EntityBook,
  decision: Decision,
  from: BookEntity,
  events: EventNames,
  products: ProductNames,
): Split | undefined {
  const aliases = decision.aliases.flatMap(
    ({ kind, value }) => from.aliases.get(`${kind}|${foldAlias(kind, value)}`) ?? [],
  )
  const [first] = aliases
  if (!first) return undefined
  const name = first.kind === 'account' ? (first.value.split('\\').at(-1) ?? first.value) : first.value
  const to = book.ensure(decision.entityKind, splitKey(decision), name)
  for (const key of ['local', 'domain']) {
    const value = from.attributes[key]
    if (value !== undefined) to.attributes[key] = value
  }
  for (const { kind, value } of aliases) {
    book.moveAlias(from, to, kind, value, decision.reason)
    if (from.kind === 'user' && (kind === 'smtp' || kind === 'upn'))
      splitMailbox(book, value, decision.reason)
  }
  const values = new Set(aliases.map(({ kind, value }) => foldAlias(kind, value)))
  const text = db.prepare('SELECT v FROM str WHERE id = ?').pluck()
  const carries = (id: string | number): boolean => {
    const v = text.get(Number(id))
    return typeof v === 'string' && values.has(nameIn(v))
  }
  for (const [id, entity] of events.hosts) if (entity === from && carries(id)) events.hosts.set(id, to)
  for (const [id, entity] of products.devices)
    if (entity === from && carries(id)) products.devices.set(id, to)
  for (const names of [events.accounts, events.local, products.people])
    for (const [ids, entity] of names)
      if (entity === from && ids.split('|', 2).some((id) => id !== '0' && carries(id))) names.set(ids, to)
  return { from, to, values }
}

/** An address that is somebody else's has a mailbox of its own, which was read as one with the other addresses of its owner. */
function splitMailbox(book: EntityBook, address: string, why: string): void {
  const whole = book.find('mailbox', 'smtp', address)
  const key = `mailbox:${address.toLowerCase()}`
  if (!whole || whole.key === key) return
  const own = book.ensure('mailbox', key, address.toLowerCase())
  own.attributes['hasOwner'] = true
  book.moveAlias(whole, own, 'smtp', address, why)
  book.see(own, whole.first)
  book.see(own, whole.last)
  if (whole.aliases.size === 0) book.entities.delete(whole.key)
}

/** A name as events write it, folded as aliases are. */
const nameIn = (text: string): string => text.replace(/^\\\\/, '').replace(/\$$/, '').toLowerCase()

const stringsOf = 'SELECT id FROM str WHERE lower(v) IN (SELECT value FROM json_each(?))'
const moveEndpoints = `UPDATE event SET endpoint_id = @to WHERE endpoint_id = @from AND (host_id IN (SELECT value FROM json_each(@ids)) OR host IN (SELECT value FROM json_each(@ids)))`
const moveUsers = `UPDATE event SET user_id = @to WHERE user_id = @from AND (account_id IN (SELECT value FROM json_each(@ids)) OR account_mail IN (SELECT value FROM json_each(@ids))
  OR account IN (SELECT value FROM json_each(@ids)) OR account_sid IN (SELECT value FROM json_each(@ids)))`
const seenEndpoint = (sensed: string): string =>
  `SELECT min(at) AS first, max(at) AS last, max(${sensed}) AS sensed FROM event WHERE endpoint_id = ?`
const seenUser = 'SELECT min(at) AS first, max(at) AS last, 0 AS sensed FROM event WHERE user_id = ?'

/**
 * Events that carry a split-off name beside others follow it, whatever else names them; then both sides know when they were seen.
 * After the rows were linked.
 * @param sensed SQL: whether an event is the endpoint's own record
 */
export function moveRows(db: WriteStore, splits: readonly Split[], sensed: string): void {
  const touched = new Set<BookEntity>()
  for (const { from, to, values } of splits) {
    if (from.kind !== 'endpoint' && from.kind !== 'user') continue
    const ids = JSON.stringify(
      db
        .prepare(stringsOf)
        .pluck()
        .all(JSON.stringify([...values])),
    )
    db.prepare(from.kind === 'endpoint' ? moveEndpoints : moveUsers).run({ from: from.id, to: to.id, ids })
    touched.add(from)
    touched.add(to)
  }
  for (const entity of touched) {
    const sql = entity.kind === 'endpoint' ? seenEndpoint(sensed) : seenUser
    const row = db.prepare(sql).get(entity.id) as {
      first: number | null
      last: number | null
      sensed: number | null
    }
    if (row.first !== null) {
      entity.first = row.first
      entity.last = row.last
    }
    if (entity.kind === 'endpoint' && row.sensed !== null) {
      if (row.sensed === 1) entity.attributes['hasSensor'] = true
      else delete entity.attributes['hasSensor']
    }
  }
}

import type { WriteStore } from '../store/store.ts'
import type { BookAlias, BookEntity, EntityBook } from './entity-book.ts'
import { eventSlices } from './event-slices.ts'
import type { EventNames } from './from-events.ts'
import type { Generations } from './generations.ts'
import { linkGenerations } from './link-generations.ts'
import type { ProductNames } from './product-ids.ts'

const update =
  'UPDATE entity SET kind = ?, name = ?, first_seen = ?, last_seen = ?, attributes = ?, run = ? WHERE id = ?'
const insert = `INSERT INTO entity (key, kind, name, attributes, run) VALUES (?, ?, ?, '{}', ?) RETURNING id`
const insertAlias = `INSERT INTO alias (entity_id, kind, value, evidence_id, record, confidence, reason) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`

/** Gives entities under construction their row ids: known keys keep theirs. */
export function numberEntities(db: WriteStore, book: EntityBook, run: number): void {
  const known = db.prepare('SELECT id FROM entity WHERE key = ?').pluck()
  const made = db.prepare(insert).pluck()
  for (const entity of book.entities.values())
    entity.id = (known.get(entity.key) ?? made.get(entity.key, entity.kind, entity.name, run)) as number
}

/** One name of an entity as it is stored. */
export type StoredAlias = Pick<BookAlias, 'kind' | 'value' | 'proof' | 'confidence' | 'reason'>

/** Names of an entity in the order they are stored in. */
export const namesOf = (entity: BookEntity): StoredAlias[] =>
  [...entity.aliases.values()].sort((a, b) => (a.kind + a.value < b.kind + b.value ? -1 : 1))

/** Writes entities with their names. Numbered before. */
export class IdentityRows {
  readonly #run: number
  readonly #entity
  readonly #forget
  readonly #alias

  constructor(db: WriteStore, run: number) {
    this.#run = run
    this.#entity = db.prepare(update)
    this.#forget = db.prepare('DELETE FROM alias WHERE entity_id = ?')
    this.#alias = db.prepare(insertAlias)
  }

  write(entity: BookEntity, names: readonly StoredAlias[]): void {
    const { id, kind, first, last } = entity
    this.#entity.run(kind, entity.name, first, last, JSON.stringify(entity.attributes), this.#run, id)
    this.#forget.run(id)
    for (const { kind: alias, value, proof, confidence, reason } of names)
      this.#alias.run(
        id,
        alias,
        value,
        proof?.evidenceId ?? null,
        proof?.record ?? null,
        confidence,
        JSON.stringify(reason),
      )
  }
}

const createMap =
  'CREATE TEMP TABLE IF NOT EXISTS name_map (a INTEGER NOT NULL, b INTEGER NOT NULL, entity_id INTEGER NOT NULL, PRIMARY KEY (a, b)) WITHOUT ROWID'
const mapInsert = 'INSERT OR REPLACE INTO name_map (a, b, entity_id) VALUES (?, ?, ?)'
const linkEndpoints = `UPDATE event SET endpoint_id = (SELECT entity_id FROM name_map WHERE a = event.host AND b = 0)
  WHERE id BETWEEN @from AND @to AND host IS NOT NULL AND host NOT IN (SELECT value FROM json_each(@apart)) AND endpoint_id IS NOT (SELECT entity_id FROM name_map WHERE a = event.host AND b = 0)`
const linkUsers = `UPDATE event SET user_id = (SELECT entity_id FROM name_map WHERE a = coalesce(event.account, 0) AND b = coalesce(event.account_sid, 0))
  WHERE id BETWEEN @from AND @to AND (account IS NOT NULL OR account_sid IS NOT NULL)
  AND user_id IS NOT (SELECT entity_id FROM name_map WHERE a = coalesce(event.account, 0) AND b = coalesce(event.account_sid, 0))`

/** Events whose names say nothing, or that carry none, are told by the ids of their product. */
const linkDevices = `UPDATE event SET endpoint_id = (SELECT entity_id FROM name_map WHERE a = event.host_id AND b = 0)
  WHERE id BETWEEN @from AND @to AND host_id IS NOT NULL AND host IS NULL AND host_id NOT IN (SELECT value FROM json_each(@apart)) AND endpoint_id IS NOT (SELECT entity_id FROM name_map WHERE a = event.host_id AND b = 0)`
const linkPeople = `UPDATE event SET user_id = (SELECT entity_id FROM name_map WHERE a = coalesce(event.account_id, 0) AND b = coalesce(event.account_mail, 0))
  WHERE id BETWEEN @from AND @to AND (account_id IS NOT NULL OR account_mail IS NOT NULL)
  AND (user_id IS NULL OR (account IS NULL AND account_sid IS NULL))
  AND user_id IS NOT (SELECT entity_id FROM name_map WHERE a = coalesce(event.account_id, 0) AND b = coalesce(event.account_mail, 0))`

/** Accounts that machines made from one image have under one SID: the host tells which of them is meant. */
const linkLocal = `UPDATE event SET user_id = @entity WHERE host = @host AND coalesce(account, 0) = @account AND coalesce(account_sid, 0) = @sid AND user_id IS NOT @entity`

/** An account that only the session of the event tells. */
const linkOwned = 'UPDATE event SET user_id = @entity WHERE id = @id AND user_id IS NOT @entity'

/** One slice of events after the other: SQLite notes every row it will change before it changes the first. */
function updateEvents(db: WriteStore, sql: string, params: Readonly<Record<string, string>> = {}): void {
  const statement = db.prepare(sql)
  for (const slice of eventSlices(db)) statement.run({ ...params, ...slice })
}

/** Writes onto events which entity they mean. */
export function linkRows(
  db: WriteStore,
  events: EventNames,
  products: ProductNames,
  generations: readonly Generations[],
): void {
  db.exec(createMap)
  const map = db.prepare(mapInsert)
  const clear = db.prepare('DELETE FROM name_map')
  clear.run()
  for (const [id, entity] of events.hosts) map.run(id, 0, entity.id)
  updateEvents(db, linkEndpoints, { apart: JSON.stringify(generations.flatMap(({ hosts }) => hosts)) })
  clear.run()
  for (const [key, entity] of events.accounts) {
    const [account = '0', sid = '0'] = key.split('|')
    map.run(Number(account), Number(sid), entity.id)
  }
  updateEvents(db, linkUsers)
  clear.run()
  for (const [id, entity] of products.devices) map.run(id, 0, entity.id)
  updateEvents(db, linkDevices, { apart: JSON.stringify(generations.flatMap(({ alone }) => alone)) })
  linkGenerations(db, generations)
  clear.run()
  for (const [key, entity] of products.people) {
    const [object = '0', address = '0'] = key.split('|')
    map.run(Number(object), Number(address), entity.id)
  }
  updateEvents(db, linkPeople)
  clear.run()
  const local = db.prepare(linkLocal)
  for (const [key, entity] of events.local) {
    const [account = '0', sid = '0', host = '0'] = key.split('|')
    local.run({ entity: entity.id, account: Number(account), sid: Number(sid), host: Number(host) })
  }
  const owned = db.prepare(linkOwned)
  for (const [entity, ids] of events.sessions) for (const id of ids) owned.run({ entity: entity.id, id })
}

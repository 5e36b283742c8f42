import type { BookEntity, EntityBook } from '../identity/entity-book.ts'
import { listGoneMail, saveMailEntities } from '../identity/mail-entities.ts'
import { IdentityRows, namesOf, type StoredAlias } from '../identity/save.ts'
import type { WriteStore } from '../store/store.ts'
import { toIso } from '../store/time.ts'
import type { HostAddresses } from './host-addresses.ts'
import type { UnitStore } from './unit-store.ts'

/** How sure an address is as a name: for its time only. */
const ADDRESS = 0.6

/** Addresses are names of an endpoint for a time only; the reason says from when to when. */
function addressNames(addresses: HostAddresses): Map<number, StoredAlias[]> {
  const names = new Map<number, StoredAlias[]>()
  for (const { endpointId, ip, first, last, evidenceId, record } of addresses.spans()) {
    const params = { first: toIso(first), last: toIso(last) }
    const name: StoredAlias = {
      kind: 'ip',
      value: ip,
      proof: { evidenceId, record },
      confidence: ADDRESS,
      reason: { key: 'identity.host_address', params },
    }
    const list = names.get(endpointId)
    if (list) list.push(name)
    else names.set(endpointId, [name])
  }
  return names
}

/**
 * Writes what identity knows of entities, those that changed only; entities it no longer knows are touched, for rules may
 * still speak of them.
 * @param whole writes all
 */
export function saveIdentities(
  db: WriteStore,
  book: EntityBook,
  addresses: HostAddresses,
  store: UnitStore,
  run: number,
  whole: boolean,
): void {
  const rows = new IdentityRows(db, run)
  const ips = addressNames(addresses)
  const marks = new IdentityMarks(db, store)
  const known = new Set(db.prepare(ofTheBook).pluck().all() as number[])
  for (const entity of book.entities.values()) {
    const names = [...namesOf(entity), ...(ips.get(entity.id) ?? [])]
    known.delete(entity.id)
    if (marks.note(entity, names) || whole) rows.write(entity, names)
  }
  const keyOf = db.prepare('SELECT key FROM entity WHERE id = ?').pluck()
  for (const id of known) marks.forget(id, keyOf.get(id) as string | undefined)
}

/**
 * Writes what identity knows of messages, attachments and URLs, those that changed only; before the rules run, which read
 * them back.
 * @param whole writes all
 */
export function saveMail(db: WriteStore, store: UnitStore, run: number, whole: boolean): void {
  const rows = new IdentityRows(db, run)
  const marks = new IdentityMarks(db, store)
  saveMailEntities(db, run, (entity) => {
    const names = namesOf(entity)
    if (marks.note(entity, names) || whole) rows.write(entity, names)
  })
  for (const { id, key } of listGoneMail(db)) marks.forget(id, key)
}

const ofTheBook = `SELECT c.entity_id FROM correlation_identity c LEFT JOIN entity e ON e.id = c.entity_id
  WHERE coalesce(e.kind, '') NOT IN ('message', 'attachment', 'url')`

/** What identity wrote when it last did, by mark. */
class IdentityMarks {
  readonly #store: UnitStore
  readonly #get
  readonly #put
  readonly #drop

  constructor(db: WriteStore, store: UnitStore) {
    this.#store = store
    this.#get = db.prepare('SELECT mark FROM correlation_identity WHERE entity_id = ?').pluck()
    this.#put = db.prepare(
      'INSERT INTO correlation_identity (entity_id, mark) VALUES (?, ?) ON CONFLICT (entity_id) DO UPDATE SET mark = excluded.mark',
    )
    this.#drop = db.prepare('DELETE FROM correlation_identity WHERE entity_id = ?')
  }

  /** @returns whether the entity is another than it was */
  note(entity: BookEntity, names: readonly StoredAlias[]): boolean {
    const mark = markOf(this.#store, entity, names)
    if (this.#get.get(entity.id) === mark) return false
    this.#put.run(entity.id, mark)
    return true
  }

  /** Identity knows it no more; rules may still speak of it. */
  forget(id: number, key: string | undefined): void {
    this.#drop.run(id)
    if (key === undefined) return
    this.#store.touched.entity.push(this.#store.markOf(key))
    this.#store.gone.entities.add(key)
  }
}

function markOf(store: UnitStore, entity: BookEntity, names: readonly StoredAlias[]): number {
  const { key, kind, name, first, last, attributes } = entity
  return store.contentMark(
    JSON.stringify([key, kind, name, first, last, attributes, names]),
    names.flatMap(({ proof }) => (proof === null ? [] : [proof.evidenceId])),
  )
}

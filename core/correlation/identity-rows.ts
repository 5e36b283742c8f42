import type { BookEntity, EntityBook } from '../identity/entity-book.ts'
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
  const marks = new Map(
    (
      db.prepare('SELECT entity_id AS id, mark FROM correlation_identity').all() as {
        id: number
        mark: number
      }[]
    ).map(({ id, mark }) => [id, mark]),
  )
  const saveMark = db.prepare(
    'INSERT INTO correlation_identity (entity_id, mark) VALUES (?, ?) ON CONFLICT (entity_id) DO UPDATE SET mark = excluded.mark',
  )
  for (const entity of book.entities.values()) {
    const names = [...namesOf(entity), ...(ips.get(entity.id) ?? [])]
    const mark = markOf(store, entity, names)
    const isSame = marks.get(entity.id) === mark && !whole
    marks.delete(entity.id)
    if (isSame) continue
    rows.write(entity, names)
    saveMark.run(entity.id, mark)
  }
  const keyOf = db.prepare('SELECT key FROM entity WHERE id = ?').pluck()
  const forget = db.prepare('DELETE FROM correlation_identity WHERE entity_id = ?')
  for (const id of marks.keys()) {
    forget.run(id)
    const key = keyOf.get(id)
    if (typeof key !== 'string') continue
    store.touched.entity.push(store.markOf(key))
    store.gone.entities.add(key)
  }
}

function markOf(store: UnitStore, entity: BookEntity, names: readonly StoredAlias[]): number {
  const { key, kind, name, first, last, attributes } = entity
  return store.contentMark(
    JSON.stringify([key, kind, name, first, last, attributes, names]),
    names.flatMap(({ proof }) => (proof === null ? [] : [proof.evidenceId])),
  )
}

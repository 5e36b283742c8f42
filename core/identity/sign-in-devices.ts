import { toGuid } from '../normalise/guid.ts'
import { kindNumber } from '../store/event-columns.ts'
import type { ReadStore } from '../store/store.ts'
import { type BookEntity, type EntityBook, foldAlias } from './entity-book.ts'
import { groupEvents, textReader } from './event-slices.ts'
import { toProof } from './first-record.ts'
import { shortHost } from './well-known.ts'

const NAMED = 'kind = @signIn AND host IS NULL AND host_id IS NOT NULL AND source_host IS NOT NULL'

/** A device as sign-ins tell of it. */
interface Device {
  readonly id: string
  readonly names: { readonly name: string; readonly last: number; readonly proof: number }[]
}

/**
 * Devices of which sign-ins to the cloud state the id and the name together. The id is the device; its name is what its owner typed,
 * and two devices may have one. So the name joins the id to a machine of that name only where no other id has the name, and where no
 * directory says that the machine has another id.
 */
export function addSignInDevices(db: ReadStore, book: EntityBook): void {
  const devices = listDevices(db)
  const claims = new Map<string, number>()
  for (const { names } of devices.values())
    for (const name of new Set(names.map((one) => one.name))) claims.set(name, (claims.get(name) ?? 0) + 1)
  for (const device of devices.values()) {
    const [latest] = device.names
    if (!latest) continue
    const proof = toProof(latest.proof)
    const known = book.find('endpoint', 'device-id', device.id) ?? book.find('endpoint', 'guid', device.id)
    const own = device.names.filter(({ name }) => claims.get(name) === 1)
    const named = known ? undefined : own.flatMap((one) => hostOf(book, one.name, device.id) ?? [])[0]
    if (named) {
      book.addAlias(named, 'device-id', device.id, proof, 0.8, 'event_device_name')
      continue
    }
    if (known) {
      book.addAlias(known, 'device-id', device.id, proof, 0.95, 'event_device')
      continue
    }
    const isFree = own.includes(latest) && book.all('endpoint', 'netbios', latest.name).length === 0
    // A name that others have as well names nobody: it is shown, and nothing is looked up by it.
    const entity = book.ensure(
      'endpoint',
      `endpoint:device:${device.id.toLowerCase()}`,
      isFree ? latest.name.toUpperCase() : device.id,
    )
    book.addAlias(entity, 'device-id', device.id, proof, 0.95, 'event_device')
    book.addAlias(
      entity,
      isFree ? 'netbios' : 'name',
      latest.name.toUpperCase(),
      proof,
      0.8,
      'event_device_name',
    )
  }
}

/** Ids with the names they were called by, the latest first. */
function listDevices(db: ReadStore): Map<string, Device> {
  const text = textReader(db)
  const devices = new Map<string, Device>()
  for (const { values, last, proof } of groupEvents(db, ['source_host', 'host_id'], NAMED, {
    signIn: kindNumber('cloud-sign-in'),
  })) {
    const [name, id] = [text(values[0]), text(values[1])]
    if (name === null || id === null || toGuid(id) === undefined) continue
    const key = foldAlias('device-id', id)
    const device = devices.get(key) ?? { id, names: [] }
    devices.set(key, device)
    device.names.push({ name: shortHost(name), last: last ?? 0, proof })
  }
  for (const { names } of devices.values())
    names.sort((a, b) => b.last - a.last || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  return new Map([...devices].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The one machine of this name, unless a directory gives it another id. */
function hostOf(book: EntityBook, name: string, id: string): BookEntity | undefined {
  const host = book.find('endpoint', 'netbios', name)
  if (!host) return undefined
  // What joins Entra ID from a domain takes the id of its computer object there.
  const isOther = [...host.aliases.values()].some(
    ({ kind, value, reason }) =>
      (kind === 'guid' || (kind === 'device-id' && reason.key === 'identity.directory_object')) &&
      foldAlias('device-id', value) !== foldAlias('device-id', id),
  )
  return isOther ? undefined : host
}

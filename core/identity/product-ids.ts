import { kindNumber } from '../store/event-columns.ts'
import type { ReadStore } from '../store/store.ts'
import type { BookEntity, EntityBook } from './entity-book.ts'
import { type EventNames, userByName } from './from-events.ts'
import { groupEvents, textReader } from './event-slices.ts'
import { toProof } from './first-record.ts'
import { addSignInDevices } from './sign-in-devices.ts'

/** Which entity the ids of products mean, for events that carry no name beside them. */
export interface ProductNames {
  /** String id of `host_id` -> endpoint. */
  readonly devices: Map<number, BookEntity>
  /** `accountIdStringId|accountMailStringId` with 0 for none -> user. */
  readonly people: Map<string, BookEntity>
}

const OF_PEOPLE = '(account_id IS NOT NULL OR account_mail IS NOT NULL) AND kind NOT IN (@delivered, @sent)'
const MAIL_KINDS = { delivered: kindNumber('mail-delivered'), sent: kindNumber('mail-sent') }

interface DeviceRow {
  host: number | null
  device_id: number
  device: string
  first: number | null
  last: number | null
  proof: number
}
interface PersonRow {
  account: number | null
  account_sid: number | null
  object_id: number | null
  object: string | null
  mail_id: number | null
  mail: string | null
  host: string | null
  first: number | null
  last: number | null
  proof: number
}

/**
 * Sensor ids of endpoints, and object ids and addresses of users, as products write them beside the names: further names of
 * the same entity where they stand together, and the way to it where they stand alone.
 */
export function addProductIds(db: ReadStore, book: EntityBook, events: EventNames): ProductNames {
  const names: ProductNames = { devices: new Map(), people: new Map() }
  addSignInDevices(db, book)
  const text = textReader(db)
  const devices = groupEvents(db, ['host', 'host_id'], 'host_id IS NOT NULL').map(
    ({ values: [host = null, device = null], first, last, proof }) => ({
      host,
      device_id: device ?? 0,
      device: text(device) ?? '',
      first,
      last,
      proof,
    }),
  )
  // Those that stand beside a name come first.
  devices.sort((a, b) => Number(a.host === null) - Number(b.host === null) || inOrder(a, b))
  for (const row of devices) addDevice(book, events, names, row)
  const columns = ['account', 'account_sid', 'account_id', 'account_mail']
  const people = groupEvents(db, columns, OF_PEOPLE, MAIL_KINDS, 'host').map(
    ({ values, first, last, proof, least }) => {
      const [account = null, account_sid = null, object_id = null, mail_id = null] = values
      return {
        account,
        account_sid,
        object_id,
        object: text(object_id),
        mail_id,
        mail: text(mail_id),
        host: text(least),
        first,
        last,
        proof,
      }
    },
  )
  const isNameless = (row: PersonRow): boolean => row.account === null && row.account_sid === null
  people.sort((a, b) => Number(isNameless(a)) - Number(isNameless(b)) || inOrder(a, b))
  for (const row of people) addPerson(book, events, names, row)
  return names
}

const inOrder = (a: { proof: number }, b: { proof: number }): number => a.proof - b.proof

function addDevice(book: EntityBook, events: EventNames, names: ProductNames, row: DeviceRow): void {
  const proof = toProof(row.proof)
  const named = row.host === null ? undefined : events.hosts.get(row.host)
  if (row.host !== null && named === undefined) return
  const entity =
    named ??
    book.find('endpoint', 'device-id', row.device) ??
    book.ensure('endpoint', `endpoint:device:${row.device.toLowerCase()}`, row.device)
  book.addAlias(entity, 'device-id', row.device, proof, 0.95, 'event_device')
  book.see(entity, row.first)
  book.see(entity, row.last)
  names.devices.set(row.device_id, entity)
}

function addPerson(book: EntityBook, events: EventNames, names: ProductNames, row: PersonRow): void {
  const proof = toProof(row.proof)
  const named = events.accounts.get(`${row.account ?? 0}|${row.account_sid ?? 0}`)
  const byObject = row.object === null ? undefined : book.find('user', 'object-id', row.object)
  // Two object ids are two people, whatever name they share.
  const isOther =
    named !== undefined && row.object !== null && byObject !== named && hasAlias(named, 'object-id')
  const entity =
    (isOther ? undefined : named) ??
    byObject ??
    (row.mail === null ? undefined : userByName(book, row.mail, row.host, proof)) ??
    (row.object === null ? undefined : book.ensure('user', `user:${row.object.toLowerCase()}`, row.object))
  if (entity === undefined) return
  if (row.object !== null) book.addAlias(entity, 'object-id', row.object, proof, 0.95, 'event_object_id')
  if (row.mail !== null)
    book.addAlias(entity, row.mail.includes('@') ? 'upn' : 'name', row.mail, proof, 0.9, 'event_account_mail')
  book.see(entity, row.first)
  book.see(entity, row.last)
  names.people.set(`${row.object_id ?? 0}|${row.mail_id ?? 0}`, entity)
}

const hasAlias = (entity: BookEntity, kind: string): boolean =>
  [...entity.aliases.values()].some((alias) => alias.kind === kind)

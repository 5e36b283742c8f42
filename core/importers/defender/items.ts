import type { EventFieldName, EventItem } from '../../model/event.ts'
import type { MessageItem } from '../../model/message.ts'
import type { RecordItem } from '../importer.ts'
import { fieldShape } from '../field-shape.ts'
import { compact } from '../endpoint/values.ts'
import { toAuditEntry } from '../audit/audit-record.ts'
import { readOperation } from '../audit/operations.ts'
import { inner, type NamedRow } from '../log/named-row.ts'
import { identityInventory, identityUser } from './identity-tables.ts'
import { loggedOnUsers, ownAddresses } from './inventory-tables.ts'
import { cut, DETAIL_LIMIT, type RowMeaning } from './picks.ts'
import { type DefenderRow, NamedCells } from './row.ts'
import type { RowTime } from './row-time.ts'

/** Where a row stands: its table, and its time when it could be read. */
export interface RowPlace {
  readonly table: string
  readonly time: RowTime | undefined
}
export type ReadItems = (row: DefenderRow, place: RowPlace) => readonly RecordItem[]

type AnyPick = (row: DefenderRow) => string | number | undefined
/** The picks of a meaning, and the object their values go into. */
interface Reading {
  readonly newFields: ReturnType<typeof fieldShape>
  readonly names: readonly EventFieldName[]
  readonly picks: readonly AnyPick[]
}
const readings = new WeakMap<RowMeaning, Reading>()
function readingOf({ fields }: RowMeaning): Reading {
  const names = Object.keys(fields) as EventFieldName[]
  const newFields = fieldShape([...new Set<EventFieldName>(['provider', 'channel', ...names])])
  return { newFields, names, picks: Object.values(fields) as AnyPick[] }
}

const PROVIDER = 'Microsoft Defender XDR'

/** The event of a row. `channel` is the name of the table. */
export function toEvent(row: DefenderRow, { table, time }: RowPlace, meaning: RowMeaning): EventItem {
  let reading = readings.get(meaning)
  if (reading === undefined) readings.set(meaning, (reading = readingOf(meaning)))
  const { newFields, names, picks } = reading
  const fields = newFields()
  fields['provider'] = PROVIDER
  fields['channel'] = table
  for (let index = 0; index < names.length; index++) {
    const value = picks[index]!(row)
    if (value !== undefined && value !== '') fields[names[index]!] = value
  }
  const kind = typeof meaning.kind === 'function' ? meaning.kind(row) : meaning.kind
  const at = time?.us ?? null
  return time?.zoneAssumed === true
    ? { type: 'event', kind, at, zoneAssumed: true, fields }
    : { type: 'event', kind, at, fields }
}

/** One row, one event. */
export const eventItems =
  (meaning: RowMeaning | ((row: DefenderRow) => RowMeaning)): ReadItems =>
  (row, place) => [toEvent(row, place, typeof meaning === 'function' ? meaning(row) : meaning)]

/** A device and the users logged on to it. */
export const deviceItems =
  (meaning: RowMeaning): ReadItems =>
  (row, place) => {
    const event = toEvent(row, place, meaning)
    return [event, ...loggedOnUsers(row, event)]
  }

/** An adapter and its addresses. */
export const networkInfoItems =
  (meaning: RowMeaning): ReadItems =>
  (row, place) => {
    const event = toEvent(row, place, meaning)
    return [event, ...ownAddresses(row, event)]
  }

/**
 * A cloud activity. The audit record inside says most (which messages were read, which rule was made); what only the
 * columns know (place, application, object id) is added.
 */
export const cloudItems =
  (meaning: RowMeaning): ReadItems =>
  (row, place) => {
    const event = toEvent(row, place, meaning)
    return auditItems(auditRow(row), event)
  }

/** What an audit record means, with the columns beside it; the columns alone where there is no record. */
function auditItems(audit: NamedRow, event: EventItem): readonly RecordItem[] {
  const { record } = toAuditEntry(audit)
  const items = record === undefined ? [] : readOperation(record).items
  return items.length === 0 ? [event] : items.map((item) => withColumns(item, event))
}

/** The record in RawEventData; ActionType names its operation where the cell does not. */
function auditRow(row: DefenderRow): NamedRow {
  const raw = inner(row.json('RawEventData'))
  return {
    text: (...names) =>
      raw.text(...names) ?? (names.includes('Operation') ? row.text('ActionType') : undefined),
    value: (...names) => raw.value(...names),
    list: (...names) => raw.list(...names),
  }
}

/** OfficeActivity among other tables of Sentinel: an audit record with its members as columns. */
export const officeItems: ReadItems = (row, place) =>
  auditItems(new NamedCells(row), toEvent(row, place, OFFICE))

const OFFICE: RowMeaning = { kind: 'cloud-activity', fields: { provider: () => 'Microsoft 365' } }

function withColumns(item: RecordItem, event: EventItem): RecordItem {
  if (item.type !== 'event') return item
  const { channel, provider, detail, ...columns } = compact(event.fields)
  const said = compact(item.fields)
  const whole = [item.fields.detail, detail].filter((text) => text !== undefined).join('; ')
  // What the record knows only as cloud activity may be a change of the directory by its name.
  const kind = item.kind === 'cloud-activity' ? event.kind : item.kind
  const application = columns.application ?? item.fields.application
  const fields = {
    ...columns,
    ...said,
    application,
    channel,
    provider,
    ...(whole === '' ? {} : { detail: cut(whole, DETAIL_LIMIT) }),
  }
  return { ...event, kind, fields }
}

/** An account of the directory; without an id of its own it is kept as inventory. */
export const identityItems: ReadItems = (row, place) => {
  const user = identityUser(row, place.time?.us)
  return user === undefined ? [toEvent(row, place, identityInventory)] : [user]
}

export const messageItem =
  (read: (row: DefenderRow, at: number | null) => MessageItem): ReadItems =>
  (row, { time }) => [read(row, time?.us ?? null)]

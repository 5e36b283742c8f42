import type { EventItem } from '../../model/event.ts'
import type { MessageItem } from '../../model/message.ts'
import type { RecordItem } from '../importer.ts'
import { accessedMessages } from './cloud-tables.ts'
import { identityInventory, identityUser } from './identity-tables.ts'
import { loggedOnUsers, ownAddresses } from './inventory-tables.ts'
import type { RowMeaning } from './picks.ts'
import type { DefenderRow } from './row.ts'
import type { RowTime } from './row-time.ts'

/** Where a row stands: its table, and its time when it could be read. */
export interface RowPlace {
  readonly table: string
  readonly time: RowTime | undefined
}
export type ReadItems = (row: DefenderRow, place: RowPlace) => readonly RecordItem[]

type AnyPick = (row: DefenderRow) => string | number | undefined
const entries = new WeakMap<RowMeaning, readonly (readonly [string, AnyPick])[]>()
function picksOf(meaning: RowMeaning): readonly (readonly [string, AnyPick])[] {
  let known = entries.get(meaning)
  if (known === undefined) entries.set(meaning, (known = Object.entries(meaning.fields)))
  return known
}

const PROVIDER = 'Microsoft Defender XDR'

/** The event of a row. `channel` is the name of the table. */
export function toEvent(row: DefenderRow, { table, time }: RowPlace, meaning: RowMeaning): EventItem {
  const fields: Record<string, string | number> = { provider: PROVIDER, channel: table }
  for (const [name, pick] of picksOf(meaning)) {
    const value = pick(row)
    if (value !== undefined && value !== '') fields[name] = value
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

/** A cloud activity; a mailbox access names the messages that were read. */
export const cloudItems =
  (meaning: RowMeaning): ReadItems =>
  (row, place) =>
    accessedMessages(row, toEvent(row, place, meaning))

/** An account of the directory; without an id of its own it is kept as inventory. */
export const identityItems: ReadItems = (row, place) => {
  const user = identityUser(row, place.time?.us)
  return user === undefined ? [toEvent(row, place, identityInventory)] : [user]
}

export const messageItem =
  (read: (row: DefenderRow, at: number | null) => MessageItem): ReadItems =>
  (row, { time }) => [read(row, time?.us ?? null)]

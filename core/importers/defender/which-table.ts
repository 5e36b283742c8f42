import { isDeviceAction } from './device-events.ts'
import type { DefenderRow } from './row.ts'
import { type HuntingTable, tableNamed, tablesWith } from './tables.ts'

/** Columns in which unions and Log Analytics name the table of a row. */
const NAMING = ['$table', 'Type', 'SourceTable', 'TableName', '$Table', 'Table'] as const

const BY_ACTION: readonly (readonly [RegExp, string])[] = [
  [/^processcreated$/, 'DeviceProcessEvents'],
  [
    /^(?:connection(?:success|failed|attempt|request|found|acknowledged)|inboundconnection(?:accepted|attempt)|inboundinternetscaninspected|listeningconnectioncreated|networksignatureinspected|\w+connectioninspected|ntlmauthenticationinspected)$/,
    'DeviceNetworkEvents',
  ],
  [/^file(?:created|modified|renamed|deleted)$/, 'DeviceFileEvents'],
  [/^registry(?:key(?:created|deleted|renamed)|value(?:set|deleted))$/, 'DeviceRegistryEvents'],
  [/^imageloaded$/, 'DeviceImageLoadEvents'],
  [/^(?:ldap|samr|dns) query$/, 'IdentityQueryEvents'],
  [/^(?:click(?:allowed|blocked|blockedbytenantpolicy)|urlerrorpage|urlscaninprogress)$/, 'UrlClickEvents'],
]

/** Actions met before: files hold few different ones. */
const known = new Map<string, HuntingTable | undefined>()
/** A file that invents an action per row must not grow the memory without end. */
const MAX_KNOWN = 2_000

function tableOfAction(action: string | undefined): HuntingTable | undefined {
  if (action === undefined) return undefined
  if (known.has(action)) return known.get(action)
  const folded = action.trim().toLowerCase()
  const name =
    BY_ACTION.find(([pattern]) => pattern.test(folded))?.[1] ??
    (isDeviceAction(folded) ? 'DeviceEvents' : undefined)
  const table = tableNamed(name)
  if (known.size < MAX_KNOWN) known.set(action, table)
  return table
}

/** The table that the row, or what it came in, names: a known one, or the name of one that is not known. */
export interface NamedTable {
  readonly table: HuntingTable | undefined
  readonly name: string | undefined
}

/** The name a row gives its table; `Type` also says other things (`User`), so an unknown name alone is no table. */
export function namedIn(row: DefenderRow): NamedTable {
  for (const column of NAMING) {
    const name = row.text(column)
    const table = tableNamed(name)
    if (table !== undefined) return { table, name }
  }
  const name = row.first('$table', 'SourceTable', 'TableName')
  // Rows of Log Analytics always say their table in Type.
  return {
    table: undefined,
    name: name ?? (row.text('TimeGenerated') === undefined ? undefined : row.text('Type')),
  }
}

const CLOSED: ReadonlySet<string> = new Set([
  'DeviceProcessEvents',
  'DeviceNetworkEvents',
  'DeviceFileEvents',
  'DeviceRegistryEvents',
  'DeviceImageLoadEvents',
  'DeviceLogonEvents',
])

const isLogon = (action: string | undefined): boolean =>
  action !== undefined && /^logon(?:success|failed|attempted)$/i.test(action.trim())
/** Three tables call logons the same. */
function logonTable(row: DefenderRow): HuntingTable | undefined {
  const has = (...names: string[]): boolean => names.some((name) => row.text(name) !== undefined)
  if (has('RawEventData', 'ActivityObjects')) return tableNamed('CloudAppEvents')
  return tableNamed(
    has('Application', 'DestinationDeviceName', 'TargetDeviceName')
      ? 'IdentityLogonEvents'
      : 'DeviceLogonEvents',
  )
}

/** By what the row did; else by the columns that have a value; else by the columns there are. */
export function tableOfRow(row: DefenderRow, columns: readonly HuntingTable[]): HuntingTable | undefined {
  const action = row.text('ActionType')
  const byAction = tableOfAction(action) ?? (isLogon(action) ? logonTable(row) : undefined)
  if (byAction !== undefined) return byAction
  // Tables with few actions, all known: another action is none of theirs, whatever columns stand beside it.
  const isOpen = (table: HuntingTable): boolean => action === undefined || !CLOSED.has(table.name)
  const possible = columns.filter((table) => isOpen(table))
  if (possible.length === 1) return possible[0]
  return tablesWith((column) => row.text(column) !== undefined).find((table) => isOpen(table)) ?? possible[0]
}

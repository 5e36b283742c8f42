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

/** By what the row did; else by the columns that have a value; else by the columns there are. */
export function tableOfRow(row: DefenderRow, columns: readonly HuntingTable[]): HuntingTable | undefined {
  const byAction = tableOfAction(row.text('ActionType'))
  if (byAction !== undefined) return byAction
  if (columns.length === 1) return columns[0]
  return tablesWith((column) => row.text(column) !== undefined)[0] ?? columns[0]
}

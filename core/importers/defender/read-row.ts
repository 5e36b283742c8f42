import { MAX_ITEMS } from '../audit/mailbox-items.ts'
import type { RecordIssue } from '../importer.ts'
import type { JsonMeaning } from '../json/json-records.ts'
import { isObject, type JsonObject, member, scalarText } from '../json/parse-object.ts'
import { present } from '../../normalise/placeholder.ts'
import type { Share } from '../share.ts'
import { DEVICE, PROCESS } from './actor.ts'
import { eventItems } from './items.ts'
import {
  account,
  cut,
  DETAIL_LIMIT,
  either,
  ip,
  mail,
  networkMessageId,
  type Pick,
  text,
  url,
} from './picks.ts'
import { type Cells, cellsOfObject, DefenderRow, foldColumn, type TimeReading } from './row.ts'
import { type HuntingTable, tableNamed, tablesWith } from './tables.ts'
import { namedIn, tableOfRow } from './which-table.ts'

/** Columns with the time of a row, most telling first. */
export const TIME_COLUMNS = [
  'Timestamp',
  'TimeGenerated',
  'createdDateTime',
  'activityDateTime',
  'StartTime',
  'LastSeen',
] as const

const allColumns: Pick<string> = (row) => {
  const parts: string[] = []
  let length = 0
  for (const name of row.names()) {
    const value = present(row.text(name))
    if (value === undefined) continue
    parts.push(`${name}: ${value.slice(0, DETAIL_LIMIT).replace(/\s+/g, ' ')}`)
    length += value.length
    if (length > DETAIL_LIMIT) break
  }
  return parts.length === 0 ? undefined : cut(parts.join('; '), DETAIL_LIMIT)
}
/** A table nobody has told us of: what stands under the usual names becomes fields, the row stays searchable. */
const unknownTable = eventItems({
  kind: 'generic',
  fields: {
    ...DEVICE,
    ...PROCESS,
    account: either(
      account('Account'),
      text('UserPrincipalName', 'UserId'),
      account('InitiatingProcessAccount'),
    ),
    accountMail: mail('AccountUpn', 'UserPrincipalName'),
    sourceIp: ip('IPAddress', 'LocalIP'),
    destinationIp: ip('RemoteIP', 'DestinationIPAddress'),
    url: url('Url', 'RemoteUrl'),
    networkMessageId,
    detail: allColumns,
  },
})

/** Reads the rows of one file: finds the table of each, and says once which tables are not known. */
export class RowReading {
  readonly #times: TimeReading
  readonly #prefix: string
  readonly #share: Share | undefined
  readonly #reported = new Set<string>()

  /** @param prefix importer id, for the issue codes `time` and `unknown_table` */
  constructor(times: TimeReading, prefix: string, share?: Share) {
    this.#times = times
    this.#prefix = prefix
    this.#share = share
  }

  /**
   * A row of cells.
   * @param columns tables that the header of the file fits; empty when there is no header
   * @param stated the table's name where the file has one
   */
  cells(cells: Cells, columns: readonly HuntingTable[], stated?: string): JsonMeaning {
    return this.#mean(new DefenderRow(cells, this.#times), columns, stated)
  }

  /** An object: a row, or the envelope of the streaming API around one. */
  object(object: JsonObject): JsonMeaning {
    const { inner, category } = openEnvelope(object)
    const cells = cellsOfObject(inner)
    const row = new DefenderRow(cells, this.#times)
    return this.#mean(row, undefined, category)
  }

  #mean(row: DefenderRow, columns: readonly HuntingTable[] | undefined, stated?: string): JsonMeaning {
    const named = namedIn(row)
    const table = tableNamed(stated) ?? named.table ?? tableOfRow(row, columns ?? tablesOfNames(row.names()))
    const issues: RecordIssue[] = []
    const time = row.time(...TIME_COLUMNS)
    // Log Analytics calls every answer so.
    const other = (named.name ?? (stated === 'PrimaryResult' ? undefined : stated))?.replace(
      /^AdvancedHunting-/i,
      '',
    )
    if (table === undefined) this.#report(issues, other ?? '')
    if (time === undefined && (table?.isTimeless !== true || row.first(...TIME_COLUMNS) !== undefined))
      issues.push({ code: `${this.#prefix}.time`, excerpt: (row.first(...TIME_COLUMNS) ?? '').slice(0, 100) })
    const place = { table: table?.name ?? other ?? 'unknown', time }
    const items = (table?.items ?? unknownTable)(row, place)
    if (items.length >= MAX_ITEMS) issues.push({ code: `${this.#prefix}.too_many_items`, excerpt: '' })
    return {
      items,
      key: keyOf(row, place.table),
      issues: issues.length === 0 ? undefined : issues,
    }
  }

  #report(issues: RecordIssue[], name: string): void {
    // Once for the whole file.
    this.#share?.refuse('here')
    if (this.#reported.has(name) || this.#reported.size >= MAX_REPORTED) return
    this.#reported.add(name)
    issues.push({ code: `${this.#prefix}.unknown_table`, excerpt: name.slice(0, 100) })
  }
}
/** Names of unknown tables that are reported: a file could invent one per row. */
const MAX_REPORTED = 100

/** Tables that fit a set of column names. */
export function tablesOfNames(names: readonly string[]): HuntingTable[] {
  const folded = new Set(names.map((name) => foldColumn(name)))
  return tablesWith((column) => folded.has(column.toLowerCase()))
}

/**
 * `{"time", "category": "AdvancedHunting-...", "properties": {...}}` of the streaming API, also with the properties as text;
 * rows that the Graph modules of PowerShell put into `AdditionalProperties`; any other object is the row itself.
 */
export function openEnvelope(object: JsonObject): { inner: JsonObject; category: string | undefined } {
  const wrapped = member(object, 'AdditionalProperties')
  if (isObject(wrapped) && Object.keys(wrapped).length > 1) return { inner: wrapped, category: undefined }
  const category = scalarText(member(object, 'category'))
  const properties = member(object, 'properties')
  if (category === undefined) return { inner: object, category: undefined }
  if (isObject(properties)) return { inner: properties, category }
  if (typeof properties !== 'string' || !properties.startsWith('{'))
    return { inner: object, category: undefined }
  const parsed = new DefenderRow(cellsOfObject(object), UTC).json('properties')
  return isObject(parsed) ? { inner: parsed, category } : { inner: object, category: undefined }
}
const UTC: TimeReading = { zone: 'UTC', dateOrder: null, isDocumentedUtc: true }

/** Columns that tell rows of one alert apart, which have no ReportId. */
const EVIDENCE = [
  'EntityType',
  'EvidenceRole',
  'FileName',
  'SHA1',
  'SHA256',
  'RemoteIP',
  'RemoteUrl',
  'AccountSid',
  'AccountObjectId',
  'AccountName',
  'DeviceId',
  'NetworkMessageId',
  'ProcessCommandLine',
  'RegistryKey',
  'RegistryValueName',
  'AdditionalFields',
] as const

/**
 * Identity of a row across exports. ReportId counts per device and starts again, so time and device (for mail: message and
 * recipient) belong to it (formats.md A5, traps). None where the export left these columns out.
 */
function keyOf(row: DefenderRow, table: string): string | undefined {
  const written = row.first(...TIME_COLUMNS)
  if (written === undefined) return undefined
  const time = row.time(...TIME_COLUMNS)?.us ?? written
  const report = present(row.first('ReportId', 'ReportId_long', 'ReportId_string'))
  if (report !== undefined) {
    const whose = row.first('DeviceName', 'DeviceId', 'NetworkMessageId')?.toLowerCase() ?? ''
    const to = row.text('RecipientEmailAddress')?.toLowerCase() ?? ''
    // A message has one row for each of its links, all recorded at once.
    const part =
      table === 'EmailUrlInfo'
        ? (row.text('Url') ?? '')
        : table === 'EmailAttachmentInfo'
          ? (row.first('SHA256', 'FileName') ?? '')
          : ''
    return JSON.stringify(['defender', table, time, whose, report, to, part])
  }
  const alert = present(row.first('AlertId', 'BehaviorId', 'SystemAlertId'))
  if (alert !== undefined)
    return JSON.stringify([
      'defender',
      table,
      time,
      alert,
      ...EVIDENCE.map((column) => row.text(column) ?? ''),
    ])
  const id = present(row.first('Id', 'OfficeId', 'SourceRecordId', '_ItemId'))
  if (id === undefined) return undefined
  // Exports of the service itself name these records by the same id.
  if (table === 'OfficeActivity') return JSON.stringify(['m365-audit', id.toLowerCase()])
  if (/SignIn(?:Logs|Events)|SigninLogs/.test(table))
    return JSON.stringify(['entra', 'sign-in', id.toLowerCase()])
  if (table === 'AuditLogs') return JSON.stringify(['entra', 'audit', id.toLowerCase()])
  return JSON.stringify(['defender', table, time, id])
}

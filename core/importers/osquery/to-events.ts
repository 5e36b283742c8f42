import type { EventFields, EventItem } from '../../model/event.ts'
import { toGuid } from '../../normalise/guid.ts'
import { toHost } from '../../normalise/host.ts'
import { compact, hostAddress, type RecordTime, shortText, timeOf, type Times } from '../endpoint/values.ts'
import { type JsonObject, member } from '../json/parse-object.ts'
import { eventedRow } from './evented-row.ts'
import { calendarTime, type OsqueryResult, type OsqueryRow, textOf } from './result.ts'
import { stateRow } from './state-row.ts'
import { eventedTable } from './tables.ts'

export interface OsqueryMeaning {
  readonly events: readonly EventItem[]
  readonly key: string | undefined
  readonly issues: RecordTime['issues']
}

/** Every row of a result as an event: of its own kind where the table records events, else as inventory. */
export function toOsqueryEvents(
  object: JsonObject,
  result: OsqueryResult,
  importer: string,
  times: Times,
): OsqueryMeaning {
  const read = (...more: readonly (string | undefined)[]): RecordTime =>
    timeOf(importer, times, ...more, textOf(object, 'unixTime'), calendarTime(textOf(object, 'calendarTime')))
  const recordTime = read()
  const around = circumstances(object)
  const issues = [...recordTime.issues]
  const events = result.rows.map((row) => {
    const { kind, fields, at: said } = rowMeaning(row, result)
    const time = said === undefined ? recordTime : read(said)
    if (said !== undefined && time.issues.length > issues.length)
      issues.push(...time.issues.slice(issues.length))
    const all = compact({ ...around, channel: result.name, ...fields })
    const event: EventItem = time.zoneAssumed
      ? { type: 'event', kind, at: time.at, zoneAssumed: true, fields: all }
      : { type: 'event', kind, at: time.at, fields: all }
    return event
  })
  return { events, key: keyOf(object, result), issues }
}

/** A line of osquery's own status log. */
export function toStatusEvent(object: JsonObject, importer: string, times: Times): OsqueryMeaning {
  const time = timeOf(
    importer,
    times,
    textOf(object, 'unixTime'),
    calendarTime(textOf(object, 'calendarTime')),
  )
  const fields = compact({
    ...circumstances(object),
    severity: textOf(object, 'severity'),
    detail: shortText(textOf(object, 'message')),
  })
  return {
    events: [{ type: 'event', kind: 'generic', at: time.at, fields }],
    key: undefined,
    issues: time.issues,
  }
}

/** Rows of event tables leave a result when they expire: nothing happened then, nor when a query first ran. */
function rowMeaning(
  row: OsqueryRow,
  result: OsqueryResult,
): { kind: EventItem['kind']; fields: EventFields; at: string | undefined } {
  const table = eventedTable(row.columns)
  const isSessionState = table === 'login-session' && (row.action === 'snapshot' || result.isInitial)
  if (table === undefined || row.action === 'removed' || isSessionState) {
    return { kind: 'inventory', fields: { ...stateRow(row.columns), action: row.action }, at: undefined }
  }
  const { kind, fields } = eventedRow(table, row.columns)
  return { kind, fields, at: textOf(row.columns, 'time', 'logon_time', 'datetime') }
}

/** The host by the decorations where the configuration has them; `hostIdentifier` is a name or a UUID. */
function circumstances(object: JsonObject): EventFields {
  const decorations = member(object, 'decorations')
  const identifier = textOf(object, 'hostIdentifier', 'hostname', 'host_identifier')
  const uuid = textOf(decorations, 'host_uuid', 'hardware_uuid', 'uuid') ?? textOf(object, 'host_uuid')
  const isId =
    identifier !== undefined && (toGuid(identifier) !== undefined || /^[0-9a-f-]{32,36}$/i.test(identifier))
  return {
    provider: 'osquery',
    host: toHost(
      textOf(decorations, 'hostname', 'computer_name', 'local_hostname') ?? (isId ? undefined : identifier),
    ),
    hostId: (uuid ?? (isId ? identifier : undefined))?.toLowerCase(),
    hostIp: hostAddress(
      [textOf(decorations, 'address', 'ip_address', 'local_ip')].flatMap((text) => text ?? []),
    ),
  }
}

/** Identity across exports: host, query, run, and the row itself, because one run writes a line per row. */
function keyOf(object: JsonObject, result: OsqueryResult): string | undefined {
  const host = textOf(object, 'hostIdentifier', 'hostname')
  const time = textOf(object, 'unixTime')
  if (host === undefined || time === undefined) return undefined
  const run = [textOf(object, 'epoch') ?? '', textOf(object, 'counter') ?? '', textOf(object, 'action') ?? '']
  const columns = member(object, 'columns')
  return `osquery|${host.toLowerCase()}|${result.name}|${time}|${run.join('|')}|${columns === undefined ? '' : JSON.stringify(columns)}`
}

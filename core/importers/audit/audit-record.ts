import type { EventFields } from '../../model/event.ts'
import { toGuid } from '../../normalise/guid.ts'
import { toAddressKey } from '../../normalise/mail.ts'
import { inner, type NamedRow } from '../log/named-row.ts'
import { splitEndpoint } from '../log/values.ts'
import { readWhen, type When } from '../log/when.ts'

/** One entry of the unified audit log, whatever it was wrapped in. */
export interface AuditRecord {
  readonly row: NamedRow
  readonly operation: string
  readonly when: When
  /** Id of the entry, the same in every kind of export. */
  readonly id: string | undefined
  /** What every operation has: who, from where, with what, and how it ended. */
  readonly fields: EventFields
}

/** `AuditData` may be broken: then the columns beside it must do. */
export interface AuditEntry {
  readonly record: AuditRecord | undefined
  readonly isBroken: boolean
}

/** Unwraps a row of the portal, of Search-UnifiedAuditLog, of the Management API, or of Sentinel's OfficeActivity. */
export function toAuditEntry(outer: NamedRow): AuditEntry {
  const wrapped = outer.value('AuditData')
  const isBroken = typeof wrapped === 'string'
  const row: NamedRow = wrapped === undefined || isBroken ? outer : inner(wrapped)
  const operation = row.text('Operation') ?? outer.text('Operation', 'Operations')
  if (operation === undefined) return { record: undefined, isBroken }
  const time =
    row.text('CreationTime', 'TimeGenerated') ?? outer.text('CreationDate', 'TimeGenerated', 'Start_Time')
  return {
    record: {
      row,
      operation,
      when: readWhen(time ?? inner(outer.value('CreationDate')).text('value', 'DateTime'), 'UTC', null, true),
      id: row.text('Id', 'OfficeId', 'SourceRecordId') ?? outer.text('Identity', 'RecordId'),
      fields: readFields(row, outer, operation),
    },
    isBroken,
  }
}

function readFields(row: NamedRow, outer: NamedRow, operation: string): EventFields {
  const user = row.text('UserId') ?? outer.text('UserId', 'UserIds')
  const { ip, port } = splitEndpoint(row.text('ClientIP', 'Client_IPAddress', 'ActorIpAddress', 'UserIp'))
  const access = inner(row.value('AppAccessContext'))
  return {
    provider: row.text('Workload', 'OfficeWorkload') ?? 'Microsoft 365',
    action: operation.trim(),
    account: user,
    accountId: toGuid(row.text('UserObjectId', 'UserKey')),
    accountMail: user === undefined ? undefined : toAddressKey(user),
    sourceIp: ip,
    sourcePort: port,
    userAgent: row.text('UserAgent', 'ClientInfoString'),
    application: row.text('ApplicationDisplayName', 'ClientAppName', 'AppId', 'ApplicationId', 'ClientAppId'),
    sessionId: row.text('SessionId', 'AADSessionId') ?? access.text('AADSessionId'),
    outcome: toOutcome(row.text('ResultStatus')),
    status: row.text('ResultStatusDetail', 'LogonError', 'ResultStatus'),
  }
}

/** `success` or `failure`; nothing for words that say neither. */
export function toOutcome(text: string | undefined): 'success' | 'failure' | undefined {
  if (text === undefined) return undefined
  if (/^(?:success|succeeded|succeed|true|partiallysucceeded)$/i.test(text)) return 'success'
  return /^(?:fail|failed|failure|false|interrupted)$/i.test(text) ? 'failure' : undefined
}

/** `[{Name, Value}]`, as Parameters, ExtendedProperties and OperationProperties are written. */
export function readPairs(list: readonly unknown[]): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>()
  for (const entry of list.slice(0, MAX_PAIRS)) {
    const pair = inner(entry)
    const name = pair.text('Name', 'Key')
    const value = pair.text('Value')
    if (name !== undefined && value !== undefined && !pairs.has(name)) pairs.set(name, value)
  }
  return pairs
}
/** A cmdlet has some dozens of parameters. */
const MAX_PAIRS = 500

/** Value of the first of these names, whatever their case. */
export function pairOf(pairs: ReadonlyMap<string, string>, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const exact = pairs.get(name)
    if (exact !== undefined) return exact
    for (const [key, value] of pairs) if (key.toLowerCase() === name.toLowerCase()) return value
  }
  return undefined
}

import type { CsvMeaning } from '../csv/csv-records.ts'
import type { EventItem } from '../../model/event.ts'
import { toGuid } from '../../normalise/guid.ts'
import { toAddressKey } from '../../normalise/mail.ts'
import { inner, type NamedRow } from '../log/named-row.ts'
import { describe, splitEndpoint } from '../log/values.ts'
import { eventAt, readWhen, type When } from '../log/when.ts'
import { readDirectoryAudit } from './directory-audit.ts'
import { placeOf, readSignIn } from './sign-in.ts'

export type EntraShape = 'sign-in' | 'audit' | 'risk'

const hasAll = (names: ReadonlySet<string>, ...wanted: readonly string[]): boolean =>
  wanted.every((name) => names.has(name))

/** Which log a set of folded names belongs to. Rows of Sentinel's tables (TimeGenerated) have an importer of their own. */
export function entraShape(names: ReadonlySet<string>): EntraShape | undefined {
  if (names.has('timegenerated')) return undefined
  if (
    hasAll(names, 'riskeventtype', 'risklevel') &&
    (names.has('detecteddatetime') || names.has('activitydatetime'))
  )
    return 'risk'
  if (
    names.has('createddatetime') &&
    names.has('ipaddress') &&
    (names.has('appdisplayname') || names.has('appid'))
  )
    return 'sign-in'
  if (names.has('requestid') && names.has('ipaddress') && names.has('application') && names.has('status'))
    return 'sign-in'
  if (hasAll(names, 'activitydatetime', 'activitydisplayname')) return 'audit'
  if (
    names.has('activity') &&
    (names.has('actoruserprincipalname') || names.has('actortype') || names.has('target1objectid'))
  )
    return 'audit'
  return undefined
}

/** The log a record of a diagnostic setting belongs to, by its category. */
export function entraCategory(category: string | undefined): EntraShape | undefined {
  if (category === undefined) return undefined
  if (/SignInLogs$/i.test(category)) return 'sign-in'
  if (/^AuditLogs$/i.test(category)) return 'audit'
  return /^(?:UserRiskEvents|ServicePrincipalRiskEvents)$/i.test(category) ? 'risk' : undefined
}

const TIMES = [
  'createdDateTime',
  'activityDateTime',
  'detectedDateTime',
  'Date (UTC)',
  'Date',
  'time',
] as const

/** One record of a sign-in, audit or risk log. `names` are the folded names of the record or table. */
export function readEntraRow(row: NamedRow, zone: string): CsvMeaning {
  const wrapped = row.value('properties')
  const facts: NamedRow = wrapped === undefined ? row : inner(wrapped)
  const category = row.text('category')
  const shape = entraCategory(category) ?? shapeOf(facts)
  if (shape === undefined) return { items: [], issues: [{ code: 'entra-log.not_an_entry', excerpt: '' }] }
  const utc = facts.text(...TIMES.slice(0, 4)) ?? row.text('time')
  const when = utc === undefined ? readWhen(facts.text('Date'), zone) : readWhen(utc, 'UTC', null, true)
  const id = facts.text('id', 'Request ID')
  return {
    items: [toEvent(shape, facts, when, shape === 'sign-in' && wrapped !== undefined ? category : undefined)],
    key: id === undefined ? undefined : JSON.stringify(['entra', shape, id.toLowerCase()]),
    issues: when.isOdd ? [{ code: 'entra-log.time', excerpt: utc?.slice(0, 100) ?? '' }] : [],
  }
}

function toEvent(shape: EntraShape, facts: NamedRow, when: When, category: string | undefined): EventItem {
  switch (shape) {
    case 'sign-in':
      return readSignIn(facts, when, category)
    case 'audit':
      return readDirectoryAudit(facts, when)
    case 'risk':
      return readRisk(facts, when)
  }
}

/** The same signs as in `entraShape`, of a record whose names are not known as a set. */
function shapeOf(row: NamedRow): EntraShape | undefined {
  if (row.text('riskEventType') !== undefined) return 'risk'
  if (row.text('activityDisplayName', 'Activity') !== undefined) return 'audit'
  return row.text('ipAddress', 'IP address') !== undefined ||
    row.text('createdDateTime', 'Request ID') !== undefined
    ? 'sign-in'
    : undefined
}

/** A risk detection of Identity Protection. */
function readRisk(row: NamedRow, when: When): EventItem {
  const account = row.text('userPrincipalName', 'servicePrincipalDisplayName')
  return eventAt(when, 'alert', {
    provider: 'Microsoft Entra ID Protection',
    rule: row.text('riskEventType', 'riskType'),
    severity: row.text('riskLevel'),
    status: row.text('riskState'),
    account,
    accountMail: toAddressKey(account ?? ''),
    accountId: toGuid(row.text('userId')),
    sourceIp: splitEndpoint(row.text('ipAddress')).ip,
    location: placeOf(row),
    action: row.text('activity'),
    detail: describe([
      ['detail', row.text('riskDetail')],
      ['timing', row.text('detectionTimingType')],
      ['source', row.text('source')],
      ['', row.text('additionalInfo')],
    ]),
  })
}

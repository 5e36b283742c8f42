import type { EventFields, EventItem } from '../../model/event.ts'
import { toAccount } from '../../normalise/account.ts'
import { toHost, toIp } from '../../normalise/host.ts'
import { toAddressKey } from '../../normalise/mail.ts'
import { toPath } from '../../normalise/path.ts'
import { DottedRecord } from '../endpoint/dotted-record.ts'
import {
  compact,
  detailOf,
  hashOf,
  hostAddress,
  joined,
  listOf,
  type RecordTime,
  shortText,
  techniquesOf,
  textAt,
  timeOf,
  type Times,
} from '../endpoint/values.ts'
import type { JsonObject } from '../json/parse-object.ts'

export interface WorkbenchAlert {
  readonly events: readonly EventItem[]
  readonly key: string | undefined
  readonly issues: RecordTime['issues']
}

/** Hosts, accounts and mailboxes of one alert; a crafted one names a million. */
const MAX_ENTITIES = 500

/** Whether an object is an alert of the Workbench: a model with what it affects or what it matched. */
export function isWorkbenchAlert(object: JsonObject): boolean {
  const record = new DottedRecord(object)
  return (
    record.text('model') !== undefined &&
    (record.has('impactScope.entities') || record.has('matchedRules') || record.has('indicators')) &&
    (record.has('createdDateTime') || record.has('workbenchLink') || /^WB-/.test(record.text('id') ?? ''))
  )
}

/**
 * Reads one alert (threat-investigation.md 5.7): an event per host it affects, each with the accounts and what was matched;
 * one without host when it affects none. All have the time of the alert.
 */
export function toWorkbenchAlert(object: JsonObject, importer: string, times: Times): WorkbenchAlert {
  const record = new DottedRecord(object)
  const time = timeOf(
    importer,
    times,
    record.text('createdDateTime'),
    record.text('firstInvestigatedDateTime'),
    record.text('updatedDateTime'),
  )
  const entities = record.records('impactScope.entities', MAX_ENTITIES)
  const filters = record.records('matchedRules').flatMap((rule) => [rule, ...rule.records('matchedFilters')])
  const indicators = record.records('indicators')
  const accounts = entities.filter((entity) => typeOf(entity) === 'account').flatMap(valuesOf)
  const mailboxes = entities.filter((entity) => typeOf(entity) === 'emailaddress').flatMap(valuesOf)
  const common: EventFields = {
    provider: 'Workbench',
    rule: joined([record.text('model'), ...filters.map((filter) => filter.text('name'))]),
    severity: record.text('severity'),
    technique: techniquesOf(filters.flatMap((filter) => filter.list('mitreTechniqueIds'))),
    status: record.text('investigationStatus', 'status'),
    action: record.text('alertProvider'),
    account: accounts.length === 1 ? toAccount(undefined, accounts[0]) : undefined,
    recipient: joined(mailboxes.map((mailbox) => toAddressKey(mailbox) ?? mailbox)),
    ...fromIndicators(indicators),
    detail: joined([
      shortText(record.text('description')),
      detailOf([
        ['Score', record.text('score')],
        ['Result', record.text('investigationResult')],
        ['Accounts', accounts.length > 1 ? joined(accounts) : undefined],
        ...indicators
          .slice(0, 20)
          .map((one) => [one.text('field', 'type') ?? 'indicator', joined(valuesIn(one))] as const),
      ]),
    ]),
  }
  const hosts = entities.filter((entity) => typeOf(entity) === 'host').map(hostFields)
  const events = (hosts.length === 0 ? [{}] : hosts).map((host): EventItem => {
    const fields = compact({ ...common, ...host })
    return time.zoneAssumed
      ? { type: 'event', kind: 'alert', at: time.at, zoneAssumed: true, fields }
      : { type: 'event', kind: 'alert', at: time.at, fields }
  })
  const id = record.text('id')
  return { events, key: id === undefined ? undefined : `trend-workbench|${id}`, issues: time.issues }
}

const typeOf = (entity: DottedRecord): string => entity.text('entityType')?.toLowerCase() ?? ''

/** An entity's value is a text, or an object with a name. */
const valuesOf = (entity: DottedRecord): string[] => [
  ...entity.list('entityValue'),
  ...entity.records('entityValue').flatMap((value) => value.text('name') ?? []),
]

function hostFields(entity: DottedRecord): EventFields {
  return {
    host: toHost(entity.text('entityValue.name', 'entityValue')),
    hostId: entity.text('entityValue.guid', 'entityId')?.toLowerCase(),
    hostIp: hostAddress(entity.list('entityValue.ips')),
  }
}

const valuesIn = (indicator: DottedRecord): string[] => [
  ...indicator.list('value'),
  ...indicator
    .records('value')
    .flatMap((value) => textAt(value.source, 'name') ?? listOf(Object.values(value.source))),
]

const addressOf = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : (toAddressKey(text) ?? text)

/** The first indicator of each kind that has a field of its own. */
function fromIndicators(indicators: readonly DottedRecord[]): EventFields {
  const first = (...types: readonly string[]): string | undefined =>
    indicators.filter((one) => types.includes(one.text('type')?.toLowerCase() ?? '')).flatMap(valuesIn)[0]
  const hashes = indicators.filter((one) => /sha|md5|hash/i.test(one.text('type') ?? '')).flatMap(valuesIn)
  const ofKind = (kind: 'sha256' | 'sha1' | 'md5'): string | undefined =>
    hashes.map((text) => hashOf(kind, text)).find((hash) => hash !== undefined)
  return {
    commandLine: first('command_line'),
    target: toPath(first('fullpath', 'file_path', 'filename')) ?? first('registry_key'),
    url: first('url'),
    destinationIp: toIp(first('ip')),
    destinationHost: toHost(first('domain')),
    sha256: ofKind('sha256'),
    sha1: ofKind('sha1'),
    md5: ofKind('md5'),
    sender: addressOf(first('email_sender')),
    messageId: first('email_message_id'),
    subject: first('email_subject'),
  }
}

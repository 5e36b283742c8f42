import { toCoordinates } from '../../normalise/coordinates.ts'
import type { EventFields, EventItem } from '../../model/event.ts'
import { toInteger } from '../../normalise/host.ts'
import type { DottedRecord } from '../endpoint/dotted-record.ts'
import {
  compact,
  detailOf,
  joined,
  type RecordTime,
  shortText,
  timeOf,
  type Times,
} from '../endpoint/values.ts'
import { className, kindOf } from './classes.ts'
import { deviceOf, endsOf, sessionOf } from './parties.ts'
import { actorOf, requestOf, subjectOf, techniquesIn } from './subject.ts'

export interface OcsfMeaning {
  readonly event: EventItem
  readonly key: string | undefined
  readonly issues: RecordTime['issues']
}

const SEVERITIES: ReadonlyMap<number, string> = new Map([
  [1, 'Informational'],
  [2, 'Low'],
  [3, 'Medium'],
  [4, 'High'],
  [5, 'Critical'],
  [6, 'Fatal'],
])
const DIRECTIONS: ReadonlyMap<string, string> = new Map([
  ['1', 'inbound'],
  ['2', 'outbound'],
])

/** What an OCSF event means: the kind of its class and activity, and the objects of that class. */
export function toOcsfEvent(record: DottedRecord, importer: string, times: Times): OcsfMeaning {
  const uid = toInteger(record.text('class_uid')) ?? 0
  const activity = toInteger(record.text('activity_id'))
  const statusId = record.text('status_id')
  const failed = statusId === '2' || (statusId === undefined && /^fail/i.test(record.text('status') ?? ''))
  const kind = kindOf(uid, activity, failed)
  const time = timeOf(
    importer,
    times,
    record.text('time'),
    record.text('time_dt'),
    record.text('start_time'),
    record.text('metadata.original_time'),
  )
  const subject = compact({ ...compact(requestOf(record)), ...compact(subjectOf(record, uid, kind)) })
  const severity = toInteger(record.text('severity_id'))
  const direction = DIRECTIONS.get(record.text('connection_info.direction_id') ?? '')
  const common: EventFields = {
    provider: record.text('metadata.product.name', 'metadata.product.vendor_name'),
    channel: className(uid) ?? record.text('class_name'),
    code: toInteger(record.text('metadata.event_code')) ?? uid,
    ...deviceOf(record),
    ...compact(endsOf(record)),
    ...compact(sessionOf(record)),
    // Every event is "informational" unless something was found; only what was found is worth a word.
    severity:
      kind !== 'alert' && (severity ?? 0) <= 1
        ? undefined
        : ((severity === undefined ? undefined : SEVERITIES.get(severity)) ?? severityWord(record)),
    technique: techniquesIn(record),
    rule: joined([record.text('firewall_rule.name'), record.text('policy.name')]),
    outcome: failed ? 'failure' : statusId === '1' ? 'success' : undefined,
    status: record.text('status_code', 'status_detail'),
    action: direction ?? record.text('api.operation', 'activity_name', 'disposition'),
    application: record.text('api.service.name', 'app.name', 'web_resource.name'),
    location: joined(
      [record.text('src_endpoint.location.city'), record.text('src_endpoint.location.country')],
      ', ',
    ),
    detail: detailFor(record),
  }
  // An empty process of the subject clears that of the actor: the started process is not its parent.
  const starts = kind === 'process-start' || kind === 'process-end'
  const fields = compact({
    ...common,
    ...(starts ? withoutProcess(actorOf(record)) : actorOf(record)),
    ...subject,
  })
  const id = record.text('metadata.uid')
  return {
    event: time.zoneAssumed
      ? { type: 'event', kind, at: time.at, zoneAssumed: true, fields }
      : { type: 'event', kind, at: time.at, fields },
    key:
      id === undefined
        ? undefined
        : `ocsf|${record.text('metadata.product.uid', 'metadata.product.name') ?? ''}|${uid}|${id}|${activity ?? ''}`,
    issues: time.issues,
  }
}

function withoutProcess(fields: EventFields): EventFields {
  return {
    account: fields.account,
    accountSid: fields.accountSid,
    accountId: fields.accountId,
    accountMail: fields.accountMail,
  }
}

const severityWord = (record: DottedRecord): string | undefined => {
  const word = record.text('severity')
  return word === undefined || /^(?:unknown|other)$/i.test(word) ? undefined : word
}

function detailFor(record: DottedRecord): string | undefined {
  return (
    detailOf([
      [
        'coordinates',
        toCoordinates(record.text('src_endpoint.location.lat'), record.text('src_endpoint.location.long')),
      ],
      ['TLS', record.text('tls.version')],
      ['Subject', record.text('tls.certificate.subject')],
      ['Issuer', record.text('tls.certificate.issuer')],
      ['JA3', record.text('tls.ja3_hash.value')],
    ]) ?? shortText(record.text('message', 'status_detail', 'raw_data'))
  )
}

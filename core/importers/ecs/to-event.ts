import { toCoordinates } from '../../normalise/coordinates.ts'
import type { EventItem, EventKind } from '../../model/event.ts'
import {
  compact,
  detailOf,
  firstText,
  joined,
  shortText,
  timeOf,
  type RecordTime,
  type Times,
} from '../endpoint/values.ts'
import { member, scalarText } from '../json/parse-object.ts'
import type { EcsDocument } from './document.ts'
import { mail, verdict } from './findings.ts'
import { kindOf } from './kind.ts'
import { isBystander, network } from './network-fields.ts'
import { circumstances, processFields, who } from './parties.ts'
import { subject } from './subject.ts'

export interface EcsMeaning {
  readonly event: EventItem
  readonly key: string | undefined
  readonly issues: RecordTime['issues']
}

/** What an ECS document means: its kind and every field of the schema that the case has a place for. */
export function toEcsEvent(document: EcsDocument, importer: string, times: Times): EcsMeaning {
  const kind = kindOf(document)
  const time = timeOf(
    importer,
    times,
    // Tables of Kibana show `May 6, 2031 @ 07:08:09.123`.
    document.text('@timestamp')?.replace(' @ ', ' '),
    document.text('event.start'),
    document.text('event.created'),
    document.text('event.ingested'),
  )
  const fields = compact({
    ...circumstances(document),
    ...(isBystander(document, kind) ? { host: undefined, hostId: undefined, hostIp: undefined } : {}),
    ...who(document, kind),
    ...processFields(document),
    ...network(document, kind),
    ...subject(document, kind),
    ...verdict(document),
    ...mail(document),
    detail: detailFor(document, kind),
  })
  return {
    event: time.zoneAssumed
      ? { type: 'event', kind, at: time.at, zoneAssumed: true, fields }
      : { type: 'event', kind, at: time.at, fields },
    key: keyOf(document, time.at),
    issues: time.issues,
  }
}

/**
 * Identity across exports: that of an alert is its own, an event is known by `event.id` at its time (alerts repeat the id
 * of the event they were raised for), else by index and document id.
 */
function keyOf(document: EcsDocument, at: number | null): string | undefined {
  const alert = document.text('kibana.alert.uuid')
  if (alert !== undefined) return `ecs-alert|${alert}`
  const id = document.text('event.id')
  const dataset = document.text('event.dataset', 'data_stream.dataset', 'event.module') ?? ''
  if (id !== undefined && at !== null)
    return `ecs|${dataset}|${document.text('host.id', 'agent.id', 'host.name') ?? ''}|${id}|${at}`
  return document.id === undefined ? undefined : `ecs-document|${document.id}`
}

function detailFor(document: EcsDocument, kind: EventKind): string | undefined {
  switch (kind) {
    case 'dns-query': {
      const answers = document.value('dns.answers')
      const said = (Array.isArray(answers) ? (answers as readonly unknown[]).slice(0, 100) : []).map(
        (answer) => scalarText(member(answer, 'data')),
      )
      return joined([...said, ...document.list('dns.answers.data'), ...document.list('dns.resolved_ip')])
    }
    case 'registry-set':
      return joined([...document.list('registry.data.strings'), document.text('registry.data.bytes')])
    case 'process-start':
      return detailOf([
        ['WorkingDirectory', document.text('process.working_directory')],
        ['Signer', document.text('process.code_signature.subject_name')],
        ['SignatureStatus', document.text('process.code_signature.status')],
      ])
    case 'process-end':
      return detailOf([['ExitCode', document.text('process.exit_code')]])
    case 'file-rename':
      return detailOf([['Source', document.text('file.Ext.original.path', 'file.origin_path')]])
    case 'tls-connection':
      return detailOf([
        ['Version', document.text('tls.version')],
        ['Subject', document.text('tls.server.x509.subject.common_name', 'tls.server.subject')],
        ['Issuer', document.text('tls.server.issuer')],
        ['JA3', document.text('tls.client.ja3')],
      ])
    case 'cloud-sign-in':
      return detailOf([
        [
          'coordinates',
          toCoordinates(
            document.text('source.geo.location.lat', 'client.geo.location.lat'),
            document.text('source.geo.location.lon', 'client.geo.location.lon'),
          ),
        ],
        ['Message', document.text('message', 'event.reason')],
      ])
    default:
      return shortText(
        firstText(
          document.text('kibana.alert.reason'),
          document.text('message'),
          document.text('event.reason'),
          document.text('event.original'),
        ),
      )
  }
}

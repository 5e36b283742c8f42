import type { EventItem } from '../../model/event.ts'
import { toHost } from '../../normalise/host.ts'
import {
  compact,
  detailOf,
  hostAddress,
  joined,
  listOf,
  techniquesOf,
  textAt,
  timeOf,
  type Times,
} from '../endpoint/values.ts'
import type { RecordIssue } from '../importer.ts'
import { isObject, type JsonObject, member } from '../json/parse-object.ts'
import { circumstances } from './parties.ts'
import { fromObject } from './telemetry-record.ts'
import { telemetryKey, toTelemetryEvent } from './to-event.ts'
import { telemetryLikeness } from './recognise.ts'

/** What one observed technique means: the alert, and the telemetry record it was raised for. */
export interface ObservedTechnique {
  readonly alert: { readonly event: EventItem; readonly key: string | undefined }
  readonly telemetry: { readonly event: EventItem; readonly key: string | undefined } | undefined
  readonly issues: readonly RecordIssue[]
}

/** From mild to grave, as the vendor grades its filters. */
const RISKS = ['undefined', 'info', 'low', 'medium', 'high', 'critical']
/** Highlighted objects named in the detail. */
const MAX_HIGHLIGHTS = 20

/**
 * Reads one item of the observed attack techniques (threat-investigation.md 5.6). The alert is identified by the item's
 * `uuid`, the telemetry by its own, so that an export of the telemetry itself brings it only once.
 */
export function toObservedTechnique(object: JsonObject, importer: string, times: Times): ObservedTechnique {
  const filters = arrayAt(object, 'filters')
  const detail = member(object, 'detail')
  const record = isObject(detail) ? fromObject(detail) : undefined
  const telemetry =
    record !== undefined && isObject(detail) && telemetryLikeness(Object.keys(detail)) > 0
      ? toTelemetryEvent(record, importer, times)
      : undefined
  const endpoint = member(object, 'endpoint')
  const around = record === undefined ? {} : circumstances(record)
  const actor = telemetry?.event.fields ?? {}
  const time = timeOf(
    importer,
    times,
    textAt(object, 'detectedDateTime'),
    textAt(object, 'detectionTime'),
    record?.text('eventTime'),
    textAt(object, 'ingestedDateTime'),
  )
  const uuid = textAt(object, 'uuid')
  const entityType = textAt(object, 'entityType')
  const names = filters.flatMap((filter) => textAt(filter, 'name') ?? textAt(filter, 'id') ?? [])
  const fields = compact({
    ...actor,
    ...compact(around),
    provider: textAt(object, 'source') ?? around.provider,
    code: undefined,
    action: joined(filters.map((filter) => textAt(filter, 'id'))),
    host:
      toHost(textAt(endpoint, 'endpointName') ?? textAt(endpoint, 'name')) ??
      around.host ??
      (entityType === 'endpoint' ? toHost(entityHost(textAt(object, 'entityName'))) : undefined),
    hostId: (textAt(endpoint, 'agentGuid') ?? textAt(endpoint, 'guid'))?.toLowerCase() ?? around.hostId,
    hostIp: hostAddress(listOf(member(endpoint, 'ips'))) ?? around.hostIp,
    rule: joined(names),
    severity: gravest([...filters.flatMap((filter) => textAt(filter, 'riskLevel') ?? [])]) ?? around.severity,
    technique: techniquesOf([
      ...filters.flatMap((filter) => listOf(member(filter, 'mitreTechniqueIds'))),
      ...(around.technique === undefined ? [] : [around.technique]),
    ]),
    detail: joined([
      ...filters.map((filter) => textAt(filter, 'description')),
      detailOf(filters.flatMap((filter) => highlights(filter)).slice(0, MAX_HIGHLIGHTS)),
      entityType === undefined ? undefined : detailOf([[entityType, textAt(object, 'entityName')]]),
    ]),
  })
  const event: EventItem = time.zoneAssumed
    ? { type: 'event', kind: 'alert', at: time.at, zoneAssumed: true, fields }
    : { type: 'event', kind: 'alert', at: time.at, fields }
  return {
    alert: { event, key: uuid === undefined ? undefined : `trend-oat|${uuid.toLowerCase()}` },
    telemetry:
      telemetry === undefined
        ? undefined
        : {
            event: telemetry.event,
            key: telemetry.key ?? (uuid === undefined ? undefined : telemetryKey(uuid)),
          },
    issues: [...time.issues, ...(telemetry?.issues ?? [])],
  }
}

/** `name (address)` of an endpoint entity: the name. */
const entityHost = (text: string | undefined): string | undefined => text?.replace(/\s*\([^)]*\)\s*$/, '')

function arrayAt(object: JsonObject, name: string): readonly unknown[] {
  const value = member(object, name)
  return Array.isArray(value) ? value.slice(0, 100) : []
}

function gravest(levels: readonly string[]): string | undefined {
  let best: string | undefined
  for (const level of levels)
    if (best === undefined || RISKS.indexOf(level.toLowerCase()) > RISKS.indexOf(best.toLowerCase()))
      best = level
  return best
}

/** Field and value of what the filter matched on. */
function highlights(filter: unknown): (readonly [string, string | undefined])[] {
  const objects = member(filter, 'highlightedObjects')
  if (!Array.isArray(objects)) return []
  return objects
    .slice(0, MAX_HIGHLIGHTS)
    .map((one: unknown) => [
      textAt(one, 'field') ?? textAt(one, 'type') ?? 'object',
      joined(listOf(member(one, 'value'))),
    ])
}

import type { Envelope } from '../endpoint/envelope.ts'
import { type JsonObject, isObject, member } from '../json/parse-object.ts'

const WHO = ['endpointguid', 'endpointhostname'] as const
const WHAT = ['eventid', 'eventsubid', 'wineventid'] as const
/** Names that no other product writes this way; one of them must be there. */
const OWN =
  /^(?:process|parent|object|src)(?:FilePath|Cmd|HashId|FileHashSha1|Pid|Name|Registry\w+)$|^(?:eventHashId|eventSourceType|filterRiskLevel|searchDL|eventData[A-Z]\w+)$/i

/** How far the names are those of an endpoint telemetry record: 0, or 0.7 to 0.95. */
export function telemetryLikeness(names: readonly string[]): number {
  const lower = new Set(names.map((name) => name.toLowerCase()))
  if (!WHO.some((name) => lower.has(name)) || !WHAT.some((name) => lower.has(name))) return 0
  const own = names.filter((name) => OWN.test(name)).length
  if (own === 0) return 0
  return lower.has('uuid') && lower.has('eventtime') ? (own > 2 ? 0.95 : 0.85) : 0.7
}

/** Whether an object is an observed technique: a matched filter around a telemetry record. */
export function isObservedTechnique(object: JsonObject): boolean {
  const filters = member(object, 'filters')
  if (!Array.isArray(filters) || !isObject(filters[0])) return false
  return (
    isObject(member(object, 'detail')) ||
    Object.hasOwn(object, 'detectedDateTime') ||
    Object.hasOwn(object, 'detectionTime')
  )
}

const ARRAYS: ReadonlySet<string> = new Set([
  'items',
  'logs',
  'data',
  'data.logs',
  'data.items',
  'value',
  'result',
])

export const TELEMETRY_ENVELOPE: Envelope = {
  arrays: ARRAYS,
  isRecord: (object) => telemetryLikeness(Object.keys(object)) > 0,
}
export const TECHNIQUES_ENVELOPE: Envelope = {
  arrays: new Set([...ARRAYS, 'data.detections', 'detections', 'oats']),
  isRecord: isObservedTechnique,
}

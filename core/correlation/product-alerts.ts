import type { DetectionLevel } from '../model/detection.ts'
import type { EventFields } from '../model/event.ts'

/** A product's word by itself: a filter over telemetry matches more that is honest than an alert made of several does. */
const BY_ALERT: Partial<Record<Severity, DetectionLevel>> = { critical: 'high', high: 'high' }
const BY_FILTER: Partial<Record<Severity, DetectionLevel>> = { critical: 'high', high: 'medium' }
type Severity = 'critical' | 'high'

const CRITICAL = /^(?:critical|crit|severe|fatal)$/i
const HIGH = /^high$/i
/** Where the observed attack techniques came from (`endpointActivityData`): each is one filter over one record. */
const FILTERS = /activitydata$|^detections$/i
/** Somebody looked and says that it is none, or that it was meant to be. */
const CLEARED = /false[ _-]?positive|benign|informational,? expected|expected activity|not[ _-]malicious/i

/** How much a product's alert says; undefined: no more than products say all day, or somebody cleared it. */
export function levelOfAlert(fields: EventFields): DetectionLevel | undefined {
  const { severity = '', provider = '', status = '', detail = '' } = fields
  if (CLEARED.test(status) || CLEARED.test(resultIn(detail))) return undefined
  const said = CRITICAL.test(severity) ? 'critical' : HIGH.test(severity) ? 'high' : undefined
  return said === undefined ? undefined : (isFilter(provider) ? BY_FILTER : BY_ALERT)[said]
}

/** Whether one record matched one filter, and nobody put several together. */
export const isFilter = (provider: string): boolean => FILTERS.test(provider)

/** What became of an investigation, where the alert's own state only says that it is closed. */
const resultIn = (detail: string): string =>
  /(?:^|; )(?:Result|Determination): ([^;]*)/i.exec(detail)?.[1] ?? ''

import type { EventFields, EventKind } from '../../model/event.ts'
import { toInteger } from '../../normalise/host.ts'
import { toEventToMerge } from '../windows/to-event.ts'
import { addValue, emptyWindowsEvent } from '../windows/windows-event.ts'
import { actor } from './parties.ts'
import type { TelemetryRecord } from './telemetry-record.ts'

/** Channels whose provider has another name. */
const PROVIDERS: ReadonlyMap<string, string> = new Map([['security', 'Microsoft-Windows-Security-Auditing']])

/**
 * A Windows event that the sensor passed on: `winEventId` with its data as `eventData<Name>`. It is read by the same
 * tables as the event log itself.
 */
export function toWindowsFields(record: TelemetryRecord): { kind: EventKind; fields: EventFields } {
  const event = emptyWindowsEvent()
  event.channel = record.text('channel') ?? ''
  event.provider =
    record.text('providerName') ??
    PROVIDERS.get(event.channel.toLowerCase()) ??
    (event.channel.includes('/') ? (event.channel.split('/')[0] ?? '') : '')
  event.eventId = toInteger(record.text('winEventId')) ?? 0
  for (const name of record.names()) {
    const value = name.startsWith('eventData') ? record.text(name) : undefined
    if (value !== undefined) addValue(event.data, name.slice('eventData'.length), value)
  }
  const { kind, fields } = toEventToMerge(event)
  // The process that wrote the event is the log service or LSASS: it acts only where the event itself names nobody.
  const writer = fields.processPath === undefined && kind === 'generic' ? actor(record) : {}
  return { kind, fields: { ...writer, ...fields, code: event.eventId, action: fields.action } }
}

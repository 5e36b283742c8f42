import { EVENT_FIELDS, EVENT_FIELD_NAMES } from '../model/event.ts'
import type { ExportEvent } from './rows/events.ts'

/** Public names of the fields of an event, in the order of the model: columns of tables. */
export const EVENT_FIELD_COLUMNS: readonly { readonly name: string; readonly isText: boolean }[] =
  EVENT_FIELD_NAMES.map((name) => ({
    name: EVENT_FIELDS[name].name,
    isText: EVENT_FIELDS[name].type === 'text',
  }))

/** What stands beside the fields. */
export const eventFacts = (event: ExportEvent) => ({
  id: event.id,
  kind: event.kind,
  endpoint: event.endpoint?.name ?? null,
  user: event.user?.name ?? null,
  summary: event.summary,
  evidence_id: event.evidenceId,
  record: event.record,
  locator: event.locator,
  zone_assumed: event.zoneAssumed,
})

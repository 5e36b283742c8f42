import type { EventFields, EventItem, EventKind } from '../model/event.ts'

/** The morning on which the examples of rules play: 2026-03-10T08:00:00Z in microseconds. */
const MORNING = Date.UTC(2026, 2, 10, 8) * 1000

/** An event of a rule's example, so many seconds into the morning, on WS-01 unless the fields name another host. */
export function exampleEvent(kind: EventKind, seconds: number, fields: EventFields): EventItem {
  return {
    type: 'event',
    kind,
    at: MORNING + Math.round(seconds * 1e6),
    fields: { host: 'WS-01.corp.example', ...fields },
  }
}

/** Process GUIDs of examples, told apart by a number. */
export const exampleGuid = (number: number): string =>
  `0f1e2d3c-0000-69ae-0000-${String(number).padStart(12, '0')}`

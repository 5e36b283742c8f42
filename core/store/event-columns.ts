import {
  EVENT_FIELD_NAMES,
  EVENT_FIELDS,
  EVENT_KINDS,
  type EventFieldName,
  type EventKind,
} from '../model/event.ts'

/** `processPath` -> `process_path`: the one mapping between field names and columns. */
export const columnOf = (name: EventFieldName): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

export const EVENT_COLUMNS: readonly { name: EventFieldName; column: string; isText: boolean }[] =
  EVENT_FIELD_NAMES.map((name) => ({
    name,
    column: columnOf(name),
    isText: EVENT_FIELDS[name].type === 'text',
  }))

const kindNumbers = new Map<EventKind, number>(EVENT_KINDS.map((kind, index) => [kind, index]))
/** Stored number of a kind: its position in EVENT_KINDS. */
export const kindNumber = (kind: EventKind): number => kindNumbers.get(kind) ?? 0
export const kindOfNumber = (value: number): EventKind => EVENT_KINDS[value] ?? 'generic'

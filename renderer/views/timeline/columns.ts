import type { EventRow } from '../../../core/contract/nouns/event.ts'
import { EVENT_FIELD_NAMES, EVENT_FIELDS } from '../../../core/model/event.ts'

/** A column of the grid. Fields of events are columns under their public names; the others are named by a text. */
export interface EventColumn {
  readonly id: string
  /** Key of its name; null: the name of the field itself. */
  readonly text: string | null
  readonly size: number
  /** What `event.search` sorts by; null: it cannot. */
  readonly sort: string | null
  /** Field of the search that finds its value; null: it has none. */
  readonly field: string | null
}

const NAMED: readonly EventColumn[] = [
  { id: 'marks', text: 'timeline.column.marks', size: 72, sort: null, field: null },
  // Six digits of a second are read to the last one.
  { id: 'time', text: 'event.at', size: 204, sort: 'time', field: null },
  { id: 'kind', text: 'event.kind', size: 134, sort: 'kind', field: 'kind' },
  { id: 'endpoint', text: 'event.endpoint', size: 132, sort: 'endpoint', field: 'host.name' },
  { id: 'user', text: 'event.user', size: 140, sort: 'user', field: 'user.name' },
  { id: 'summary', text: 'event.summary', size: 300, sort: null, field: null },
  { id: 'source', text: 'timeline.column.source', size: 160, sort: 'source', field: null },
]
const SIZES: Readonly<Record<string, number>> = {
  'process.executable': 220,
  'process.command_line': 320,
  'process.parent.executable': 220,
  'target.path': 260,
  'url.full': 260,
  'event.detail': 220,
}
/** Columns by name that people know, and every field. */
export const COLUMNS: readonly EventColumn[] = [
  ...NAMED,
  ...EVENT_FIELD_NAMES.map((field): EventColumn => {
    const { name } = EVENT_FIELDS[field]
    // The path of a process has an index: it is sorted at any size.
    const sort = name === 'process.executable' ? 'process' : name
    return { id: name, text: null, size: SIZES[name] ?? 140, sort, field: name }
  }),
]
const byId = new Map(COLUMNS.map((column) => [column.id, column]))
export const findColumn = (id: string): EventColumn | undefined => byId.get(id)

/** Sets that come with the product; the first is how the grid begins. */
export const COLUMN_SETS: readonly { readonly id: string; readonly columns: readonly string[] }[] = [
  { id: 'default', columns: ['marks', 'time', 'kind', 'endpoint', 'user', 'summary'] },
  {
    id: 'process',
    columns: [
      'marks',
      'time',
      'kind',
      'endpoint',
      'user',
      'process.executable',
      'process.command_line',
      'process.parent.executable',
    ],
  },
  {
    id: 'network',
    columns: [
      'marks',
      'time',
      'kind',
      'endpoint',
      'source.ip',
      'destination.ip',
      'destination.port',
      'destination.host',
      'process.executable',
    ],
  },
  {
    id: 'logon',
    columns: [
      'marks',
      'time',
      'kind',
      'endpoint',
      'user',
      'target.user.name',
      'logon.type',
      'source.ip',
      'event.outcome',
    ],
  },
  {
    id: 'mail',
    columns: [
      'marks',
      'time',
      'kind',
      'email.from',
      'email.to',
      'email.subject',
      'url.full',
      'email.attachment',
    ],
  },
  {
    id: 'source',
    columns: ['marks', 'time', 'source', 'event.provider', 'event.code', 'event.channel', 'summary'],
  },
]

/** The value of a field column; the named ones are drawn by the grid. */
export const valueOf = (row: EventRow, id: string): string | number | undefined => row.fields[id]

/** What a cell is searched by: the column's field and the row's value of it. */
export function termOf(
  row: EventRow,
  id: string,
): { readonly field: string; readonly value: string } | undefined {
  const field = findColumn(id)?.field
  if (field == null) return undefined
  const value = field === 'kind' ? row.kind : row.fields[field]
  return value === undefined ? undefined : { field, value: String(value) }
}

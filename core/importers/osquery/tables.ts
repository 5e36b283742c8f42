import type { JsonObject } from '../json/parse-object.ts'

/** Tables whose rows are events of their own with a time. */
export type EventedTable =
  | 'process'
  | 'process-etw'
  | 'socket'
  | 'file'
  | 'process-file'
  | 'login'
  | 'login-session'
  | 'user'
  | 'powershell'
  | 'windows'
  | 'dns'
  | 'yara'
  | 'hardware'
  | 'syslog'

interface Signature {
  readonly table: EventedTable
  /** Columns that must all be there. */
  readonly all: readonly string[]
  /** Columns of which one must be there. */
  readonly any?: readonly string[]
}

/** Most telling first. Queries rename and choose columns freely, so the columns tell the table, not the query's name. */
const SIGNATURES: readonly Signature[] = [
  { table: 'windows', all: ['eventid', 'data'], any: ['provider_name', 'source', 'channel'] },
  {
    table: 'powershell',
    all: ['script_text'],
    any: ['script_block_id', 'script_path', 'script_name', 'time'],
  },
  { table: 'yara', all: ['target_path', 'matches'] },
  { table: 'file', all: ['target_path', 'action'], any: ['time'] },
  { table: 'file', all: ['path', 'action', 'drive_letter'], any: ['time'] },
  { table: 'process-file', all: ['operation', 'path', 'time'] },
  { table: 'process-file', all: ['event_type', 'filename', 'path', 'time'] },
  { table: 'process-etw', all: ['type', 'pid', 'ppid'], any: ['process_sequence_number', 'time_windows'] },
  { table: 'socket', all: ['remote_address', 'time'], any: ['action', 'syscall', 'event_type'] },
  { table: 'dns', all: ['name', 'response', 'time'], any: ['type'] },
  { table: 'process', all: ['pid', 'time'], any: ['cmdline'] },
  { table: 'process', all: ['pid', 'time', 'path'], any: ['parent', 'ppid', 'syscall', 'event_type'] },
  { table: 'login', all: ['username', 'type', 'time', 'tty'] },
  { table: 'login-session', all: ['user', 'time', 'tty'], any: ['host', 'type'] },
  { table: 'login-session', all: ['logon_id', 'logon_time'], any: ['user', 'logon_sid'] },
  { table: 'user', all: ['message', 'type', 'time'], any: ['auid', 'terminal'] },
  { table: 'hardware', all: ['action', 'path', 'driver'], any: ['vendor', 'model'] },
  { table: 'syslog', all: ['message', 'time'], any: ['facility', 'tag', 'severity'] },
]

/** The evented table the columns are of; undefined when the rows describe a state. */
export function eventedTable(columns: JsonObject): EventedTable | undefined {
  const has = (name: string): boolean => Object.hasOwn(columns, name)
  return SIGNATURES.find(({ all, any }) => all.every(has) && (any === undefined || any.some(has)))?.table
}

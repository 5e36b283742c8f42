import type { EventFields } from '../../model/event.ts'
import { toSid } from '../../normalise/account.ts'
import { toIp, toPort } from '../../normalise/host.ts'
import { toPath } from '../../normalise/path.ts'
import { compact, detailOf, hashOf, shortText, toPid } from '../endpoint/values.ts'
import { type JsonObject, scalarText } from '../json/parse-object.ts'
import { textOf } from './result.ts'

/** Columns shown of a row; a hostile one has thousands. */
const MAX_COLUMNS = 60

/**
 * A row that describes how things were when it was read (users, services, scheduled tasks, processes, ports, installed
 * programs): what it is about in the fields a search looks at, and all columns as text.
 */
export function stateRow(row: JsonObject): EventFields {
  const has = (...names: readonly string[]): boolean => names.every((name) => Object.hasOwn(row, name))
  const all = detailOf(
    Object.entries(row)
      .slice(0, MAX_COLUMNS)
      .map(([name, value]) => [name, shortText(scalarText(value))]),
  )
  return compact({
    ...aboutOf(row, has),
    sha256: hashOf('sha256', textOf(row, 'sha256')),
    sha1: hashOf('sha1', textOf(row, 'sha1')),
    md5: hashOf('md5', textOf(row, 'md5')),
    detail: all,
  })
}

function aboutOf(row: JsonObject, has: (...names: readonly string[]) => boolean): EventFields {
  if (has('remote_address', 'pid'))
    return {
      processPath: toPath(textOf(row, 'process_path', 'path')),
      pid: toPid(textOf(row, 'pid')),
      sourceIp: toIp(textOf(row, 'local_address')),
      sourcePort: toPort(textOf(row, 'local_port')),
      destinationIp: toIp(textOf(row, 'remote_address')),
      destinationPort: toPort(textOf(row, 'remote_port')),
    }
  if (has('address', 'port', 'pid'))
    return {
      processPath: toPath(textOf(row, 'process_path', 'path')),
      pid: toPid(textOf(row, 'pid')),
      sourceIp: toIp(textOf(row, 'address')),
      sourcePort: toPort(textOf(row, 'port')),
    }
  if (has('pid', 'cmdline') || has('pid', 'parent'))
    return {
      processPath: toPath(textOf(row, 'path', 'name')),
      commandLine: textOf(row, 'cmdline'),
      pid: toPid(textOf(row, 'pid')),
      parentPid: toPid(textOf(row, 'parent', 'ppid')),
      account: textOf(row, 'username'),
    }
  if (has('username', 'uid'))
    return { targetAccount: textOf(row, 'username'), targetSid: toSid(textOf(row, 'uuid', 'sid')) }
  if (has('name', 'path') || has('name', 'action')) return { target: textOf(row, 'name') }
  return { target: toPath(textOf(row, 'target_path', 'path', 'key', 'name')) }
}

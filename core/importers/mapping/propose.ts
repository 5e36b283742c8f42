import type { DateOrder } from '../../model/date-order.ts'
import type { Mapping, MappingKind } from '../../model/mapping.ts'
import { NAMES } from './column-names.ts'
import { findTime } from './propose-time.ts'
import { TARGETS } from './targets.ts'

/** A column as the first rows show it. */
export interface SampleColumn {
  readonly name: string
  readonly examples: readonly string[]
}

/** How telling a target is for its kind of row; what several kinds have says little. */
const WEIGHT: Readonly<Record<string, number>> = {
  'message.subject': 3,
  'message.id': 3,
  'message.from': 3,
  'message.to': 2,
  'process.commandLine': 4,
  'process.pid': 2,
  'parent.path': 2,
  'parent.name': 2,
  'file.path': 3,
  'file.action': 2,
  'dns.query': 5,
  'dns.answers': 2,
  'logon.type': 4,
  'logon.result': 3,
  'destination.ip': 3,
  'destination.port': 3,
  'click.action': 3,
  'user.agent': 1,
  url: 1.5,
  'user.displayName': 2,
  'user.department': 3,
  'user.title': 2,
  'endpoint.os': 3,
  'endpoint.fqdn': 2,
}

/**
 * Proposes what unknown columns mean, from their names and first values. Nothing is decided by it: the analyst sees the
 * proposal with its preview and changes it.
 * @param wanted propose for rows of this kind; null: the kind that fits best, `generic` when none does
 */
export function proposeMapping(
  name: string,
  rows: Mapping['rows'],
  delimiter: string | null,
  columns: readonly SampleColumn[],
  order: DateOrder | null,
  wanted: MappingKind | null = null,
): Mapping {
  const time = findTime(columns, order)
  let best: { kind: MappingKind; score: number; fields: Record<string, string> } = {
    kind: 'generic',
    score: wanted === null || wanted === 'generic' ? 3 : -1,
    fields: {},
  }
  for (const kind of Object.keys(TARGETS) as MappingKind[]) {
    if (kind === 'generic' || (wanted !== null && kind !== wanted)) continue
    const fields = fieldsFor(kind, columns, time?.field)
    const score = Object.keys(fields).reduce((sum, target) => sum + (WEIGHT[target] ?? 1), 0)
    const undated = kind === 'user' || kind === 'endpoint'
    const fits = score + (undated === (time === undefined) ? 0.5 : -0.5)
    if (fits > best.score) best = { kind, score: fits, fields }
  }
  const fields = best.kind === 'generic' ? genericFields(columns, time?.field) : best.fields
  return {
    schema: 1,
    name,
    rows,
    delimiter,
    encoding: null,
    kind: best.kind,
    time: time ?? null,
    fields,
    constants: {},
  }
}

const plain = (name: string): string =>
  name
    .replace(/^\$\.?/, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/[^a-z0-9\u3040-\u30ff\u4e00-\u9fff]+/g, ' ')
    .trim()

function fieldsFor(
  kind: MappingKind,
  columns: readonly SampleColumn[],
  timeColumn: string | undefined,
): Record<string, string> {
  const taken = new Set(timeColumn === undefined ? [] : [timeColumn])
  const fields: Record<string, string> = {}
  for (const target of TARGETS[kind]) {
    const names = NAMES[target] ?? []
    for (const known of names) {
      const column = columns.find((one) => !taken.has(one.name) && plain(one.name) === known)
      if (column === undefined) continue
      fields[target] = column.name
      taken.add(column.name)
      break
    }
  }
  return fields
}

/** Everything searchable under its own name, the facts with well-known names under theirs. */
function genericFields(
  columns: readonly SampleColumn[],
  timeColumn: string | undefined,
): Record<string, string> {
  const fields: Record<string, string> = {}
  const known = [
    'endpoint.name',
    'user.name',
    'source.ip',
    'destination.ip',
    'url',
    'process.path',
    'process.commandLine',
  ]
  for (const column of columns) {
    if (column.name === timeColumn) continue
    const target = known.find(
      (one) => !Object.hasOwn(fields, one) && (NAMES[one] ?? []).includes(plain(column.name)),
    )
    fields[target ?? column.name] = column.name
  }
  return fields
}

import type { DateOrder } from '../../model/date-order.ts'
import type { Mapping, MappingKind } from '../../model/mapping.ts'
import { NAMES, NAMES_BY_KIND } from './column-names.ts'
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

/** Columns called `event` or `action` are everywhere: only their values tell that they speak of logons. */
const VALUES: Readonly<Record<string, RegExp>> = {
  'logon.result':
    /log.?[io]n|log.?off|log.?out|sign.?(?:in|on|out)|auth|succe|fail|accept|reject|denied|^(?:ok|true|false|yes|no|0x[0-9a-f]+)$|登入|登出|成功|失敗|サインイン|ログ(?:イン|オン|オフ)/i,
}

/** What a row of a kind cannot be without: one target of each group. A click without a link is no click. */
const NEEDED: Readonly<Record<Exclude<MappingKind, 'generic'>, readonly (readonly string[])[]>> = {
  message: [
    ['message.from', 'message.to'],
    ['message.subject', 'message.id', 'message.networkId', 'message.to'],
  ],
  click: [['url']],
  process: [['process.name', 'process.path', 'process.commandLine']],
  file: [['file.path', 'file.name']],
  network: [['destination.ip', 'destination.host', 'url']],
  dns: [['dns.query']],
  logon: [['user.name'], ['endpoint.name', 'source.ip', 'source.host', 'logon.type']],
  user: [['user.name', 'user.email', 'user.sid']],
  endpoint: [['endpoint.name', 'endpoint.fqdn', 'endpoint.sid']],
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
    const isWhole = NEEDED[kind].every((group) => group.some((target) => Object.hasOwn(fields, target)))
    if (!isWhole && wanted === null) continue
    const score = Object.keys(fields).reduce((sum, target) => sum + (WEIGHT[target] ?? 1), 0)
    const undated = kind === 'user' || kind === 'endpoint'
    const total = score + (undated === (time === undefined) ? 0.5 : -0.5)
    if (total > best.score) best = { kind, score: total, fields }
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
    const names = [...(NAMES_BY_KIND[kind]?.[target] ?? []), ...(NAMES[target] ?? [])]
    for (const known of names) {
      const column = columns.find(
        (one) => !taken.has(one.name) && plain(one.name) === known && fits(target, one.examples),
      )
      if (column === undefined) continue
      fields[target] = column.name
      taken.add(column.name)
      break
    }
  }
  return fields
}

const fits = (target: string, examples: readonly string[]): boolean => {
  const words = VALUES[target]
  return words === undefined || examples.length === 0 || examples.some((text) => words.test(text.trim()))
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
